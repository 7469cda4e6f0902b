"""Two whole projects, from raw events and transactions to their strict totals."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from generator.protocol.angor.investments import Matched, Mismatch, StageOutput, investment_note, match_stages
from generator.protocol.angor.project_identifier import (
    Derivation,
    address_of,
    derivation_of,
    project_index,
    project_script,
)
from generator.protocol.angor.stage_spends import SpendKind, classify, classify_release
from generator.protocol.angor.terms import Terms
from generator.protocol.bitcoin import Transaction
from generator.protocol.nostr import Event
from generator.protocol.proof.founding import founding_problem, is_founding
from tests.support.vectors import angor_vectors

DATA = angor_vectors()
INVEST, SUBSCRIBE = DATA["synthetic_fixtures"]


@dataclass
class Totals:
    """What a project's public data add up to; amounts in satoshis."""

    founding: str | None = None
    invested: int = 0
    in_window: int = 0
    fees: int = 0
    keys: set[str] = field(default_factory=set)
    transactions: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    spent: Counter[str] = field(default_factory=Counter)
    spenders: dict[str, list[tuple[str, int, int]]] = field(default_factory=dict)
    unspent: int = 0


def strict_totals(
    terms: Terms, event_id: str, transactions: dict[str, tuple[Transaction, dict[str, Any]]]
) -> Totals:
    """Add up confirmed money whose scripts are derived again; everything comes from raw bytes."""
    totals = Totals()
    script = project_script(terms.project_identifier)
    confirmed = {name: (tx, status) for name, (tx, status) in transactions.items() if status["confirmed"]}
    foundings = [
        (status["block_height"], tx)
        for tx, status in confirmed.values()
        if is_founding(terms.project_identifier, "main", tx.outputs)
    ]
    _, earliest = min(foundings, key=lambda pair: pair[0])
    if founding_problem(terms, event_id, earliest.outputs) is None:
        totals.founding = earliest.txid
    stages: dict[str, tuple[str, StageOutput]] = {}
    for name, (tx, status) in confirmed.items():
        note = investment_note(tx.outputs, script)
        if note is None:
            continue
        match match_stages(terms, note, tx.outputs):
            case Mismatch(reason=reason):
                totals.refused[name] = reason
            case Matched() as matched:
                totals.invested += matched.locked_sat
                totals.fees += matched.fee_sat
                totals.keys.add(note.investor_key)
                totals.transactions.append(name)
                at = datetime.fromtimestamp(status["block_time"], tz=UTC)
                if terms.start_date and terms.end_date and terms.start_date <= at <= terms.end_date:
                    totals.in_window += matched.locked_sat
                stages |= {f"{tx.txid}:{stage.vout}": (name, stage) for stage in matched.stages}
    totals.unspent = sum(stage.value_sat for _, stage in stages.values())
    for tx, _ in confirmed.values():
        for vin, entry in enumerate(tx.inputs):
            if entry.outpoint in stages:
                name, stage = stages[entry.outpoint]
                spend = classify(stage, tx, vin)
                what = f"{spend.kind}/{spend.leaf}"
                totals.spent[what] += stage.value_sat
                totals.spenders.setdefault(what, []).append((name, stage.index, stage.value_sat))
                totals.unspent -= stage.value_sat
    return totals


def read(fixture: dict[str, Any]) -> tuple[Terms, Event, dict[str, tuple[Transaction, dict[str, Any]]]]:
    event = Event.parse(fixture["nostr_events"][0])
    assert event.problem is None
    transactions = {
        name: (Transaction.parse(bytes.fromhex(row["hex"])), row["esplora"]["status"])
        for name, row in fixture["transactions"].items()
    }
    return Terms.parse(event.content), event, transactions


@pytest.mark.parametrize("fixture", [INVEST, SUBSCRIBE], ids=["invest", "subscribe"])
def test_identifiers_addresses_and_ids(fixture: dict[str, Any]) -> None:
    terms, event, transactions = read(fixture)
    assert project_index(terms.founder_key) == fixture["upi"]
    assert address_of(terms.project_identifier, "main") == fixture["address"]
    assert {name: tx.txid for name, (tx, _) in transactions.items()} == fixture["expected"]["txids"]
    assert derivation_of(terms.founder_key, terms.project_identifier, "main") is Derivation.CURRENT
    assert event.pubkey == terms.nostr_pubkey


