"""Evidence and project records from what was gathered; pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

import msgspec

from generator.judge.profile import Profile
from generator.judge.project_record import project_record
from generator.protocol.nostr import Event
from generator.protocol.proof.committed_terms import CommittedTerms
from generator.protocol.proof.facts import Fact
from generator.protocol.proof.founding import Founded
from generator.protocol.proof.placed_transaction import PlacedTransaction
from generator.snapshot import (
    BranchRecord,
    EventRecord,
    Evidence,
    HeaderRecord,
    Project,
    TransactionRecord,
)
from generator.sources.angor.chain import Sight
from generator.sources.angor.fates import Fates

_EVENT: Final = msgspec.json.Encoder(order="sorted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything gathered about one project whose terms are established."""

    sight: Sight
    founded: Founded
    definition: CommittedTerms
    profile: Profile
    facts: tuple[Fact, ...]
    fates: Fates = field(default_factory=Fates)  #: of what is recorded and was not shown

    @property
    def complete(self) -> bool:
        """Tell whether everything was shown that the server counts and the log holds."""
        return self.sight.complete and not self.fates.hidden

    @property
    def address_txs(self) -> int | None:
        """Return how many confirmed transactions the address has, None where not all are known."""
        if self.sight.unchanged_txs is not None:
            return self.sight.unchanged_txs
        return self.sight.sighting.history.confirmed if self.complete else None


def evidence(
    events: Iterable[Event], transactions: Iterable[PlacedTransaction], *, source: str
) -> Iterator[Evidence]:
    """Yield each piece of evidence once: events, raw transactions, headers with their branches."""
    seen: set[tuple[str, str, str]] = set()
    for record in _evidence(events, transactions, source):
        if record.key not in seen:
            seen.add(record.key)
            yield record


def _evidence(
    events: Iterable[Event], transactions: Iterable[PlacedTransaction], source: str
) -> Iterator[Evidence]:
    for event in events:
        yield EventRecord(id=event.id, source=source, json=_EVENT.encode(event.to_obj()).decode())
    for placed in transactions:
        yield TransactionRecord(id=placed.txid, source=source, hex=placed.transaction.serialize().hex())
        shown = placed.inclusion
        if shown is not None:
            yield HeaderRecord(id=shown.block, source=source, height=shown.height, hex=shown.header.hex())
            branch = f"{placed.txid}@{shown.block}"
            yield BranchRecord(id=branch, source=source, position=shown.position, hashes=shown.hashes)


def project_of(slug: str, case: Case, *, network: str, source: str) -> Project:
    """Return a project's record with how far it was read."""
    record = project_record(slug, case.definition, case.founded, case.profile, network=network, source=source)
    return msgspec.structs.replace(record, complete=case.complete, address_txs=case.address_txs)
