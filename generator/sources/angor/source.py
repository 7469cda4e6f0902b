"""Angor: joins relays and indexers to what can be said about each project, and isolates what cannot.

One project that cannot be completed keeps its last records; the whole source is
`Unavailable` only without a quorum of relays or without any indexer.
"""

from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import datetime
from typing import Final, Literal

from generator.judge.profile import profile_of
from generator.judge.project_findings import ProjectFindings
from generator.protocol.nostr import DELETION, Event, Filter
from generator.protocol.proof.committed_terms import establish_terms, identifiers_in
from generator.snapshot import Known, Record
from generator.sources import Tally, last_asked
from generator.sources.angor.agreement import Agreement, agreement
from generator.sources.angor.archive import Archive
from generator.sources.angor.chain import Chain, all_of
from generator.sources.angor.fates import Inquest
from generator.sources.angor.look import Look, each, gather_facts, learn_fates, see
from generator.sources.angor.moderation import Moderation
from generator.sources.angor.profile_questions import more_words, relay_lists, words
from generator.sources.angor.recording import Case
from generator.sources.angor.refresh import Refresh, planned
from generator.sources.angor.telling import Telling
from generator.sources.indexers import Indexers
from generator.sources.relays import RELAY_LIST, Relays, chunks

PROJECT: Final = 3030  #: kind of a project's definition
NAME: Final = "angor"


