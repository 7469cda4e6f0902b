"""Goal, progress and status: arithmetic, rounded down, never with the clock."""

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from generator.ledger import AtReceipt
from generator.places import store_source
from generator.report import Figure, ProjectStatus
from generator.report.figures.bounds import Bound
from generator.report.figures.figure import decimal_text, percent_text
from generator.snapshot import Goal
from generator.wording import plain
from tests.support.village import SHOP

if TYPE_CHECKING:
    from tests.support.village import Village


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (Fraction(0), "0.00"),
        (Fraction(1, 100_000), "0.00"),
        (Fraction(99_999, 100_000), "99.99"),
        (Fraction(999_999_999, 1_000_000_000), "99.99"),
        (Fraction(1), "100.00"),
        (Fraction(2, 3), "66.66"),
        (Fraction(12_345_678, 1_000_000), "1234.56"),
        (Fraction(7, 10_000), "0.07"),
    ],
)
def test_percent_is_rounded_down(share: Fraction, text: str) -> None:
    assert percent_text(share) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("40", "40"),
        ("40.10", "40.1"),
        ("5E+3", "5000"),
        ("0", "0"),
        ("-0.5", "-0.5"),
        ("-12.25", "-12.25"),
        ("0.00000001", "0.00000001"),
        ("123456789012345678901234567890.123", "123456789012345678901234567890.123"),
    ],
)
def test_decimal_text_is_exact_and_plain(number: str, text: str) -> None:
    assert decimal_text(Decimal(number)) == text


def bread(village: "Village", **fields: object) -> dict[str, Figure]:
    village.says("bread", SHOP, **fields)
    village.run("2025-02-01", shop="ok")
    return dict(village.report().projects[1].figures)


@pytest.mark.parametrize(
    ("sat", "goal_msat", "progress"),
    [
        (99_999, 100_000_000, "99.99"),
        (100_000, 100_000_000, "100.00"),
        (1, 3_000, "33.33"),
        (5, 2_000, "250.00"),
    ],
)
def test_progress_toward_a_goal_in_satoshis(
    village: "Village", sat: int, goal_msat: int, progress: str
) -> None:
    village.entry("bread", "payment", sat, "2025-01-07")
    found = bread(village, goal=Goal(amount_msat=goal_msat))
    assert (found["goal"].value, found["goal"].unit) == (goal_msat, "msat")
    assert (found["progress"].value, found["progress"].unit) == (progress, "percent")
    assert found["progress"].inputs == ("bread/raised", "bread/goal")


def receipt(sat: int, value: str, currency: str = "EUR") -> AtReceipt:
    return AtReceipt(currency=currency, amount_msat=sat * 1000, value=Decimal(value))


@pytest.mark.parametrize(
    ("receipts", "progress"),
    [
        ((receipt(10, "9.99999"),), "99.99"),
        ((receipt(4, "4"), receipt(6, "6")), "100.00"),
        ((receipt(4, "4"),), "40.00"),  # 6 sat have no known value
        ((receipt(4, "4"), receipt(6, "6", "USD")), "40.00"),
        ((), None),
    ],
)
def test_progress_toward_a_goal_in_a_currency(
    village: "Village", receipts: tuple[AtReceipt, ...], progress: str | None
) -> None:
    village.entry("bread", "payment", 10, "2025-01-07", at_receipt=receipts)
    village.entry("bread", "payment", 10, "2025-01-07", status="pending")
    found = bread(village, goal=Goal(value=Decimal("10.00"), currency="EUR"))
    assert (found["goal"].value, found["goal"].unit) == ("10", "EUR")
    assert found["progress"].value == progress
    notes = {note.id: plain(note.text) for note in village.report().projects[1].notes}
    whole = receipts and sum(part.amount_msat for part in receipts if part.currency == "EUR") == 10_000
    assert found["progress"].bound is (
        Bound.UNKNOWN if progress is None else Bound.EXACT if whole else Bound.AT_LEAST
    )
    why = "Part of raised has no recorded value in EUR (an invoice had another), so progress is "
    stated = "not stated." if progress is None else "at least what is shown."
    assert notes.get("no-value/bread") == (None if whole else why + stated)


def test_nothing_raised_is_no_percent_of_a_goal_in_a_currency(village: "Village") -> None:
    assert bread(village, goal=Goal(value=Decimal(10), currency="EUR"))["progress"].value == "0.00"


@pytest.mark.parametrize(
    ("goal", "value"),
    [(Goal(amount_msat=1), 1), (Goal(value=Decimal("0.5"), currency="EUR"), "0.5")],
)
def test_the_smallest_goal_is_a_goal(village: "Village", goal: Goal, value: int | str) -> None:
    assert bread(village, goal=goal)["goal"].value == value


