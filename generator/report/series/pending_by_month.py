"""What is pending, by the UTC month in which it was seen; the months add up to pending."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from generator.ledger import Entry, Status
from generator.report.days import month_text
from generator.report.figures.figure import Figure, FigureDefinition
from generator.report.figures.sums import CONTRIBUTIONS, kinds_of, selectors

PENDING_IN: Final = FigureDefinition(
    "pending_in", "The part of pending that was seen in this UTC month.", by="month"
)


def pending_by_month(slug: str, entries: Iterable[Entry], pending: Figure) -> Mapping[str, Figure]:
    """Return a figure of each month with pending rows, by month, of the bound that `pending` has."""
    kinds, amounts_msat = kinds_of(CONTRIBUTIONS), Counter[str]()
    for entry in entries:
        if entry.status is Status.PENDING and entry.kind in kinds:
            amounts_msat[month_text(entry.at)] += entry.amount_msat
    return {
        month: PENDING_IN.figure(
            slug,
            amount_msat,
            of=month,
            bound=pending.bound,
            verification=pending.verification,
            inputs=selectors(kinds, Status.PENDING, f"month={month}"),
        )
        for month, amount_msat in sorted(amounts_msat.items())
    }
