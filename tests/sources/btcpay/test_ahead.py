"""What a server with a wrong clock dates after the run is left out, and that is said."""

from pathlib import Path

import pytest

from tests.support.small_store import STORE, SmallStore, ago, look, payment

ALL = {"source": "pay", "store": STORE}


@pytest.mark.parametrize("days", [1 / 12, 20])
@pytest.mark.parametrize("delay", [0, 24])
def test_a_payment_of_the_future_makes_sums_at_least(tmp_path: Path, days: float, delay: int) -> None:
    shop = SmallStore()
    shop.paid("0.01")
    shop.paid(payment("0.004", receivedDate=ago(-days)))
    privacy = {"rows": "day", "min_group": 1, "publish_delay_hours": delay}
    seen = look(tmp_path, {"pay": shop}, {"a": ALL}, privacy=privacy)
    assert seen.figures["a/raised"] == (1_000_000, "at_least")
    assert "BTCPay dates 1 payment after this run" in seen.said


@pytest.mark.parametrize(("minutes", "delay"), [(9, 0), (-60, 24)])
def test_a_clock_that_is_nearly_right_and_a_delay_change_no_sum(
    tmp_path: Path, minutes: int, delay: int
) -> None:
    shop = SmallStore()
    shop.paid("0.01")
    shop.paid(payment("0.004", receivedDate=ago(-minutes / 1440)))
    privacy = {"rows": "day", "min_group": 1, "publish_delay_hours": delay}
    seen = look(tmp_path, {"pay": shop}, {"a": ALL}, privacy=privacy)
    assert seen.figures["a/raised"] == (1_000_000, "exact")
    assert "after this run" not in seen.said


def test_a_payout_of_the_future_makes_refunds_at_least(tmp_path: Path) -> None:
    shop = SmallStore()
    number = shop.paid("0.01")
    shop.payout(f"Refund {number}", date=ago(-1))
    seen = look(tmp_path, {"pay": shop}, {"a": ALL})
    assert seen.figures["a/refunded"] == (0, "at_least")
    assert "BTCPay dates 1 payout after this run" in seen.said
