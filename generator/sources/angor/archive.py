"""What the log already holds of this source: evidence not to be fetched again, and what is settled."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, TypeVar

import msgspec

from generator.bitcoin import Transaction
from generator.ledger import Entry, Status
from generator.nostr import Event, EventError
from generator.snapshot import (
    BranchRecord,
    EventRecord,
    Finding,
    HeaderRecord,
    Known,
    Project,
    Record,
    TransactionRecord,
    Withdrawn,
)
from generator.sources.indexers import Inclusion, Spender, Spot

R = TypeVar("R", Entry, Project, Finding, EventRecord, TransactionRecord, HeaderRecord, BranchRecord)

#: Blocks after which we stop asking whether a spend is still where it was (design: proven from public data).
SETTLED: Final = 100
_JSON: Final = msgspec.json.Decoder()


@dataclass(slots=True)
class Archive:
    """The log as one source sees its own records."""

    known: Known
    source: str

    @property
    def tip_height(self) -> int:
        """Return the height the last run saw, 0 before the first."""
        return max((run.tip_height or 0 for run in self.known.runs[-1:]), default=0)

    def events(self) -> dict[str, Event]:
        """Return stored events, by id; ids and signatures are checked like everyone's."""
        found = {}
        for record in self._own(EventRecord):
            with suppress(EventError, msgspec.DecodeError):
                event = Event.parse(_JSON.decode(record.json))
                if event.valid:
                    found[event.id] = event
        return found

    def transactions(self) -> dict[str, Transaction]:
        """Return stored transactions, by the id their bytes have; damaged ones are fetched again."""
        found = {}
        for record in self._own(TransactionRecord):
            with suppress(ValueError):  # not hex, or not a transaction
                transaction = Transaction.parse(bytes.fromhex(record.hex))
                found[transaction.txid] = transaction
        return found

    def inclusions(self) -> dict[tuple[str, str], Inclusion]:
        """Return stored Merkle branches with their headers, by txid and block hash; damaged ones not."""
        headers = {header.id: header for header in self._own(HeaderRecord)}
        found = {}
        for branch in self._own(BranchRecord):
            txid, _, block = branch.id.partition("@")
            if (header := headers.get(block)) is not None:
                with suppress(ValueError):  # not hex
                    shown = Inclusion(
                        txid=txid,
                        block=block,
                        height=header.height,
                        header=bytes.fromhex(header.hex),
                        position=branch.position,
                        hashes=branch.hashes,
                    )
                    if shown.problem() is None:
                        found[txid, block] = shown
        return found

    def settled(self, tip_height: int) -> dict[str, Spender]:
        """Return who spent an outpoint so long ago that no reorganisation will undo it."""
        return {
            entry.spends: spender_of(entry)
            for entry in self._own(Entry)
            if entry.spends
            and entry.status is Status.CONFIRMED
            and entry.height is not None
            and entry.height <= tip_height - SETTLED
        }

    def project(self, slug: str) -> Project | None:
        """Return the standing record of a project."""
        standing = self.known.records.get(("project", self.source, slug))
        return standing if isinstance(standing, Project) else None

    def projects(self) -> tuple[Project, ...]:
        """Return every project this source has recorded."""
        return tuple(self._own(Project))

    def renamed(self, identifier: str, slug: str) -> Iterator[Withdrawn]:
        """Yield withdrawals of a project's records under slugs it no longer has."""
        for project in self._own(Project):
            if project.identifier == identifier and project.id != slug:
                yield self._withdrawn(project, f"the project is now called {slug}")

    def first_seen(self, entry: Entry) -> Entry:
        """Return an unconfirmed entry with the time it was first seen at, so that it is no news again."""
        standing = self.known.records.get(entry.key)
        if isinstance(standing, Entry) and standing.height is None:
            return msgspec.structs.replace(entry, at=standing.at)
        return entry

    def vanished(
        self, slug: str, observed: Iterable[Record], *, tip_height: int, up_to: int
    ) -> Iterator[Withdrawn]:
        """Yield withdrawals of a project's entries and findings that a complete run no longer shows.

        What stands above block `up_to` is beyond what was looked at, not gone;
        neither are the findings about it. What waits for a block stands above
        the tip.
        """
        keys = {record.key for record in observed}
        entries = [entry for entry in self._own(Entry) if entry.project == slug and entry.key not in keys]
        beyond = {
            entry.id for entry in entries if (tip_height if entry.height is None else entry.height) > up_to
        }
        for entry in entries:
            if entry.id in beyond:
                continue
            if entry.height is None:
                yield self._withdrawn(entry, "neither in a block nor waiting for one: replaced or dropped")
            else:
                yield self._withdrawn(entry, f"no longer in the chain: block {entry.height} was reorganised")
        subjects = beyond | {id_.partition(":")[0] for id_ in beyond}
        for finding in self._own(Finding):
            if finding.project == slug and finding.key not in keys and finding.subject not in subjects:
                yield self._withdrawn(finding, "no longer observed")

    def _withdrawn(self, record: Entry | Finding | Project, reason: str) -> Withdrawn:
        return Withdrawn(id=f"{record.key[0]}/{record.id}", source=self.source, reason=reason)

    def _own(self, kind: type[R]) -> Iterator[R]:
        return (record for record in self.known.of(kind) if record.source == self.source)


def spender_of(entry: Entry) -> Spender:
    """Return the input that a spend's entry stands for (its id is ``txid/vin``)."""
    txid, _, vin = entry.id.partition("/")
    spot = None
    if entry.height is not None:
        spot = Spot(height=entry.height, block=entry.block, time=int(entry.at.timestamp()))
    return Spender(txid=txid, vin=int(vin), spot=spot)
