"""Angor: joins relays and indexers to what can be said about each project, and isolates what cannot.

One project that cannot be completed keeps its last records; the whole source is
`Unavailable` only without a quorum of relays or without any indexer.
"""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from generator.judge.bookkeeping import ProjectFindings
from generator.places import angor_place
from generator.protocol.nostr import Event, Filter
from generator.protocol.proof.committed_terms import identifiers_in
from generator.snapshot import Asked, Cause, Census, Known, Record
from generator.sources import FULL_EVERY, TIME, Tally, last_asked, moment_in
from generator.sources.angor.agreement import Agreement, ask_agreement
from generator.sources.angor.archive import Archive
from generator.sources.angor.census import is_due
from generator.sources.angor.chain import Chain, all_of
from generator.sources.angor.founder_words import read_words
from generator.sources.angor.investment_reading import read_investments
from generator.sources.angor.missing_transactions import MissingSearch
from generator.sources.angor.moderation import Moderation
from generator.sources.angor.project_reading import ProjectReading, for_each, read_address, read_terms
from generator.sources.angor.refresh import Refresh
from generator.sources.angor.run_records import RunRecords
from generator.sources.indexers import Indexers
from generator.sources.relays import SOURCE, Relays, chunks

DEFINITION: Final = 3030  #: kind of the event that defines a project


