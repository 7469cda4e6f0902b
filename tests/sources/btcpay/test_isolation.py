"""One bad part of a store (an app, a record, a list) stops nothing but itself."""

from pathlib import Path

import httpx
import pytest

from generator.snapshot import Outcome
from tests.support.small_store import (
    FUND,
    GONE,
    OTHER_FUND,
    REFUSED,
    STORE,
    Seen,
    SmallStore,
    look,
)

APP = rf"/apps/crowdfund/{FUND}$"
PROJECTS: dict[str, object] = {
    "well": {"source": "a", "app": FUND},
    "bread": {"source": "a", "app": OTHER_FUND},
    "shop": {"source": "a", "store": STORE},
}


def small() -> SmallStore:
    """Make a store with gifts to two crowdfunds and a sale."""
    made = SmallStore()
    made.fund(FUND)
    made.fund(OTHER_FUND)
    made.gift("0.1", app=FUND)
    made.gift("0.02", app=OTHER_FUND)
    made.paid("0.003")
    return made


def untouched(seen: Seen) -> None:
    """Everything of the store but the first crowdfund is known as it is."""
    assert seen.figures["bread/raised"] == (2_000_000, "exact")
    assert seen.figures["bread/goal"][1] == "exact"
    assert seen.figures["shop/raised"] == (300_000, "exact")
    assert set(seen.outcomes.values()) == {Outcome.OK}


def store_sums(seen: Seen) -> tuple[tuple[object, str], int]:
    """Return what a store settled, and what its places add up to."""
    [settled] = [found for name, found in seen.figures.items() if "/settled@" in name]
    return settled, sum(int(str(found[0])) for name, found in seen.figures.items() if "/place@" in name)


def test_an_id_that_no_server_ever_showed_makes_its_project_unknown_and_nothing_else(tmp_path: Path) -> None:
    store = small()
    wrong: dict[str, object] = {**PROJECTS, "well": {"source": "a", "app": "4NpDR2kvTMEWHkVVLYbhkyzhLbHz"}}
    for run in range(2):  # a record of the first makes it no known app in the second
        seen = look(tmp_path, {"a": store}, wrong, days=run)
        assert seen.figures["well/raised"] == (None, "unknown")
        assert seen.figures["well/goal"] == (None, "unknown")
        assert seen.figures["bread/raised"] == (2_000_000, "exact")
        settled, places = store_sums(seen)
        assert settled == (12_300_000, "exact")
        assert places == 12_300_000
        assert "is app right in config.yaml?" in seen.said
    mended = look(tmp_path, {"a": store}, PROJECTS, days=2)
    assert mended.figures["well/raised"] == (10_000_000, "exact")
    assert "is app right" not in mended.said
    untouched(mended)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (httpx.Response(404, json=GONE), "BTCPay has no such crowdfund any more"),
        (httpx.Response(403, json=REFUSED), "refused the API key"),
        (httpx.Response(200, json={"id": 5}), "sent JSON of another shape"),
        (httpx.Response(500), "answered 500"),
    ],
    ids=["404", "403", "malformed", "500"],
)
def test_settings_that_cannot_be_read_are_those_read_last_and_money_counts(
    tmp_path: Path, answer: httpx.Response, says: str
) -> None:
    store = small()
    look(tmp_path, {"a": store}, PROJECTS)
    store.bent[APP] = lambda _: answer
    store.gift("0.005")
    seen = look(tmp_path, {"a": store}, PROJECTS, days=1)
    untouched(seen)
    assert seen.figures["well/raised"] == (10_500_000, "exact")
    assert seen.figures["well/goal"] == ("1000", "exact")
    assert says in seen.said
    store.bent.clear()
    assert says not in look(tmp_path, {"a": store}, PROJECTS, days=2).said


def test_settings_that_were_never_read_leave_the_goal_unknown_and_money_counts(tmp_path: Path) -> None:
    store = small()
    store.bent[APP] = lambda _: httpx.Response(404, json=GONE)
    seen = look(tmp_path, {"a": store}, PROJECTS)
    untouched(seen)
    assert seen.figures["well/raised"] == (10_000_000, "exact"), "its invoices carry its term"
    assert seen.figures["well/goal"] == (None, "unknown")
