"""What of a project's records a run takes back; pure.

What a run was not shown is not gone. A record about a transaction goes only when
the transaction is shown to be gone (`generator.sources.angor.missing_transactions`),
or when it was read again and means something else.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from generator.judge.recorded_chain import txid_of
from generator.ledger import Entry, Kind
from generator.snapshot import Finding, Record, Result, Withdrawn
from generator.sources.angor.archive import Archive, txid_in


def withdrawals(
    archive: Archive,
    place: str,
    observed: Iterable[Record],
    *,
    seen: Collection[str],
    gone: Mapping[str, str],
) -> Iterator[Withdrawn]:
    """Yield withdrawals of a project's entries and findings that a run did not observe again.

    `seen` are the transactions it read, `gone` those that are shown to be gone, with the reason.
    """
    records = tuple(observed)
    keys = {record.key for record in records}
    outcomes = _Outcomes.of(records, seen=seen, gone=gone)
    reasons: dict[str, str] = {}
    for entry in archive.entries(place):
        if entry.key not in keys:
            reason = reasons[entry.id] = outcomes.against(entry)
            if reason:
                yield archive.withdrawn(entry, reason)
    for finding in archive.findings(place):
        if finding.key not in keys:
            txid = txid_in(finding.subject)
            about = not txid or txid in gone or txid in seen
            if reasons.get(finding.subject, about):
                yield archive.withdrawn(finding, "no longer observed")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcomes:
    """What a run read and what it turned out to be: what speaks against entries that it did not tell."""

    seen: Collection[str]  #: txids
    gone: Mapping[str, str]  #: txid → the evidence
    investments: frozenset[str]  #: outputs of accepted ones
    penalties: frozenset[str]  #: txids
    failed: frozenset[str]  #: ids of inputs that were read and are none of ours

    @classmethod
    def of(cls, observed: Iterable[Record], *, seen: Collection[str], gone: Mapping[str, str]) -> Self:
        entries = [record for record in observed if isinstance(record, Entry)]
        findings = [record for record in observed if isinstance(record, Finding)]
        return cls(
            seen=seen,
            gone=gone,
            investments=frozenset(entry.id for entry in entries if entry.kind is Kind.INVESTMENT),
            penalties=frozenset(txid_of(entry.id) for entry in entries if entry.kind is Kind.PENALTY),
            failed=frozenset(finding.subject for finding in findings if finding.result is Result.FAILED),
        )

    def against(self, entry: Entry) -> str:
        """Return why an entry goes, empty while it may still stand.

        A spend of something that still stands was only not named by the server:
        its transaction may have been read on behalf of another output.
        """
        if reason := self.gone.get(txid_of(entry.id), ""):
            return reason
        if not entry.spends:
            return "read again, it is no such entry" if txid_of(entry.id) in self.seen else ""
        parent = txid_of(entry.spends)
        if parent in self.gone:
            return f"what it spends is gone: {self.gone[parent]}"
        stands = entry.spends in self.investments or parent in self.penalties
        orphaned = parent in self.seen and not stands
        return "read again, it is no such spend" if orphaned or entry.id in self.failed else ""
