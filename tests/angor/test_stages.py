"""Amounts and dates of stages, against upstream's own test cases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.protocol.angor.op_return_layouts import DynamicInfo, InvestmentNote
from generator.protocol.angor.schedule import (
    StageError,
    dynamic_dates,
    equal_percents,
    expiry_candidates,
    opening_times,
    percents,
    split_amounts,
    stage_count,
)
from generator.protocol.angor.terms import Frequency, Pattern, PayoutDay, ProjectType, Terms
from tests.support.vectors import angor_vectors

DATA = angor_vectors()
VECTORS = {vector["name"]: vector for vector in DATA["vectors"]}
INVEST, SUBSCRIBE = (
    Terms.parse(fixture["nostr_events"][0]["content"]) for fixture in DATA["synthetic_fixtures"]
)
DATES = list(
    zip(VECTORS["dynamic-stage-dates"]["inputs"], VECTORS["dynamic-stage-dates"]["expected"], strict=True)
)
KEY = "02070d174561688500aac733116dbe70c5ab7480559d25e1c040f480491870c8ba"


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def pattern(frequency: int, kind: int, payout_day: int, count: int = 6) -> Pattern:
    return Pattern(
        pattern_id=0,
        frequency=Frequency(frequency),
        stage_count=count,
        payout_day_type=PayoutDay(kind),
        payout_day=payout_day,
    )


def note(start: str | None = None, *, pattern_id: int = 0, count: int = 0) -> InvestmentNote:
    if start is None:
        return InvestmentNote(investor_key=KEY)
    info = DynamicInfo.starting(day(start), pattern_id=pattern_id, stage_count=count)
    return InvestmentNote(investor_key=KEY, stage_info=info)


def test_upstreams_amounts() -> None:
    vector = VECTORS["stage-amount-split"]
    fee, amounts = split_amounts(
        vector["inputs"]["total"], [Decimal(each) for each in vector["inputs"]["percent"]]
    )
    assert fee == vector["expected"]["fee"]
    assert list(amounts) == vector["expected"]["stages"]


@pytest.mark.parametrize(
    ("total", "parts", "fee", "amounts"),
    [
        (
            40_000_003,
            ["25"] * 4,
            400_000,
            (9_900_001, 9_900_001, 9_900_001, 9_900_000),
        ),  # the fixture's investment
        (500_000, ["16.666666666666666666666666667"] * 6, 5_000, (82_500,) * 6),
        (102, ["2.5", "97.5"], 1, (3, 98)),  # 2.525
        (101, ["50.5", "49.5"], 1, (50, 50)),  # 50.5 rounds half to even: down
        (101, ["51.5", "48.5"], 1, (52, 48)),  # 51.5 rounds half to even: up
        (99, ["100"], 0, (99,)),
        (1, ["50", "50"], 0, (0, 1)),
    ],
)
def test_more_amounts(total: int, parts: list[str], fee: int, amounts: tuple[int, ...]) -> None:
    assert split_amounts(total, [Decimal(part) for part in parts]) == (fee, amounts)


@given(st.integers(1, 21_000_000 * 10**8), st.integers(1, 255))
def test_nothing_is_lost_between_stages(total: int, count: int) -> None:
    fee, amounts = split_amounts(total, equal_percents(count))
    assert fee == total // 100
    assert fee + sum(amounts) == total
    assert len(amounts) == count


def test_equal_percentages_have_the_28_digits_of_net() -> None:
    assert equal_percents(3) == (Decimal("33.33333333333333333333333333"),) * 3


@pytest.mark.parametrize(("inputs", "expected"), DATES, ids=lambda value: str(value)[:40])
def test_upstreams_dates(inputs: dict[str, Any], expected: list[str]) -> None:
    given_pattern = inputs["pattern"]
    asked = pattern(given_pattern["frequency"], given_pattern["payoutDayType"], given_pattern["payoutDay"])
    dates = dynamic_dates(day(inputs["start"]), asked, len(expected))
    assert [f"{each:%Y-%m-%d}" for each in dates] == expected


def test_fourteen_date_cases() -> None:
    assert len(DATES) == 14


@pytest.mark.parametrize(
    ("start", "asked", "expected"),
    [
        ("2025-12-31", pattern(2, 1, 31), ["2025-12-31", "2026-01-31", "2026-02-28", "2026-03-31"]),
        ("2025-11-30", pattern(4, 1, 30), ["2025-11-30", "2026-02-28", "2026-05-30"]),
        ("2025-12-15", pattern(3, 1, 1), ["2026-01-01", "2026-03-01"]),
        ("2025-02-28", pattern(2, 1, 30), ["2025-02-28", "2025-03-30"]),
        ("2025-01-01", pattern(1, 0, 0), ["2025-01-15", "2025-01-29"]),
        ("2025-01-01", pattern(3, 0, 0), ["2025-03-02", "2025-05-01"]),
        ("2025-01-01", pattern(4, 0, 0), ["2025-04-01"]),
        ("2025-01-05", pattern(0, 2, 0), ["2025-01-05", "2025-01-12"]),  # a Sunday, the same day
    ],
)
def test_dates_at_the_edges(start: str, asked: Pattern, expected: list[str]) -> None:
    dates = dynamic_dates(day(start), asked, len(expected))
    assert [f"{each:%Y-%m-%d}" for each in dates] == expected


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (pattern(0, 1, 1), "WEEKLY payouts have no DAY_OF_MONTH"),
        (pattern(1, 1, 1), "BIWEEKLY payouts have no DAY_OF_MONTH"),
        (pattern(2, 2, 1), "MONTHLY payouts have no DAY_OF_WEEK"),
        (pattern(2, 1, 0), "day 0 is not a day of the month"),
        (pattern(0, 2, 7), "day 7 is not a day of the week"),
    ],
)
def test_patterns_upstream_refuses(asked: Pattern, reason: str) -> None:
    with pytest.raises(StageError, match=reason):
        dynamic_dates(day("2025-01-01"), asked, 2)


def test_stages_of_an_invest_project() -> None:
    assert stage_count(INVEST, note()) == 4
    assert percents(INVEST, note()) == (Decimal(25),) * 4
    assert opening_times(INVEST, note()) == tuple(stage.release_date for stage in INVEST.stages)


def test_stages_of_a_subscription() -> None:
    plain = note("2025-04-15")
    assert stage_count(SUBSCRIBE, plain) == 6
    assert opening_times(SUBSCRIBE, plain) == tuple(
        day("2025-04-15") + timedelta(days=30 * each) for each in range(1, 7)
    )
    assert stage_count(SUBSCRIBE, note("2025-04-15", count=3)) == 3
    assert len(opening_times(SUBSCRIBE, note("2025-04-15", count=3))) == 3
    assert len(percents(SUBSCRIBE, note("2025-04-15", count=3))) == 3


@pytest.mark.parametrize(
    ("terms", "asked", "reason"),
    [
        (SUBSCRIBE, note(), "does not say when its payouts start"),
        (SUBSCRIBE, note("2025-04-15", pattern_id=9), "the terms have no pattern 9"),
        (
            replace(SUBSCRIBE, patterns=(pattern(2, 0, 0, 0),)),
            note("2025-04-15"),
            "no stage for this investment",
        ),
        (replace(INVEST, stages=()), note(), "no stage for this investment"),
    ],
)
def test_investments_without_stages(terms: Terms, asked: InvestmentNote, reason: str) -> None:
    with pytest.raises(StageError, match=reason):
        stage_count(terms, asked)
    with pytest.raises(StageError, match=reason):
        opening_times(terms, asked)


EXPIRY, START, MIDNIGHT = day("2026-01-01"), day("2025-02-07") + timedelta(hours=15), day("2025-02-07")


@pytest.mark.parametrize(
    ("kind", "threshold", "start", "amount", "expected"),
    [
        (ProjectType.INVEST, None, START, 5, (EXPIRY,)),
        (ProjectType.INVEST, 9, START, 5, (EXPIRY, MIDNIGHT)),
        (ProjectType.FUND, None, START, 5, (EXPIRY,)),
        (ProjectType.FUND, 9, START, 10, (EXPIRY, MIDNIGHT)),
        (ProjectType.FUND, 9, START, 9, (MIDNIGHT, EXPIRY)),
        (ProjectType.FUND, 0, START, 1, (EXPIRY, MIDNIGHT)),
        (ProjectType.FUND, 9, None, 5, (EXPIRY,)),
        (ProjectType.SUBSCRIBE, None, START, 5, (START, MIDNIGHT, EXPIRY)),
        (ProjectType.SUBSCRIBE, None, MIDNIGHT, 5, (MIDNIGHT, EXPIRY)),
        (ProjectType.SUBSCRIBE, None, None, 5, (EXPIRY,)),
    ],
)
def test_expiry_candidates(
    kind: ProjectType,
    threshold: int | None,
    start: datetime | None,
    amount: int,
    expected: tuple[datetime, ...],
) -> None:
    terms = replace(INVEST, project_type=kind, penalty_threshold_sat=threshold, start_date=start)
    assert expiry_candidates(terms, amount) == expected