@dataclass(slots=True, kw_only=True)
class AngorSource:
    """Every listed project, or with `discover` ``all`` every project of the network.

    `listed` are identifiers.
    """

    network: str
    relays: Relays
    indexers: Indexers
    listed: Collection[str]
    discover: Literal["listed", "all"] = "listed"
    confirmations: int = 3
    moderation: Moderation = field(default_factory=Moderation)
    name: str = SOURCE
    tally: Tally = field(default_factory=Tally)

    async def collect(self, known: Known, *, at: datetime, full: bool) -> AsyncIterator[Record]:
        """Yield evidence, projects, entries, findings and withdrawals as of `at`."""
        try:
            found = await self._collect(Archive(known, self.name), at=at, full=full)
        finally:
            self._count_requests()
        for record in found.records():
            yield record

    async def _collect(self, archive: Archive, *, at: datetime, full: bool) -> RunRecords:
        full, full_at = planned(last_asked(archive.known, self.name), at, full=full)
        self.tally.reads["full_at"] = full_at.strftime(TIME)
        self.tally.tip_height = await self._open_indexers(archive)
        asked = len(self.indexers.healthy)
        events = archive.events()
        wanted = await self._identifiers(archive, events)
        after = archive.last_answer_at()
        readings = [self._reading(name) for name in wanted if self._has_turn(name, archive, after, at)]
        if not full:
            readings = await self._refreshed(readings, archive, events)
        changed = [reading for reading in readings if not reading.unchanged]
        chain = self._chain(archive, full=full)
        await self._read_terms(changed, events, chain)
        await all_of(
            (
                read_words(readings, self.relays, events, besides=self.moderation.filters(), at=at),
                for_each(changed, lambda reading: read_investments(reading, chain), Cause.INVESTMENTS),
            )
        )
        search = MissingSearch(
            indexers=self.indexers, archive=archive, at=at, tip_height=self.tally.tip_height or 0, asked=asked
        )
        await for_each(changed, search.search, Cause.HIDDEN)
        agreed = await self._agreement(changed, archive, full=full)
        self.indexers.require()
        return self._records(readings, events, archive, at=at, agreed=agreed)

    async def _open_indexers(self, archive: Archive) -> int:
        """Open the indexers with what they need not be asked for; return the best known height."""
        self.indexers.transactions.update(archive.transactions())
        self.indexers.inclusions.update(archive.inclusions(self.indexers.least_difficulty))
        await self.indexers.open(at_least=archive.tip_height)
        return max(self.indexers.tip_height, archive.tip_height)

    def _chain(self, archive: Archive, *, full: bool) -> Chain:
        return Chain(
            indexers=self.indexers,
            network=self.network,
            settled={} if full else archive.settled(self.tally.tip_height or 0),
            above=archive.blocks_above(self.indexers.common_height),
        )

    def _reading(self, identifier: str) -> ProjectReading:
        checks = ProjectFindings(source=self.name, place=angor_place(identifier))
        return ProjectReading(identifier=identifier, checks=checks)

    async def _identifiers(self, archive: Archive, events: dict[str, Event]) -> list[str]:
        """List the projects to read; discovered ones add their definitions to `events`."""
        wanted = set(self.listed)
        if self.discover == "all":
            definitions = await self.relays.read([Filter(kinds=(DEFINITION,))])
            events.update(definitions)
            found, foreign = identifiers_in(definitions.values(), self.network)
            self.tally.counts.update(events=len(definitions), foreign_events=foreign)
            # what was found once stays, even when relays forget it
            wanted |= found | {project.identifier for project in archive.projects()}
        return sorted(wanted)

    def _has_turn(self, identifier: str, archive: Archive, after: datetime | None, at: datetime) -> bool:
        """Tell whether a project is asked for: one that is only announced waits for its turn."""
        said = archive.announced(angor_place(identifier))
        if said is None or after is None or said.outcome is not Census.UNFOUNDED or identifier in self.listed:
            return True
        return is_due(said, after=after, at=at)

    async def _refreshed(
        self, readings: Sequence[ProjectReading], archive: Archive, events: Mapping[str, Event]
    ) -> list[ProjectReading]:
        """Fill from evidence what has not changed since the last run, so that it is not read."""
        refresh = Refresh(indexers=self.indexers, archive=archive, network=self.network)
        unchanged = await refresh.unchanged(readings, events)
        self.tally.counts["unchanged_projects"] += len(unchanged)
        refreshed = [unchanged.get(reading.identifier, reading) for reading in readings]
        await refresh.take_unpaid(
            reading
            for reading in refreshed
            if reading.identifier not in self.listed and archive.project(reading.place) is None
        )
        return refreshed

    async def _read_terms(
        self, readings: Sequence[ProjectReading], events: dict[str, Event], chain: Chain
    ) -> None:
        """Read addresses, then the events that foundings commit to, asked by id where none has been shown."""
        await for_each(readings, lambda reading: read_address(reading, chain), Cause.HISTORY)
        committed = {reading.founded.founding.event_id for reading in readings if reading.founded}
        missing = sorted(committed - events.keys())
        if missing:
            events.update(await self.relays.read([Filter(ids=ids) for ids in chunks(missing)]))
        for reading in readings:
            read_terms(reading, events, self.network)

    async def _agreement(
        self, readings: Iterable[ProjectReading], archive: Archive, *, full: bool
    ) -> Agreement:
        """Ask a second indexer about the blocks that what was read stands in."""
        placed = [transaction for reading in readings for transaction in reading.rests_on]
        agreed = await ask_agreement(self.indexers, archive, placed, full=full)
        self.tally.counts["agreed_blocks"] += len(agreed.undisputed)
        self.tally.counts["unseconded_blocks"] += agreed.unseconded
        return agreed

    def _records(
        self,
        readings: Iterable[ProjectReading],
        events: Mapping[str, Event],
        archive: Archive,
        *,
        at: datetime,
        agreed: Agreement,
    ) -> RunRecords:
        found = RunRecords(
            archive=archive,
            network=self.network,
            at=at,
            tip_height=self.tally.tip_height or 0,
            up_to=self.indexers.common_height,
            confirmations=self.confirmations,
            counts=self.tally.counts,
            agreed=agreed,
        )
        lists = self.moderation.lists(events.values(), at=at)
        found.add_events(lists)
        for reading in readings:
            self.moderation.judge(reading, lists)
            found.add(reading, listed=reading.identifier in self.listed)
        return found

    def _count_requests(self) -> None:
        counts, reads = self.tally.counts, self.tally.reads
        counts.update(self.relays.counts)
        counts.update(self.indexers.counts)
        reads.update((f"relay {url}", ending) for url, ending in self.relays.endings.items())
        for server in self.indexers.servers:
            counts.update(server.http.counts)
            reads[f"indexer {server.http.host}"] = server.faults[-1] if server.faults else "ok"


def planned(last: Asked | None, at: datetime, *, full: bool) -> tuple[bool, datetime]:
    """Plan a run as of `at`: whether it reads every project whole, and when that was done last.

    `last` is the last answer; before the first one nothing is due.
    """
    before = moment_in(last.reads.get("full_at")) if last else at
    due = full or before is None or not before <= at < before + FULL_EVERY
    return due, before if before and not due else at
