"""What was raised in the money of states: at receipt and today, two figures that are never one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import groupby
from typing import Final

from generator.ledger import Entry, Status
from generator.report.figures.definitions import COUNT, figure_id, selectors
from generator.report.figures.headline import decimal_text
from generator.report.figures.sums import CONTRIBUTIONS, contributions, kinds_of
from generator.report.model import Figure, Point
from generator.report.prices import Prices
from generator.report.series.funding import day_of

RATE: Final = "rate"
AT_RECEIPT: Final = "raised_at_receipt"
TODAY: Final = "raised_today"
WITHOUT_RATE: Final = "rows_without_rate"
BY_DAY: Final = "at_receipt"
FORMULAS: Final = {
    RATE: "Price of one bitcoin, recorded once for the UTC day of this report; never replaced.",
    AT_RECEIPT: (
        "Value of the rows of raised when they came in: by the invoice's own rate, else by the rate recorded "
        "for the row's UTC day; exact, rows without a rate left out."
    ),
    TODAY: "raised at the rate recorded for the UTC day of this report; exact, unknown without that rate.",
    WITHOUT_RATE: "Rows of raised that have no rate in this currency: left out of raised_at_receipt.",
    BY_DAY: "raised_at_receipt by the end of one UTC day, in the first currency.",
}


def rate_figures(prices: Prices) -> Iterator[Figure]:
    """Yield today's rate in each currency, once for all projects."""
    for currency in prices.currencies:
        rate = prices.on(currency, prices.day)
        value = None if rate is None else decimal_text(rate.price)
        figure = _figure(None, f"{RATE}@{currency}", value, unit=currency)
        yield replace(figure, inputs=(f"rates:{currency}/{prices.day}",))


def fiat_figures(slug: str | None, entries: Iterable[Entry], raised: Figure, prices: Prices) -> list[Figure]:
    """Return the value of what was raised in each currency, and how many rows have none.

    Some rows without a rate make the value at receipt "at least"; all of them make it unknown.
    """
    rows = contributions(entries) if raised.value is not None else []
    found: list[Figure] = []
    for currency in prices.currencies:
        values = [prices.at_receipt(row, currency) for row in rows]
        found += [
            _at_receipt(slug, raised, values, currency),
            _today(slug, raised, prices.today(_msat(raised), currency), currency),
            _without_rate(slug, raised, values, currency),
        ]
    return found


def _at_receipt(slug: str | None, raised: Figure, values: Sequence[Fraction | None], currency: str) -> Figure:
    rated = [value for value in values if value is not None]
    known = raised.value is not None and bool(rated or not values)
    figure = _figure(
        slug,
        f"{AT_RECEIPT}@{currency}",
        decimal_text(sum(rated, Fraction())) if known else None,
        unit=currency,
    )
    return replace(
        figure,
        complete=known and raised.complete and len(rated) == len(values),
        verification=raised.verification if known else None,
        inputs=(*selectors(kinds_of(CONTRIBUTIONS)), f"rates:{currency}"),
    )


def _today(slug: str | None, raised: Figure, value: Fraction | None, currency: str) -> Figure:
    known = value is not None and raised.value is not None
    figure = _figure(
        slug,
        f"{TODAY}@{currency}",
        decimal_text(value) if known and value is not None else None,
        unit=currency,
    )
    return replace(
        figure,
        complete=known and raised.complete,
        verification=raised.verification if known else None,
        inputs=(raised.id, figure_id(None, f"{RATE}@{currency}")),
    )


def _without_rate(
    slug: str | None, raised: Figure, values: Sequence[Fraction | None], currency: str
) -> Figure:
    lacking = sum(value is None for value in values)
    figure = _figure(
        slug, f"{WITHOUT_RATE}@{currency}", lacking if raised.value is not None else None, unit=COUNT
    )
    inputs = (*selectors(kinds_of(CONTRIBUTIONS)), f"rates:{currency}")
    return replace(figure, complete=raised.complete, inputs=inputs)


def _msat(raised: Figure) -> int:
    return raised.value if isinstance(raised.value, int) else 0


def by_day(slug: str, entries: Iterable[Entry], raised: Figure, prices: Prices) -> tuple[Point, ...]:
    """Return the value at receipt by the end of each day with a contribution, in the first currency.

    From the first day on without any rated row it is unknown until there is one, then "at least".
    """
    if raised.value is None or not prices.currencies:
        return ()
    currency, points = prices.currencies[0], []
    total, rated, lacking = Fraction(), 0, 0
    for day, rows in groupby(contributions(entries), key=lambda row: day_of(row.at)):
        for row in rows:
            value = prices.at_receipt(row, currency)
            lacking += value is None
            rated += value is not None
            total += value or 0
        whole = not lacking and raised.complete
        points.append(_by_day(slug, currency, day, total if rated else None, whole=whole))
    return tuple(points)


def _by_day(slug: str, currency: str, day: date, total: Fraction | None, *, whole: bool) -> Point:
    value = None if total is None else decimal_text(total)
    figure = _figure(slug, f"{BY_DAY}@{currency}-{day}", value, unit=currency)
    inputs = (*selectors(kinds_of(CONTRIBUTIONS), Status.CONFIRMED, f"until={day}"), f"rates:{currency}")
    return Point(day=day, figure=replace(figure, complete=whole and total is not None, inputs=inputs))


def _figure(slug: str | None, name: str, value: int | str | None, *, unit: str) -> Figure:
    """Return a figure that is complete where it is known."""
    return Figure(
        id=figure_id(slug, name),
        project=slug,
        name=name,
        value=value,
        unit=unit,
        complete=value is not None,
        verification=None,
        formula=FORMULAS[name.partition("@")[0]],
        inputs=(),
    )
