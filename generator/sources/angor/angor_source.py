"""Angor: joins relays and indexers to what can be said about each project, and isolates what cannot.

One project that cannot be completed keeps its last records; the whole source is
`Unavailable` only without a quorum of relays or without any indexer.
"""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from generator.judge.bookkeeping import ProjectFindings
from generator.places import angor_place
from generator.protocol.nostr import Event, Filter
from generator.protocol.proof.committed_terms import DEFINITION, announced_in
from generator.snapshot import Asked, Census, Known, Record
from generator.sources import FULL_EVERY, TIME, Tally, last_asked, moment_in
from generator.sources.angor.archive import Archive
from generator.sources.angor.census import is_due
from generator.sources.angor.chain import Chain
from generator.sources.angor.event_index import EventIndex
from generator.sources.angor.group_reading import GroupReader
from generator.sources.angor.missing_transactions import MissingSearch
from generator.sources.angor.moderation import Moderation, ModerationJudge
from generator.sources.angor.project_reading import ProjectReading
from generator.sources.angor.reading_run import ReadingRun
from generator.sources.angor.refresh import Refresh
from generator.sources.angor.turns import Turns
from generator.sources.budget import Budget
from generator.sources.indexers import Indexers
from generator.sources.relays import SOURCE, Relays, public_address


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
    budget_s: float | None = None  #: seconds after which no more is asked, None for as long as it takes
    moderation: Moderation = field(default_factory=Moderation)
    name: str = SOURCE
    tally: Tally = field(default_factory=Tally)

    async def collect(self, known: Known, *, at: datetime, full: bool) -> AsyncIterator[Record]:
        """Yield evidence, projects, entries, findings and withdrawals as of `at`, project by project."""
        try:
            async for record in self._collect(Archive(known, self.name), at=at, full=full):
                yield record
        finally:
            self.indexers.close()
            self._count_requests()

    async def _collect(self, archive: Archive, *, at: datetime, full: bool) -> AsyncIterator[Record]:
        budget = Budget.of(self.budget_s)
        last = last_asked(archive.known, self.name)
        before, answered = dict(last.reads) if last else {}, archive.last_answer_at()
        if answered is not None:
            before.setdefault("turns_at", answered.strftime(TIME))
        full, full_at = planned(last, at, full=full)
        self.tally.reads["full_at"] = full_at.strftime(TIME)
        self.tally.tip_height = await self._open_indexers(archive)
        events = EventIndex()
        events.add(archive.events())
        reader = self._reader(archive, events, at=at, full=full)  # before a server fails that may know better
        announcing = await self._announcements(events)
        wanted = self._identifiers(archive, announcing)
        after = moment_in(before.get("turns_at"))
        readings = [self._reading(name) for name in wanted if self._has_turn(name, archive, after, at)]
        refresh = Refresh(indexers=self.indexers, archive=archive, network=self.network, budget=budget)
        standing = {}
        if not full or budget.length_s is not None:
            standing = await self._standing(refresh, readings, events)
        run = ReadingRun(
            reader=reader,
            turns=Turns(
                archive=archive,
                listed=self.listed,
                standing=standing.keys(),
                counted={identifier: sum(count) for identifier, count in refresh.counts.items()},
            ),
            standing=standing,
            listed=self.listed,
            judge=ModerationJudge(
                moderation=self.moderation, archive=archive, events=events, announcing=announcing, at=at
            ),
            confirmations=self.confirmations,
            tally=self.tally,
            budget=budget,
            before=before,
        )
        again = {
            project.identifier for project in archive.projects() if full and project.identifier > run.full_to
        }
        to_read = (reading for reading in readings if reading.identifier not in standing.keys() - again)
        async for record in run.records(to_read):
            yield record

    def _reader(self, archive: Archive, events: EventIndex, *, at: datetime, full: bool) -> GroupReader:
        return GroupReader(
            archive=archive,
            chain=self._chain(archive, full=full),
            relays=self.relays,
            events=events,
            search=MissingSearch(
                indexers=self.indexers,
                archive=archive,
                at=at,
                tip_height=self.tally.tip_height or 0,
                asked=len(self.indexers.healthy),
            ),
            at=at,
            full=full,
        )

    async def _open_indexers(self, archive: Archive) -> int:
        """Open the indexers with what they need not be asked for; return the best known height."""
        self.indexers.transactions.update(archive.transactions())
        self.indexers.rules = self.indexers.rules.following(archive.boundary_headers())
        self.indexers.keep(archive.inclusions(self.indexers.rules))
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

    async def _announcements(self, events: EventIndex) -> dict[str, set[str]]:
        """Ask who announces projects and what moderators list; adds to `events`.

        Returns the Nostr keys of those who announce a project, by its identifier.
        """
        lists = self.moderation.filters()
        definitions = [Filter(kinds=(DEFINITION,))] if self.discover == "all" else []
        if not lists and not definitions:
            return {}
        said = await self.relays.read([*definitions, *lists])
        self.moderation.require(self.relays.too_large.values(), said.values())
        events.add(said)
        announcements = [event for event in said.values() if event.kind == DEFINITION]
        found, foreign = announced_in(announcements, self.network)
        self.tally.counts.update(events=len(announcements), foreign_events=foreign)
        return found

    def _identifiers(self, archive: Archive, announced: Iterable[str]) -> list[str]:
        """List the projects to read."""
        wanted = set(self.listed)
        if self.discover == "all":
            # what was found once stays, even when relays forget it
            wanted |= {*announced, *(project.identifier for project in archive.projects())}
        return sorted(wanted)

    def _has_turn(self, identifier: str, archive: Archive, after: datetime | None, at: datetime) -> bool:
        """Tell whether a project is asked for: one that is only announced waits for its turn."""
        said = archive.announced(angor_place(identifier))
        if said is None or after is None or said.outcome is not Census.UNFOUNDED or identifier in self.listed:
            return True
        return is_due(said, after=after, at=at)

    async def _standing(
        self, refresh: Refresh, readings: Sequence[ProjectReading], events: Mapping[str, Event]
    ) -> dict[str, ProjectReading]:
        """Return what has not changed since the last run, filled from evidence, so that it is not read."""
        standing = await refresh.unchanged(readings, events)
        self.tally.counts["unchanged_projects"] += len(standing)
        unpaid = await refresh.unpaid(
            reading
            for reading in readings
            if reading.identifier not in {*standing, *self.listed}
            and refresh.archive.project(reading.place) is None
        )
        return standing | unpaid

    def _count_requests(self) -> None:
        counts, reads = self.tally.counts, self.tally.reads
        counts.update(self.relays.counts)
        counts.update(self.indexers.counts)
        reads.update((f"relay {public_address(url)}", ending) for url, ending in self.relays.endings.items())
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
