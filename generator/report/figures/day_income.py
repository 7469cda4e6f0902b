"""What came in, added up by UTC day, source, kind and verification: all that sums over days take of rows."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from generator.ledger import Entry, Kind, Verification
from generator.report.days import day_of
from generator.report.figures.sums import contributions


class DayIncome(NamedTuple):
    """Confirmed contributions of one day that are alike."""

    day: date  #: in UTC
    source: str
    kind: Kind
    verification: Verification
    amount_msat: int


def day_incomes(entries: Iterable[Entry]) -> tuple[DayIncome, ...]:
    """Return the contributions among some rows, the earliest first."""
    return summed(
        (day_of(row.at), row.source, row.kind, row.verification, row.amount_msat)
        for row in contributions(entries)
    )


def summed(
    parts: Iterable[DayIncome | tuple[date, str, Kind, Verification, int]],
) -> tuple[DayIncome, ...]:
    """Add up what is alike, such as of many projects; the earliest first."""
    found: defaultdict[tuple[date, str, Kind, Verification], int] = defaultdict(int)
    for day, source, kind, verification, amount_msat in parts:
        found[day, source, kind, verification] += amount_msat
    return tuple(DayIncome(*key, amount_msat) for key, amount_msat in sorted(found.items()))
