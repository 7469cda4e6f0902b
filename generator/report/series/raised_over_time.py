"""Funding over time: what had come in by the end of each day, its value at receipt, what came each week."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Final

from generator.ledger import Entry, Status
from generator.report.days import day_of, monday_of, week_text
from generator.report.figures.bounds import Bound
from generator.report.figures.currency_values import summed_worth
from generator.report.figures.figure import CURRENCY, Figure, FigureDefinition, Point, decimal_text
from generator.report.figures.sums import CONTRIBUTIONS, contributions, grade, kinds_of, selectors
from generator.report.prices import Prices, Worth

RAISED_BY_DAY: Final = FigureDefinition(
    "raised",
    "Raised by the end of {of} UTC: confirmed, accepted payments and stage outputs.",
    by="day",
    meaning="Raised by the end of a UTC day on which a confirmed contribution arrived.",
)
RAISED_IN_BY_DAY: Final = FigureDefinition(
    "raised_since",
    "Raised from the beginning of the goal's period, {first}, to the end of {day} UTC.",
    by="day-until-day",
    meaning="Raised from the beginning of the goal's period to the end of a UTC day with a contribution.",
)
INFLOW: Final = FigureDefinition(
    "inflow",
    "Confirmed, accepted payments and stage outputs that arrived in the ISO week {of}.",
    by="week",
    meaning="Confirmed, accepted contributions that arrived in one ISO week, Monday to Sunday.",
)
BY_DAY: Final = FigureDefinition(
    "at_receipt",
    "raised_at_receipt by the end of one UTC day, in the first currency.",
    CURRENCY,
    by="currency-day",
)
_WEEK: Final = timedelta(days=7)


def raised_by_day(slug: str | None, entries: Sequence[Entry], bound: Bound) -> tuple[Point, ...]:
    """Return raised at the end of each UTC day on which a confirmed contribution arrived."""
    return _by_day(slug, entries, bound)


def raised_in_period_by_day(
    slug: str, entries: Sequence[Entry], bound: Bound, first: str
) -> tuple[Point, ...]:
    """Return the same of the entries of one period, which is named by its first day."""
    return _by_day(slug, entries, bound, first)


def _by_day(slug: str | None, entries: Sequence[Entry], bound: Bound, first: str = "") -> tuple[Point, ...]:
    kinds = kinds_of(CONTRIBUTIONS)
    points, total, seen = [], 0, set[str | None]()
    for day, rows in _grouped(contributions(entries), lambda entry: day_of(entry.at)).items():
        total += sum(entry.amount_msat for entry in rows)
        seen.add(grade(entry.verification for entry in rows))
        figure = (RAISED_IN_BY_DAY if first else RAISED_BY_DAY).figure(
            slug,
            total,
            of=f"{first}-until-{day}" if first else day,
            bound=bound,
            verification=grade(seen),
            inputs=selectors(
                kinds, Status.CONFIRMED, f"period={first},until={day}" if first else f"until={day}"
            ),
            first=first,
            day=str(day),
        )
        points.append(Point(day=day, figure=figure))
    return tuple(points)


def inflow_by_week(
    slug: str | None, entries: Sequence[Entry], until: date, bound: Bound
) -> tuple[Point, ...]:
    """Return what came in each ISO week, from the first contribution's to that of `until`, zeros included.

    `until` is the last day shown, or the project's end once that is past; what came later extends it.
    """
    kinds = kinds_of(CONTRIBUTIONS)
    by_week = _grouped(contributions(entries), lambda entry: monday_of(day_of(entry.at)))
    if not by_week:
        return ()
    monday, last = next(iter(by_week)), max(monday_of(until), *by_week)
    points = []
    while monday <= last:
        rows = by_week.get(monday, [])
        week = week_text(monday)
        figure = INFLOW.figure(
            slug,
            sum(entry.amount_msat for entry in rows),
            of=week,
            bound=bound,
            verification=grade(entry.verification for entry in rows),
            inputs=selectors(kinds, Status.CONFIRMED, f"week={week}"),
        )
        points.append(Point(day=monday, figure=figure))
        monday += _WEEK
    return tuple(points)


def value_by_day(slug: str, entries: Iterable[Entry], raised: Figure, prices: Prices) -> tuple[Point, ...]:
    """Return the value at receipt by the end of each UTC day with a contribution; none without a currency.

    What has no rate is left out: at least, and unknown until there is a rate.
    """
    if raised.value is None or not prices.currencies:
        return ()
    currency, points = prices.currencies[0], []
    before = Worth(None, 0, "")  # all earlier days as one row: adding them up again each day takes squares
    for day, rows in groupby(contributions(entries), key=lambda row: day_of(row.at)):
        worths = [before, *(prices.at_receipt(row, currency) for row in rows)]
        value, bound = summed_worth(worths, raised.bound)
        rated = any(worth.value is not None for worth in worths)
        before = Worth(value if rated else None, sum(worth.unrated_msat for worth in worths), "")
        where = selectors(kinds_of(CONTRIBUTIONS), Status.CONFIRMED, f"until={day}")
        figure = BY_DAY.figure(
            slug,
            decimal_text(value),
            of=f"{currency}-{day}",
            unit=currency,
            bound=bound,
            inputs=(*where, f"rates:{currency}"),
        )
        points.append(Point(day=day, figure=figure))
    return tuple(points)


def _grouped(entries: Sequence[Entry], key: Callable[[Entry], date]) -> dict[date, list[Entry]]:
    found: defaultdict[date, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[key(entry)].append(entry)
    return dict(sorted(found.items()))
