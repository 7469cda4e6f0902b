"""What had come in by the end of each day, in the first currency and as it was worth at receipt."""

from collections.abc import Iterable
from fractions import Fraction
from itertools import groupby
from typing import Final

from generator.ledger import Entry, Status
from generator.report.days import day_of
from generator.report.figures.figure import CURRENCY, Figure, FigureDefinition, decimal_text
from generator.report.figures.sums import CONTRIBUTIONS, contributions, kinds_of, selectors
from generator.report.prices import Prices
from generator.report.series.points import Point

BY_DAY: Final = FigureDefinition(
    "at_receipt",
    "raised_at_receipt by the end of one UTC day, in the first currency.",
    CURRENCY,
    by="currency-day",
)


def value_by_day(slug: str, entries: Iterable[Entry], raised: Figure, prices: Prices) -> tuple[Point, ...]:
    """Return the value at receipt by the end of each UTC day with a contribution; none without a currency.

    From the first day on without any rated row it is unknown until there is one, then "at least".
    """
    if raised.value is None or not prices.currencies:
        return ()
    currency, points = prices.currencies[0], []
    total, rated, lacking = Fraction(), 0, 0
    for day, rows in groupby(contributions(entries), key=lambda row: day_of(row.at)):
        values = [prices.at_receipt(row, currency) for row in rows]
        lacking += sum(value is None for value in values)
        rated += sum(value is not None for value in values)
        total += sum((value for value in values if value is not None), Fraction())
        where = selectors(kinds_of(CONTRIBUTIONS), Status.CONFIRMED, f"until={day}")
        figure = BY_DAY.figure(
            slug,
            decimal_text(total) if rated else None,
            of=f"{currency}-{day}",
            unit=currency,
            complete=bool(rated) and not lacking and raised.complete,
            inputs=(*where, f"rates:{currency}"),
        )
        points.append(Point(day=day, figure=figure))
    return tuple(points)
