"""Spends by their script: real ones from signet, every leaf, and what only looks like one."""

from dataclasses import replace

import pytest

from generator.protocol.angor.investments import Matched, Stage, match_stages
from generator.protocol.angor.keys import project_script
from generator.protocol.angor.opreturn import InvestmentNote, parse_investment
from generator.protocol.angor.spends import Leaf, Spend, SpendKind, classify, classify_bare, penalty_days_of
from generator.protocol.angor.stage_scripts import (
    control_block,
    output_script,
    penalty_output_script,
    stage_scripts,
)
from generator.protocol.angor.terms import Terms
from generator.protocol.bitcoin import Input, Output, Transaction
from tests.support.vectors import angor_vectors

DATA = angor_vectors()
VECTORS = {vector["name"]: vector for vector in DATA["vectors"]}
SIGNET = VECTORS["real-signet-spends-esplora-json"]
FIXTURE = DATA["synthetic_fixtures"][0]
KEY = "02070d174561688500aac733116dbe70c5ab7480559d25e1c040f480491870c8ba"
TERMS = replace(
    Terms.parse(FIXTURE["nostr_events"][0]["content"]),
    seeder_threshold=2,
    secret_hashes=tuple(f"{number:02x}" * 32 for number in range(3)),
)
SCRIPTS = stage_scripts(TERMS, InvestmentNote(investor_key=KEY), 0, TERMS.expiry_date)
STAGE = Stage(
    index=0,
    vout=2,
    value_sat=1_000,
    opens_at=TERMS.stages[0].release_date,
    scripts=SCRIPTS,
    investor_key=KEY,
    penalty_days=90,
)
ADDRESS = b"\x00\x14" + b"\x07" * 20
SIGNATURE = b"\x01" * 65


def spending(leaf: bytes, *outputs: Output, block: bytes | None = None, vin: int = 0) -> Transaction:
    """Return a transaction that spends the stage by a leaf at a position of its inputs."""
    witness = (SIGNATURE, leaf, block if block is not None else control_block(SCRIPTS, leaf))
    others = [Input(prev_txid="22" * 32, vout=number) for number in range(vin)]
    return Transaction(
        version=2, inputs=(*others, Input(prev_txid="11" * 32, vout=2, witness=witness)), outputs=outputs
    )


def paying(script: bytes, value_sat: int = 1_000) -> Output:
    return Output(value_sat=value_sat, script=script)


def verdict(spend: Spend) -> tuple[SpendKind, Leaf | None]:
    return spend.kind, spend.leaf


@pytest.mark.parametrize(
    ("leaf", "expected"),
    [
        (SCRIPTS.founder, (SpendKind.CLAIM, Leaf.FOUNDER)),
        (SCRIPTS.end, (SpendKind.RECOVERY, Leaf.END)),
        (SCRIPTS.seeders[0], (SpendKind.RECOVERY, Leaf.SEEDER)),
        (SCRIPTS.seeders[2], (SpendKind.RECOVERY, Leaf.SEEDER)),
        (SCRIPTS.recover, (SpendKind.RECOVERY, Leaf.RECOVER)),
    ],
)
@pytest.mark.parametrize("vin", [0, 3])
def test_every_leaf(leaf: bytes, expected: tuple[SpendKind, Leaf], vin: int) -> None:
    outputs = [paying(ADDRESS)] * 4
    assert verdict(classify(STAGE, spending(leaf, *outputs, vin=vin), vin)) == expected


@pytest.mark.parametrize("days", [90, 0, 10, 388])
def test_a_penalty_of_any_length_is_a_penalty(days: int) -> None:
    outputs = [paying(ADDRESS), paying(penalty_output_script(KEY, days))]
    spend = classify(STAGE, spending(SCRIPTS.recover, *outputs, vin=1), 1)
    assert verdict(spend) == (SpendKind.PENALTY, Leaf.RECOVER)
    assert (spend.penalty_days, spend.penalty_vout) == (days, 1)


@pytest.mark.parametrize(
    ("outputs", "reason"),
    [
        ([], "no output at the input's position"),
        ([paying(b"\x00\x20" + b"\x05" * 32)], "paid to an unknown script"),
        ([paying(penalty_output_script(KEY, 90), 999)], "paid to a penalty of another amount"),
        ([paying(penalty_output_script("03" + KEY[2:], 90))], "paid to an unknown script"),
    ],
)
def test_joint_spends_that_fit_nothing(outputs: list[Output], reason: str) -> None:
    spend = classify(STAGE, spending(SCRIPTS.recover, *outputs), 0)
    assert verdict(spend) == (SpendKind.UNCLASSIFIED, Leaf.RECOVER)
    assert reason in spend.reason


