"""Evidence and project records from what was gathered; pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

import msgspec

from generator.judge.bookkeeping import evidence_of
from generator.money import msat_from_sat
from generator.protocol.angor.terms import ProjectType, Terms
from generator.protocol.nostr import Event
from generator.protocol.proof.definition import Definition
from generator.protocol.proof.facts import Investment, Refused
from generator.protocol.proof.founding import Founded
from generator.protocol.proof.inclusion import Placed
from generator.snapshot import (
    BranchRecord,
    EventRecord,
    Evidence,
    Goal,
    HeaderRecord,
    Project,
    Stage,
    TransactionRecord,
)
from generator.sources.angor.chain import Sight
from generator.sources.angor.fates import Fates
from generator.sources.angor.profile import Profile

_EVENT: Final = msgspec.json.Encoder(order="sorted")
_KINDS: Final = {ProjectType.INVEST: "invest", ProjectType.FUND: "fund", ProjectType.SUBSCRIBE: "subscribe"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything gathered about one project whose terms are established."""

    sight: Sight
    founded: Founded
    definition: Definition
    profile: Profile
    facts: tuple[Investment | Refused, ...]
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


def evidence(events: Iterable[Event], transactions: Iterable[Placed], *, source: str) -> Iterator[Evidence]:
    """Yield each piece of evidence once: events, raw transactions, headers with their branches."""
    seen: set[tuple[str, str, str]] = set()
    for record in _evidence(events, transactions, source):
        if record.key not in seen:
            seen.add(record.key)
            yield record


def _evidence(events: Iterable[Event], transactions: Iterable[Placed], source: str) -> Iterator[Evidence]:
    for event in events:
        yield EventRecord(id=event.id, source=source, json=_EVENT.encode(event.to_obj()).decode())
    for placed in transactions:
        yield TransactionRecord(id=placed.txid, source=source, hex=placed.transaction.serialize().hex())
        shown = placed.inclusion
        if shown is not None:
            yield HeaderRecord(id=shown.block, source=source, height=shown.height, hex=shown.header.hex())
            branch = f"{placed.txid}@{shown.block}"
            yield BranchRecord(id=branch, source=source, position=shown.position, hashes=shown.hashes)


def project_record(slug: str, case: Case, *, network: str, source: str) -> Project:
    """Return what the chain and the founder say about a project."""
    terms, profile, founded = case.definition.terms, case.profile, case.founded
    events = (case.definition.event, *profile.events)
    return Project(
        id=slug,
        source=source,
        kind=_KINDS[terms.project_type],
        title=profile.title,
        tagline=profile.tagline,
        description=profile.description,
        website=profile.website,
        network=network,
        goal=_goal(terms),
        starts_at=terms.start_date,
        ends_at=terms.end_date if terms.project_type is ProjectType.INVEST else None,
        expires_at=terms.expiry_date,
        penalty_days=None if terms.project_type is ProjectType.SUBSCRIBE else terms.penalty_days,
        identifier=case.sight.identifier,
        address=case.sight.address,
        founder_key=terms.founder_key,
        nostr_pubkey=terms.nostr_pubkey,
        event_id=case.definition.event.id,
        founding_txid=founded.placed.txid,
        founding_height=founded.height,
        stages=_stages(terms),
        complete=case.complete,
        address_txs=case.address_txs,
        evidence=(*(event.id for event in events), *evidence_of(founded.placed)),
    )


def _goal(terms: Terms) -> Goal | None:
    """Return the target; a Subscribe project has none, and in a Fund project it is optional."""
    if terms.project_type is ProjectType.SUBSCRIBE or not terms.target_amount_sat:
        return None
    return Goal(amount_msat=msat_from_sat(terms.target_amount_sat))


def _stages(terms: Terms) -> tuple[Stage, ...]:
    if terms.project_type is not ProjectType.INVEST:
        return ()  # each investor has dates of their own
    return tuple(
        Stage(number=number, percent=stage.percent, opens_at=stage.release_date)
        for number, stage in enumerate(terms.stages, 1)
    )
