"""A goal that begins anew is compared with its own period; periods that are over stand beside it."""

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.charts import funding_over_time, periods
from generator.ledger import AtReceipt
from generator.pages.period_words import period_label, period_sentence
from generator.pages.portfolio_page import rows
from generator.periods import NEVER, Recurrence
from generator.places import btcpay_place, part_of_store
from generator.report import ProjectReport, ProjectStatus
from generator.report.figures.bounds import Bound
from generator.sentence import stretch
from generator.snapshot import Goal, OwnNumber, Project
from generator.wording import plain
from tests.support.village import SHOP, explained, moment, reported

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.village import Village

GOAL = Goal(amount_msat=100_000)
MONTHLY = Recurrence(start=moment("2025-01-31T09:00"), unit="month")


def crowdfund(village: "Village", *rules: Recurrence, **fields: object) -> None:
    village.says("bread", SHOP, kind="crowdfund", recurs=rules or (MONTHLY,), **{"goal": GOAL, **fields})


def bread(village: "Village") -> ProjectReport:
    return village.report().projects[1]


def own_goal(village: "Village", **goal: object) -> None:
    binding = {"source": "shop", "store": "S1"}
    village.settings = {"projects": [{"slug": "bread", "btcpay": binding, "goal": goal}]}
    village.says("bread", SHOP)


def values(project: ProjectReport, family: str) -> dict[str, object]:
    return {
        name.partition("@")[2]: figure.value
        for name, figure in project.figures.items()
        if name.startswith(f"{family}@")
    }


def test_progress_is_of_the_period_that_runs(village: "Village") -> None:
    crowdfund(village)
    village.entry("bread", "payment", 7, "2025-01-05")  # before the goal began
    village.entry("bread", "payment", 150, "2025-02-01", period="2025-01-31")
    village.entry("bread", "payment", 20, "2025-03-30", period="2025-03-28")
    village.entry("bread", "payment", 5, "2025-04-02", period="2025-02-28")  # its invoice is older
    village.run("2025-04-03", shop="ok")
    found = bread(village)
    assert values(found, "raised_in_period") == {
        "none": 7_000,
        "2025-01-31": 150_000,
        "2025-02-28": 5_000,
        "2025-03-28": 20_000,
    }
    assert values(found, "progress_of_period") == {
        "2025-01-31": "150.00",
        "2025-02-28": "5.00",
        "2025-03-28": "20.00",
    }
    figures = found.figures
    assert (figures["raised"].value, figures["progress"].value) == (182_000, "20.00")
    assert (figures["periods_over"].value, figures["periods_reached"].value) == (2, 1)
    assert figures["progress"].inputs[0] == "bread/raised_in_period@2025-03-28"
    assert figures["pace_needed"].value == 4_000  # 80 sat in 25 days, and no part of a satoshi
    assert [point.figure.value for point in found.goal_funding] == [20_000]
    assert found.terms.goal_from == moment("2025-03-28T09:00")
    assert found.terms.goal_until == moment("2025-04-28T09:00")
    assert found.status is ProjectStatus.ON_PACE  # 20 % of the goal, 18 % of the period
    chart = funding_over_time.of_project(village.report(), found)
    assert chart
    assert plain(chart.finding) == "20 of 100\u202fsats are raised in this period"
    assert "(20\u202f% of this period's goal of 100\u202fsats) by 3 Apr 2025" in plain(chart.alt)
    text = explained(village.report(), "bread/raised_in_period@2025-03-28")
    assert "20 sat" in text
    assert "150 sat" not in text


def test_a_period_in_a_currency_is_compared_at_receipt(village: "Village") -> None:
    crowdfund(village, goal=Goal(value=Decimal(10), currency="EUR"))
    euros = (AtReceipt(currency="EUR", amount_msat=3_000, value=Decimal("2.5")),)
    village.entry("bread", "payment", 3, "2025-04-01", period="2025-03-28", at_receipt=euros)
    village.run("2025-04-03", shop="ok")
    figures = bread(village).figures
    assert figures["progress"].value == "25.00"
    assert figures["worth_in_period@2025-03-28"].value == "2.5"
    assert (figures["pace_needed"].value, figures["pace_needed"].unit) == ("0.3", "EUR")
    assert figures["worth_in_period@2025-02-28"].value == "0"  # nothing came: that is known
    [point] = bread(village).goal_funding
    assert (point.figure.id, point.figure.value) == (
        "bread/at_receipt_since@EUR-2025-03-28-until-2025-04-01",
        "2.5",
    )
    assert [week.figure.value for week in bread(village).goal_weeks] == ["2.5"]
    assert "2.5 EUR by invoice" in explained(village.report(), point.figure.id)
    assert "2.5 EUR by invoice" in explained(village.report(), "bread/inflow_at_receipt@EUR-2025-W14")
    chart = funding_over_time.of_project(village.report(), bread(village))
    assert chart
    assert plain(chart.finding) == "EUR\u202f2 of EUR\u202f10 are raised in this period"


