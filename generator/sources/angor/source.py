"""Angor: joins relays and indexers to what can be said about each project, and isolates what cannot.

One project that cannot be completed keeps its last records; the whole source is
`Unavailable` only without a quorum of relays or without any indexer.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from generator.errors import SourceError
from generator.nostr import DELETION, Event, Filter, newest
from generator.proof.definition import Checks, Definition, define, identifiers_in
from generator.proof.facts import Investment, Refused, transactions_of
from generator.proof.founding import Founded
from generator.proof.place import Placed
from generator.snapshot import Known, Record
from generator.sources import Tally
from generator.sources.angor.agreement import Agreement, agreement
from generator.sources.angor.archive import Archive
from generator.sources.angor.chain import Chain, Sight, all_of, read_in
from generator.sources.angor.fates import Fates, Inquest
from generator.sources.angor.moderation import Moderation
from generator.sources.angor.profile import APP_DATA, DESCRIPTION, PROFILE, SKEW, profile_of
from generator.sources.angor.records import Case
from generator.sources.angor.telling import Telling
from generator.sources.angor.withdrawals import recorded
from generator.sources.indexers import Indexers
from generator.sources.relays import RELAY_LIST, Relays, chunks

PROJECT: Final = 3030  #: kind of a project's definition
NAME: Final = "angor"


@dataclass(slots=True, kw_only=True)
class _Look:
    """One project, looked at step by step until it is told or fails."""

    identifier: str
    checks: Checks
    sight: Sight | None = None
    definition: Definition | None = None
    facts: tuple[Investment | Refused, ...] = ()
    fates: Fates = field(default_factory=Fates)
    failure: str = ""  #: why it could not be read to the end, one sentence

    @property
    def founded(self) -> Founded | None:
        """Return the founding, if the chain has one."""
        founding = self.sight.founding if self.sight else None
        return founding if isinstance(founding, Founded) else None

    @property
    def places(self) -> list[Placed]:
        """Return the transactions that what is told of it rests on."""
        return [self.founded.placed, *transactions_of(self.facts)] if self.founded else []


class Angor:
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
        self._network = network
        self._relays = relays
        self._indexers = indexers
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
        self._indexers.transactions.update(archive.transactions())
        self._indexers.inclusions.update(archive.inclusions(self._indexers.least_difficulty))
        await self._indexers.open(at_least=archive.tip_height)
        tip = self.tally.tip_height = max(self._indexers.tip_height, archive.tip_height)
        settled = {} if full else archive.settled(tip)
        chain = Chain(
            indexers=self._indexers,
            network=self._network,
            settled=settled,
            above=archive.spots_above(self._indexers.common_height),
        )
        events = archive.events()
        looks = [self._look(identifier) for identifier in await self._identifiers(archive, events)]
        await _each(looks, lambda look: _sight(look, chain))
        await self._committed_events(looks, events)
        for look in looks:
            self._define(look, events)
        await all_of((self._profiles(looks, events, at), _each(looks, lambda look: _facts(look, chain))))
        inquest = Inquest(indexers=self._indexers, at=at, tip_height=tip, asked=len(self._indexers.healthy))
        await _each(looks, lambda look: _fates(look, inquest, archive))
        places = [placed for look in looks for placed in look.places]
        agreed = await agreement(self._indexers, archive, places, full=full)
        self.tally.counts["agreed_blocks"] += len(agreed.undisputed)
        self.tally.counts["unseconded_blocks"] += agreed.unseconded
        self._indexers.require()
        return self._told(looks, events, archive, at=at, agreed=agreed)

    def _look(self, identifier: str) -> _Look:
        return _Look(identifier=identifier, checks=Checks(source=self.name, project=self._slug(identifier)))

    def _slug(self, identifier: str) -> str:
        return self._listed.get(identifier, identifier)

    async def _identifiers(self, archive: Archive, events: dict[str, Event]) -> list[str]:
        """Return the projects to look at, in order of slug."""
        wanted = set(self._listed)
        if self._discover == "all":
            union = await self._relays.read([Filter(kinds=(PROJECT,))])
            events.update(union.events)
            found, foreign = identifiers_in(union.events.values(), self._network)
            self.tally.counts.update(events=len(union.events), foreign_events=foreign)
            # what was found once stays, even when relays forget it
            wanted |= found | {project.identifier for project in archive.projects()}
        return sorted(wanted, key=self._slug)

    async def _committed_events(self, looks: Iterable[_Look], events: dict[str, Event]) -> None:
        """Ask by id for events that foundings commit to and nobody has shown yet."""
        committed = {look.founded.says.event_id for look in looks if look.founded}
        missing = sorted(committed - events.keys())
        if missing:
            union = await self._relays.read([Filter(ids=ids) for ids in chunks(missing)])
            events.update(union.events)

    def _define(self, look: _Look, events: Mapping[str, Event]) -> None:
        if look.founded:
            event = events.get(look.founded.says.event_id)
            look.definition = define(
                event, look.founded, look.identifier, network=self._network, checks=look.checks
            )

    async def _profiles(self, looks: Iterable[_Look], events: dict[str, Event], at: datetime) -> None:
        authors = sorted({look.definition.terms.nostr_pubkey for look in looks if look.definition})
        filters = [wanted for some in chunks(authors) for wanted in _words(some)]
        if filters:
            filters += self._moderation.filters()
            union = await self._relays.read(filters)
            events.update(union.events)
            # words taken back and relays named are welcome; no quorum depends on them
            about = [Filter(kinds=(DELETION, RELAY_LIST), authors=some) for some in chunks(authors)]
            events.update((await self._relays.read(about, quorum=0)).events)
            events.update(await self._relays.follow(_relay_lists(authors, events, at), _more_words))

    def _told(
        self,
        looks: Iterable[_Look],
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
            up_to=self._indexers.common_height,
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
        counts.update(self._relays.counts)
        counts.update(self._indexers.counts)
        reads.update((f"relay {url}", ending) for url, ending in self._relays.endings.items())
        for server in self._indexers.servers:
            counts.update(server.http.counts)
            reads[f"indexer {server.http.host}"] = server.faults[-1] if server.faults else "ok"


def _words(authors: Sequence[str]) -> list[Filter]:
    """Return the questions for what founders say about their projects."""
    some = tuple(authors)
    return [
        Filter(kinds=(PROFILE,), authors=some),
        Filter(kinds=(APP_DATA,), authors=some, tags=(("d", (DESCRIPTION,)),)),
    ]


def _more_words(authors: Sequence[str]) -> list[Filter]:
    """Return the questions for a relay that founders name."""
    return [*_words(authors), Filter(kinds=(DELETION,), authors=tuple(authors))]


def _relay_lists(authors: Iterable[str], events: Mapping[str, Event], at: datetime) -> list[Event]:
    """Return the newest relay list of each author as of `at`."""
    latest = int((at + SKEW).timestamp())
    lists: dict[str, list[Event]] = {author: [] for author in authors}
    for event in events.values():
        if event.kind == RELAY_LIST and event.pubkey in lists and event.created_at <= latest:
            lists[event.pubkey].append(event)
    return [chosen for some in lists.values() if (chosen := newest(some)) is not None]


async def _sight(look: _Look, chain: Chain) -> None:
    look.sight = await chain.sight(look.identifier)


async def _facts(look: _Look, chain: Chain) -> None:
    if look.sight and look.founded and look.definition:
        look.facts = tuple(await chain.investments(look.sight, look.founded, look.definition.terms))


async def _fates(look: _Look, inquest: Inquest, archive: Archive) -> None:
    """Ask what became of what is recorded and was not shown; a short list shows too little to ask."""
    if look.sight and look.definition and look.sight.sighting.history.complete:
        seen = read_in(look.sight, look.facts)
        refused = {fact.placed.txid for fact in look.facts if isinstance(fact, Refused)}
        known = recorded(archive, look.checks.project, refused=refused)
        missing = [one for txid, one in known.items() if txid not in seen]
        look.fates = await inquest.fates(missing, seen)


async def _each(looks: Iterable[_Look], step: Callable[[_Look], Awaitable[None]]) -> None:
    """Take one step with every project that has not failed; a failure is the project's own."""

    async def safely(look: _Look) -> None:
        try:
            await step(look)
        except SourceError as error:
            look.failure = error.message

    await all_of(safely(look) for look in looks if not look.failure)
