"""How far a goal is, and the pace towards it, in the goal's own unit."""

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from generator.ledger import AtReceipt
from generator.report import Figure
from generator.report.figures.bounds import Bound
from generator.report.figures.pace import DEFINITIONS
from generator.report.trace.explain import explain
from generator.snapshot import Goal
from tests.support.village import SHOP, moment

if TYPE_CHECKING:
    from tests.support.village import Village

DAYS = {"starts_at": moment("2025-01-01T09:00"), "ends_at": moment("2025-03-12T18:00")}
EURO = Goal(value=Decimal(50), currency="EUR")


def euros(sat: int, value: str) -> tuple[AtReceipt, ...]:
    return (AtReceipt(currency="EUR", amount_msat=sat * 1000, value=Decimal(value)),)


def paces(village: "Village", on: str = "2025-02-05", **fields: object) -> dict[str, Figure]:
    village.says("bread", SHOP, **fields)
    village.run(on, shop="ok")
    names = {definition.name for definition in DEFINITIONS}
    return {name: each for name, each in village.report().projects[1].figures.items() if name in names}


def values(found: dict[str, Figure]) -> dict[str, int | str | None]:
    return {name: figure.value for name, figure in found.items()}


def test_a_goal_in_satoshis_half_way_through_its_days(village: "Village") -> None:
    village.entry("bread", "payment", 30, "2025-01-08")  # 29 days before
    village.entry("bread", "payment", 9, "2025-01-09")  # the first of the last 28
    found = paces(village, goal=Goal(amount_msat=100_000), **DAYS)
    assert values(found) == {
        "towards_goal": 39_000,
        "left_to_goal": 61_000,
        "even_pace": 50_000,  # 35 of 70 days
        "pace_needed": 2_000,  # 61 sat in 35 days, rounded up
        "pace_got": 1_000,  # 39 sat in 35 days, rounded down
        "pace_recent": 0,  # 9 sat in 28 days
    }
    assert {figure.unit for figure in found.values()} == {"msat"}
    tree = explain(village.report(), found["pace_recent"])
    assert "entries:payment:confirmed:since=2025-01-09: 1 row, 9 sat" in tree


def test_a_goal_in_a_currency_is_compared_with_the_value_at_receipt(village: "Village") -> None:
    village.entry("bread", "payment", 30, "2025-01-02", at_receipt=euros(30, "30.50"))
    village.entry("bread", "payment", 9, "2025-02-05", at_receipt=euros(9, "14.1"))
    found = paces(village, goal=EURO, **DAYS)
    assert values(found) == {
        "towards_goal": "44.6",
        "left_to_goal": "5.4",
        "even_pace": "25",
        "pace_needed": "0.16",
        "pace_got": "1.27",
        "pace_recent": "0.5",
    }
    assert {figure.unit for figure in found.values()} == {"EUR"}
    assert "14.1 EUR by invoice" in explain(village.report(), found["pace_recent"])


@pytest.mark.parametrize(
    ("on", "names"),
    [
        ("2024-12-31", "towards_goal left_to_goal"),  # not open yet
        ("2025-01-01T12:00", "towards_goal left_to_goal even_pace pace_needed"),  # no whole day is over
        ("2025-01-28", "towards_goal left_to_goal even_pace pace_needed pace_got"),
        ("2025-01-29", "towards_goal left_to_goal even_pace pace_needed pace_got pace_recent"),
        ("2025-03-12", "towards_goal left_to_goal even_pace pace_got pace_recent"),  # its last day
        ("2025-03-13", "towards_goal left_to_goal"),  # over
    ],
)
def test_a_pace_is_stated_while_the_goal_runs(village: "Village", on: str, names: str) -> None:
    assert list(paces(village, on, goal=Goal(amount_msat=100_000), **DAYS)) == names.split()


def test_without_a_first_day_there_is_only_what_it_needs_without_a_last_no_pace(village: "Village") -> None:
    goal = Goal(amount_msat=100_000)
    assert list(paces(village, goal=goal, ends_at=DAYS["ends_at"])) == [
        "towards_goal",
        "left_to_goal",
        "pace_needed",
    ]
    assert list(paces(village, "2025-02-06", goal=goal, starts_at=DAYS["starts_at"])) == [
        "towards_goal",
        "left_to_goal",
    ]
    assert paces(village, "2025-02-07") == {}


def test_what_is_beyond_the_goal_and_nothing_more_is_needed(village: "Village") -> None:
    village.entry("bread", "payment", 101, "2025-02-05")
    found = values(paces(village, goal=Goal(amount_msat=100_000), **DAYS))
    assert (found["over_goal"], found["pace_needed"]) == (1_000, 0)
    assert "left_to_goal" not in found


def test_what_may_be_more_needs_at_most_so_much(village: "Village") -> None:
    village.entry("bread", "payment", 30, "2025-01-08")
    found = paces(village, goal=Goal(amount_msat=100_000), complete=False, **DAYS)
    assert {name: figure.bound for name, figure in found.items()} == {
        "towards_goal": Bound.AT_LEAST,
        "left_to_goal": Bound.AT_MOST,
        "even_pace": Bound.EXACT,
        "pace_needed": Bound.AT_MOST,
        "pace_got": Bound.AT_LEAST,
        "pace_recent": Bound.AT_LEAST,
    }


def test_what_has_no_value_in_the_goals_currency_is_not_known(village: "Village") -> None:
    village.entry("bread", "payment", 30, "2025-01-08")
    [towards] = paces(village, goal=EURO, **DAYS).values()
    assert (towards.name, towards.value, towards.bound) == ("towards_goal", None, Bound.UNKNOWN)
