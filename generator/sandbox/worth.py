"""An invented price of bitcoin, one a day, and what contributions were worth by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from random import Random
from typing import Final

#: A figure's value: msat and counts as integers, percent and declared amounts as text, None for unknown.
Value = int | str | None

_DAY: Final = timedelta(days=1)
_EVENING: Final = time(23, 59, 59)
_MSAT_PER_BTC: Final = 10**11
_BEGIN: Final = datetime(2024, 12, 25, tzinfo=UTC)
_DAYS: Final = 420
_FIRST_CENTS: Final = 9_412_345
#: One unit of a currency for so many hundredths of a dollar's hundredth, about.
_PER_DOLLAR: Final = {"USD": 10_000, "EUR": 9_135, "GBP": 7_820, "CHF": 8_590}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What one bitcoin costs in some currencies from a moment on."""

    at: datetime
    prices: dict[str, Decimal]  #: two decimals


@dataclass(frozen=True, slots=True)
class Prices:
    """All quotes, oldest first, a day apart at midnight UTC."""

    quotes: tuple[Quote, ...]

    @classmethod
    def of(cls, seed: int) -> "Prices":
        """Return the series of a seed; whole numbers only, so it is the same everywhere."""
        dice = Random(f"{seed}/prices")  # noqa: S311 -- invented prices; a world must come again from its seed
        cents, quotes = _FIRST_CENTS, []
        for number in range(_DAYS):
            prices = {
                currency: Decimal(cents * per_dollar // 10_000).scaleb(-2)
                for currency, per_dollar in _PER_DOLLAR.items()
            }
            quotes.append(Quote(at=_BEGIN + _DAY * number, prices=prices))
            cents += cents * dice.randint(-250, 255) // 10_000
        return cls(tuple(quotes))

    def at(self, moment: datetime) -> Quote | None:
        """Return the latest quote at or before a time, None before the first."""
        return next((quote for quote in reversed(self.quotes) if quote.at <= moment), None)


@dataclass(frozen=True, slots=True)
class Receipt:
    """One contribution: its day, and its worth by its own invoice if that was priced in a currency."""

    day: date
    amount_msat: int
    currency: str = ""
    value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Market:
    """What one bitcoin cost on a day, for those who wrote it down."""

    prices: Prices
    currencies: tuple[str, ...]
    today: date

    def price(self, currency: str, day: date) -> Fraction | None:
        """Return the price of a day, None when nobody wrote it down or nobody knows."""
        evening = datetime.combine(day, _EVENING, UTC)
        quote = self.prices.at(evening) if currency in self.currencies else None
        if quote is None or evening - quote.at > _DAY or currency not in quote.prices:
            return None
        return Fraction(quote.prices[currency])

    def then(self, receipt: Receipt, currency: str) -> Fraction | None:
        """Return the worth when it came: the invoice's own word, else the day's price."""
        if receipt.currency == currency and receipt.value is not None:
            return Fraction(receipt.value)
        price = self.price(currency, receipt.day)
        return None if price is None else price * receipt.amount_msat / _MSAT_PER_BTC

    @property
    def month_end(self) -> date:
        """The last day of the last month that is over."""
        return self.today.replace(day=1) - _DAY

    def rates(self) -> dict[str, Value]:
        """Return the prices of today and of the last month's end."""
        prices = {
            f"{name}@{currency}": self.price(currency, day)
            for name, day in (("rate", self.today), ("rate_at_month_end", self.month_end))
            for currency in self.currencies
        }
        return {name: None if price is None else decimal_text(price) for name, price in prices.items()}

    def figures(self, receipts: Sequence[Receipt]) -> dict[str, Value]:
        """Return the worth then, at the last month's end and now, and how many rows of a ledger have none."""
        found: dict[str, Value] = {}
        for currency in self.currencies:
            unknown = sum(self.then(receipt, currency) is None for receipt in receipts)
            raised = sum(receipt.amount_msat for receipt in receipts)
            found[f"raised_at_receipt@{currency}"] = self.worth(receipts, currency)
            for name, day in (("raised_today", self.today), ("raised_at_month_end", self.month_end)):
                price = self.price(currency, day)
                found[f"{name}@{currency}"] = (
                    None if price is None else decimal_text(price * raised / _MSAT_PER_BTC)
                )
            found[f"rows_without_rate@{currency}"] = unknown
        return found

    def worth(self, receipts: Sequence[Receipt], currency: str) -> str | None:
        """Return the worth of some when they came, without those that have none; None if none has one."""
        values = [self.then(receipt, currency) for receipt in receipts]
        known = [value for value in values if value is not None]
        return decimal_text(sum(known, Fraction())) if known or not values else None

    def held(self, sums: Mapping[str, int], name: str, day: date) -> dict[str, Value]:
        """Return what lies or waits somewhere at the price of a day, which the names end with."""
        found: dict[str, Value] = {}
        for currency in self.currencies:
            price = self.price(currency, day)
            for part in ("locked", "with_founder", "pending"):
                worth = None if price is None else decimal_text(price * sums[part] / _MSAT_PER_BTC)
                found[f"{part}_{name}@{currency}"] = worth
        return found

    def series(self, receipts: Sequence[Receipt], currency: str, name: str) -> dict[str, Value]:
        """Return the worth of all that had come by the end of each day; names end with the day."""
        found: dict[str, Value] = {}
        total: Fraction | None = None
        for receipt in sorted(receipts, key=lambda receipt: receipt.day):
            value = self.then(receipt, currency)
            total = total if value is None else (total or 0) + value
            found[f"{name}{receipt.day}"] = None if total is None else decimal_text(total)
        return found


def decimal_text(value: Fraction) -> str:
    """Return a decimal number without zeros at its end."""
    with localcontext(prec=60):  # a decimal end comes long before
        text = f"{Decimal(value.numerator) / Decimal(value.denominator):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
