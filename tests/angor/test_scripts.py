"""Leaves, trees and outputs, byte by byte against upstream's own transaction."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import pytest

from generator.protocol import bitcoin
from generator.protocol.angor import stage_scripts as scripts
from generator.protocol.angor.op_return_layouts import InvestmentNote, parse_investment
from generator.protocol.angor.stage_scripts import StageScripts, TooManySeeders
from generator.protocol.angor.terms import StageTerms, Terms
from generator.protocol.bitcoin import Output, Transaction
from generator.protocol.bitcoin.taproot import output_key_of_control_block
from tests.support.vectors import angor_vectors

DATA = angor_vectors()
VECTORS = {vector["name"]: vector for vector in DATA["vectors"]}
SORRY: dict[str, Any] = VECTORS["investment-and-recovery-tx-sorry-poet"]
EXPECTED = SORRY["expected"]
KEY = EXPECTED["investorKey"]
INVEST = Terms.parse(DATA["synthetic_fixtures"][0]["nostr_events"][0]["content"])
OUTPUTS = [Output(value_sat=row["sats"], script=bytes.fromhex(row["script"])) for row in EXPECTED["outputs"]]


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)


SORRY_TERMS = replace(
    INVEST,
    founder_key=EXPECTED["founderKey"],
    founder_recovery_key=EXPECTED["founderRecoveryKey"],
    project_identifier=EXPECTED["projectIdentifier"],
    expiry_date=moment(SORRY["inputs"]["expiryDate"]),
    penalty_days=SORRY["inputs"]["penaltyDays"],
    stages=tuple(
        replace(INVEST.stages[0], release_date=moment(seconds))
        for seconds in SORRY["inputs"]["stage_release_dates"]
    ),
)
STAGES = scripts.stage_scripts(SORRY_TERMS, InvestmentNote(investor_key=KEY), SORRY_TERMS.expiry_date)


def test_keys_stand_in_leaves_tweaked() -> None:
    tweaked = EXPECTED["tweaked"]
    assert scripts.leaf_key(EXPECTED["founderKey"]).hex() == tweaked["founder"]
    assert scripts.leaf_key(EXPECTED["founderRecoveryKey"]).hex() == tweaked["founderRecovery"]
    assert scripts.leaf_key(KEY).hex() == tweaked["investor"]


def test_the_leaves_of_upstreams_transaction() -> None:
    assert [stage.founder.hex() for stage in STAGES] == EXPECTED["founder_scripts"]
    assert {stage.recover.hex() for stage in STAGES} == {EXPECTED["recover_script"]}
    assert {stage.end.hex() for stage in STAGES} == {EXPECTED["end_of_project_script"]}
    assert (
        scripts.stage_scripts(SORRY_TERMS, InvestmentNote(investor_key=KEY), SORRY_TERMS.expiry_date)[1]
        == STAGES[1]
    )


def test_the_outputs_of_upstreams_transaction() -> None:
    assert scripts.INTERNAL_KEY.hex() == EXPECTED["unspendable_internal_key"]
    assert [scripts.output_script(stage) for stage in STAGES] == [output.script for output in OUTPUTS[2:]]
    tx = Transaction(version=1, inputs=(), outputs=tuple(OUTPUTS))
    assert tx.txid == EXPECTED["txid_after_clearing_bit27"]
    raw = bytes.fromhex(SORRY["inputs"]["investment_tx_hex_nbitcoin_no_input_encoding"])
    # NBitcoin marks a transaction without inputs in bit 27 of its version
    assert tx.stripped()[4:] == raw[4:]
    assert int.from_bytes(raw[:4], "little") == 1 | 1 << 27
    note = parse_investment(OUTPUTS[1].script)
    assert note == InvestmentNote(investor_key=KEY)


def test_the_signature_hashes_of_upstreams_recovery() -> None:
    recovery = Transaction.parse(bytes.fromhex(SORRY["inputs"]["recovery_tx_hex"]))
    leaf = bitcoin.leaf_hash(STAGES[0].recover)
    hashes = [
        bitcoin.sighash_taproot(recovery, index, OUTPUTS[2:], 0x83, leaf_hash=leaf).hex()
        for index in range(3)
    ]
    assert hashes == EXPECTED["tapsighash_recovery_SINGLE_ACP"]
    assert {output.script for output in recovery.outputs} == {scripts.penalty_output_script(KEY, 10)}


def test_the_penalty() -> None:
    assert scripts.penalty_script(KEY, 10).hex() == EXPECTED["penalty_witness_script"]
    assert scripts.penalty_output_script(KEY, 10).hex() == EXPECTED["penalty_p2wsh"]


@pytest.mark.parametrize(
    ("days", "pushed"), [(0, "03000040"), (10, "03970640"), (90, "03533b40"), (388, "03c3ff40")]
)
def test_the_penaltys_lock(days: int, pushed: str) -> None:
    assert pushed in scripts.penalty_script(KEY, days).hex()
    assert scripts.penalty_sequence(days) == int.from_bytes(bytes.fromhex(pushed)[1:], "little")


@pytest.mark.parametrize(
    ("seconds", "pushed"),
    [
        (0, "00"),
        (1, "51"),
        (16, "60"),
        (17, "0111"),
        (127, "017f"),
        (128, "028000"),
        (1_741_203_878, "04a6a9c867"),
        (2**31 - 1, "04ffffff7f"),
        (2**31, "050000008000"),
        (253_402_300_799, "057f41f4ff3a"),
    ],
)
def test_times_are_minimal_numbers(seconds: int, pushed: str) -> None:
    leaf = scripts.timed_leaf(KEY, moment(seconds))
    assert leaf[34:-1].hex() == pushed


def test_a_time_before_1970_has_no_script() -> None:
    with pytest.raises(ValueError, match="-1 is negative"):
        scripts.timed_leaf(KEY, moment(-1))


SECRET_HASHES = [f"{number:02x}" * 31 + "ff" for number in range(1, 6)]


def test_a_seeders_recovery_reveals_the_secret() -> None:
    plain = scripts.recover_leaf(EXPECTED["founderRecoveryKey"], KEY)
    lead = scripts.recover_leaf(EXPECTED["founderRecoveryKey"], KEY, "11" * 32)
    assert plain.hex() == EXPECTED["recover_script"]
    assert lead == plain[:-1] + bytes.fromhex("adaa20" + "11" * 32 + "87")


def test_seeder_leaves_take_every_combination_in_order() -> None:
    two = scripts.seeder_leaves(KEY, 2, SECRET_HASHES[:3])
    signed = "20" + EXPECTED["tweaked"]["investor"] + "ac"
    # the terms hold the hashes byte-reversed
    asked = ["aa20ff" + f"{number:02x}" * 31 + "88" for number in range(1, 4)]
    assert [leaf.hex() for leaf in two] == [
        asked[0] + asked[1] + signed,
        asked[0] + asked[2] + signed,
        asked[1] + asked[2] + signed,
    ]


@pytest.mark.parametrize(
    ("threshold", "count", "leaves"), [(0, 3, 0), (1, 3, 3), (3, 3, 1), (4, 3, 0), (2, 5, 10)]
)
def test_how_many_seeder_leaves_there_are(threshold: int, count: int, leaves: int) -> None:
    assert len(scripts.seeder_leaves(KEY, threshold, SECRET_HASHES[:count])) == leaves


def test_combinations_upstream_refuses() -> None:
    with pytest.raises(TooManySeeders, match="50 of 100 secrets are more than 10000 combinations"):
        scripts.seeder_leaves(KEY, 50, SECRET_HASHES[:1] * 100)


def test_a_seeders_own_investment_has_no_other_seeders_leaves() -> None:
    terms = replace(SORRY_TERMS, seeder_threshold=1, secret_hashes=tuple(SECRET_HASHES))
    investor, seeder = (
        InvestmentNote(investor_key=KEY),
        InvestmentNote(investor_key=KEY, secret_hash="11" * 32),
    )
    assert [len(each.seeders) for each in scripts.stage_scripts(terms, investor, terms.expiry_date)] == [
        5
    ] * 3
    assert [len(each.seeders) for each in scripts.stage_scripts(terms, seeder, terms.expiry_date)] == [0] * 3


def with_seeders(count: int) -> StageScripts:
    return replace(STAGES[0], seeders=tuple(bytes([0x51 + number]) for number in range(count)))


@pytest.mark.parametrize("count", range(12))
def test_every_control_block_leads_to_the_output(count: int) -> None:
    stage = with_seeders(count)
    for leaf in stage.leaves:
        block = scripts.control_block(stage, leaf)
        key, parity = output_key_of_control_block(leaf, block)
        assert scripts.output_script(stage) == bitcoin.p2tr_script(key)
        assert parity == block[0] & 1


@pytest.mark.parametrize(
    ("count", "depths"),
    [
        (0, [1, 2, 2]),
        (1, [1, 2, 3, 3]),
        (2, [1, 2, 4, 4, 3]),
        (3, [1, 2, 4, 4, 4, 4]),
        (4, [1, 2, 5, 4, 4, 4, 5]),
        (5, [1, 2, 5, 4, 4, 5, 5, 5]),
    ],
)
def test_heavy_leaves_lie_near_the_root(count: int, depths: list[int]) -> None:
    stage = with_seeders(count)
    found = [(len(scripts.control_block(stage, leaf)) - 33) // 32 for leaf in stage.leaves]
    assert sum(2.0**-depth for depth in found) == 1
    assert sorted(found[3:]) == sorted(depths[3:])
    assert found[:3] == depths[:3]


def test_a_script_of_another_stage_has_no_control_block() -> None:
    with pytest.raises(ValueError, match="not in tuple"):
        scripts.control_block(STAGES[0], STAGES[1].founder)


def test_seeder_leaves_in_another_order_give_another_output() -> None:
    """With two leaves of one weight their order can matter, and which one counts is not known."""
    stage = with_seeders(3)
    outputs = {scripts.output_script(replace(stage, seeders=order)) for order in permutations(stage.seeders)}
    assert len(outputs) == 3


def test_stage_terms_do_not_change_scripts_by_amount() -> None:
    cheap = replace(
        SORRY_TERMS,
        stages=tuple(
            StageTerms(percent=stage.percent / 2, release_date=stage.release_date)
            for stage in SORRY_TERMS.stages
        ),
    )
    assert scripts.stage_scripts(cheap, InvestmentNote(investor_key=KEY), cheap.expiry_date) == STAGES
