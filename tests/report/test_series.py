"""Days and weeks are UTC and ISO; stages are grouped by the day on which they open."""

from datetime import date
from typing import TYPE_CHECKING

import pytest

from generator.report.days import monday_of, week_text
from tests.support.village import SHOP

if TYPE_CHECKING:
    from tests.support.village import Village


@pytest.mark.parametrize(
    ("day", "week", "monday"),
    [
        ("2024-12-29", "2024-W52", "2024-12-23"),
        ("2024-12-30", "2025-W01", "2024-12-30"),
        ("2021-01-03", "2020-W53", "2020-12-28"),
        ("2025-02-16", "2025-W07", "2025-02-10"),
    ],
)
def test_iso_weeks(day: str, week: str, monday: str) -> None:
    assert week_text(date.fromisoformat(day)) == week
    assert monday_of(date.fromisoformat(day)) == date.fromisoformat(monday)


def test_weeks_run_from_the_first_contribution_to_as_of_over_the_new_year(village: "Village") -> None:
    village.says("bread", SHOP)
    village.entry("bread", "payment", 1, "2024-12-29T23:59")
    village.entry("bread", "payment", 2, "2024-12-30T00:00")
    village.run("2025-01-14", shop="ok")
    bread = village.report().projects[1]
    assert [(str(point.day), point.figure.name, point.figure.value) for point in bread.weeks] == [
        ("2024-12-23", "inflow@2024-W52", 1000),
        ("2024-12-30", "inflow@2025-W01", 2000),
        ("2025-01-06", "inflow@2025-W02", 0),
        ("2025-01-13", "inflow@2025-W03", 0),
    ]
    assert [(str(point.day), point.figure.value) for point in bread.funding] == [
        ("2024-12-29", 1000),
        ("2024-12-30", 3000),
    ]
    assert bread.figures["inflow@2025-W03"] == bread.weeks[3].figure


def test_a_block_time_after_as_of_still_has_its_week(village: "Village") -> None:
    village.says("bread", SHOP)
    village.entry("bread", "payment", 1, "2025-01-13T00:30")
    village.run("2025-01-12T23:50", shop="ok")
    assert [point.figure.name for point in village.report().projects[1].weeks] == ["inflow@2025-W03"]


def test_stage_rows_know_number_and_claims_only_where_stages_are_shared(full: "Village") -> None:
    [first, second] = full.report().projects[0].stages
    assert [(str(row.opens_on), row.number) for row in (first, second)] == [
        ("2025-03-01", 1),
        ("2025-04-01", 2),
    ]
    assert [entry.id for entry in first.claims] == ["claim1/0"]
    assert second.claims == ()
    assert full.report().projects[1].stages == ()


def test_stages_of_a_fund_have_no_common_number(village: "Village") -> None:
    village.says("well", "angor", kind="fund")
    opens = village.moment("2025-03-01T23:00")
    village.entry("well", "investment", 3, "2025-01-07", stage=1, opens_at=opens)
    village.entry("well", "investment", 5, "2025-02-07", stage=1, opens_at=village.moment("2025-03-01"))
    village.run("2025-03-08")
    [row] = village.report().projects[0].stages
    assert (str(row.opens_on), row.number, row.funded.value) == ("2025-03-01", None, 8000)


def test_a_spend_belongs_to_the_day_of_the_output_it_spends(village: "Village") -> None:
    village.says("well", "angor")
    opens = village.moment("2025-03-01")
    village.entry("well", "investment", 3, "2025-01-07", id="a:0", opens_at=opens, stage=4)
    village.entry("well", "investment", 5, "2025-01-07", id="b:0", opens_at=village.moment("2025-04-01"))
    village.entry("well", "recovery", 5, "2025-02-07", spends="b:0")  # its own opens_at is missing
    village.entry("well", "release", 5, "2025-02-07", spends="elsewhere:0")
    village.run("2025-03-08")
    rows = village.report().projects[0].stages
    assert [(row.funded.value, row.left.value, row.locked.value) for row in rows] == [
        (3000, 0, 3000),
        (5000, 5000, 0),
    ]
    assert [row.number for row in rows] == [4, None]