def test_a_penalty_elsewhere_in_the_transaction_does_not_count() -> None:
    """SINGLE signs the output at the input's own position."""
    outputs = [paying(ADDRESS), paying(penalty_output_script(KEY, 90))]
    assert classify(STAGE, spending(SCRIPTS.recover, *outputs), 0).kind is SpendKind.RECOVERY


@pytest.mark.parametrize(
    ("witness", "reason"),
    [
        ((), "the witness shows no script"),
        ((SIGNATURE,), "the witness shows no script"),
        ((SIGNATURE, b"\x50annex"), "the witness shows no script"),
        ((SIGNATURE, b"\x51", control_block(SCRIPTS, SCRIPTS.end)), "none of the stage's"),
        ((SIGNATURE, SCRIPTS.founder, control_block(SCRIPTS, SCRIPTS.end)), "does not lead to"),
        ((SIGNATURE, SCRIPTS.founder, control_block(SCRIPTS, SCRIPTS.founder)[:-1]), "does not lead to"),
        ((SIGNATURE, SCRIPTS.founder, b""), "does not lead to"),
        (
            (SIGNATURE, SCRIPTS.founder, control_block(SCRIPTS, SCRIPTS.founder) + bytes(32 * 128)),
            "does not lead to",
        ),
    ],
)
def test_witnesses_that_prove_nothing(witness: tuple[bytes, ...], reason: str) -> None:
    tx = Transaction(version=2, inputs=(Input(prev_txid="11" * 32, vout=2, witness=witness),), outputs=())
    spend = classify(STAGE, tx, 0)
    assert spend.kind is SpendKind.UNCLASSIFIED
    assert reason in spend.reason


@pytest.mark.parametrize("position", [0, 1, 33, 34, 64])
def test_a_flipped_bit_in_the_control_block(position: int) -> None:
    block = bytearray(control_block(SCRIPTS, SCRIPTS.founder))
    block[position] ^= 1
    spend = classify(STAGE, spending(SCRIPTS.founder, paying(ADDRESS), block=bytes(block)), 0)
    assert spend.kind is SpendKind.UNCLASSIFIED


def test_an_annex_is_set_aside() -> None:
    witness = (SIGNATURE, SCRIPTS.end, control_block(SCRIPTS, SCRIPTS.end), b"\x50\x01")
    tx = Transaction(version=2, inputs=(Input(prev_txid="11" * 32, vout=2, witness=witness),), outputs=())
    assert classify(STAGE, tx, 0).kind is SpendKind.RECOVERY


def signet_stages() -> dict[tuple[str, int], tuple[str, int]]:
    """Return investor key and amount of every taproot output of the two real investments."""
    stages = {}
    for transactions in SIGNET["inputs"]["address_transactions"].values():
        for tx in transactions:
            note = (
                parse_investment(bytes.fromhex(tx["vout"][1]["scriptpubkey"]))
                if len(tx["vout"]) > 1
                else None
            )
            if note is not None:
                for vout, output in enumerate(tx["vout"]):
                    if output["scriptpubkey"].startswith("5120"):
                        stages[tx["txid"], vout] = (note.investor_key, output["value"])
    return stages


def signet_spends(*, with_key: bool) -> dict[tuple[str, int], Spend]:
    """Classify every spend of those outputs from witness, control block and the output beside it."""
    stages, spends = signet_stages(), {}
    for transactions in SIGNET["inputs"]["address_transactions"].values():
        for tx in transactions:
            for vin, entry in enumerate(tx["vin"]):
                outpoint = (entry["txid"], entry["vout"])
                if outpoint in stages:
                    paid = bytes.fromhex(tx["vout"][vin]["scriptpubkey"]) if vin < len(tx["vout"]) else None
                    spends[outpoint] = classify_bare(
                        [bytes.fromhex(item) for item in entry["witness"]],
                        bytes.fromhex(entry["prevout"]["scriptpubkey"]),
                        paid,
                        investor_key=stages[outpoint][0] if with_key else None,
                    )
    return spends


