"""What was raised in the money of states: at receipt, at the last month's end and today, never one figure."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from generator.report.figures.bounds import Bound, added
from generator.report.figures.exact_sum import ExactSum
from generator.report.figures.figure import COUNT, CURRENCY, Figure, FigureDefinition, decimal_text, figure_id
from generator.report.figures.project_context import ProjectContext
from generator.report.figures.sums import CONTRIBUTIONS, contributions, kinds_of, selectors
from generator.report.figures.worth_sum import WorthSum, worth_sums
from generator.report.prices import Prices, Worth

RATE: Final = FigureDefinition(
    "rate",
    "Price of one bitcoin, recorded once for the UTC day of this report; never replaced.",
    CURRENCY,
    by="currency",
)
MONTH_RATE: Final = FigureDefinition(
    "rate_at_month_end",
    "Price of one bitcoin, recorded once for the last UTC day of the last full month; never replaced.",
    CURRENCY,
    by="currency",
)
AT_RECEIPT: Final = FigureDefinition(
    "raised_at_receipt",
    (
        "Value of the rows of raised when they came in: by the invoice's own rate, else by the rate recorded "
        "for the row's UTC day; what has no rate is left out."
    ),
    CURRENCY,
    by="currency",
)
TODAY: Final = FigureDefinition(
    "raised_today",
    "raised at the rate recorded for the UTC day of this report; unknown without that rate.",
    CURRENCY,
    by="currency",
)
AT_MONTH_END: Final = FigureDefinition(
    "raised_at_month_end",
    "raised at the rate recorded for the last UTC day of the last full month; unknown without that rate.",
    CURRENCY,
    by="currency",
)
WITHOUT_RATE: Final = FigureDefinition(
    "rows_without_rate",
    "Rows of raised of which a part, or all, has no rate in this currency: left out of raised_at_receipt.",
    COUNT,
    by="currency",
)


def rate_figures(prices: Prices, *, today: bool) -> Iterator[Figure]:
    """Yield the rate of a day in each currency, once for all projects: today's, or the last month's end's."""
    definition, day = (RATE, prices.day) if today else (MONTH_RATE, str(prices.month_end))
    for currency in prices.currencies:
        rate = prices.on(currency, day)
        yield definition.figure(
            None,
            None if rate is None else decimal_text(rate.price),
            of=currency,
            unit=currency,
            bound=Bound.UNKNOWN if rate is None else Bound.EXACT,
            inputs=(f"rates:{currency}/{day}",),
        )


def worths_today(slug: str | None, raised: Figure, prices: Prices) -> Iterator[Figure]:
    """Yield what was raised at today's rate, in each currency."""
    for currency in prices.currencies:
        yield _at_rate(slug, raised, currency, prices, today=True)


def project_value_figures(context: ProjectContext) -> Iterator[Figure]:
    """Yield what was raised by one project in each currency."""
    came = worth_sums(contributions(context.project.entries), context.prices)
    yield from value_figures(context.slug, came, context.figures["raised"], context.prices)


def value_figures(
    slug: str | None, came: Sequence[WorthSum], raised: Figure, prices: Prices
) -> Iterator[Figure]:
    """Yield the value of what was raised in each currency, then and at the last month's end.

    And how many rows have none. `came` are the rows' sums.
    What has no rate makes the value at receipt "at least"; where nothing has one it is unknown.
    """
    for currency in prices.currencies:
        worth = WorthSum.total(came if raised.value is not None else (), currency)
        yield _at_receipt(slug, raised, worth)
        yield _at_rate(slug, raised, currency, prices, today=False)
        yield WITHOUT_RATE.figure(
            slug,
            worth.unrated,
            of=currency,
            bound=raised.bound,
            inputs=_inputs(currency),
        )


def summed_worth(worths: Sequence[Worth], rows: Bound) -> tuple[Fraction, Bound]:
    """Return the value of the rated parts of rows, and its bound; `rows` is that of the rows' own sum."""
    rated = [worth.value for worth in worths if worth.value is not None]
    if worths and not rated:
        return Fraction(), Bound.UNKNOWN
    unrated = any(worth.unrated_msat for worth in worths)
    return ExactSum(rated).value, added(rows, Bound.AT_LEAST if unrated else Bound.EXACT)


def _at_receipt(slug: str | None, raised: Figure, worth: WorthSum) -> Figure:
    value, bound = worth.bounded(raised.bound)
    return AT_RECEIPT.figure(
        slug,
        value,
        of=worth.currency,
        unit=worth.currency,
        bound=bound,
        verification=raised.verification,
        inputs=_inputs(worth.currency),
    )


def _at_rate(slug: str | None, raised: Figure, currency: str, prices: Prices, *, today: bool) -> Figure:
    definition, rate, day = (
        (TODAY, RATE, prices.day) if today else (AT_MONTH_END, MONTH_RATE, str(prices.month_end))
    )
    value = prices.worth_on(day, raised.value, currency) if isinstance(raised.value, int) else None
    return definition.figure(
        slug,
        None if value is None else decimal_text(value),
        of=currency,
        unit=currency,
        bound=Bound.UNKNOWN if value is None else raised.bound,
        verification=raised.verification,
        inputs=(raised.id, figure_id(None, rate.name_of(currency))),
    )


def _inputs(currency: str) -> tuple[str, ...]:
    return (*selectors(kinds_of(CONTRIBUTIONS)), f"rates:{currency}")
