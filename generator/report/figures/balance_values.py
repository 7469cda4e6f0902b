"""What lies or waits somewhere is worth at the rate of one day, what went back on the days it went."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from generator.ledger import Account, Entry, Status
from generator.report.figures.bounds import Bound
from generator.report.figures.currency_values import MONTH_RATE, RATE
from generator.report.figures.figure import CURRENCY, Figure, FigureDefinition, decimal_text, figure_id
from generator.report.figures.project_context import ProjectContext
from generator.report.figures.sums import Path, kinds_of, selectors
from generator.report.figures.worth_sum import WorthSum, worth_sums
from generator.report.prices import Prices

#: Sums that have no day of their own.
HELD: Final = ("locked", "with_founder", "pending")
#: Paths on which money goes back to backers.
BACK: Final[tuple[Path, ...]] = tuple(
    (account, Account.BACKERS) for account in (Account.FOUNDER, Account.LOCKED, Account.PENALTY)
)
AT_MONTH_END: Final = {
    name: FigureDefinition(
        f"{name}_at_month_end",
        f"{name} at the rate recorded for the last UTC day of the last full month; unknown without it.",
        CURRENCY,
        by="currency",
    )
    for name in HELD
}
TODAY: Final = {
    name: FigureDefinition(
        f"{name}_today",
        f"{name} at the rate recorded for the UTC day of this report; unknown without that rate.",
        CURRENCY,
        by="currency",
    )
    for name in HELD
}
ON_DAYS: Final = FigureDefinition(
    "returned_on_days",
    "Value of the rows of returned on the days they went back, by the rates recorded for them; what has no "
    "rate is left out.",
    CURRENCY,
    by="currency",
)
#: Of today, as what it values.
WEEK_WORTH: Final = FigureDefinition(
    "week_worth",
    "Value at receipt of the rows of week_in; what has no rate is left out.",
    CURRENCY,
    by="currency",
)
DEFINITIONS: Final = (*AT_MONTH_END.values(), ON_DAYS)


def project_balance_values(context: ProjectContext) -> Iterator[Figure]:
    """Yield what the sums of one project are worth in each currency, none of it at today's rate."""
    back = worth_sums(went_back(context.project.entries), context.prices)
    yield from balance_values(context.slug, back, context.figures, context.prices)


def went_back(entries: Iterable[Entry]) -> list[Entry]:
    """Return the confirmed rows by which money went back to backers, in the order given."""
    kinds = kinds_of(BACK)
    return [row for row in entries if row.kind in kinds and row.status is Status.CONFIRMED]


def balance_values(
    slug: str | None, back: Sequence[WorthSum], figures: Mapping[str, Figure], prices: Prices
) -> Iterator[Figure]:
    """Yield what sums are worth at the last month's end, and what went back on its days: `back`, its sums."""
    kinds = kinds_of(BACK)
    for currency in prices.currencies:
        for name, definition in AT_MONTH_END.items():
            rate = figure_id(None, MONTH_RATE.name_of(currency))
            yield _held(definition, figures[name], prices, str(prices.month_end), rate)
        returned = figures["returned"]
        value, bound = WorthSum.total(back, currency).bounded(returned.bound)
        yield ON_DAYS.figure(
            slug,
            value,
            of=currency,
            unit=currency,
            bound=Bound.UNKNOWN if returned.value is None else bound,
            verification=returned.verification,
            inputs=(*selectors(kinds), f"rates:{currency}"),
        )


def held_today(figures: Mapping[str, Figure], prices: Prices) -> Iterator[Figure]:
    """Yield what sums are worth at today's rate."""
    for currency in prices.currencies:
        for name, definition in TODAY.items():
            yield _held(
                definition, figures[name], prices, prices.day, figure_id(None, RATE.name_of(currency))
            )


def _held(definition: FigureDefinition, held: Figure, prices: Prices, day: str, rate: str) -> Figure:
    currency = rate.partition("@")[2]
    value = prices.worth_on(day, held.value, currency) if isinstance(held.value, int) else None
    return definition.figure(
        held.project,
        None if value is None else decimal_text(value),
        of=currency,
        unit=currency,
        bound=Bound.UNKNOWN if value is None else held.bound,
        verification=held.verification,
        inputs=(held.id, rate),
    )