def test_a_page_says_how_the_period_stands_what_it_needs_and_how_many_reached_the_goal(
    village: "Village",
) -> None:
    crowdfund(village, Recurrence(start=moment("2025-01-01"), unit="month"))
    village.entry("bread", "payment", 150, "2025-02-01", period="2025-02-01")
    village.entry("bread", "payment", 20, "2025-04-02", period="2025-04-01")
    village.run("2025-04-16", shop="ok")
    said = period_sentence(bread(village), periods.rows(bread(village)))
    assert plain(said).replace("\u202f", " ").replace("\u2009", " ") == (
        "April 2025 is half over: 20 sats of the 100 sats it asks for each month, 20 %. 15 days left: it "
        "needs 6 sats a day. 1 of 3 full months reached the goal, none since February 2025."
    )
    village.run("2025-04-20", shop="ok")
    said = plain(period_sentence(bread(village), periods.rows(bread(village))))
    assert "April 2025 ends in 11 days: " in said
    assert "days left" not in said
    village.run("2025-05-01", shop="ok")
    said = period_sentence(bread(village), periods.rows(bread(village)))
    assert plain(said).startswith("May 2025 has just begun: 0")


def test_a_number_is_of_the_period_that_people_name(village: "Village") -> None:
    crowdfund(village, Recurrence(start=moment("2025-01-01"), unit="month"))
    village.entry("bread", "payment", 150, "2025-02-01", period="2025-02-01")
    village.run("2025-04-16", shop="ok")
    [each] = [row.each for row in rows(village.report()) if row.project.slug == "bread"]
    assert each is not None
    assert plain(each) == "each month"
    rule = bread(village).terms.periods.rule
    assert rule is not None
    assert plain(period_label(rule, running=True)) == "This month"
    assert plain(period_label(rule, running=False)) == "Last period"
    chart = periods.chart(village.report(), bread(village))
    assert chart is not None
    assert plain(chart.finding) == "1 of 3 full months reached the goal"


@pytest.mark.parametrize(
    ("first", "end", "words"),
    [
        ("2025-12-01", "2026-01-01", "December 2025"),
        ("2025-01-15", "2025-02-15", "the month from 15 Jan 2025"),
        ("2025-01-01", "2026-01-01", "2025"),
        ("2025-03-01", "2026-03-01", "the year from 1 Mar 2025"),
        ("2025-03-01", "2025-03-02", "1 Mar 2025"),
        ("2025-03-01", "2025-06-01", "the period from 1 Mar 2025"),
    ],
)
def test_a_period_has_the_name_that_people_give_it(first: str, end: str, words: str) -> None:
    assert plain(stretch(date.fromisoformat(first), date.fromisoformat(end))) == words


def test_a_goal_that_is_to_begin_counts_nothing_yet(village: "Village") -> None:
    crowdfund(village, Recurrence(start=moment("2025-06-01"), unit="month"))
    village.entry("bread", "payment", 150, "2025-02-01")
    village.run("2025-04-03", shop="ok")
    found = bread(village)
    assert values(found, "raised_in_period") == {"none": 150_000, "2025-06-01": 0}
    assert (found.figures["progress"].value, found.status) == ("0.00", ProjectStatus.UPCOMING)


def test_the_last_period_is_that_of_the_deadline(village: "Village") -> None:
    crowdfund(village, ends_at=moment("2025-03-05"))
    village.entry("bread", "payment", 20, "2025-03-01", period="2025-02-28")
    village.run("2025-06-03", shop="ok")
    found = bread(village)
    assert (found.figures["progress"].value, found.status) == ("20.00", ProjectStatus.ENDED)
    assert found.figures["periods_over"].value == 2, "the last one is over as well"
    assert not any(row.running for row in periods.rows(found))


def test_what_nobody_asked_since_a_period_began_is_unknown(village: "Village") -> None:
    crowdfund(village)
    village.entry("bread", "payment", 150, "2025-02-01", period="2025-01-31")
    village.run("2025-02-02", shop="ok")
    village.run("2025-03-03", shop="unavailable")
    found = bread(village)
    running = found.figures["raised_in_period@2025-02-28"]
    assert (running.value, running.bound) == (None, Bound.UNKNOWN)
    assert (found.figures["progress"].value, found.status) == (None, ProjectStatus.UNKNOWN)
    assert found.figures["raised_in_period@2025-01-31"].value == 150_000


def test_without_its_settings_goal_and_period_are_unknown(village: "Village") -> None:
    village.says("bread", SHOP, kind="crowdfund", unread=("crowdfund settings",))
    village.entry("bread", "payment", 150, "2025-02-01", period="2025-01-31")
    village.run("2025-02-02", shop="ok")
    found = bread(village)
    assert (found.figures["goal"].bound, found.figures["progress"].bound) == (Bound.UNKNOWN, Bound.UNKNOWN)
    assert (found.terms.periods.current, found.status) == (None, ProjectStatus.UNKNOWN)


