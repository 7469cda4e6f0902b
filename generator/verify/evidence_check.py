"""Every piece of evidence is what its id says: events, transactions, headers, branches."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

import msgspec

from generator.judge.recorded_chain import boundary_headers, inclusion_of
from generator.ledger import Entry
from generator.places import ANGOR
from generator.protocol.bitcoin import Header, MalformedData, Transaction
from generator.protocol.nostr import Event, EventError
from generator.protocol.proof.header_rules import HeaderRules, rules_of
from generator.snapshot import (
    BranchRecord,
    EventRecord,
    HeaderRecord,
    Known,
    Project,
    Redaction,
    TransactionRecord,
)
from generator.text_format import counted
from generator.unreadable import UNREADABLE
from generator.verify.block_check import check_blocks
from generator.verify.results import CheckResult, checked, unchecked

R = TypeVar("R")


def check_evidence(known: Known, network: str) -> Iterator[CheckResult]:
    """Yield whether evidence holds by itself, offline."""
    events = known.of(EventRecord)
    said = bool(known.of(Redaction))
    kept = [record for record in events if record.json or not (record.redacted and said)]
    yield checked("event-signatures", *_over(kept, _event))
    if len(kept) < len(events):
        reason = f"{counted(len(events) - len(kept), 'event')} were redacted: their hashes stand in the log"
        yield unchecked("events-redacted", f"{reason}, with the reason")
    transactions = known.of(TransactionRecord)
    yield checked("transaction-ids", *_over(transactions, _transaction))
    headers = known.of(HeaderRecord)
    rules = rules_of(network).following(boundary_headers(known, ANGOR))
    yield checked("headers", *_over(headers, partial(header_problems, rules=rules)))
    branches = known.of(BranchRecord)
    by_id = {header.id: header for header in headers}
    yield checked("branches", *_over(branches, partial(_branch, headers=by_id)))
    yield from check_blocks(known, rules)
    there = {record.id for record in (*events, *transactions, *headers, *branches)}
    rows: tuple[Entry | Project, ...] = (*known.of(Entry), *known.of(Project))
    resting = [row for row in rows if row.evidence]
    yield checked("evidence-there", *_over(resting, partial(_absent, there=there)))


def _over(records: Sequence[R], problems: Callable[[R], Iterator[str]]) -> tuple[Iterator[str], int]:
    """Return the problems of all records, and how many records there are."""
    return (problem for record in records for problem in problems(record)), len(records)


def _event(record: EventRecord) -> Iterator[str]:
    try:
        event = Event.parse(msgspec.json.decode(record.json))
    except (EventError, *UNREADABLE) as error:
        yield f"event {record.id}: {error}"
        return
    if record.redacted:
        yield f"event {record.id}: it was taken down, and is there"
    if event.id != record.id:
        yield f"event {record.id}: the record holds event {event.id}"
    if problem := event.problem:
        yield problem


def _transaction(record: TransactionRecord) -> Iterator[str]:
    try:
        transaction = Transaction.parse(bytes.fromhex(record.hex))
    except (MalformedData, ValueError) as error:
        yield f"transaction {record.id}: {error}"
        return
    if transaction.txid != record.id:
        yield f"transaction {record.id}: its bytes hash to {transaction.txid}"
    if transaction.could_be_merkle_node:
        yield f"transaction {record.id}: 64 bytes could be two hashes of a Merkle tree, so they prove nothing"


def header_problems(record: HeaderRecord, rules: HeaderRules) -> Iterator[str]:
    """Yield what is wrong with a header: its hash, its work, or a target that is not its epoch's."""
    try:
        header = Header.parse(bytes.fromhex(record.hex))
    except (MalformedData, ValueError) as error:
        yield f"header {record.id}: {error}"
        return
    if header.hash != record.id:
        yield f"header {record.id}: its bytes hash to {header.hash}"
    if (problem := rules.problem(record.height, header)) is not None:
        yield f"header {record.id}: {problem}"


def _branch(record: BranchRecord, headers: dict[str, HeaderRecord]) -> Iterator[str]:
    header = headers.get(record.id.partition("@")[2])
    if header is None:
        yield f"branch {record.id}: there is no header of its block"
        return
    shown = inclusion_of(record, header)
    problem = f"branch {record.id}: not hex" if shown is None else shown.problem(HeaderRules())
    if problem:
        yield problem


def _absent(record: Entry | Project, there: set[str]) -> Iterator[str]:
    yield from (
        f"{record.id} rests on {name}, which is not published"
        for name in record.evidence
        if name not in there
    )
