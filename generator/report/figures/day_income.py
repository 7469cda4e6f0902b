"""What came in, added up by UTC day, source, kind and verification: all that sums over days take of rows."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

import msgspec

from generator.ledger import Entry, Kind, Verification
from generator.report.days import day_of
from generator.report.figures.sums import contributions


class DayIncome(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Confirmed contributions of one day that are alike."""

    day: date  #: in UTC
    source: str
    kind: Kind
    verification: Verification
    amount_msat: int


def day_incomes(entries: Iterable[Entry]) -> tuple[DayIncome, ...]:
    """Return the contributions among some rows, the earliest first."""
    return summed(
        DayIncome(day_of(row.at), row.source, row.kind, row.verification, row.amount_msat)
        for row in contributions(entries)
    )


def summed(parts: Iterable[DayIncome]) -> tuple[DayIncome, ...]:
    """Add up what is alike, such as of many projects; the earliest first."""
    found: defaultdict[tuple[date, str, Kind, Verification], int] = defaultdict(int)
    for part in parts:
        found[part.day, part.source, part.kind, part.verification] += part.amount_msat
    return tuple(DayIncome(*key, amount_msat) for key, amount_msat in sorted(found.items()))
