"""Which money is locked as the terms say: every candidate that proves it, and nothing else."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations

import pytest

from generator.protocol.angor.investments import Matched, Mismatch, investment_note, match_stages
from generator.protocol.angor.op_return_layouts import DynamicInfo, InvestmentNote, investment_script
from generator.protocol.angor.schedule import split_amounts
from generator.protocol.angor.stage_scripts import output_script, stage_scripts
from generator.protocol.angor.terms import ProjectType, Terms
from generator.protocol.bitcoin import Output
from tests.angor.example_terms import FUND, INVEST, KEY, START

OTHER_KEY = "03309b10a078ca8e718693d241b3a57ff31f5aabcd7ec53089bd143a57036332ea"
NOTE = InvestmentNote(investor_key=KEY)
MIDNIGHT = START.replace(hour=0, minute=0)
SECRET_HASHES = tuple(f"{number:02x}" * 32 for number in range(1, 8))
FUND_NOTE = InvestmentNote(
    investor_key=KEY, stage_info=DynamicInfo(start_day=100, pattern_id=3, stage_count=0)
)


def invest(
    terms: Terms,
    note: InvestmentNote = NOTE,
    *,
    expiry: datetime | None = None,
    total_sat: int = 10_000_000,
    seeder_order: tuple[int, ...] | None = None,
) -> list[Output]:
    """Return the outputs of an investment with change, built from scripts alone."""
    stages = stage_scripts(terms, note, expiry or terms.expiry_date)
    if seeder_order is not None:
        stages = tuple(
            replace(stage, seeders=tuple(stage.seeders[i] for i in seeder_order)) for stage in stages
        )
    fee, amounts = split_amounts(total_sat, [stage.percent for stage in INVEST.stages][: len(stages)])
    return [
        Output(value_sat=fee, script=b"\x00\x14" + bytes(20)),
        Output(value_sat=0, script=investment_script(note)),
        *(
            Output(value_sat=amount, script=output_script(stage))
            for amount, stage in zip(amounts, stages, strict=True)
        ),
        Output(value_sat=546, script=b"\x51\x20" + b"\x01" * 32),  # another wallet's change
    ]


def matched(terms: Terms, note: InvestmentNote, outputs: list[Output]) -> Matched:
    result = match_stages(terms, note, outputs)
    assert isinstance(result, Matched), result
    return result


def test_change_to_a_taproot_address_is_no_stage() -> None:
    result = matched(INVEST, NOTE, invest(INVEST))
    assert [(stage.index, stage.vout, stage.value_sat) for stage in result.stages] == [
        (0, 2, 2_475_000),
        (1, 3, 2_475_000),
        (2, 4, 2_475_000),
        (3, 5, 2_475_000),
    ]
    assert (result.fee_sat, result.locked_sat, result.expiry) == (100_000, 9_900_000, INVEST.expiry_date)
    assert [stage.opens_at for stage in result.stages] == [stage.release_date for stage in INVEST.stages]
    assert [stage.script for stage in result.stages] == [output.script for output in invest(INVEST)[2:6]]


@pytest.mark.parametrize("position", range(2, 6))
def test_one_foreign_stage_refuses_all(position: int) -> None:
    outputs = invest(INVEST)
    outputs[position] = replace(outputs[position], script=b"\x51\x20" + b"\x02" * 32)
    result = match_stages(INVEST, NOTE, outputs)
    assert result == Mismatch(
        reason="the stage outputs are not the scripts that terms and investor key derive"
    )


def test_stages_in_another_order_are_refused() -> None:
    outputs = invest(INVEST)
    outputs[2], outputs[3] = outputs[3], outputs[2]
    assert isinstance(match_stages(INVEST, NOTE, outputs), Mismatch)


@pytest.mark.parametrize(
    "terms",
    [
        replace(INVEST, founder_key=OTHER_KEY),
        replace(INVEST, founder_recovery_key=OTHER_KEY),
        replace(INVEST, expiry_date=INVEST.expiry_date + timedelta(seconds=1)),
        replace(INVEST, stages=(*INVEST.stages[:3], replace(INVEST.stages[3], release_date=START))),
        replace(INVEST, secret_hashes=SECRET_HASHES[:1], seeder_threshold=1),
    ],
)
def test_other_terms_do_not_match(terms: Terms) -> None:
    assert isinstance(match_stages(terms, NOTE, invest(INVEST)), Mismatch)


def test_another_investor_does_not_match() -> None:
    assert isinstance(match_stages(INVEST, InvestmentNote(investor_key=OTHER_KEY), invest(INVEST)), Mismatch)
    lead = InvestmentNote(investor_key=KEY, secret_hash="11" * 32)
    assert isinstance(match_stages(INVEST, lead, invest(INVEST)), Mismatch)


def test_missing_outputs_are_counted() -> None:
    result = match_stages(INVEST, NOTE, invest(INVEST)[:5])
    assert result == Mismatch(reason="3 outputs follow the OP_RETURN, the terms have 4 stages")


def test_the_key_nobody_can_spend_is_named() -> None:
    outputs = [replace(output, script=b"\x51\x20" + bytes(32)) for output in invest(INVEST)]
    result = match_stages(INVEST, NOTE, outputs)
    assert result == Mismatch(reason="a stage output has the all-zero taproot key, which nobody can spend")


@pytest.mark.parametrize(
    ("total_sat", "expiry"),
    [
        (1_000_000, MIDNIGHT),  # gross and net at or below the threshold
        (1_000_001, FUND.expiry_date),  # gross above, net below: what a client writes
        (1_000_001, MIDNIGHT),  # gross above, net below: what a client reads
        (5_000_000, FUND.expiry_date),
        (5_000_000, MIDNIGHT),
    ],
)
def test_both_expiries_around_the_penalty_threshold(total_sat: int, expiry: datetime) -> None:
    outputs = invest(FUND, FUND_NOTE, expiry=expiry, total_sat=total_sat)
    assert matched(FUND, FUND_NOTE, outputs).expiry == expiry


@pytest.mark.parametrize("expiry", [START, MIDNIGHT, FUND.expiry_date])
def test_a_subscription_can_be_cancelled_from_its_start(expiry: datetime) -> None:
    terms = replace(FUND, project_type=ProjectType.SUBSCRIBE, penalty_threshold_sat=None)
    result = matched(terms, FUND_NOTE, invest(terms, FUND_NOTE, expiry=expiry))
    assert result.expiry == expiry
    assert [f"{stage.opens_at:%Y-%m-%d}" for stage in result.stages] == [
        "2025-04-30",
        "2025-05-31",
        "2025-06-30",
    ]


def test_no_third_expiry_matches() -> None:
    outputs = invest(FUND, FUND_NOTE, expiry=START)
    assert isinstance(match_stages(FUND, FUND_NOTE, outputs), Mismatch)


def test_an_investment_may_choose_its_number_of_stages() -> None:
    note = replace(FUND_NOTE, stage_info=DynamicInfo(start_day=100, pattern_id=3, stage_count=2))
    assert len(matched(FUND, note, invest(FUND, note)).stages) == 2
    assert isinstance(match_stages(FUND, FUND_NOTE, invest(FUND, note)), Mismatch)


@pytest.mark.parametrize(
    ("terms", "note", "reason"),
    [
        (FUND, NOTE, "the investment does not say when its payouts start"),
        (
            FUND,
            InvestmentNote(
                investor_key=KEY, stage_info=DynamicInfo(start_day=1, pattern_id=9, stage_count=0)
            ),
            "the terms have no pattern 9",
        ),
        (replace(INVEST, stages=()), NOTE, "the terms have no stage for this investment"),
    ],
)
def test_what_no_terms_foresee(terms: Terms, note: InvestmentNote, reason: str) -> None:
    assert match_stages(terms, note, invest(INVEST)) == Mismatch(reason=reason)


@pytest.mark.parametrize(("threshold", "count"), [(1, 1), (1, 3), (2, 3), (3, 3), (2, 4)])
def test_every_order_of_up_to_six_seeder_leaves(threshold: int, count: int) -> None:
    terms = replace(INVEST, seeder_threshold=threshold, secret_hashes=SECRET_HASHES[:count])
    leaves = len(stage_scripts(terms, NOTE, terms.expiry_date)[0].seeders)
    orders = list(permutations(range(leaves)))
    for order in (orders[0], orders[len(orders) // 2], orders[-1]):
        outputs = invest(terms, seeder_order=order)
        result = matched(terms, NOTE, outputs)
        assert [stage.script for stage in result.stages] == [output.script for output in outputs[2:6]]


def test_stages_that_disagree_about_the_order_are_refused() -> None:
    terms = replace(INVEST, seeder_threshold=1, secret_hashes=SECRET_HASHES[:3])
    outputs = invest(terms, seeder_order=(0, 1, 2))
    outputs[5] = invest(terms, seeder_order=(2, 1, 0))[5]
    assert isinstance(match_stages(terms, NOTE, outputs), Mismatch)


def test_more_seeder_leaves_than_can_be_ordered() -> None:
    terms = replace(INVEST, seeder_threshold=1, secret_hashes=SECRET_HASHES)
    assert matched(terms, NOTE, invest(terms)).locked_sat == 9_900_000
    result = match_stages(terms, NOTE, invest(terms, seeder_order=(6, 5, 4, 3, 2, 1, 0)))
    assert result == Mismatch(
        reason="7 seeder leaves have too many orders to try, and the usual one does not fit", exhaustive=False
    )


def test_more_combinations_than_anyone_builds() -> None:
    terms = replace(INVEST, seeder_threshold=50, secret_hashes=SECRET_HASHES[:1] * 100)
    result = match_stages(terms, NOTE, invest(INVEST))
    assert isinstance(result, Mismatch)
    assert not result.exhaustive


def test_a_lead_investor_needs_no_other_seeder() -> None:
    terms = replace(INVEST, seeder_threshold=1, secret_hashes=SECRET_HASHES[:3])
    lead = InvestmentNote(investor_key=KEY, secret_hash="11" * 32)
    assert matched(terms, lead, invest(terms, lead)).stages[0].scripts.seeders == ()


def test_an_investment_is_known_by_position() -> None:
    outputs = invest(INVEST)
    fee_script = outputs[0].script
    assert investment_note(outputs, fee_script) == NOTE
    assert investment_note(outputs, b"\x00\x14" + b"\x01" * 20) is None
    assert investment_note([outputs[1], outputs[0], *outputs[2:]], fee_script) is None
    assert investment_note(outputs[:1], fee_script) is None
    assert investment_note([], fee_script) is None
