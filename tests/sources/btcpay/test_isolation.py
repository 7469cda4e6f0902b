"""One bad part of a store (an app, a record, a list) stops nothing but itself."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from generator.places import store_source
from generator.snapshot import Outcome
from generator.text_format import day_text
from tests.support.small_store import (
    BILL,
    FUND,
    GONE,
    NOW,
    OTHER_FUND,
    REFUSED,
    SECOND,
    STORE,
    Json,
    Seen,
    SmallStore,
    ago,
    look,
    payment,
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
        assert "are source and id right in config.yaml?" in seen.said
    mended = look(tmp_path, {"a": store}, PROJECTS, days=2)
    assert mended.figures["well/raised"] == (10_000_000, "exact")
    assert "are source and id right" not in mended.said
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
    look(tmp_path, {"a": store}, PROJECTS, days=1)  # says nothing new: the store was read, and they were
    store.bent[APP] = lambda _: answer
    store.gift("0.005")
    for days in (2, 3):
        seen = look(tmp_path, {"a": store}, PROJECTS, days=days)
        untouched(seen)
        assert seen.figures["well/raised"] == (10_500_000, "exact")
        assert seen.figures["well/goal"] == ("1000", "exact")
        assert says in seen.said
        assert (
            f"title, goal and dates are those last read on {day_text(NOW.date() + timedelta(days=1))}"
            in seen.said
        )
        assert "settings of BTCPay pay.example.org: they are unknown" not in seen.said
    store.bent.clear()
    mended = look(tmp_path, {"a": store}, PROJECTS, days=4).said
    assert says not in mended
    assert "last read on" not in mended


def test_settings_that_were_never_read_leave_the_goal_unknown_and_money_counts(tmp_path: Path) -> None:
    store = small()
    store.bent[APP] = lambda _: httpx.Response(404, json=GONE)
    seen = look(tmp_path, {"a": store}, PROJECTS)
    untouched(seen)
    assert seen.figures["well/raised"] == (10_000_000, "exact"), "its invoices carry its term"
    assert seen.figures["well/goal"] == (None, "unknown")
    assert "could not or may not read this of BTCPay" in seen.said
    assert ": crowdfund settings. It is unknown, not zero." in seen.said
    assert "last read on" not in seen.said


def bend(store: SmallStore, path: str, spoil: Callable[[list[Json]], object]) -> None:
    """Let a list be answered with rows that are spoilt as it comes."""

    def answer(request: httpx.Request) -> httpx.Response:
        del store.bent[path]
        rows = store.answer(request).json()
        store.bent[path] = answer
        spoil(rows)
        return httpx.Response(200, json=rows)

    store.bent[path] = answer


def spoilt(at: int, **fields: object) -> Callable[[list[Json]], None]:
    """Change fields of the invoice that was created so many days ago; `None` takes one away."""

    def spoil(rows: list[Json]) -> None:
        for row in (row for row in rows if row["createdTime"] == ago(at)):
            for name, value in fields.items():
                if value is None:
                    del row[name]
                else:
                    row[name] = value

    return spoil


def with_ages() -> SmallStore:
    """Make a store as `small`, with a gift of 5, 3 and 1 days ago to the first crowdfund."""
    store = small()
    for age, value in ((5, "0.001"), (3, "0.04"), (1, "0.002")):
        store.gift(value, at=ago(age))
    return store


@pytest.mark.parametrize("age", [5, 3, 1])
@pytest.mark.parametrize(
    "fields",
    [
        {"currency": 5}, {"status": None}, {"expirationTime": "soon"}, {"createdTime": None},
        {"additionalStatus": {}}, {"createdTime": "now"}, {"paymentMethods": 7}, {"archived": 2},
    ],
    ids=str,
)  # fmt: skip
def test_a_bad_invoice_bounds_its_own_place_and_the_store(tmp_path: Path, fields: Json, age: int) -> None:
    store = with_ages()
    bend(store, "/invoices$", spoilt(age, **fields))
    seen = look(tmp_path, {"a": store}, PROJECTS)
    untouched(seen)
    left = 14_300_000 - {5: 100_000, 3: 4_000_000, 1: 200_000}[age]
    assert seen.figures["well/raised"] == (left, "at_least")
    assert store_sums(seen) == ((left + 2_300_000, "at_least"), left + 2_300_000)
    assert "1 invoice of BTCPay cannot be read" in seen.said
    store.bent.clear()
    again = look(tmp_path, {"a": store}, PROJECTS, days=8)
    assert again.figures["well/raised"] == (14_300_000, "exact")
    assert "cannot be read" not in again.said


@pytest.mark.parametrize("fields", [{"id": None}, {"id": 5}, {"metadata": []}, {"checkout": 1}], ids=str)
@pytest.mark.parametrize("age", [5, 3, 1])
def test_a_bad_invoice_that_may_be_anybodys_bounds_everybody(tmp_path: Path, fields: Json, age: int) -> None:
    store = with_ages()
    bend(store, "/invoices$", spoilt(age, **fields))
    seen = look(tmp_path, {"a": store}, PROJECTS)
    left = 14_300_000 - {5: 100_000, 3: 4_000_000, 1: 200_000}[age]
    assert seen.figures["well/raised"] == (left, "at_least")
    assert seen.figures["bread/raised"] == (2_000_000, "at_least")
    assert store_sums(seen) == ((left + 2_300_000, "at_least"), left + 2_300_000)


@pytest.mark.parametrize(
    "fields",
    [
        {"receivedDate": "then"},
        {"receivedDate": None},
        {"id": 7},
        {"status": None},
        {"value": None},
        {"status": []},
    ],
    ids=str,
)
def test_a_bad_payment_leaves_the_others_of_its_invoice(tmp_path: Path, fields: Json) -> None:
    store = small()
    gift = payment("0.05") | {name: value for name, value in fields.items() if value is not None}
    store.gift("0.001", gift, at=ago(3))
    for method in store.invoices[STORE][-1]["paymentMethods"]:
        for row in method["payments"][1:]:
            for name in [name for name, value in fields.items() if value is None]:
                del row[name]
    seen = look(tmp_path, {"a": store}, PROJECTS)
    untouched(seen)
    assert seen.figures["well/raised"] == (10_100_000, "at_least")
    assert "1 payment of BTCPay cannot be read" in seen.said


def test_payouts_that_may_not_be_read_leave_refunds_unknown_and_payments_as_they_are(tmp_path: Path) -> None:
    store = small()
    store.bent["/payouts$"] = lambda _: httpx.Response(403, json=REFUSED)
    seen = look(tmp_path, {"a": store}, PROJECTS)
    untouched(seen)
    assert seen.figures["well/raised"] == (10_000_000, "exact")
    assert seen.figures["well/refunded"] == (None, "unknown")


@pytest.mark.parametrize(
    "fields", [{"date": "then"}, {"state": 3, "id": None}, {"payoutCurrency": 1}], ids=str
)
def test_a_bad_payout_bounds_what_went_back_and_the_others_count(tmp_path: Path, fields: Json) -> None:
    store = small()
    gift = store.invoices[STORE][0]["id"]
    store.payout(f"Refund {gift}", "0.01")
    store.payout(f"Refund {gift}", "0.02", **fields)
    seen = look(tmp_path, {"a": store}, PROJECTS)
    untouched(seen)
    assert seen.figures["well/raised"] == (10_000_000, "exact")
    assert seen.figures["well/refunded"] == (1_000_000, "at_least")


@pytest.mark.parametrize("fields", [{"pull_id": 7}, {"pull_name": 7}, {"pull_archived": "maybe"}], ids=str)
def test_a_bad_pull_payment_bounds_what_went_back_and_the_others_count(tmp_path: Path, fields: Json) -> None:
    store = small()
    gift = store.invoices[STORE][0]["id"]
    store.payout(f"Refund {gift}", "0.01")
    store.payout(f"Refund {gift}", "0.02", **fields)
    seen = look(tmp_path, {"a": store}, PROJECTS)
    known = 3_000_000 if "pull_archived" in fields else 1_000_000
    assert seen.figures["well/refunded"] == (known, "exact" if known == 3_000_000 else "at_least")
    assert seen.figures["well/raised"] == (10_000_000, "exact")


def test_a_store_whose_invoices_fail_leaves_the_other_store_as_it_is(tmp_path: Path) -> None:
    store = small()
    store.invoices[SECOND] = []
    store.fund(BILL, at=SECOND)
    store.gift("0.7", app=BILL, place=SECOND)
    store.bent[f"{SECOND}/invoices$"] = lambda _: httpx.Response(500)
    seen = look(tmp_path, {"a": store}, {**PROJECTS, "far": {"source": "a", "app": BILL}})
    assert seen.outcomes == {store_source(STORE): Outcome.OK, store_source(SECOND): Outcome.UNAVAILABLE}
    assert seen.figures["bread/raised"] == (2_000_000, "exact")
    assert seen.figures["far/raised"] == (None, "unknown")
