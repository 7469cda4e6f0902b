"""What of a project's records a run takes back; pure.

What a run was not shown is not gone. A record about a transaction goes only when
the transaction is shown to be gone (`generator.sources.angor.fates`), or when it
was read again and means something else.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from generator.judge.recorded_chain import TXID, block_of, txid_of
from generator.ledger import Entry, Kind
from generator.protocol.proof.placed_transaction import BlockPosition
from generator.snapshot import Finding, Record, Result, Withdrawn
from generator.sources.angor.archive import Archive

_HEX: Final = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A transaction that something in the log is about."""

    txid: str
    block: BlockPosition | None = None  #: None while unconfirmed, and where only a finding speaks of it
    since: datetime | None = None  #: when an unconfirmed one was first seen


def recorded(archive: Archive, slug: str, *, refused: Collection[str]) -> dict[str, Recorded]:
    """Return the transactions a project's records are about, by txid.

    Nobody asks for the spends of a transaction that is `refused` as an
    investment, so they are left out.
    """
    found = {
        txid: Recorded(txid=txid)
        for finding in archive.findings(slug)
        if (txid := _transaction_in(finding.subject))
    }
    orphans = set(refused)
    for entry in sorted(archive.entries(slug), key=lambda one: one.kind is Kind.RELEASE):
        txid = txid_of(entry.id)
        if txid_of(entry.spends) in orphans:
            orphans.add(txid)  # a penalty's release comes after it
        else:
            found[txid] = Recorded(txid=txid, block=block_of(entry), since=entry.at)
    return found


def withdrawals(
    archive: Archive, slug: str, told: Iterable[Record], *, seen: Collection[str], gone: Mapping[str, str]
) -> Iterator[Withdrawn]:
    """Yield withdrawals of a project's entries and findings that a run no longer tells.

    `seen` are the transactions it read, `gone` those that are shown to be gone, with the reason.
    """
    records = tuple(told)
    keys = {record.key for record in records}
    bases = _bases(records)
    fates: dict[str, str] = {}
    for entry in archive.entries(slug):
        if entry.key not in keys:
            reason = fates[entry.id] = gone.get(txid_of(entry.id), "") or _refuted(entry, bases, seen, gone)
            if reason:
                yield archive.withdrawn(entry, reason)
    for finding in archive.findings(slug):
        if finding.key not in keys:
            txid = _transaction_in(finding.subject)
            about = not txid or txid in gone or txid in seen
            if fates.get(finding.subject, about):
                yield archive.withdrawn(finding, "no longer observed")


@dataclass(frozen=True, slots=True)
class _Bases:
    """What spends can stand on, and what is known to be no entry."""

    outputs: frozenset[str]  #: of accepted investments
    penalties: frozenset[str]  #: txids
    failed: frozenset[str]  #: ids of inputs that were read and are none of ours


def _bases(told: Iterable[Record]) -> _Bases:
    entries = [record for record in told if isinstance(record, Entry)]
    findings = [record for record in told if isinstance(record, Finding)]
    return _Bases(
        frozenset(entry.id for entry in entries if entry.kind is Kind.INVESTMENT),
        frozenset(txid_of(entry.id) for entry in entries if entry.kind is Kind.PENALTY),
        frozenset(finding.subject for finding in findings if finding.result is Result.FAILED),
    )


def _refuted(entry: Entry, bases: _Bases, seen: Collection[str], gone: Mapping[str, str]) -> str:
    """Return why an entry cannot stand though its transaction may, empty when it can.

    A spend of something that still stands was only not named by the server:
    its transaction may have been read on behalf of another output.
    """
    if not entry.spends:
        return "read again, it is no such entry" if txid_of(entry.id) in seen else ""
    parent = txid_of(entry.spends)
    if parent in gone:
        return f"what it spends is gone: {gone[parent]}"
    stands = entry.spends in bases.outputs or parent in bases.penalties
    orphaned = parent in seen and not stands
    return "read again, it is no such spend" if orphaned or entry.id in bases.failed else ""


def _transaction_in(subject: str) -> str:
    txid = subject[:TXID]
    return txid if len(txid) == TXID and set(txid) <= _HEX else ""
