"""Spends by their script: real ones from signet, every leaf, and what only looks like one."""

from dataclasses import replace

import pytest

from generator.protocol.angor.investments import Matched, StageOutput, match_stages
from generator.protocol.angor.op_return_layouts import InvestmentNote, parse_investment
from generator.protocol.angor.project_identifier import project_script
from generator.protocol.angor.stage_scripts import (
    INTERNAL_KEY,
    control_block,
    leaf_key,
    penalty_output_script,
    stage_scripts,
)
from generator.protocol.angor.stage_spends import Leaf, Spend, SpendKind, classify, penalty_days_of
from generator.protocol.angor.terms import Terms
from generator.protocol.bitcoin import (
    Input,
    Op,
    Output,
    ScriptPath,
    Transaction,
    script_of,
)
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
SCRIPTS = stage_scripts(TERMS, InvestmentNote(investor_key=KEY), TERMS.expiry_date)[0]
STAGE = StageOutput(
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


def real_kind(path: ScriptPath, investor_key: str, paid: bytes) -> tuple[SpendKind, int | None]:
    """Return what a real spend is, and a penalty's days: the terms are not known, its investor's key is."""
    investor = leaf_key(investor_key)
    if path.script.endswith(bytes([Op.CHECKLOCKTIMEVERIFY])):
        investors = path.script.startswith(script_of(investor, Op.CHECKSIGVERIFY))
        return (SpendKind.RECOVERY if investors else SpendKind.CLAIM), None
    assert path.script.endswith(script_of(Op.CHECKSIGVERIFY, investor, Op.CHECKSIG))
    days = penalty_days_of(investor_key, paid, 0)
    return (SpendKind.RECOVERY if days is None else SpendKind.PENALTY), days


def signet_spends() -> dict[tuple[str, int], tuple[SpendKind, int | None]]:
    """Return what every spend of those outputs is: the script in its witness leads to the output spent."""
    stages, spends = signet_stages(), {}
    for transactions in SIGNET["inputs"]["address_transactions"].values():
        for tx in transactions:
            for vin, entry in enumerate(tx["vin"]):
                outpoint = (entry["txid"], entry["vout"])
                if outpoint in stages:
                    path = ScriptPath.of([bytes.fromhex(item) for item in entry["witness"]])
                    assert path is not None
                    assert path.opens(bytes.fromhex(entry["prevout"]["scriptpubkey"]))
                    assert path.control_block[1:33] == INTERNAL_KEY
                    paid = bytes.fromhex(tx["vout"][vin]["scriptpubkey"]) if vin < len(tx["vout"]) else b""
                    spends[outpoint] = real_kind(path, stages[outpoint][0], paid)
    return spends


def test_real_spends_from_witness_and_control_block() -> None:
    stages, spends = signet_stages(), signet_spends()
    expected = SIGNET["expected"]["correct"]
    sums = {kind: sum(stages[point][1] for point in spends if spends[point][0] is kind) for kind in SpendKind}
    assert sums == {
        SpendKind.CLAIM: expected["founderSpent_sats"],
        SpendKind.PENALTY: expected["penalty_sats"],
        SpendKind.RECOVERY: 0,
        SpendKind.RELEASE: 0,
        SpendKind.UNCLASSIFIED: 0,
    }
    assert (sums[SpendKind.CLAIM], sums[SpendKind.PENALTY]) == (9_900_000, 89_100_000)
    penalties = [point for point in spends if spends[point][0] is SpendKind.PENALTY]
    assert len(penalties) == expected["penalty_outputs"]
    assert len({stages[point][0] for point in penalties}) == expected["penalty_investors"]
    assert {spends[point][1] for point in penalties} == {expected["penaltyDays"]}
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
