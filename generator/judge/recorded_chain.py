"""From recorded evidence alone to what the chain says about one project: facts, as the source found them.

Nobody is asked. Which transactions pay a project, which inputs spend its stages
and where they stand follow from raw bytes, headers and branches.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Self, TypeVar

import msgspec

from generator.judge.reorganised import left_blocks
from generator.ledger import Entry
from generator.protocol.angor.investments import Matched, StageOutput, investment_note
from generator.protocol.angor.project_identifier import project_script
from generator.protocol.angor.stage_spends import Spend
from generator.protocol.angor.terms import Terms
from generator.protocol.bitcoin import Header, MalformedData, Transaction, is_boundary
from generator.protocol.nostr import Event, EventError
from generator.protocol.proof.facts import (
    Fact,
    Investment,
    RejectedInvestment,
    Release,
    Spending,
    WitnessVerdict,
    match_investment,
    outputs_spent,
    parents_needed,
    penalty_release,
    run_witness,
    stage_spend,
)
from generator.protocol.proof.founding import Founded
from generator.protocol.proof.header_rules import HeaderRules
from generator.protocol.proof.placed_transaction import (
    BlockPosition,
    Inclusion,
    PlacedTransaction,
    ShownCoinbase,
)
from generator.snapshot import BranchRecord, EventRecord, HeaderRecord, Known, Project, TransactionRecord
from generator.unreadable import UNREADABLE

TXID: Final = 64  #: hex digits


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedChain:
    """What was recorded of the chain, by id; what does not hold by itself is left out."""

    transactions: Mapping[str, PlacedTransaction]
    spenders: Mapping[str, tuple[str, int]]  #: outpoint → who spends it
    events: Mapping[str, Event]
    paying: Mapping[bytes, list[PlacedTransaction]]  #: by the first output's script

    @classmethod
    def of(cls, known: Known, source: str, rules: HeaderRules) -> Self:
        """Index a source's evidence; boundaries of epochs are among it."""
        # where the ledger puts transactions, for those without a branch
        blocks = {txid_of(entry.id): block_of(entry) for entry in _own(known, Entry, source)}
        founded = {name for project in _own(known, Project, source) for name in project.evidence}
        rules = rules.following(boundary_headers(known, source))
        shown, left = inclusions(known, source, rules), left_blocks(known, source)
        placed: dict[str, PlacedTransaction] = {}
        spenders: dict[str, tuple[str, int]] = {}
        paying: dict[bytes, list[PlacedTransaction]] = {}
        for record in _own(known, TransactionRecord, source):
            transaction = _parsed(record)
            if transaction is None:
                continue
            gone, places = left.get(record.id, {}), shown.get(record.id, {})
            stands = {name: block for name, block in places.items() if name not in gone}
            named = {name: block for name, block in stands.items() if f"{record.id}@{name}" in founded}
            found = _place(transaction, blocks.get(record.id), named or stands, rules)
            placed[record.id] = found
            spenders |= {spent.outpoint: (record.id, vin) for vin, spent in enumerate(transaction.inputs)}
            if len(transaction.outputs) > 1:
                paying.setdefault(transaction.outputs[0].script, []).append(found)
        events = {event.id: event for record in _own(known, EventRecord, source) if (event := _event(record))}
        return cls(transactions=placed, spenders=spenders, events=events, paying=paying)

    def candidates(self, identifier: str) -> list[PlacedTransaction]:
        """Return what pays a project and may found it or invest in it, in the order of the chain."""
        return sorted(self.paying.get(project_script(identifier), ()), key=lambda placed: placed.order)

    def facts(self, identifier: str, founded: Founded, terms: Terms) -> Iterator[Fact]:
        """Yield every investment with its spends, and what only looks like one."""
        script = project_script(identifier)
        for placed in self.candidates(identifier):
            note = investment_note(placed.transaction.outputs, script)
            if placed.txid in founded.txids or note is None:
                continue
            matched = match_investment(placed, note, founded, terms)
            if isinstance(matched, RejectedInvestment):
                yield matched
            else:
                spendings = tuple(self._spendings(placed.txid, matched))
                yield Investment(placed=placed, matched=matched, spendings=spendings)

    def _spendings(self, txid: str, matched: Matched) -> Iterator[Spending]:
        for stage in sorted(matched.stages, key=lambda stage: stage.vout):
            if (spender := self._spender(txid, stage.vout)) is not None:
                placed, vin = spender
                verdict = self._verdict(placed.transaction, vin)
                spend = stage_spend(stage, placed, vin, verdict)
                vout = spend.penalty_vout
                release = None if vout is None else self._release(stage, placed, spend, vout)
                yield Spending(
                    stage=stage, placed=placed, vin=vin, spend=spend, verdict=verdict, release=release
                )

    def _verdict(self, transaction: Transaction, vin: int) -> WitnessVerdict:
        parents = {
            txid: self.transactions[txid].transaction
            for txid in parents_needed(transaction, vin)
            if txid in self.transactions
        }
        return run_witness(transaction, vin, outputs_spent(transaction, parents))

    def _release(
        self, stage: StageOutput, penalty: PlacedTransaction, spent: Spend, vout: int
    ) -> Release | None:
        spender = self._spender(penalty.txid, vout)
        return None if spender is None else penalty_release(stage, spent, *spender)

    def _spender(self, txid: str, vout: int) -> tuple[PlacedTransaction, int] | None:
        found = self.spenders.get(f"{txid}:{vout}")
        return None if found is None else (self.transactions[found[0]], found[1])


