"""Who knows prices: mempool's indexers, a BTCPay store, and a file of one's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final, Protocol

import msgspec

from generator.errors import SourceError
from generator.sources.btcpay.greenfield import Greenfield
from generator.sources.btcpay.greenfield.values import Number, moment, number
from generator.sources.http import Http
from generator.sources.rates.own_file import OwnRate

#: A past day's rate is the price at its noon, UTC.
NOON: Final = time(12, tzinfo=UTC)
#: A price further from the moment asked for is not the price of that day.
STALE: Final = timedelta(hours=36)
#: A price from further ahead was told by a clock that is wrong.
AHEAD: Final = timedelta(hours=1)
#: No currency makes one bitcoin cost less, or more, or needs more decimals than this.
LEAST: Final = Decimal("0.000001")
MOST: Final = Decimal(10) ** 15
DECIMALS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What a provider says one bitcoin cost."""

    price: Decimal
    at: datetime | None  #: the moment it is of, None for a day as a whole
    provider: str  #: host, or what a file names


class PriceProvider(Protocol):
    """Somebody who knows prices."""

    knows_the_past: bool

    async def price(self, currency: str, day: date, at: datetime) -> Price | None:
        """Return the price of a day, seen at `at`; None when it is not known; raise `SourceError`."""
        ...


def usable(value: Number) -> Decimal | None:
    """Return a sent price; None for what no price can be: nothing, zero, negative, absurd."""
    price = number(value)
    if price is None or not LEAST <= price <= MOST:
        return None
    exponent = price.as_tuple().exponent
    return price if isinstance(exponent, int) and -exponent <= DECIMALS else None


class _Prices(msgspec.Struct, frozen=True):
    """The answer of ``historical-price``: ``{"prices": [{"time": 1, "EUR": 2.5}]}``."""

    prices: tuple[dict[str, Number], ...]


_PRICES: Final = msgspec.json.Decoder(_Prices, float_hook=Decimal)


class IndexerPrices:
    """The ``historical-price`` route of mempool's indexers: the price nearest to a moment."""

    knows_the_past = True

    def __init__(self, readers: Sequence[Http]) -> None:
        self._readers = list(readers)

    async def price(self, currency: str, day: date, at: datetime) -> Price | None:
        """Ask the first indexer that answers; one that failed is not asked again in this run."""
        asked = datetime.combine(day, NOON) if day < at.date() else at
        while True:
            reader = self._readers[0]
            try:
                return await self._ask(reader, currency, asked, latest=at + AHEAD)
            except SourceError:
                if len(self._readers) == 1:
                    raise
                self._readers.remove(reader)

    async def _ask(self, reader: Http, currency: str, asked: datetime, *, latest: datetime) -> Price | None:
        answer = await reader.get(
            "/api/v1/historical-price",
            subject=f"price of bitcoin in {currency}",
            params={"currency": currency, "timestamp": int(asked.timestamp())},
        )
        found = [
            (abs(at - asked), Price(price=price, at=at, provider=reader.host))
            for row in answer.decode(_PRICES).prices
            if (price := usable(row.get(currency))) is not None
            and (at := _moment(row.get("time"))) is not None
            and at <= latest
        ]
        distance, nearest = min(found, key=lambda pair: pair[0], default=(STALE, None))
        return nearest if distance <= STALE else None


class StorePrices:
    """A BTCPay store's own rates; they are of now only."""

    knows_the_past = False

    def __init__(self, store: str, api: Greenfield) -> None:
        self._store = store
        self._api = api

    async def price(self, currency: str, day: date, at: datetime) -> Price | None:  # noqa: ARG002 -- it knows only now
        """Return the price of this moment, None where the server lacks it for the currency."""
        pair = f"BTC_{currency}"
        for rate in await self._api.rates(self._store, [pair]):
            price = usable(rate.rate)
            if rate.currency_pair == pair and price is not None:
                return Price(price=price, at=at, provider=self._api.http.host)
        return None


class FilePrices:
    """A file of one's own: a price for each day that it names."""

    knows_the_past = True

    def __init__(self, rates: Sequence[OwnRate]) -> None:
        self._rates: Mapping[tuple[str, date], OwnRate] = {(rate.currency, rate.day): rate for rate in rates}

    async def price(self, currency: str, day: date, at: datetime) -> Price | None:  # noqa: ARG002 -- a file knows days
        """Return the price the file names for a day, without a moment."""
        found = self._rates.get((currency, day))
        return None if found is None else Price(price=found.price, at=None, provider=found.source)


def _moment(seconds: Number) -> datetime | None:
    return moment(seconds) if isinstance(seconds, int) else None
