"""Periods of goals that begin anew: the examples of BTCPay's own stepping, and rules that change."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.periods import NEVER, Periods, Recurrence, with_rule


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def rule(start: str, unit: str = "month", every: int = 1) -> Recurrence:
    return Recurrence(start=at(start), unit=unit, every=every)


def names(*rules: Recurrence, until: str) -> list[str]:
    return [period.name for period in Periods(rules, at(until)).all]


@pytest.mark.parametrize(
    ("start", "unit", "every", "until", "expected"),
    [
        ("2026-01-31", "month", 1, "2026-04-27", ["2026-01-31", "2026-02-28", "2026-03-28"]),
        ("2025-12-30", "month", 1, "2026-03-28", ["2025-12-30", "2026-01-30", "2026-02-28", "2026-03-28"]),
        ("2024-02-29", "year", 1, "2027-02-27", ["2024-02-29", "2025-02-28", "2026-02-28"]),
        ("2026-01-28", "month", 1, "2026-03-28", ["2026-01-28", "2026-02-28", "2026-03-28"]),
        ("2026-01-01", "month", 3, "2026-08-01", ["2026-01-01", "2026-04-01", "2026-07-01"]),
        ("2026-02-27", "day", 2, "2026-03-03T23:00", ["2026-02-27", "2026-03-01", "2026-03-03"]),
        ("2026-02-27", "hour", 168, "2026-03-12", ["2026-02-27", "2026-03-06"]),
        ("2027-01-01", "month", 1, "2026-03-28", ["2027-01-01"]),
        ("9999-06-01", "year", 1, "9999-12-31", ["9999-06-01"]),
        ("2026-01-01", "day", 2**31, "2026-03-01", ["2026-01-01"]),
    ],
)
def test_periods_are_stepped_from_the_one_before(
    start: str, unit: str, every: int, until: str, expected: list[str]
) -> None:
    assert names(rule(start, unit, every), until=until) == expected


def test_the_time_of_day_of_the_start_is_kept() -> None:
    periods = Periods([rule("2026-01-31T15:00")], at("2026-03-29"))
    assert [periods.name_at(at(day)) for day in ("2026-03-28T14:59", "2026-03-28T15:00")] == [
        "2026-02-28",
        "2026-03-28",
    ]
    assert periods.name_on(at("2026-03-28").date()) == "2026-03-28"


def test_a_goal_that_is_to_begin_has_its_first_period_and_nothing_is_in_it_yet() -> None:
    periods = Periods([rule("2027-01-01")], at("2026-03-28"))
    assert periods.current is not None
    assert (periods.current.start, periods.current.end) == (at("2027-01-01"), at("2027-02-01"))
    assert periods.name_at(at("2026-03-28")) == ""


def test_periods_of_hours_have_no_day_to_be_named_by() -> None:
    periods = Periods([rule("2026-01-01", "hour", 5)], at("2026-03-28"))
    assert (periods.all, periods.current, periods.name_at(at("2026-02-01"))) == ((), None, "")


def test_a_new_rule_leaves_closed_periods_as_they_were() -> None:
    rules = with_rule((rule("2026-01-01"),), rule("2026-01-15"), at("2026-03-20"))
    assert names(*rules, until="2026-04-20") == [
        "2026-01-01",
        "2026-02-01",
        "2026-03-01",
        "2026-03-15",
        "2026-04-15",
    ]
    assert with_rule(rules, rule("2026-01-15"), at("2026-04-20")) == rules
    again = with_rule(rules, rule("2026-03-10", "day", 7), at("2026-03-21"))
    assert names(*again, until="2026-03-21")[:4] == ["2026-01-01", "2026-02-01", "2026-03-01", "2026-03-15"]


def test_a_rule_that_closed_no_period_is_forgotten() -> None:
    first = (rule("2026-03-01"),)
    assert with_rule(first, rule("2026-03-10"), at("2026-03-20")) == (rule("2026-03-10"),)
    assert with_rule(first, None, at("2026-03-20")) == ()
    assert with_rule((rule("2027-01-01"),), rule("2026-02-01"), at("2026-03-20")) == (rule("2026-02-01"),)
    assert with_rule((), None, at("2026-03-20")) == ()


def test_a_goal_that_begins_anew_no_more_keeps_its_past() -> None:
    rules = with_rule((rule("2026-01-01"),), None, at("2026-03-20"))
    periods = Periods(rules, at("2026-06-01"))
    assert rules[-1].unit == NEVER
    assert [period.name for period in periods.all] == ["2026-01-01", "2026-02-01"]
    assert (periods.current, periods.name_at(at("2026-03-02"))) == (None, "")
    assert with_rule(rules, None, at("2026-06-01")) == rules
    revived = with_rule(rules, rule("2026-04-01"), at("2026-06-01"))
    assert names(*revived, until="2026-06-01") == [
        "2026-01-01",
        "2026-02-01",
        "2026-03-01",
        "2026-04-01",
        "2026-05-01",
        "2026-06-01",
    ]


UNITS = st.sampled_from(["hour", "day", "month", "year"])
TIMES = st.datetimes(datetime(2019, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
RULES = st.builds(Recurrence, start=TIMES, unit=UNITS, every=st.integers(24, 60))


@given(st.lists(st.tuples(RULES | st.none(), st.integers(0, 900)), max_size=4), TIMES)
def test_whatever_the_rules_each_moment_has_one_period_and_closed_ones_stay(
    said: list[tuple[Recurrence | None, int]], now: datetime
) -> None:
    rules: tuple[Recurrence, ...] = ()
    for recurrence, days in said:
        before = Periods(rules, now)
        rules = with_rule(rules, recurrence, now)
        after = Periods(rules, now)
        closed = [period for period in before.all if period.end <= now]
        assert [after.name_at(period.start) for period in closed] == [period.name for period in closed]
        found = after.all
        assert all(one.end == two.start for one, two in pairwise(found))
        for period in found:
            assert after.name_at(period.start) == period.name
            assert after.name_at(period.end - timedelta(microseconds=1)) == period.name
        now += timedelta(days=days)


def test_a_rule_without_a_name_is_refused() -> None:
    with pytest.raises(ValueError, match="begins anew every 'fortnight', expected hour"):
        rule("2026-01-31", "fortnight")
