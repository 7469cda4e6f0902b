"""One filter of one relay, read backwards in time until a page brings nothing new.

A relay caps its pages silently, so a short page proves nothing: only a page without news does.
No event enters without its id and signature being checked, whatever the relay says.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NoReturn

import msgspec
from websockets.asyncio.client import ClientConnection

from generator.protocol.nostr import Event, EventError, Filter
from generator.sources.relays.large_event import LargeEvent
from generator.sources.relays.login import Login
from generator.sources.relays.reading import (
    CameTooOften,
    Ending,
    OversizedEvent,
    ReadingEnded,
    RelayLimits,
    RelayReading,
)
from generator.sources.relays.relay_page import RelayPage, message_in
from generator.sources.relays.relay_words import printable

#: A page of one second with this many events is taken for full; a smaller one, where older events follow.
SMALLEST_CAP: Final = 20
#: After which a relay that says that we ask too often is believed to mean it.
_PAUSES: Final = 3


@dataclass(slots=True, kw_only=True)
class Paging:
    """Reads one filter to its end into `reading`; raises `ReadingEnded` and what the connection raises."""

    connection: ClientConnection
    wanted: Filter
    reading: RelayReading
    limits: RelayLimits
    name: str  #: begins the names of its subscriptions
    login: Login
    largest: int = 0  #: events of the largest page of this filter
    seen: set[str] = field(default_factory=set)  #: of this filter; another one may have brought them before

    async def run(self) -> None:
        """Page backwards in time until a page brings nothing new."""
        until: int | None = None
        suspect = False
        for number in range(self.limits.events):
            page = await self._believed(f"{self.name}-{number}", replace(self.wanted, until=until))
            self.largest = max(self.largest, page.got)
            if number == 0 and page.backwards:
                await self._look_ahead(max(page.times) + 1)
            if page.fresh and page.times:
                # older events that the page before left out: it was full after all
                self.reading.counts["gaps"] += suspect
                suspect, until = False, min(page.times)
            elif page.newer:
                self.reading.counts["unpaged"] += 1
                return
            elif until is not None and not suspect and self._is_one_full_second(page):
                # `until` cannot page through it, so step past
                suspect = page.got < SMALLEST_CAP
                self.reading.counts["gaps"] += not suspect
                until -= 1
            else:
                return
            if self.wanted.ids and set(self.wanted.ids) <= self.reading.events.keys():
                return

    def _is_one_full_second(self, page: RelayPage) -> bool:
        """Tell whether a page may hold no more than one second; of one event, where no page ever held two."""
        full = page.got >= self.largest and (page.same > 1 or self.reading.largest_page == 1)
        return page.same > 0 and full

    async def _look_ahead(self, since: int) -> None:
        """See whether a relay that sends older events first keeps newer ones back."""
        page = await self._believed(f"{self.name}-ahead", replace(self.wanted, since=since))
        self.reading.counts["unpaged"] += page.fresh > 0

    async def _believed(self, subscription: str, asked: Filter) -> RelayPage:
        """Return a page whose end can be believed: some relays say that they failed, and then EOSE (khatru).

        A notice may be a greeting, so the question is put once more.
        """
        page = await self._page(subscription, asked)
        if not page.notices:
            return page
        again = await self._page(f"{subscription}-again", asked)
        if again.notices:
            raise ReadingEnded(Ending.DOUBTFUL, "twice gave a notice before it said that this was all")
        again.add(page)
        return again

    async def _page(self, subscription: str, asked: Filter) -> RelayPage:
        """Ask for a page; once more when a login has come between, which may show more."""
        page = await self._paced(subscription, asked)
        if self.login.is_news():
            again = await self._paced(f"{subscription}-in", asked)
            again.add(page)
            return again
        return page

    async def _paced(self, subscription: str, asked: Filter) -> RelayPage:
        """Ask for a page, again after a pause where a relay that has answered says that we ask too often."""
        for number in range(_PAUSES):
            try:
                return await self._answer(f"{subscription}{'-later' * number}", asked)
            except CameTooOften:
                await asyncio.sleep(self.limits.pause_s)
        return await self._answer(f"{subscription}-last", asked)

    async def _answer(self, subscription: str, asked: Filter) -> RelayPage:
        page = RelayPage(asked=replace(asked, limit=self.limits.page))
        self.reading.counts["pages"] += 1
        await self._send("REQ", subscription, page.asked.to_obj())
        clock = asyncio.get_running_loop().time
        over_at = clock() + self.limits.page_s
        patient_until = min(over_at, clock() + self.limits.idle_s)
        while True:
            try:
                async with asyncio.timeout_at(patient_until):
                    frame = await self.connection.recv()
            except TimeoutError:
                if page.refused:
                    raise ReadingEnded(Ending.CLOSED, page.refused) from None
                raise
            self.reading.bytes += len(frame)
            fresh = page.fresh
            if self._ends(frame, subscription, page):
                self.reading.largest_page = max(self.reading.largest_page, page.got)
                await self._send("CLOSE", subscription)
                return page
            self._require_bounds(page)
            if (event := self.login.due(self.reading.said.challenge)) is not None:
                await self._send("AUTH", event.to_obj())
            if page.fresh > fresh:  # chatter and forgeries do not buy time
                patient_until = min(over_at, clock() + self.limits.idle_s)

    def _ends(self, frame: str | bytes, subscription: str, page: RelayPage) -> bool:
        """Take one message; tell whether it ends the page."""
        match message_in(frame):
            case ["EOSE", name, *_] if name == subscription:
                page.ended = True
                return not self.login.pending
            case ["EVENT", name, found] if name == subscription:
                self._take(found, page)
            case ["CLOSED", name, *reason] if name == subscription and self.login.may_help(reason):
                page.refused = printable(*reason[:1])
            case ["CLOSED", name, *reason] if name == subscription:
                self._refused(page, printable(*reason[:1]))
            case ["OK", str(event), bool(accepted), *reason] if event == self.login.sent:
                return self._is_over(page, reason, accepted=accepted)
            case ["NOTICE", str(text), *_]:
                page.strays += 1
                page.notices += 1
                self.reading.said.take_notice(text)
            case ["AUTH", str(challenge), *_]:
                page.strays += 1
                self.reading.said.challenge = challenge
            case ["EVENT" | "EOSE" | "CLOSED" | "OK" | "COUNT" | "NOTICE" | "AUTH", *_]:
                page.strays += 1
            case _:
                page.strays += 1
                self._malformed("not a message")
        return False

    def _refused(self, page: RelayPage, reason: str) -> NoReturn:
        """Raise what a CLOSED means: the end, or a pause where nothing of this page was lost by it."""
        passing = "rate-limited:" in reason and self.reading.largest_page and not page.got
        raise (CameTooOften if passing else ReadingEnded)(Ending.CLOSED, reason)

    def _is_over(self, page: RelayPage, reason: Sequence[object], *, accepted: bool) -> bool:
        """Take the verdict on our login; tell whether the page is to be asked again or was at its end."""
        self.login.accepted = self.reading.said.logged_in = accepted
        if accepted:
            return True
        self.reading.said.login_refused = printable(*reason[:1]) or "without a reason"
        if page.refused:
            raise ReadingEnded(Ending.CLOSED, page.refused)
        return page.ended

    async def _send(self, *parts: object) -> None:
        await self.connection.send(msgspec.json.encode(parts).decode())

    def _take(self, found: object, page: RelayPage) -> None:
        """Take an event into the reading if its id and signature are right and it was asked for."""
        page.got += 1
        try:
            event = found if isinstance(found, LargeEvent) else Event.parse(found)
        except EventError as error:
            self._malformed(error.reason)
            return
        if not page.asked.matches(event):
            self.reading.counts["foreign"] += 1
            page.newer += replace(page.asked, until=None).matches(event) and event.problem is None
            return
        if self.reading.events.get(event.id) != event and event.problem:
            self.reading.counts["forged"] += 1
            return
        page.fresh += event.id not in self.seen
        self.seen.add(event.id)
        if self._is_too_large(event):  # it counts for paging: what is behind it must be seen
            self._refuse(event)
        else:
            self.reading.events[event.id] = event
        page.same += event.created_at == page.asked.until
        page.times.append(event.created_at)

    def _is_too_large(self, event: Event) -> bool:
        """Tell whether it is not kept: what anybody may send is bounded more than what was asked by name."""
        named = self.wanted.authors or self.wanted.ids
        return isinstance(event, LargeEvent) or event.size > (
            self.limits.event_bytes if named else self.limits.stranger_bytes
        )

    def _refuse(self, event: Event) -> None:
        self._malformed("too large")
        if self.wanted.authors:
            self.reading.too_large[event.id] = OversizedEvent(
                id=event.id,
                pubkey=event.pubkey,
                kind=event.kind,
                d=event.tag("d"),
                created_at=event.created_at,
                size=event.size,
            )

    def _malformed(self, reason: str) -> None:
        self.reading.counts["malformed"] += 1
        self.reading.reasons[reason] += 1

    def _require_bounds(self, page: RelayPage) -> None:
        if page.got > self.limits.page:
            detail = f"sent more than the {self.limits.page} events asked for"
        elif page.strays > self.limits.strays:
            detail = f"sent more than {self.limits.strays} messages that are no answer"
        elif len(self.reading.events) > self.limits.events:
            detail = f"sent more than {self.limits.events} events"
        elif self.reading.bytes > self.limits.bytes:
            detail = f"sent more than {self.limits.bytes} bytes"
        else:
            return
        raise ReadingEnded(Ending.FLOOD, detail)
