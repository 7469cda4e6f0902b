"""Several relays as one answer: the union of what they sent, if enough of them answered to the end."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import httpx

from generator.errors import Unavailable
from generator.protocol.nostr import Event, Filter
from generator.sources.hosts import Hosts, mapped_place
from generator.sources.public_internet import NOT_PUBLIC
from generator.sources.relays.information import RelayInformation, read_information
from generator.sources.relays.reader import read_relay
from generator.sources.relays.reading import Ending, OversizedEvent, RelayLimits, RelayReading
from generator.sources.relays.relay_lists import chosen, public_place

#: Whom messages name.
SOURCE: Final = "angor"
#: Seconds to wait for what a relay says about itself; without it the usual limits hold.
_INFORMED_S: Final = 2.0


@dataclass(slots=True, kw_only=True)
class Relays:
    """The relays of a run; counts and remembers how each answered."""

    urls: Sequence[str]
    quorum: int = 1  #: how many must answer completely
    follows: int = 0  #: how many relays that authors name are read besides
    strangers: bool = False  #: whether `urls` came as data, so that public addresses alone are asked
    limits: RelayLimits = field(default_factory=RelayLimits)
    hosts: Hosts = field(default_factory=dict)  #: where names lead that are not to be looked up
    secret: bytes | None = field(default=None, repr=False)  #: logs in where `urls` want it (NIP-42)
    client: httpx.AsyncClient | None = None  #: asks what relays say about themselves (NIP-11); None: nobody
    counts: Counter[str] = field(default_factory=Counter)
    too_large: dict[str, OversizedEvent] = field(default_factory=dict)  #: what was not kept, by id
    endings: dict[str, str] = field(default_factory=dict)  #: url → first ending that is not complete
    listened_s: defaultdict[str, float] = field(
        default_factory=lambda: defaultdict(float)
    )  #: url → seconds spent on it in this run
    _informing: dict[str, asyncio.Task[RelayInformation | None]] = field(default_factory=dict)  #: once a run
    _silent: dict[str, RelayReading] = field(default_factory=dict)  #: waited for once, and how that ended

    async def read(self, filters: Sequence[Filter], *, quorum: int | None = None) -> dict[str, Event]:
        """Ask every relay at once; return the union of their verified events, by id and in its order.

        Raise `Unavailable` naming each relay when the quorum is missed. Valid
        events of relays that did not answer completely are part of the union too:
        more signed evidence cannot mislead, less can. `quorum` replaces the run's
        own where an answer is welcome and nothing depends on it.
        """
        readings = await asyncio.gather(*(self._ask(url, filters) for url in self.urls))
        for reading in readings:
            self._note(reading)
        needed = self.quorum if quorum is None else quorum
        complete = sum(reading.ending is Ending.COMPLETE for reading in readings)
        if complete < needed:
            endings = ", ".join(map(str, readings))
            observed = f"{complete} of {len(readings)} relays answered completely"
            raise Unavailable(SOURCE, f"{observed}, expected {needed}: {endings}")
        merged = {event.id: event for reading in readings for event in reading.events.values()}
        self._name_empty_handed(readings, merged.keys())
        return dict(sorted(merged.items()))

    async def follow(
        self, lists: Iterable[Event], ask: Callable[[Sequence[str]], Sequence[Filter]]
    ) -> dict[str, Event]:
        """Return what the relays that authors name have of these authors; none of them can fail a run.

        `lists` are the authors' relay lists, `ask` makes the questions about some authors.
        """
        found = chosen(lists, self.urls, self.hosts, most=self.follows)
        visits = (self._visit(url, ask(sorted(authors))) for url, authors in found.items())
        readings = await asyncio.gather(*visits)
        for reading in readings:
            self._note(reading)
        return {event.id: event for reading in readings for event in reading.events.values()}

    async def _visit(self, url: str, filters: Sequence[Filter]) -> RelayReading:
        place = await public_place(url, self.hosts, patience_s=self.limits.open_s)
        if place is None:
            return RelayReading(url=url, detail=NOT_PUBLIC)
        return await read_relay(url, filters, replace(self.limits, total_s=self.limits.page_s), place=place)

    async def _ask(self, url: str, filters: Sequence[Filter]) -> RelayReading:
        if url in self._silent:
            silent = self._silent[url]
            return RelayReading(url=url, ending=silent.ending, detail=silent.detail, said=silent.said)
        place = mapped_place(url, self.hosts)
        if self.strangers:
            place = await public_place(url, self.hosts, patience_s=self.limits.open_s)
            if place is None:
                return RelayReading(url=url, detail=NOT_PUBLIC)
        clock = asyncio.get_running_loop().time
        began = clock()
        known = await self._information(url)
        left = replace(self.limits.within(known), total_s=self.limits.total_s - self.listened_s[url])
        reading = await read_relay(url, filters, left, place=place, secret=self.secret)
        reading.said.wants_login = known.auth_required is True
        self.listened_s[url] += clock() - began
        if reading.ending is Ending.TIMEOUT:
            self._silent[url] = reading
        return reading

    async def _information(self, url: str) -> RelayInformation:
        """Return what a relay says about itself, asked once a run."""
        if self.client is None:
            return RelayInformation()
        if url not in self._informing:
            asking = read_information(self.client, url, patience_s=_INFORMED_S)
            self._informing[url] = asyncio.create_task(asking)
        return await self._informing[url] or RelayInformation()

    def _name_empty_handed(self, readings: Sequence[RelayReading], merged: Collection[str]) -> None:
        """Name each relay that gave nothing, or the smaller part, of what others have.

        One alone cannot be told from an empty one. So does a relay that guards against readers of everything
        (nostr-rs-relay's `limit_scrapers`), one that keeps an impostor's copy alone, and one that cuts its
        answers and says that this was all; what one relay alone has may be spam, and shows nothing of others.
        """
        holders = Counter(id_ for reading in readings for id_ in reading.events)
        shared = {id_ for id_, count in holders.items() if count > 1}
        for reading in readings:
            if reading.ending is not Ending.COMPLETE:
                continue
            others, missing = len(merged) - len(reading.events), len(shared - reading.events.keys())
            if others > len(reading.events) and shared.isdisjoint(reading.events):
                what = "the event" if others == 1 else f"any of the {others} events"
                self._keep_ending(reading.url, f"{Ending.COMPLETE}, without {what} that other relays have")
            elif missing > len(shared) // 2:
                what = f"{missing} of the {len(shared)} events that two others have"
                self._keep_ending(reading.url, f"{Ending.COMPLETE}, without {what}")

    def _keep_ending(self, url: str, outcome: str) -> None:
        """Keep the first ending of a relay that is not well."""
        if self.endings.get(url, Ending.COMPLETE) == Ending.COMPLETE:
            self.endings[url] = outcome

    def _note(self, reading: RelayReading) -> None:
        for name in ("forged", "foreign", "malformed"):
            self.counts[f"{name}_events"] += reading.counts[name]
        self.too_large |= reading.too_large
        self._keep_ending(reading.url, reading.outcome)
