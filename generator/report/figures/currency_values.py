"""What was raised in the money of states: at receipt and today, two figures that are never one."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Final

from generator.ledger import Entry
from generator.report.figures.figure import COUNT, CURRENCY, Figure, FigureDefinition, decimal_text, figure_id
from generator.report.figures.project_context import ProjectContext
from generator.report.figures.sums import CONTRIBUTIONS, contributions, kinds_of, selectors
from generator.report.prices import Prices

RATE: Final = FigureDefinition(
    "rate",
    "Price of one bitcoin, recorded once for the UTC day of this report; never replaced.",
    CURRENCY,
    by="currency",
)
AT_RECEIPT: Final = FigureDefinition(
    "raised_at_receipt",
    (
        "Value of the rows of raised when they came in: by the invoice's own rate, else by the rate recorded "
        "for the row's UTC day; exact, rows without a rate left out."
    ),
    CURRENCY,
    by="currency",
)
TODAY: Final = FigureDefinition(
    "raised_today",
    "raised at the rate recorded for the UTC day of this report; exact, unknown without that rate.",
    CURRENCY,
    by="currency",
)
WITHOUT_RATE: Final = FigureDefinition(
    "rows_without_rate",
    "Rows of raised that have no rate in this currency: left out of raised_at_receipt.",
    COUNT,
    by="currency",
)


def rate_figures(prices: Prices) -> Iterator[Figure]:
    """Yield today's rate in each currency, once for all projects."""
    for currency in prices.currencies:
        rate = prices.on(currency, prices.day)
        yield RATE.figure(
            None,
            None if rate is None else decimal_text(rate.price),
            of=currency,
            unit=currency,
            complete=rate is not None,
            inputs=(f"rates:{currency}/{prices.day}",),
        )


def project_value_figures(context: ProjectContext) -> Iterator[Figure]:
    """Yield what was raised by one project in each currency."""
    yield from value_figures(context.slug, context.project.entries, context.figures["raised"], context.prices)


def value_figures(
    slug: str | None, entries: Iterable[Entry], raised: Figure, prices: Prices
) -> Iterator[Figure]:
    """Yield the value of what was raised in each currency, at receipt and today, and how many rows have none.

    Some rows without a rate make the value at receipt "at least"; all of them make it unknown.
    """
    rows = contributions(entries) if raised.value is not None else []
    for currency in prices.currencies:
        values = [prices.at_receipt(row, currency) for row in rows]
        yield _at_receipt(slug, raised, values, currency)
        yield _today(slug, raised, currency, prices)
        yield WITHOUT_RATE.figure(
            slug,
            None if raised.value is None else values.count(None),
            of=currency,
            complete=raised.complete,
            inputs=_inputs(currency),
        )


def _at_receipt(slug: str | None, raised: Figure, values: Sequence[Fraction | None], currency: str) -> Figure:
    rated = [value for value in values if value is not None]
    known = raised.value is not None and bool(rated or not values)
    return AT_RECEIPT.figure(
        slug,
        decimal_text(sum(rated, Fraction())) if known else None,
        of=currency,
        unit=currency,
        complete=known and raised.complete and len(rated) == len(values),
        verification=raised.verification,
        inputs=_inputs(currency),
    )


def _today(slug: str | None, raised: Figure, currency: str, prices: Prices) -> Figure:
    value = prices.today(raised.value, currency) if isinstance(raised.value, int) else None
    return TODAY.figure(
        slug,
        None if value is None else decimal_text(value),
        of=currency,
        unit=currency,
        complete=value is not None and raised.complete,
        verification=raised.verification,
        inputs=(raised.id, figure_id(None, RATE.name_of(currency))),
    )


def _inputs(currency: str) -> tuple[str, ...]:
    return (*selectors(kinds_of(CONTRIBUTIONS)), f"rates:{currency}")
