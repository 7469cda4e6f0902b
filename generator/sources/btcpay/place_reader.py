"""Asking for the places of a store: which apps are its own, what they say, what is listed as theirs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from generator.config import BTCPayBinding
from generator.errors import Invalid, SourceError, Unavailable
from generator.ledger import Entry
from generator.periods import with_rule
from generator.places import REST, btcpay_place, store_source
from generator.snapshot import Known, Project
from generator.snapshot.records import APP
from generator.sources.btcpay.crowdfund import is_understood, last_reset, recurrence_of
from generator.sources.btcpay.digest_set import digest_of
from generator.sources.btcpay.greenfield import Greenfield
from generator.sources.btcpay.greenfield.invoice_list import InvoiceList
from generator.sources.btcpay.greenfield.refusals import AppNotFound, NotAllowed
from generator.sources.btcpay.greenfield.wire import Crowdfund
from generator.sources.btcpay.reading_plan import ReadingPlan
from generator.sources.btcpay.store_place import StorePlace
from generator.sources.btcpay.switch import NEVER, Switch, decided, shows_switch
from generator.sources.btcpay.terms import REQUESTS

#: Invoices younger than this may have come after their term was asked for; so it is asked for again.
_YOUNG: Final = timedelta(minutes=10)
_ELSEWHERE: Final = "earlier it was read in a store that the server named by source does not list"


@dataclass(slots=True, kw_only=True)
class PlaceReader:
    """Reads what attribution needs to know of one store before its invoices."""

    api: Greenfield
    store: str
    plan: ReadingPlan  #: everything, once a goal is found to begin anew otherwise than before
    at: datetime
    known: Known
    _silence: Unavailable | None = None  #: why no more settings are asked for

    async def read(self, bindings: Iterable[BTCPayBinding]) -> list[StorePlace]:
        """Ask for the bound places of this store, in the order of the configuration."""
        asked = [await self._bound(binding) for binding in bindings]
        places = [place for place in asked if place is not None]
        if any(place.recut for place in places):
            self.plan = ReadingPlan(since=None)
        if "invoices" in self.api.server.include:
            await self._list(places)
        return places

    async def list_young(self, places: Sequence[StorePlace], newest: int) -> None:
        """List the youngest invoices again, where one was created as late as `newest` (Unix seconds)."""
        since = self.at - _YOUNG
        if newest >= since.timestamp():
            for place in places:
                if place.kind != "request" and place.term:
                    await self._list_term(place, since)

    async def _list(self, places: Sequence[StorePlace]) -> None:
        apps = [place for place in places if place.kind in ("crowdfund", "pos")]
        requests = [place for place in places if place.kind == "request"]
        found = [await self._list_term(place, self.plan.since) for place in apps]
        paid = {entry.place for entry in self.known.of(Entry)}
        for place, (number, _) in zip(apps, found, strict=True):
            place.unseen &= not number
            if place.kind == "pos":
                place.unread = place.unread if place.unseen else ""
                if not (number or place.place in paid or self._is_seen(place)):
                    await self._look_for(place)
            place.here = number > 0 or place.place in paid or len(self.api.server.stores) == 1
        await self._switch(apps, _earliest(earliest for _, earliest in found))
        if requests:
            await self._switch(requests, await self._first_with_id())

    def _is_seen(self, place: StorePlace) -> bool:
        """Tell whether an earlier run found a place, or had no way to look for it."""
        standing = self._standing(place)
        return standing is not None and APP not in standing.unread

    async def _look_for(self, till: StorePlace) -> None:
        """Ask for a point of sale that nothing was ever seen of: its id may be mistyped.

        A server before 2.0.5 shows it to no key that only reads, and then nothing is said.
        """
        try:
            found = await self.api.point_of_sale(till.private_id)
        except (AppNotFound, Unavailable) as error:
            if not isinstance(error, NotAllowed):
                till.unseen, till.unread = True, error.message
        except Invalid:
            return  # nor has every server the question
        else:
            if found.store_id not in self.api.server.stores:
                msg = f"point of sale {till.private_id} is in a store that sources.btcpay does not list"
                till.unseen, till.unread = True, f"{msg}; add its store id to stores"

    async def look_for_requests(self, places: Iterable[StorePlace]) -> None:
        """Ask for payment requests without any invoice, now that all were read: an id may be mistyped."""
        paid = {entry.place for entry in self.known.of(Entry)}
        for place in places:
            if place.kind != "request" or place.unread or place.counts["invoices"] or place.place in paid:
                continue
            try:
                await self.api.find_request(place.private_id, place.term)
            except (AppNotFound, Unavailable) as error:
                place.unseen, place.unread = True, error.message
            except Invalid:
                pass  # nor has every server the question

    async def _list_term(self, place: StorePlace, since: datetime | None) -> tuple[int, int | None]:
        """Note what is listed under a place's term; return how many, and the first that `shows_switch`."""
        number, earliest = 0, None
        listing = self._listing(place.term, since)
        async for page in listing.pages():
            number += len(page)
            for invoice in page:
                place.listed.add(digest_of(invoice.id))
                if shows_switch(invoice, place.kind, place.term):
                    earliest = _earliest((earliest, invoice.created_time))
        place.complete &= listing.complete
        return number, earliest

    async def _first_with_id(self) -> int | None:
        """Find the first invoice of any payment request of the store that names it."""
        return _earliest(
            [
                invoice.created_time
                async for page in self._listing(REQUESTS, self.plan.since).pages()
                for invoice in page
                if shows_switch(invoice, "request", REQUESTS)
            ]
        )

    def _listing(self, term: str, since: datetime | None) -> InvoiceList:
        return InvoiceList(
            api=self.api, store=self.store, since=since, until=self.at, term=term, with_methods=False
        )

    async def _switch(self, places: Sequence[StorePlace], earliest: int | None) -> None:
        version = ""
        recorded = {place.place: self._recorded(place) for place in places}
        if earliest is None and any(found is None or found.at == NEVER for found in recorded.values()):
            version = await self.api.version()
        for place in places:
            place.switch = decided(earliest, recorded[place.place], version, self.at)

    def _recorded(self, place: StorePlace) -> Switch | None:
        return Switch.of(self._standing(place))

    def _standing(self, place: StorePlace) -> Project | None:
        found = self.known.records.get(("project", self.api.http.source, place.place))
        return found if isinstance(found, Project) else None

    async def _bound(self, binding: BTCPayBinding) -> StorePlace | None:
        """Find out whether an app is of this store, and what it says of itself.

        A point of sale or a payment request is looked for among the invoices of every listed
        store, so no right to read its settings is needed; nor does an old server tell us a crowdfund's.
        """
        server = self.api.server
        place = StorePlace(
            place=btcpay_place(self.store, binding.part),
            kind=binding.kind,
            private_id=binding.app or binding.pos or binding.payment_request or "",
            old_till=binding.old_till,
        )
        seen = {
            record.id: record.source
            for record in self.known.of(Project)
            if record.id.endswith(f"/{binding.part}") and APP not in record.unread
        }
        here = {name for name, source in seen.items() if source in map(store_source, server.stores)}
        if not binding.app:
            if seen and not here and place.private_id:
                place.unseen, place.unread = True, _ELSEWHERE
            return place
        standing = self._standing(place)
        place.recurs = standing.recurs if standing else ()
        try:
            crowdfund = await self._crowdfund(binding.app)
        except SourceError as error:
            place.unread = error.message  # its invoices and its search term stay on the server
            place.gone = isinstance(error, AppNotFound)
            place.unseen = place.gone and not here
            return place if place.place in here or not here else None
        if crowdfund.store_id != self.store:
            return None
        if "crowdfund" in server.include:
            place.crowdfund, place.period_at = crowdfund, last_reset(crowdfund, self.at)
            before, place.recurs = place.recurs, with_rule(place.recurs, recurrence_of(crowdfund), self.at)
            place.recut = standing is not None and place.recurs != before
        return place

    async def _crowdfund(self, app: str) -> Crowdfund:
        """Ask for the settings of a crowdfund of a listed store; after one without any answer no more."""
        if self._silence:
            raise self._silence
        try:
            found = await self.api.crowdfund(app)
        except Unavailable as error:
            self._silence = error if error.__cause__ else None  # the connection, not the app
            raise
        if found.store_id not in self.api.server.stores:
            msg = (
                f"crowdfund {app} is in a store that sources.btcpay does not list; "
                f"listed: {', '.join(self.api.server.stores)}; add its store id to stores"
            )
            raise AppNotFound(self.api.http.source, msg)
        if not is_understood(found):
            msg = f"crowdfund {app} has a goal that cannot be read; is BTCPay newer than Sunlit?"
            raise Invalid(self.api.http.source, msg)
        return found


def rest_of(store: str, places: Iterable[StorePlace]) -> StorePlace:
    """Return the place of what no other place has: bound itself, or made."""
    name = btcpay_place(store, REST)
    bound = (place for place in places if place.place == name)
    return next(bound, StorePlace(place=name, kind="store"))


def _earliest(times: Iterable[int | None]) -> int | None:
    return min((time for time in times if time is not None), default=None)