R = TypeVar("R", Entry, Project, EventRecord, TransactionRecord, HeaderRecord, BranchRecord)


def _own(known: Known, kind: type[R], source: str) -> list[R]:
    return [record for record in known.of(kind) if record.source == source]


def inclusion_of(
    branch: BranchRecord, header: HeaderRecord, coinbase: ShownCoinbase | None = None
) -> Inclusion | None:
    """Return a branch with its header, None where the header is no hex."""
    txid, _, block = branch.id.partition("@")
    try:
        raw = bytes.fromhex(header.hex)
    except ValueError:
        return None
    return Inclusion(
        txid=txid,
        block=block,
        height=header.height,
        header=raw,
        position=branch.position,
        hashes=branch.hashes,
        coinbase=coinbase,
    )


def block_of(entry: Entry) -> BlockPosition | None:
    """Return the block of an entry of the chain, None while it waits for one."""
    if entry.height is None:
        return None
    return BlockPosition(height=entry.height, hash=entry.block, time=int(entry.at.timestamp()))


def txid_of(entry_id: str) -> str:
    """Return the transaction of an entry's id, ``txid:vout`` or ``txid/vin``."""
    return entry_id[:TXID]


def inclusions(known: Known, source: str, rules: HeaderRules) -> dict[str, dict[str, Inclusion]]:
    """Return stored Merkle branches with header and coinbase, by txid and block hash; damaged ones not."""
    found: dict[str, dict[str, Inclusion]] = {}
    for shown in shown_inclusions(known, source):
        if shown.problem(rules) is None:
            found.setdefault(shown.txid, {})[shown.block] = shown
    return found


def shown_inclusions(known: Known, source: str) -> Iterator[Inclusion]:
    """Yield stored Merkle branches with header and coinbase, whether they hold or not."""
    headers = {record.id: record for record in _own(known, HeaderRecord, source)}
    branches = _own(known, BranchRecord, source)
    transactions = {record.id: record for record in _own(known, TransactionRecord, source)}
    coinbases: dict[str, ShownCoinbase] = {}
    for record in branches:
        txid, _, block = record.id.partition("@")
        first = _parsed(transactions[txid]) if record.position == 0 and txid in transactions else None
        if first is not None and first.is_coinbase:
            coinbases[block] = ShownCoinbase(transaction=first, hashes=record.hashes)
    for record in branches:
        block = record.id.partition("@")[2]
        if block in headers:
            shown = inclusion_of(record, headers[block], coinbases.get(block))
            if shown is not None:
                yield shown


def boundary_headers(known: Known, source: str) -> Mapping[int, Collection[Header]]:
    """Return stored headers of the first and last blocks of epochs, by height; damaged ones not."""
    found: dict[int, list[Header]] = {}
    for record in _own(known, HeaderRecord, source):
        if is_boundary(record.height):
            with suppress(ValueError):  # not hex, or no header
                found.setdefault(record.height, []).append(Header.parse(bytes.fromhex(record.hex)))
    return found


def _place(
    transaction: Transaction,
    claimed: BlockPosition | None,
    shown: Mapping[str, Inclusion],
    rules: HeaderRules,
) -> PlacedTransaction:
    """Return a transaction in the block the ledger names, or in the latest one that is shown."""
    if claimed is not None and claimed.hash not in shown:
        return PlacedTransaction(transaction=transaction, block=claimed)
    latest = max(shown.values(), key=lambda inclusion: inclusion.height, default=None)
    best = shown[claimed.hash] if claimed else latest
    if best is None:
        return PlacedTransaction(transaction=transaction, block=None)
    return PlacedTransaction(
        transaction=transaction, block=best.stands, inclusion=best, doubt=best.doubt(rules)
    )


def _parsed(record: TransactionRecord) -> Transaction | None:
    try:
        found = Transaction.parse(bytes.fromhex(record.hex))
    except (MalformedData, ValueError):
        return None
    return found if found.txid == record.id and not found.could_be_merkle_node else None


def _event(record: EventRecord) -> Event | None:
    try:
        event = Event.parse(msgspec.json.decode(record.json))
    except (EventError, *UNREADABLE):
        return None
    return event if event.id == record.id else None
