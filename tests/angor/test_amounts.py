"""Whether fee and stages are the shares that the terms promise."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.protocol.angor.op_return_layouts import DynamicInfo, InvestmentNote
from generator.protocol.angor.schedule import amounts_problem, percents, split_amounts
from tests.angor.example_terms import FUND, INVEST, KEY

NOTE = InvestmentNote(investor_key=KEY)


def fund_note(count: int) -> InvestmentNote:
    info = DynamicInfo(start_day=100, pattern_id=0, stage_count=count)
    return InvestmentNote(investor_key=KEY, stage_info=info)


@given(st.integers(100_000, 10**12))
def test_what_the_client_makes_fits(total_sat: int) -> None:
    fee_sat, amounts_sat = split_amounts(total_sat, percents(INVEST, NOTE))
    assert amounts_problem(INVEST, NOTE, fee_sat, amounts_sat) is None


@given(st.integers(100_000, 10**12), st.integers(1, 12))
def test_equal_parts_fit_a_fund(total_sat: int, count: int) -> None:
    note = fund_note(count)
    fee_sat, amounts_sat = split_amounts(total_sat, percents(FUND, note))
    assert amounts_problem(FUND, note, fee_sat, amounts_sat) is None


@given(st.integers(100_000, 10**12))
def test_a_fee_on_top_as_before_july_2025(total_sat: int) -> None:
    amounts_sat = [round(Decimal(total_sat) * share / 100) for share in percents(INVEST, NOTE)]
    assert amounts_problem(INVEST, NOTE, total_sat // 100, amounts_sat) is None


@given(st.integers(100_000, 10**12), st.integers(0, 3), st.integers(2, 10_000))
def test_money_moved_between_stages_is_seen(total_sat: int, place: int, moved_sat: int) -> None:
    fee_sat, amounts = split_amounts(total_sat, percents(INVEST, NOTE))
    amounts_sat = list(amounts)
    place %= len(amounts_sat)
    amounts_sat[place] += moved_sat
    amounts_sat[(place + 1) % len(amounts_sat)] -= moved_sat
    problem = amounts_problem(INVEST, NOTE, fee_sat, amounts_sat)
    assert problem is not None
    assert f"a fee of {fee_sat} sat and stages of {amounts_sat[0]}, " in problem


@pytest.mark.parametrize("fee_sat", [0, 1, 998, 1_001, 50_000])
def test_another_fee_is_seen(fee_sat: int) -> None:
    _, amounts_sat = split_amounts(100_000, percents(INVEST, NOTE))
    assert amounts_problem(INVEST, NOTE, fee_sat, amounts_sat)


def test_stages_that_release_less_than_everything_are_seen() -> None:
    halved = replace(
        INVEST, stages=tuple(replace(stage, percent=stage.percent / 2) for stage in INVEST.stages)
    )
    fee_sat, amounts_sat = split_amounts(1_000_000, percents(INVEST, NOTE))
    assert amounts_problem(halved, NOTE, fee_sat, amounts_sat)


def test_the_references_example() -> None:
    """300,000,000 sat by 10, 50 and 40 per cent: what Angor's own code makes of them."""
    terms = replace(
        INVEST,
        stages=tuple(
            replace(stage, percent=Decimal(share))
            for stage, share in zip(INVEST.stages[:3], (10, 50, 40), strict=True)
        ),
    )
    assert amounts_problem(terms, NOTE, 3_000_000, (29_700_000, 148_500_000, 118_800_000)) is None
