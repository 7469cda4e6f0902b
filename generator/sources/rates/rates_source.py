"""The providers' prices as a source: a rate for each day that lacks one.

A recorded rate is never asked for again and never replaced; a price that
nobody knows is absent, and asked for again by the next run.
"""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from generator.errors import SourceError, Unavailable
from generator.ledger import Entry
from generator.snapshot import Finding, Known, Rate, Record, Result, Withdrawn
from generator.sources import Tally
from generator.sources.rates.providers import Price, PriceProvider

#: Neighbours are at most this far away, and this many.
NEAR: Final = timedelta(days=60)
MOST_NEIGHBOURS: Final = 7
#: Times above or below a neighbour that make a price incredible.
TIMES: Final = 10
SOURCE: Final = "rates"
CHECK: Final = "rate-plausible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Why a price is not believed: the nearest neighbour that contradicts it."""

    above: bool
    day: date
    price: Decimal


def contradiction(day: date, price: Decimal, others: Mapping[date, Decimal]) -> Contradiction | None:
    """Return what contradicts a price, when most of its neighbours do; None for a plausible or lone one.

    Bitcoin's price changed tenfold within two months never since it has had a market worth
    the name: a price ten times off is a slip of unit, currency or decimal point.
    """
    near = sorted((abs(other - day), other) for other in others if other != day and abs(other - day) <= NEAR)[
        :MOST_NEIGHBOURS
    ]
    against = [other for _, other in near if max(price, others[other]) >= TIMES * min(price, others[other])]
    if 2 * len(against) <= len(near):
        return None
    nearest = against[0]
    return Contradiction(above=price > others[nearest], day=nearest, price=others[nearest])


class RatesSource:
    """Providers in the order in which they are asked; the first that knows a day's price gives it.

    The next one is asked for what a provider does not know, and for what cannot be true beside
    the other days. One that cannot be reached is not asked again in this run. The source has failed
    when nobody answered.
    """

    def __init__(
        self, providers: Sequence[PriceProvider], *, currencies: Sequence[str], tally: Tally
    ) -> None:
        self.name = SOURCE
        self.tally = tally  #: the one that the providers' readers count in
        self._providers = list(providers)
        self._currencies = currencies
        self._failures: list[SourceError] = []

    async def collect(self, known: Known, *, at: datetime, full: bool) -> AsyncIterator[Record]:  # noqa: ARG002 -- a recorded rate stands, so a full run asks for nothing more
        """Yield a rate for each day that lacks one, and a finding for each price that cannot be true."""
        answered = False
        for currency in self._currencies:
            wanted = missing_days(known, currency, at)
            prices = _DayPrices(_recorded(known, currency), {}, {})
            heard = await self._ask(prices, currency, wanted, at)
            unknown = sum(day not in prices.taken and day not in prices.refused for day in wanted)
            self.tally.counts["missing_rates" if heard else "unanswered_rates"] += unknown
            answered = answered or heard
            for record in _records(known, currency, prices):
                self.tally.counts["refused_rates"] += isinstance(record, Finding)
                yield record
        if not answered:
            raise self._failure()

    async def _ask(self, prices: "_DayPrices", currency: str, days: Sequence[date], at: datetime) -> bool:
        """Ask for days until each has a price or nobody is left; tell whether anybody answered."""
        heard = not days
        for provider in list(self._providers):
            past = provider.knows_the_past
            wanted = [day for day in days if day not in prices.taken and (past or day == at.date())]
            if not wanted:
                continue
            try:
                prices.take(await provider.prices(currency, wanted, at))
                heard = True
            except SourceError as error:
                self._failures.append(error)
                self.tally.counts["failed_providers"] += 1
                if isinstance(error, Unavailable):
                    self._providers.remove(provider)
        return heard

    def _failure(self) -> SourceError:
        if len(self._failures) == 1:
            return self._failures[0]
        return Unavailable(SOURCE, "; ".join(dict.fromkeys(error.message for error in self._failures)))


@dataclass(frozen=True, slots=True)
class _DayPrices:
    """Prices of one currency by day: those in the log, those believed, and those that were not."""

    recorded: Mapping[date, Decimal]
    taken: dict[date, Price]
    refused: dict[date, tuple[Price, Contradiction]]

    def take(self, offered: Mapping[date, Price]) -> None:
        """Believe what is plausible of what was and is offered; a day may be offered again."""
        offers = self.taken | dict(offered)
        around = {**self.recorded, **{day: price.price for day, price in offers.items()}}
        for day, price in offers.items():
            against = contradiction(day, price.price, around)
            if against is None:
                self.taken[day] = price
                self.refused.pop(day, None)
            else:
                self.taken.pop(day, None)
                self.refused[day] = (price, against)


def _recorded(known: Known, currency: str) -> dict[date, Decimal]:
    rates = (rate for rate in known.of(Rate) if rate.currency == currency)
    return {date.fromisoformat(rate.day): rate.price for rate in rates}


def missing_days(known: Known, currency: str, at: datetime) -> list[date]:
    """Return today, the last day of the month before and the days of entries without a rate, newest first."""
    days = {entry.at.date() for entry in known.of(Entry) if entry.at <= at}
    days |= {at.date(), at.date().replace(day=1) - timedelta(days=1)}
    return sorted(days - _recorded(known, currency).keys(), reverse=True)


def _records(known: Known, currency: str, prices: _DayPrices) -> Iterator[Record]:
    """Yield rates, newest first; for prices that cannot be true, what speaks against them."""
    for day in sorted(prices.taken.keys() | prices.refused.keys(), reverse=True):
        if day not in prices.taken:
            yield _refusal(currency, day, *prices.refused[day])
            continue
        price = prices.taken[day]
        yield Rate(
            id=f"{currency}/{day}",
            source=SOURCE,
            currency=currency,
            day=str(day),
            price=price.price,
            provider=price.provider,
            at=price.at,
        )
        finding_id = _finding_id(currency, day)
        if ("finding", SOURCE, finding_id) in known.records:
            yield Withdrawn(id=f"finding/{finding_id}", source=SOURCE, reason="a plausible rate was recorded")


def _refusal(currency: str, day: date, price: Price, against: Contradiction) -> Finding:
    """Make the finding; the price is rounded, so that a wrong one that moves is not news each run."""
    return Finding(
        id=_finding_id(currency, day),
        source=SOURCE,
        check=CHECK,
        subject=f"{currency}/{day}",
        result=Result.FAILED,
        reason=(
            f"{price.provider} says about {_rounded(price.price)} {currency}, more than {TIMES} times "
            f"{'above' if against.above else 'below'} {against.price:f} {currency} of {against.day}; "
            "it is not recorded, and the next run asks again"
        ),
    )


def _finding_id(currency: str, day: date) -> str:
    return f"{CHECK}/{currency}/{day}"


def _rounded(price: Decimal) -> str:
    """Write a price with one significant digit."""
    digit = Decimal(price.as_tuple().digits[0])
    return f"{digit.scaleb(price.adjusted()):f}"