def test_the_invest_project() -> None:
    terms, event, transactions = read(INVEST)
    expected = INVEST["expected"]
    totals = strict_totals(terms, event.id, transactions)
    assert totals.founding == expected["txids"]["creation"]
    strict = expected["strict_rule"]
    assert totals.invested == strict["amountInvested"] == 55_440_003
    assert len(totals.keys) == strict["investorCountUniqueKeys"] == 3
    assert len(totals.transactions) == strict["investmentTxCount"] == 4
    assert totals.in_window == strict["insideWindowAmount"] == 54_450_003
    assert totals.fees == expected["fee_totals"]["angorFeesFromValidInvestments"] == 560_000
    spends = expected["spends"]
    assert totals.spent == {
        "claim/founder": spends["founderTotal"],
        "penalty/recover": spends["penalty"]["sats"],
        "recovery/recover": spends["unfundedRelease"]["sats"],
        "recovery/end": spends["endOfProject"]["sats"],
    }
    assert totals.unspent == spends["unspent"] == 7_425_000
    assert totals.spenders["claim/founder"] == [
        (row["tx"], row["stage"], row["sats"]) for row in spends["founder"]
    ]
    assert [(name, stage) for name, stage, _ in totals.spenders["penalty/recover"]] == [
        (spends["penalty"]["tx"], stage) for stage in spends["penalty"]["stages"]
    ]
    assert {name for name, _, _ in totals.spenders["recovery/recover"]} == {"invest_i3_same_key_as_i1"}
    assert {name for name, _, _ in totals.spenders["recovery/end"]} == {"invest_i4_after_end_date"}
    assert list(totals.refused) == ["invest_fake_p2tr"]


def test_the_subscribe_project() -> None:
    terms, event, transactions = read(SUBSCRIBE)
    expected = SUBSCRIBE["expected"]
    totals = strict_totals(terms, event.id, transactions)
    assert totals.founding == expected["txids"]["creation"]
    assert totals.invested == expected["amountInvested"] == 990_000
    assert len(totals.keys) == expected["investorCount"] == 2
    assert totals.spent == {
        "claim/founder": expected["founderTotal"],
        "recovery/end": expected["endOfProject"],
    }
    assert totals.unspent == 990_000 - 165_000 - 412_500
    assert totals.refused == {}


def test_what_is_sent_by_strangers_is_no_investment() -> None:
    terms, _, transactions = read(INVEST)
    script = project_script(terms.project_identifier)
    notes = {name: investment_note(tx.outputs, script) for name, (tx, _) in transactions.items()}
    assert [name for name, note in notes.items() if note] == [
        "invest_i1",
        "invest_i2",
        "invest_i3_same_key_as_i1",
        "invest_i4_after_end_date",
        "invest_fake_p2tr",
        "invest_unconfirmed",
    ]


def test_the_second_founding_binds_another_event() -> None:
    terms, event, transactions = read(INVEST)
    outputs = transactions["second_creation_other_event"][0].outputs
    assert is_founding(terms.project_identifier, "main", outputs)
    problem = founding_problem(terms, event.id, outputs)
    assert problem is not None
    assert problem.endswith(f"not {event.id}")


def test_the_penalty_is_released_by_its_own_script() -> None:
    terms, _, transactions = read(INVEST)
    recovery, release = transactions["recovery_penalty_i2"][0], transactions["penalty_release_i2"][0]
    note = investment_note(transactions["invest_i2"][0].outputs, project_script(terms.project_identifier))
    assert note is not None
    assert INVEST["expected"]["spends"]["penalty"]["releasedLater"] is True
    for vin, entry in enumerate(release.inputs):
        assert entry.outpoint == f"{recovery.txid}:{vin}"
        spend = classify_release(note.investor_key, terms.penalty_days, entry.witness)
        assert spend.kind is SpendKind.RELEASE
        assert classify_release(note.investor_key, 89, entry.witness).kind is SpendKind.UNCLASSIFIED
    assert classify_release(note.investor_key, 90, ()).kind is SpendKind.UNCLASSIFIED


def test_unconfirmed_money_is_matched_too() -> None:
    terms, _, transactions = read(INVEST)
    tx, status = transactions["invest_unconfirmed"]
    note = investment_note(tx.outputs, project_script(terms.project_identifier))
    assert note is not None
    matched = match_stages(terms, note, tx.outputs)
    assert isinstance(matched, Matched)
    assert (matched.locked_sat, status["confirmed"]) == (1_980_000, False)