@pytest.mark.parametrize(("fiat", "value"), [("0.50 EUR", "0.5"), ("0 EUR", None)])
def test_a_configured_goal_in_a_currency(village: "Village", fiat: str, value: str | None) -> None:
    binding = {"source": "shop", "store": "S1"}
    village.settings = {"projects": [{"slug": "bread", "btcpay": binding, "goal": {"fiat": fiat}}]}
    village.run("2025-02-01", shop="ok")
    assert village.report().projects[0].figures["goal"].value == value


@pytest.mark.parametrize("goal", [None, Goal(amount_msat=0), Goal(), Goal(value=Decimal(0), currency="EUR")])
def test_without_a_goal_there_is_no_progress(village: "Village", goal: Goal | None) -> None:
    found = bread(village, goal=goal)
    assert (found["goal"].value, found["goal"].unit, found["goal"].inputs) == (None, "msat", ())
    assert (found["progress"].value, found["progress"].bound) == (None, Bound.EXACT)  # there is none


def test_a_goal_in_the_configuration_replaces_the_sources_and_says_so(village: "Village") -> None:
    project = {"slug": "bread", "btcpay": {"source": "shop", "store": "S1"}}
    village.settings = {"projects": [project, project | {"goal": {"sats": 50, "deadline": "2025-02-28"}}]}
    village.says("bread", SHOP, goal=Goal(amount_msat=7))
    village.run("2025-02-01", shop="ok")
    found = village.report().projects[0]
    assert (found.figures["goal"].value, found.goal_by) == (50_000, "config")
    assert found.figures["goal"].inputs == ("config:goal",)
    assert found.ends_at == village.moment("2025-03-01")  # the last day counts whole


def test_angor_speaks_first(village: "Village") -> None:
    village.says("well", SHOP, title="Shop", tagline="Shop", goal=Goal(amount_msat=7))
    village.says("well", "angor", title="Angor", goal=Goal(amount_msat=9))
    village.run("2025-02-01")
    found = village.report().projects[0]
    assert (found.title, found.tagline, found.figures["goal"].value) == ("Angor", "Shop", 9)
    assert (found.goal_by, found.kind, found.sources) == ("angor", "invest", ("angor", SHOP))


def test_a_source_that_is_no_longer_configured_speaks_last(village: "Village") -> None:
    village.settings = {"projects": [{"slug": "bread", "btcpay": {"source": "shop", "app": "A1"}}]}
    another = store_source("S0")  # where its app was before
    village.says("bread", another, title="Another", tagline="Another")
    village.says("bread", SHOP, title="Shop")
    village.entry("bread", "payment", 5, "2025-01-07", source=another)
    village.run("2025-02-01", shop="ok")
    [found] = village.report().projects
    assert (found.title, found.tagline, found.sources) == (
        "Shop",
        "Another",
        (SHOP, another),
    )
    raised = found.figures["raised"]  # nothing recorded is ever lost, and nobody reads on there
    assert (raised.value, raised.bound) == (5000, Bound.AT_LEAST)
    assert f"unlisted/bread/{another}" in [note.id for note in found.notes]


GOAL = Goal(amount_msat=100_000)


@pytest.mark.parametrize(
    ("sat", "fields", "status"),
    [
        (0, {"goal": GOAL, "starts_at": "2025-02-02"}, ProjectStatus.UPCOMING),
        (100, {"goal": GOAL, "starts_at": "2025-01-01", "ends_at": "2025-01-02"}, ProjectStatus.REACHED),
        (99, {"goal": GOAL, "starts_at": "2025-01-01", "ends_at": "2025-02-01"}, ProjectStatus.ENDED),
        (50, {"goal": GOAL, "starts_at": "2025-01-01", "ends_at": "2025-03-04"}, ProjectStatus.ON_PACE),
        (49, {"goal": GOAL, "starts_at": "2025-01-01", "ends_at": "2025-03-04"}, ProjectStatus.BEHIND),
        (49, {"goal": GOAL, "ends_at": "2025-03-04"}, ProjectStatus.OPEN),
        (49, {"goal": GOAL}, ProjectStatus.OPEN),
        (49, {}, ProjectStatus.NO_GOAL),
        # what may be more is never called too little
        (49, {"goal": GOAL, "ends_at": "2025-01-02", "complete": False}, ProjectStatus.UNKNOWN),
        (
            49,
            {"goal": GOAL, "starts_at": "2025-01-01", "ends_at": "2025-03-04", "complete": False},
            ProjectStatus.UNKNOWN,
        ),
        (
            50,
            {"goal": GOAL, "starts_at": "2025-01-01", "ends_at": "2025-03-04", "complete": False},
            ProjectStatus.ON_PACE,
        ),
        (9, {"goal": GOAL, "unread": ("payments",)}, ProjectStatus.UNKNOWN),
    ],
)
def test_status_as_of_the_first_of_february(
    village: "Village", sat: int, fields: dict[str, object], status: ProjectStatus
) -> None:
    if sat:
        village.entry("bread", "payment", sat, "2025-01-07")
    times = {name: village.moment(str(fields[name])) for name in ("starts_at", "ends_at") if name in fields}
    bread(village, **(fields | times))
    assert village.report().projects[1].status is status