def test_periods_of_hours_cannot_be_told_by_days(village: "Village") -> None:
    crowdfund(village, Recurrence(start=moment("2025-01-01"), unit="hour", every=6))
    village.entry("bread", "payment", 150, "2025-02-01")
    village.run("2025-02-02", shop="ok")
    found = bread(village)
    assert (found.figures["progress"].bound, found.status) == (Bound.UNKNOWN, ProjectStatus.UNKNOWN)


def test_a_goal_that_begins_anew_no_more_keeps_its_periods(village: "Village") -> None:
    stopped = Recurrence(start=MONTHLY.start, unit=NEVER, since=moment("2025-02-28T09:00"))
    crowdfund(village, MONTHLY, stopped)
    village.entry("bread", "payment", 30, "2025-02-01", period="2025-01-31")
    village.entry("bread", "payment", 20, "2025-03-01")
    village.run("2025-04-03", shop="ok")
    found = bread(village)
    assert values(found, "raised_in_period") == {"none": 20_000, "2025-01-31": 30_000}
    assert found.figures["progress"].value == "50.00"


def test_a_period_keeps_the_goal_that_stood_when_it_ended(village: "Village") -> None:
    village.run("2025-02-01", shop="ok")
    village.run("2025-03-10", shop="ok")
    old = Project(id="bread", source=SHOP, kind="crowdfund", goal=GOAL, recurs=(MONTHLY,))
    new = Project(
        id="bread", source=SHOP, kind="crowdfund", goal=Goal(amount_msat=400_000), recurs=(MONTHLY,)
    )
    paid = village.entry("bread", "payment", 100, "2025-02-01", period="2025-01-31")
    found = reported(village, (0, old), (0, paid), (1, new)).projects[1]
    assert values(found, "goal_of_period") == {"2025-01-31": 100_000, "2025-02-28": 400_000}
    assert found.figures["progress_of_period@2025-01-31"].value == "100.00"


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("month", {"2025-01-01": 30_000, "2025-02-01": 0, "2025-03-01": 20_000}),
        ("year", {"2025-01-01": 50_000}),
        (
            {"every": 20, "unit": "day", "start": "2025-01-10"},
            {"none": 30_000, "2025-01-10": 0, "2025-01-30": 0, "2025-02-19": 20_000},
        ),
    ],
)
def test_an_own_goal_goes_by_the_day_of_payment(
    village: "Village", period: object, expected: dict[str, int]
) -> None:
    own_goal(village, sats=100, period=period)
    village.entry("bread", "payment", 30, "2025-01-05", period="2024-12-01", created_month="2024-12")
    village.entry("bread", "payment", 20, "2025-03-03")
    village.run("2025-03-04", shop="ok")
    found = village.report().projects[0]
    assert values(found, "raised_in_period") == expected
    assert found.figures["progress"].value == f"{list(expected.values())[-1] // 1000}.00"


UNITS = st.sampled_from(["day", "month", "year"])


@pytest.mark.slow
@given(
    st.lists(st.tuples(st.integers(0, 700), st.integers(1, 10**6)), max_size=12),
    UNITS,
    st.integers(1, 40),
    st.integers(-100, 700),
)
def test_periods_and_what_is_in_none_add_up_to_raised(
    fresh: "Callable[[], Village]", paid: list[tuple[int, int]], unit: str, every: int, begins: int
) -> None:
    village, first = fresh(), moment("2024-01-01")
    start = (first + timedelta(begins)).date().isoformat()
    own_goal(village, sats=100, period={"every": every, "unit": unit, "start": start})
    for day, sat in paid:
        village.entry("bread", "payment", sat, (first + timedelta(day)).date().isoformat())
    village.run("2026-01-01", shop="ok")
    found = village.report().projects[0]
    parts = [value for value in values(found, "raised_in_period").values() if isinstance(value, int)]
    assert sum(parts) == found.figures["raised"].value
    current = found.terms.periods.current
    assert current is not None
    assert found.figures["progress"].inputs[0] == f"bread/raised_in_period@{current.name}"


def test_each_of_two_crowdfunds_forgets_its_own_earlier_period_alone(village: "Village") -> None:
    village.settings = {
        "projects": [{"slug": "bread", "btcpay": [{"source": "shop", "app": app} for app in ("A1", "A2")]}]
    }
    for app, begun in (("A1", moment("2025-02-01")), ("A2", None)):
        place = btcpay_place("S1", part_of_store("crowdfund", app))
        village.says(place, SHOP, kind="crowdfund", period_at=begun)
        number = OwnNumber(
            id=f"{place}/2025-01",
            source=SHOP,
            place=place,
            created_month="2025-01",
            currency="EUR",
            raised=Decimal(5),
            pending=Decimal(0),
            contributors=2,
            counted=Decimal(5),
        )
        village.records.append(number)
    village.run("2025-02-02")
    figures = village.report().projects[0].figures
    names = ("raised", "counted", "contributors", "invoices@period")
    shown = [figures[f"btcpay_{name}"].value for name in names]
    assert shown == ["5", "10", 2, 2]
