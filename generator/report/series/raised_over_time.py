"""Funding over time: what had come in by the end of each day, its value at receipt, what came each week."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Final, TypeVar

from generator.ledger import Entry, Status
from generator.report.days import day_of, monday_of, week_text
from generator.report.figures.bounds import Bound
from generator.report.figures.currency_values import summed_worth
from generator.report.figures.day_income import DayIncome, day_incomes
from generator.report.figures.figure import CURRENCY, Figure, FigureDefinition, Point, decimal_text
from generator.report.figures.sums import CONTRIBUTIONS, contributions, grade, kinds_of, selectors
from generator.report.prices import Prices, Worth

T = TypeVar("T")

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
    "raised_at_receipt by the end of one UTC day, in the first currency, or in that of the goal.",
    CURRENCY,
    by="currency-day",
)
IN_BY_DAY: Final = FigureDefinition(
    "at_receipt_since",
    "Value at receipt from the beginning of the goal's period, {first}, to the end of {day} UTC.",
    CURRENCY,
    by="currency-day-until-day",
    meaning="Value at receipt from the beginning of the goal's period to the end of a UTC day.",
)
INFLOW_WORTH: Final = FigureDefinition(
    "inflow_at_receipt",
    "Value at receipt of inflow in the ISO week {week}, in the currency of the goal.",
    CURRENCY,
    by="currency-week",
    meaning="Value at receipt of inflow in one ISO week, in the currency of the goal.",
)
_WEEK: Final = timedelta(days=7)


def raised_by_day(slug: str | None, came: Iterable[DayIncome], bound: Bound) -> tuple[Point, ...]:
    """Return raised at the end of each UTC day on which a confirmed contribution arrived."""
    return _by_day(slug, came, bound)


def raised_in_period_by_day(
    slug: str, entries: Sequence[Entry], bound: Bound, first: str
) -> tuple[Point, ...]:
    """Return the same of the entries of one period, which is named by its first day."""
    return _by_day(slug, day_incomes(entries), bound, first)


def _by_day(slug: str | None, came: Iterable[DayIncome], bound: Bound, first: str = "") -> tuple[Point, ...]:
    kinds = kinds_of(CONTRIBUTIONS)
    points, total, seen = [], 0, set[str | None]()
    for day, parts in _grouped(came, lambda part: part.day).items():
        total += sum(part.amount_msat for part in parts)
        seen.add(grade(part.verification for part in parts))
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
    slug: str | None, came: Iterable[DayIncome], until: date, bound: Bound
) -> tuple[Point, ...]:
    """Return what came in each ISO week, from the first contribution's to that of `until`, zeros included.

    `until` is the last day shown, or the project's end once that is past; what came later extends it.
    """
    by_week = _grouped(came, lambda part: monday_of(part.day))
    if not by_week:
        return ()
    monday, last = next(iter(by_week)), max(monday_of(until), *by_week)
    points = []
    while monday <= last:
        parts = by_week.get(monday, [])
        figure = INFLOW.figure(
            slug,
            sum(part.amount_msat for part in parts),
            of=week_text(monday),
            bound=bound,
            verification=grade(part.verification for part in parts),
            inputs=_of_week(monday),
        )
        points.append(Point(day=monday, figure=figure))
        monday += _WEEK
    return tuple(points)


def inflow_worth(
    slug: str, weeks: Iterable[Point], entries: Sequence[Entry], prices: Prices, currency: str
) -> tuple[Point, ...]:
    """Return what came in each of some weeks as its value at receipt."""
    by_week = _grouped(contributions(entries), lambda entry: monday_of(day_of(entry.at)))
    points = []
    for point in weeks:
        worths = [prices.at_receipt(row, currency) for row in by_week.get(point.day, [])]
        value, bound = summed_worth(worths, point.figure.bound)
        week = week_text(point.day)
        figure = INFLOW_WORTH.figure(
            slug,
            decimal_text(value),
            of=f"{currency}-{week}",
            unit=currency,
            bound=bound,
            inputs=(*_of_week(point.day), f"rates:{currency}"),
            week=week,
        )
        points.append(Point(day=point.day, figure=figure))
    return tuple(points)


def _of_week(monday: date) -> tuple[str, ...]:
    return selectors(kinds_of(CONTRIBUTIONS), Status.CONFIRMED, f"week={week_text(monday)}")


def value_by_day(
    slug: str, entries: Iterable[Entry], raised: Figure, prices: Prices, currency: str, first: str = ""
) -> tuple[Point, ...]:
    """Return the value at receipt by the end of each UTC day with a contribution.

    `entries` are those of the period that begins on `first`, where there is one. What has no rate is
    left out: at least, and unknown until there is a rate.
    """
    if raised.value is None or not currency:
        return ()
    points = []
    before = Worth(None, 0, "")  # all earlier days as one row: adding them up again each day takes squares
    for day, rows in groupby(contributions(entries), key=lambda row: day_of(row.at)):
        worths = [before, *(prices.at_receipt(row, currency) for row in rows)]
        value, bound = summed_worth(worths, raised.bound)
        rated = any(worth.value is not None for worth in worths)
        before = Worth(value if rated else None, sum(worth.unrated_msat for worth in worths), "")
        span = f"period={first},until={day}" if first else f"until={day}"
        figure = (IN_BY_DAY if first else BY_DAY).figure(
            slug,
            decimal_text(value),
            of=f"{currency}-{first}-until-{day}" if first else f"{currency}-{day}",
            unit=currency,
            bound=bound,
            inputs=(*selectors(kinds_of(CONTRIBUTIONS), Status.CONFIRMED, span), f"rates:{currency}"),
            first=first,
            day=str(day),
        )
        points.append(Point(day=day, figure=figure))
    return tuple(points)


def _grouped(rows: Iterable[T], key: Callable[[T], date]) -> dict[date, list[T]]:
    found: defaultdict[date, list[T]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return dict(sorted(found.items()))