class AngorSource:
    """Every listed project, or with `discover` ``all`` every project of the network.

    `listed` maps identifiers to slugs; a discovered project's slug is its identifier.
    """

    def __init__(  # noqa: PLR0913 -- what a run is made of, each by its name
        self,
        *,
        network: str,
        relays: Relays,
        indexers: Indexers,
        listed: Mapping[str, str],
        discover: Literal["listed", "all"] = "listed",
        confirmations: int = 3,
        moderation: Moderation | None = None,
    ) -> None:
        self.name = NAME
        self.tally = Tally()
        self.relays = relays
        self.indexers = indexers
        self._network = network
        self._listed = dict(listed)
        self._discover = discover
        self._confirmations = confirmations
        self._moderation = moderation or Moderation()

    async def collect(self, known: Known, *, at: datetime, full: bool) -> AsyncIterator[Record]:
        """Yield evidence, projects, entries, findings and withdrawals as of `at`."""
        try:
            telling = await self._collect(Archive(known, self.name), at=at, full=full)
        finally:
            self._count()
        for record in telling.records():
            yield record

    async def _collect(self, archive: Archive, *, at: datetime, full: bool) -> Telling:
        plan = planned(last_asked(archive.known, self.name), at, full=full)
        self.tally.reads["full_at"] = plan.remembered
        self.indexers.transactions.update(archive.transactions())
        self.indexers.inclusions.update(archive.inclusions(self.indexers.least_difficulty))
        await self.indexers.open(at_least=archive.tip_height)
        asked = len(self.indexers.healthy)
        tip = self.tally.tip_height = max(self.indexers.tip_height, archive.tip_height)
        settled = {} if plan.full else archive.settled(tip)
        chain = Chain(
            indexers=self.indexers,
            network=self._network,
            settled=settled,
            above=archive.blocks_above(self.indexers.common_height),
        )
        events = archive.events()
        looks = [self._look(identifier) for identifier in await self._identifiers(archive, events)]
        if not plan.full:
            await self._take_standing(looks, archive, events)
        open_looks = [look for look in looks if not look.unchanged]
        await each(open_looks, lambda look: see(look, chain))
        await self._committed_events(open_looks, events)
        for look in open_looks:
            self._define(look, events)
        await all_of(
            (self._profiles(looks, events, at), each(open_looks, lambda look: gather_facts(look, chain)))
        )
        inquest = Inquest(indexers=self.indexers, at=at, tip_height=tip, asked=asked)
        await each(open_looks, lambda look: learn_fates(look, inquest, archive))
        places = [placed for look in open_looks for placed in look.places]
        agreed = await agreement(self.indexers, archive, places, full=plan.full)
        self.tally.counts["agreed_blocks"] += len(agreed.undisputed)
        self.tally.counts["unseconded_blocks"] += agreed.unseconded
        self.indexers.require()
        return self._told(looks, events, archive, at=at, agreed=agreed)

    def _look(self, identifier: str) -> Look:
        return Look(
            identifier=identifier, checks=ProjectFindings(source=self.name, project=self._slug(identifier))
        )

    def _slug(self, identifier: str) -> str:
        return self._listed.get(identifier, identifier)

    async def _identifiers(self, archive: Archive, events: dict[str, Event]) -> list[str]:
        """Return the projects to look at, in order of slug."""
        wanted = set(self._listed)
        if self._discover == "all":
            definitions = await self.relays.read([Filter(kinds=(PROJECT,))])
            events.update(definitions)
            found, foreign = identifiers_in(definitions.values(), self._network)
            self.tally.counts.update(events=len(definitions), foreign_events=foreign)
            # what was found once stays, even when relays forget it
            wanted |= found | {project.identifier for project in archive.projects()}
        return sorted(wanted, key=self._slug)

    async def _take_standing(self, looks: Iterable[Look], archive: Archive, events: dict[str, Event]) -> None:
        """Leave out of this run what has not changed since the last one."""
        refresh = Refresh(indexers=self.indexers, archive=archive, network=self._network, source=self.name)
        known = {look.identifier: look for look in looks}
        slugs = [(identifier, look.checks.project) for identifier, look in known.items()]
        for identifier, standing in (await refresh.unchanged(slugs, events)).items():
            known[identifier].stands(standing)
            self.tally.counts["unchanged_projects"] += 1
        new = [one for one, slug in slugs if one not in self._listed and archive.project(slug) is None]
        for identifier, sight in (await refresh.empty(new)).items():
            known[identifier].sight, known[identifier].unchanged = sight, True

    async def _committed_events(self, looks: Iterable[Look], events: dict[str, Event]) -> None:
        """Ask by id for events that foundings commit to and nobody has shown yet."""
        committed = {look.founded.says.event_id for look in looks if look.founded}
        missing = sorted(committed - events.keys())
        if missing:
            events.update(await self.relays.read([Filter(ids=ids) for ids in chunks(missing)]))

    def _define(self, look: Look, events: Mapping[str, Event]) -> None:
        if look.founded:
            event = events.get(look.founded.says.event_id)
            look.definition = establish_terms(
                event, look.founded, look.identifier, network=self._network, checks=look.checks
            )

    async def _profiles(self, looks: Iterable[Look], events: dict[str, Event], at: datetime) -> None:
        authors = sorted({look.definition.terms.nostr_pubkey for look in looks if look.definition})
        filters = [wanted for some in chunks(authors) for wanted in words(some)]
        if filters:
            filters += self._moderation.filters()
            events.update(await self.relays.read(filters))
            # words taken back and relays named are welcome; no quorum depends on them
            about = [Filter(kinds=(DELETION, RELAY_LIST), authors=some) for some in chunks(authors)]
            events.update(await self.relays.read(about, quorum=0))
            events.update(await self.relays.follow(relay_lists(authors, events, at), more_words))

    def _told(
        self,
        looks: Iterable[Look],
        events: Mapping[str, Event],
        archive: Archive,
        *,
        at: datetime,
        agreed: Agreement,
    ) -> Telling:
        telling = Telling(
            archive=archive,
            network=self._network,
            at=at,
            tip_height=self.tally.tip_height or 0,
            up_to=self.indexers.common_height,
            confirmations=self._confirmations,
            counts=self.tally.counts,
            agreed=agreed,
        )
        lists = self._moderation.lists(events.values(), at=at)
        telling.show(lists)
        by_author: dict[str, list[Event]] = {}
        for event in events.values():
            by_author.setdefault(event.pubkey, []).append(event)
        for look in looks:
            if look.failure or look.sight is None:
                telling.keep(look.identifier, look.checks, look.failure)
            elif look.founded is None or look.definition is None:
                telling.untold(look.sight, look.checks, listed=look.identifier in self._listed)
            else:
                author = look.definition.terms.nostr_pubkey
                self._moderation.judge(author, lists, look.checks, identifier=look.identifier)
                case = Case(
                    sight=look.sight,
                    founded=look.founded,
                    definition=look.definition,
                    profile=profile_of(
                        author, by_author.get(author, ()), at=at, definition=look.definition.event
                    ),
                    facts=look.facts,
                    fates=look.fates,
                )
                telling.tell(case, look.checks)
        return telling

    def _count(self) -> None:
        counts, reads = self.tally.counts, self.tally.reads
        counts.update(self.relays.counts)
        counts.update(self.indexers.counts)
        reads.update((f"relay {url}", ending) for url, ending in self.relays.endings.items())
        for server in self.indexers.servers:
            counts.update(server.http.counts)
            reads[f"indexer {server.http.host}"] = server.faults[-1] if server.faults else "ok"
