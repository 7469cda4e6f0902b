"""What is told of the rows of all projects together, taken out of those of one."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple, Self

from generator.ledger import UNKNOWN_STATUS, Entry
from generator.report.figures.balance_values import went_back
from generator.report.figures.day_income import DayIncome, day_incomes
from generator.report.figures.sums import contribution_count, contributions
from generator.report.figures.worth_sum import WorthSum, worth_sums
from generator.report.ledger_rows import row_counts
from generator.report.prices import Prices


class LedgerSums(NamedTuple):
    """Sums of one project's rows that add up to those of all."""

    days: tuple[DayIncome, ...]  #: the earliest first
    counts: dict[str, int]  #: contributions, by source
    came: tuple[WorthSum, ...]  #: of contributions, by currency
    back: tuple[WorthSum, ...]  #: of what went back to backers
    behind: dict[str, int]  #: rows as people read them, by the selector of a sum
    months: dict[str, int]  #: entries, by UTC month ``2026-03``, the earliest first
    unknown_status: bool  #: whether a payment is left out of which nobody knows if it counts

    @classmethod
    def of(cls, entries: Sequence[Entry], prices: Prices) -> Self:
        """Add up entries, ordered by time."""
        came = contributions(entries)
        sources = sorted({row.source for row in came})
        return cls(
            days=day_incomes(came),
            counts={name: contribution_count(row for row in came if row.source == name) for name in sources},
            came=worth_sums(came, prices),
            back=worth_sums(went_back(entries), prices),
            behind=row_counts(entries),
            months=dict(Counter(f"{entry.at:%Y-%m}" for entry in entries)),
            unknown_status=any(entry.reason == UNKNOWN_STATUS for entry in entries),
        )
