"""What money was worth, and is worth: the invoice's own rate, else the recorded rate of the UTC day.

Values are exact fractions with a decimal end: nothing is rounded before it is
shown. What has no rate has no value.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property
from hashlib import sha256
from operator import itemgetter
from typing import Any, NamedTuple, Self

import msgspec

from generator.ledger import Entry
from generator.money import MSAT_PER_BTC
from generator.report.days import last_full_month
from generator.report.project_rows import ProjectRows
from generator.snapshot import Rate

#: Who said the rate, where an invoice did.
INVOICE = "invoice"
_NOTHING = Fraction()


class Worth(NamedTuple):
    """The value of the part of a row that has a rate, and the part that has none."""

    value: Fraction | None  #: None if no part of it has a rate
    unrated_msat: int
    by: str  #: who said the rate: ``invoice``, a provider, both, or empty


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """The recorded rates of a report; without any, only invoices know values."""

    currencies: tuple[str, ...] = ()  #: those that figures and columns are made for
    day: str = ""  #: UTC day of as-of: what "today" means
    month_end: date = date.min  #: last day of the last full month before it
    rates: Mapping[str, Rate] = field(default_factory=dict)  #: by ``EUR/2025-01-08``, in that order
    _by_day: Mapping[str, Mapping[str, Rate]] = field(default_factory=dict, repr=False, compare=False)
    _hashes: list[tuple[str, str]] = field(default_factory=list, repr=False, compare=False)

    @classmethod
    def of(cls, rates: Iterable[Rate], currencies: tuple[str, ...], as_of: datetime) -> Self:
        """Index recorded rates."""
        found = {f"{rate.currency}/{rate.day}": rate for rate in rates}
        month_end = last_full_month(as_of.date())
        by_day: defaultdict[str, dict[str, Rate]] = defaultdict(dict)
        for name, rate in found.items():
            by_day[rate.day][name] = rate
        return cls(
            currencies=currencies,
            day=str(as_of.date()),
            month_end=month_end,
            rates=dict(sorted(found.items())),
            _by_day=by_day,
        )

    def on(self, currency: str, day: str) -> Rate | None:
        """Return the rate recorded for a UTC day, None without one."""
        return self.rates.get(f"{currency}/{day}")

    def on_days(self, days: Collection[date]) -> Self:
        """Return the prices with the rates of these UTC days and of the month's end alone, none of today."""
        found: dict[str, Rate] = {}
        for day in {*days, self.month_end}:
            found |= self._by_day.get(day.isoformat(), {})
        return replace(self, day="", rates=dict(sorted(found.items())), _by_day={}, _hashes=[])

    def digest_until(self, day: date) -> str:
        """Return a hash of all recorded rates up to a UTC day, and of the month's end.

        Rates are appended day by day: so it covers what `on_days` returns for any days up to this one, and
        costs the same for many days as for one.
        """
        name = str(max(day, self.month_end))
        place = bisect_right(self._chain, name, key=itemgetter(0))
        told = (self.currencies, self.month_end, self._chain[place - 1][1] if place else "")
        return sha256(msgspec.json.encode(told)).hexdigest()

    @property
    def _chain(self) -> Sequence[tuple[str, str]]:
        """The days with rates, in order, each with the hash of the rates up to its end."""
        if not self._hashes:
            told = ""
            for day, rates in sorted(self._by_day.items()):
                told = sha256(msgspec.json.encode((told, sorted(rates.items())))).hexdigest()
                self._hashes.append((day, told))
        return self._hashes

    def at_receipt(self, entry: Entry, currency: str) -> Worth:
        """Return what a row was worth when it came in: by the invoices' own rates, the rest by the day's."""
        own, rest_msat = _own(entry, currency)
        invoice = INVOICE if rest_msat < entry.amount_msat else ""
        rate = self.on(currency, entry.at.date().isoformat()) if rest_msat else None
        if rate is None:
            return Worth(own if invoice else None, rest_msat, invoice)
        provider = rate.provider or "unnamed"
        by = f"{invoice} and {provider}" if invoice else provider
        rest = worth(rest_msat, rate)
        return Worth(own + rest if own else rest, 0, by)

    def worth_on(self, day: str, amount_msat: int, currency: str) -> Fraction | None:
        """Return what an amount is worth at the rate of a UTC day; None if none is recorded."""
        rate = self.on(currency, day)
        return None if rate is None else worth(amount_msat, rate)


class PricesOfDays:
    """The prices that a project's rows need: a hash at once, themselves when they are asked for."""

    def __init__(self, every: Prices, rows: ProjectRows) -> None:
        self._every = every
        self._rows = rows

    @cached_property
    def digest(self) -> str:
        """A hash of at least what is `found`."""
        return self._every.digest_until(self._rows.last.date() if self._rows.last else date.min)

    @cached_property
    def found(self) -> Prices:
        """The prices with the rates of these days and of the last month's end alone, none of today."""
        return self._every.on_days({at.date() for at in self._rows.moments})

    def __getstate__(self) -> dict[str, Any]:
        """Travel to another process without the rates of all other days."""
        return {"found": self.found, "digest": self.digest}


def worth(amount_msat: int, rate: Rate) -> Fraction:
    """Return the value of an amount at a rate, exactly."""
    numerator, denominator = rate.price.as_integer_ratio()
    return Fraction(numerator * amount_msat, denominator * MSAT_PER_BTC)


def _own(entry: Entry, currency: str) -> tuple[Fraction, int]:
    """Return the value by the invoices' own rates, and the millisatoshis that have none."""
    if not entry.at_receipt:
        return _NOTHING, entry.amount_msat
    value, rest_msat = _NOTHING, entry.amount_msat
    for part in entry.at_receipt:
        if part.currency == currency:
            value = value + Fraction(part.value) if value else Fraction(part.value)
            rest_msat -= part.amount_msat
    return value, rest_msat
