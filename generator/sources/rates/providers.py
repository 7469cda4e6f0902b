"""Who knows prices: mempool's indexers, a BTCPay store, and a file of one's own."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from operator import itemgetter
from typing import Final, Protocol

import msgspec

from generator.sources.btcpay.greenfield import Greenfield
from generator.sources.btcpay.greenfield.values import Number, moment, number
from generator.sources.http import Http, Param
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

    async def prices(self, currency: str, days: Sequence[date], at: datetime) -> Mapping[date, Price]:
        """Return the prices of those of some days that are known, seen at `at`; raise `SourceError`.

        As few questions are asked as the provider allows; `days` is not empty.
        """
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
    """The ``historical-price`` route of one of mempool's indexers.

    An empty table answers with a price of 0 for 2010, a currency it lacks is -1 and one it never
    heard of an empty body: a price of nothing is no price, and somebody else is asked.
    """

    knows_the_past = True

    def __init__(self, reader: Http) -> None:
        self._reader = reader

    async def prices(self, currency: str, days: Sequence[date], at: datetime) -> Mapping[date, Price]:
        """Ask once: for a moment where one day is wanted, for the whole table where several are."""
        moments = {day: datetime.combine(day, NOON) if day < at.date() else at for day in days}
        params: dict[str, Param] = {"currency": currency}
        if len(moments) == 1:
            params["timestamp"] = int(moments[days[0]].timestamp())
        answer = await self._reader.get(
            "/api/v1/historical-price", subject=f"price of bitcoin in {currency}", params=params
        )
        rows = _rows(answer.decode(_PRICES), currency, latest=at + AHEAD)
        return {
            day: Price(price=row[1], at=row[0], provider=self._reader.host)
            for day, moment in moments.items()
            if (row := _row_of(moment, rows)) is not None
        }


def _rows(table: _Prices, currency: str, *, latest: datetime) -> list[tuple[datetime, Decimal]]:
    """Return the moments and prices of a table that can be true, oldest first."""
    return sorted(
        (at, price)
        for row in table.prices
        if (price := usable(row.get(currency))) is not None
        and (at := _moment(row.get("time"))) is not None
        and at <= latest
    )


def _row_of(asked: datetime, rows: Sequence[tuple[datetime, Decimal]]) -> tuple[datetime, Decimal] | None:
    """Return the newest row at or before a moment, else the first after it; None where both are too far."""
    after = bisect_right(rows, asked, key=itemgetter(0))
    near = (*rows[max(after - 1, 0) : after], *rows[after : after + 1])
    return next((row for row in near if abs(row[0] - asked) <= STALE), None)


class StorePrices:
    """A BTCPay store's own rates; they are of now only."""

    knows_the_past = False

    def __init__(self, store: str, api: Greenfield) -> None:
        self._store = store
        self._api = api

    async def prices(self, currency: str, days: Sequence[date], at: datetime) -> Mapping[date, Price]:
        """Return the price of this moment for today, nothing where the server lacks it for the currency."""
        pair = f"BTC_{currency}"
        for rate in await self._api.rates(self._store, [pair]):
            price = usable(rate.rate)
            if rate.currency_pair == pair and price is not None:
                now = Price(price=price, at=at, provider=self._api.http.host)
                return {day: now for day in days if day == at.date()}
        return {}


class FilePrices:
    """A file of one's own: a price for each day that it names."""

    knows_the_past = True

    def __init__(self, rates: Sequence[OwnRate]) -> None:
        self._rates: Mapping[tuple[str, date], OwnRate] = {(rate.currency, rate.day): rate for rate in rates}

    async def prices(self, currency: str, days: Sequence[date], at: datetime) -> Mapping[date, Price]:  # noqa: ARG002 -- a file knows days
        """Return the prices the file names for days, without a moment."""
        found = {day: self._rates.get((currency, day)) for day in days}
        return {
            day: Price(price=rate.price, at=None, provider=rate.source) for day, rate in found.items() if rate
        }


def _moment(seconds: Number) -> datetime | None:
    return moment(seconds) if isinstance(seconds, int) else None
