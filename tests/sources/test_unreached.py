"""Whether nobody at all was reached is told from what sources say of their addresses."""

import pytest

from generator.sources.http.unreached import seems_offline

GONE = (
    "tip height: one.example: cannot connect ([Errno -2] Name or service not known); the next run asks again"
)
RELAY = "refused (cannot connect: its name is not found)"


@pytest.mark.parametrize(
    "told",
    [[GONE, RELAY], [f"no indexer answers: {GONE}; {GONE}"], [GONE, "x: cannot reach the proxy p:3128 (no)"]],
)
def test_nobody_was_reached(told: list[str]) -> None:
    assert seems_offline(told)


@pytest.mark.parametrize(
    "told",
    [
        [],
        [GONE],  # one address alone may be wrong
        [GONE, RELAY, "complete"],
        [GONE, RELAY, "tip height: two.example: answered 503; the next run asks again"],
        [f"no indexer answers: {GONE}; {GONE}; two.example answered 404; expected 200"],
        [GONE, "two.example: cannot connect ([SSL: CERTIFICATE_VERIFY_FAILED] unable to get local issuer)"],
    ],
)
def test_somebody_was_reached_or_may_have_been(told: list[str]) -> None:
    assert not seems_offline(told)
