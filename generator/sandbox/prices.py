"""An invented price of bitcoin: one a day, a walk that only the seed decides."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Final

_DAY: Final = timedelta(days=1)
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