@pytest.mark.parametrize("with_key", [False, True])
def test_real_spends_from_witness_and_control_block_alone(with_key: object) -> None:
    stages, spends = signet_stages(), signet_spends(with_key=with_key is True)
    expected = SIGNET["expected"]["correct"]
    sums = {
        kind: sum(stages[point][1] for point in spends if spends[point].kind is kind) for kind in SpendKind
    }
    assert sums == {
        SpendKind.CLAIM: expected["founderSpent_sats"],
        SpendKind.PENALTY: expected["penalty_sats"],
        SpendKind.RECOVERY: 0,
        SpendKind.RELEASE: 0,
        SpendKind.UNCLASSIFIED: 0,
    }
    assert (sums[SpendKind.CLAIM], sums[SpendKind.PENALTY]) == (9_900_000, 89_100_000)
    penalties = [point for point in spends if spends[point].kind is SpendKind.PENALTY]
    assert len(penalties) == expected["penalty_outputs"]
    assert len({stages[point][0] for point in penalties}) == expected["penalty_investors"]
    assert {spends[point].penalty_days for point in penalties} == {
        expected["penaltyDays"] if with_key else None
    }
    assert sum(value for _, value in stages.values()) == expected["amountInvested"]
    assert len({key for key, _ in stages.values()}) == expected["investors"]
    assert (
        sum(value for point, (_, value) in stages.items() if point not in spends) == expected["unspent_sats"]
    )


def test_the_real_claims_lock_time() -> None:
    transactions = [tx for rows in SIGNET["inputs"]["address_transactions"].values() for tx in rows]
    [claim] = [tx for tx in transactions if tx["txid"].startswith("b219e787")]
    script = bytes.fromhex(claim["vin"][0]["witness"][1])
    opening = int.from_bytes(script[35:39], "little")
    assert opening == SIGNET["expected"]["correct"]["founder_stage_locktime"]
    # the client waits a minute longer than the script asks, and wrote it as sequence too
    assert claim["locktime"] == claim["vin"][0]["sequence"] == opening + 60


BARE = stage_scripts(
    replace(TERMS, seeder_threshold=0), InvestmentNote(investor_key=KEY), 0, TERMS.expiry_date
)


@pytest.mark.parametrize(
    ("leaf", "paid", "kind"),
    [
        (BARE.founder, ADDRESS, SpendKind.CLAIM),
        (BARE.end, ADDRESS, SpendKind.RECOVERY),
        (BARE.recover, ADDRESS, SpendKind.RECOVERY),
        (BARE.recover, None, SpendKind.UNCLASSIFIED),
        (BARE.recover, penalty_output_script(KEY, 90), SpendKind.PENALTY),
    ],
)
@pytest.mark.parametrize("investor_key", [None, KEY], ids=["without", "with key"])
def test_bare_spends(leaf: bytes, paid: bytes | None, kind: SpendKind, investor_key: str | None) -> None:
    witness = (SIGNATURE, leaf, control_block(BARE, leaf))
    spend = classify_bare(witness, output_script(BARE), paid, investor_key=investor_key)
    assert spend.kind is kind


def test_a_bare_spend_of_another_output_or_shape_is_nothing() -> None:
    witness = (SIGNATURE, BARE.founder, control_block(BARE, BARE.founder))
    assert classify_bare(witness, output_script(SCRIPTS), ADDRESS).kind is SpendKind.UNCLASSIFIED
    strange = replace(BARE, recover=b"\x51")
    witness = (SIGNATURE, strange.recover, control_block(strange, strange.recover))
    assert classify_bare(witness, output_script(strange), ADDRESS).kind is SpendKind.UNCLASSIFIED
    assert classify_bare((), output_script(BARE), None).kind is SpendKind.UNCLASSIFIED


def test_a_penalty_is_found_whatever_its_days() -> None:
    assert penalty_days_of(KEY, penalty_output_script(KEY, 17), 90) == 17
    assert penalty_days_of(KEY, penalty_output_script(KEY, 90), 90) == 90
    assert penalty_days_of(KEY, ADDRESS, 90) is None
    assert penalty_days_of(KEY, b"\x00\x20" + bytes(32), 90) is None


def test_the_fixtures_recovery_names_its_penalty() -> None:
    terms = Terms.parse(FIXTURE["nostr_events"][0]["content"])
    transactions = {
        name: Transaction.parse(bytes.fromhex(row["hex"])) for name, row in FIXTURE["transactions"].items()
    }
    investment = transactions["invest_i2"]
    assert investment.outputs[0].script == project_script(terms.project_identifier)
    note = parse_investment(investment.outputs[1].script)
    assert note is not None
    matched = match_stages(terms, note, investment.outputs)
    assert isinstance(matched, Matched)
    found = [classify(matched.stages[vin + 1], transactions["recovery_penalty_i2"], vin) for vin in range(3)]
    assert [(spend.kind, spend.penalty_days, spend.penalty_vout) for spend in found] == [
        (SpendKind.PENALTY, 90, vin) for vin in range(3)
    ]
