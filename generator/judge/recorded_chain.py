"""From recorded evidence alone to what the chain says about one project: facts, as the source found them.

Nobody is asked. Which transactions pay a project, which inputs spend its stages
and where they stand follow from raw bytes, headers and branches.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Self, TypeVar

import msgspec

from generator.errors import UNREADABLE
from generator.ledger import Entry
from generator.protocol.angor.investments import Matched, StageOutput, investment_note
from generator.protocol.angor.project_identifier import project_script
from generator.protocol.angor.stage_spends import Spend
from generator.protocol.angor.terms import Terms
from generator.protocol.bitcoin import Header, MalformedData, Transaction
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
from generator.protocol.proof.placed_transaction import (
    BlockPosition,
    Inclusion,
    PlacedTransaction,
    least_difficulty,
)
from generator.snapshot import BranchRecord, EventRecord, HeaderRecord, Known, TransactionRecord

TXID: Final = 64  #: hex digits


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedChain:
    """What was recorded of the chain, by id; what does not hold by itself is left out."""

    transactions: Mapping[str, PlacedTransaction]
    spenders: Mapping[str, tuple[str, int]]  #: outpoint → who spends it
    events: Mapping[str, Event]
    paying: Mapping[bytes, list[PlacedTransaction]]  #: by the first output's script

    @classmethod
    def of(cls, known: Known, source: str, network: str) -> Self:
        """Index a source's evidence."""
        # where the ledger puts transactions, for those without a branch
        blocks = {txid_of(entry.id): block_of(entry) for entry in _own(known, Entry, source)}
        shown = inclusions(known, source, least_difficulty(network))
        placed: dict[str, PlacedTransaction] = {}
        spenders: dict[str, tuple[str, int]] = {}
        paying: dict[bytes, list[PlacedTransaction]] = {}
        for record in _own(known, TransactionRecord, source):
            transaction = _parsed(record)
            if transaction is None:
                continue
            found = _place(transaction, blocks.get(record.id), shown.get(record.id, {}))
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


R = TypeVar("R", Entry, EventRecord, TransactionRecord, HeaderRecord, BranchRecord)


def _own(known: Known, kind: type[R], source: str) -> list[R]:
    return [record for record in known.of(kind) if record.source == source]


def inclusion_of(branch: BranchRecord, header: HeaderRecord) -> Inclusion | None:
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
    )


def block_of(entry: Entry) -> BlockPosition | None:
    """Return the block of an entry of the chain, None while it waits for one."""
    if entry.height is None:
        return None
    return BlockPosition(height=entry.height, hash=entry.block, time=int(entry.at.timestamp()))


def txid_of(entry_id: str) -> str:
    """Return the transaction of an entry's id, ``txid:vout`` or ``txid/vin``."""
    return entry_id[:TXID]


def inclusions(known: Known, source: str, least: int) -> dict[str, dict[str, Inclusion]]:
    """Return stored Merkle branches with their headers, by txid and block hash; damaged ones not."""
    headers = {record.id: record for record in _own(known, HeaderRecord, source)}
    found: dict[str, dict[str, Inclusion]] = {}
    for record in _own(known, BranchRecord, source):
        txid, _, block = record.id.partition("@")
        shown = inclusion_of(record, headers[block]) if block in headers else None
        if shown is not None and shown.problem(least) is None:
            found.setdefault(txid, {})[block] = shown
    return found


def _place(
    transaction: Transaction, claimed: BlockPosition | None, shown: Mapping[str, Inclusion]
) -> PlacedTransaction:
    """Return a transaction in the block the ledger names, or in the latest one that is shown."""
    if claimed is not None and claimed.hash not in shown:
        return PlacedTransaction(transaction=transaction, block=claimed)
    latest = max(shown.values(), key=lambda inclusion: inclusion.height, default=None)
    best = shown[claimed.hash] if claimed else latest
    if best is None:
        return PlacedTransaction(transaction=transaction, block=None)
    at = Header.parse(best.header).time
    block = BlockPosition(height=best.height, hash=best.block, time=at)
    return PlacedTransaction(transaction=transaction, block=block, inclusion=best)


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
