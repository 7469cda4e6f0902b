"""Exchange rates: the price of one bitcoin on the UTC days that have entries, and today's.

A recorded rate is never asked for again and never replaced; a price that
nobody knows is absent, and asked for again by the next run.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final, Protocol

import httpx
import msgspec

from generator.config import model
from generator.errors import SourceError
from generator.ledger import Entry
from generator.snapshot import Known, Rate, Record
from generator.sources import Tally
from generator.sources.btcpay.greenfield import Greenfield
from generator.sources.btcpay.wire import Number, moment, number
from generator.sources.http import Http, Limits

SOURCE: Final = "rates"
#: Days asked for in one run; the newest first, the rest is left to the next runs.
MOST_DAYS: Final = 200
#: A past day's rate is the price at its noon, UTC.
NOON: Final = time(12, tzinfo=UTC)
#: A price further from the moment asked for is not the price of that day.
STALE: Final = timedelta(hours=36)


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What a provider says one bitcoin cost at a moment."""

    price: Decimal
    at: datetime
    provider: str


class Provider(Protocol):
    """Somebody who knows prices."""

    knows_the_past: bool

    async def price(self, currency: str, asked: datetime) -> Price | None:
        """Return the price at a moment, None when it is not known; raise `SourceError`."""
        ...


class Rates:
    """The configured provider's prices in one currency, as a source.

    Provider ``mempool`` asks the `indexers` in order and goes on to the next
    when one fails; ``btcpay`` asks a store of `server` and knows only today.
    """

    def __init__(
        self,
        config: model.Rates,
        *,
        currency: str,
        client: httpx.AsyncClient,
        indexers: Sequence[str] = (),
        server: model.BTCPayServer | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.name = SOURCE
        self.tally = Tally()
        self._currency = currency

        def reader(url: str) -> Http:
            counts = self.tally.counts
            return Http(client=client, source=SOURCE, base_url=url, limits=limits or Limits(), counts=counts)

        self._provider: Provider = (
            Store(config.store or "", Greenfield(server, reader(server.url)))
            if server
            else History([reader(url) for url in indexers])
        )

    async def collect(self, known: Known, *, at: datetime, full: bool) -> AsyncIterator[Record]:  # noqa: ARG002 -- a recorded rate stands, so a full run asks for nothing more
        """Yield a rate for each day that lacks one, as far as the provider knows it.

        When the provider fails half-way, what it said until then is kept.
        """
        wanted = missing_days(known, self._currency, at)
        if not self._provider.knows_the_past:
            wanted = [day for day in wanted if day == at.date()]
        for number_of_day, day in enumerate(wanted):
            asked = min(at, datetime.combine(day, NOON)) if day < at.date() else at
            try:
                found = await self._provider.price(self._currency, asked)
            except SourceError:
                if not number_of_day:
                    raise
                self.tally.counts["unanswered_rates"] += len(wanted) - number_of_day
                return
            if found is None:
                self.tally.counts["missing_rates"] += 1
            else:
                yield self._rate(day, found)

    def _rate(self, day: date, found: Price) -> Rate:
        return Rate(
            id=f"{self._currency}/{day}",
            source=SOURCE,
            currency=self._currency,
            day=str(day),
            price=found.price,
            provider=found.provider,
            at=found.at,
        )


def missing_days(known: Known, currency: str, at: datetime) -> list[date]:
    """Return today and the days of entries without a rate, newest first, at most `MOST_DAYS`."""
    recorded = {rate.day for rate in known.of(Rate) if rate.currency == currency}
    days = {at.date()} | {entry.at.date() for entry in known.of(Entry) if entry.at <= at}
    return sorted((day for day in days if str(day) not in recorded), reverse=True)[:MOST_DAYS]


class _Prices(msgspec.Struct, frozen=True):
    """The answer of ``historical-price``: ``{"prices": [{"time": 1, "EUR": 2.5}]}``."""

    prices: tuple[dict[str, Number], ...]


_PRICES: Final = msgspec.json.Decoder(_Prices, float_hook=Decimal)


class History:
    """The ``historical-price`` route of mempool's indexers: the price nearest to a moment."""

    knows_the_past = True

    def __init__(self, readers: Sequence[Http]) -> None:
        self._readers = list(readers)

    async def price(self, currency: str, asked: datetime) -> Price | None:
        """Return the first answering indexer's price; one that failed is not asked again in this run."""
        while True:
            reader = self._readers[0]
            try:
                return await self._ask(reader, currency, asked)
            except SourceError:
                if len(self._readers) == 1:
                    raise
                self._readers.remove(reader)

    async def _ask(self, reader: Http, currency: str, asked: datetime) -> Price | None:
        answer = await reader.get(
            "/api/v1/historical-price",
            subject=f"price of bitcoin in {currency}",
            params={"currency": currency, "timestamp": int(asked.timestamp())},
        )
        prices = [found for row in answer.decode(_PRICES).prices if (found := _price(row, currency, reader))]
        nearest = min(prices, key=lambda found: abs(found.at - asked), default=None)
        return nearest if nearest and abs(nearest.at - asked) <= STALE else None


class Store:
    """A BTCPay store's own rates; they are of now only."""

    knows_the_past = False

    def __init__(self, store: str, api: Greenfield) -> None:
        self._store = store
        self._api = api

    async def price(self, currency: str, asked: datetime) -> Price | None:
        """Return the store's price of this moment; the server may lack it for the currency."""
        pair = f"BTC_{currency}"
        for rate in await self._api.rates(self._store, [pair]):
            price = number(rate.rate)
            if rate.currency_pair == pair and price is not None and price > 0:
                return Price(price=price, at=asked, provider=self._api.http.host)
        return None


def _price(row: dict[str, Number], currency: str, reader: Http) -> Price | None:
    price, seconds = number(row.get(currency)), row.get("time")
    at = moment(seconds) if isinstance(seconds, int) else None
    if price is None or price <= 0 or at is None:
        return None
    return Price(price=price, at=at, provider=reader.host)
