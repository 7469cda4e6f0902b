"""What rows were worth in one currency, added up, so that sums of projects add up to that of all."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple, Self

from generator.ledger import Entry
from generator.report.figures.bounds import Bound, added
from generator.report.figures.exact_sum import ExactSum
from generator.report.figures.figure import decimal_text
from generator.report.prices import Prices


class WorthSum(NamedTuple):
    """The value of some rows at receipt."""

    currency: str
    value: str = "0"  #: exact decimal text, of what has a rate
    rows: int = 0
    rated: int = 0  #: rows of which a part has a rate
    unrated: int = 0  #: rows of which a part has none

    @classmethod
    def of(cls, rows: Sequence[Entry], prices: Prices, currency: str) -> Self:
        """Add up rows."""
        worths = [prices.at_receipt(row, currency) for row in rows]
        rated = [worth.value for worth in worths if worth.value is not None]
        return cls(
            currency=currency,
            value=decimal_text(ExactSum(rated).value),
            rows=len(rows),
            rated=len(rated),
            unrated=sum(worth.unrated_msat > 0 for worth in worths),
        )

    @classmethod
    def total(cls, parts: Iterable[Self], currency: str) -> Self:
        """Add up the sums in one currency."""
        own = [part for part in parts if part.currency == currency]
        return cls(
            currency=currency,
            value=decimal_text(ExactSum(Fraction(part.value) for part in own).value),
            rows=sum(part.rows for part in own),
            rated=sum(part.rated for part in own),
            unrated=sum(part.unrated for part in own),
        )

    def bounded(self, rows: Bound) -> tuple[str, Bound]:
        """Return the value, and its bound where that of the rows' own sum is `rows`."""
        if self.rows and not self.rated:
            return "0", Bound.UNKNOWN
        return self.value, added(rows, Bound.AT_LEAST if self.unrated else Bound.EXACT)


def worth_sums(rows: Sequence[Entry], prices: Prices) -> tuple[WorthSum, ...]:
    """Return what rows were worth in each currency that figures are made for."""
    return tuple(WorthSum.of(rows, prices, currency) for currency in prices.currencies)
