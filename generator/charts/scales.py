"""Axes by rule: levels with their amounts, days with their dates; the texts are the same in any locale."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Final

from matplotlib.ticker import MaxNLocator

from generator.charts.labels import LETTER, Anchor
from generator.charts.plot import Plot, Width
from generator.language import Language
from generator.money import MSAT_PER_SAT, fiat_text, short_sat_text
from generator.report import Point
from generator.report.figures.figure import MSAT

#: Days that an axis spans at least.
LEAST_DAYS: Final = 14
#: What a tick of amounts may be a multiple of, times a power of ten.
STEPS: Final = (1, 2, 2.5, 5, 10)
_FEWER, _MORE = MaxNLocator(4, steps=STEPS), MaxNLocator(5, steps=STEPS)
#: Pixels a date needs at least, with air on both sides.
_DATE_ROOM: Final = 78
#: Steps between dates: days below a month, then months.
_DAY_STEPS: Final = (1, 2, 7, 14)
_MONTH_STEPS: Final = (1, 2, 3, 6, 12, 24, 60, 120)
_MONTH: Final = 30.44
#: Pixels from the base line down to the baseline of its dates.
_DROP: Final = 20


def days_until(today: date, first: date) -> tuple[int, int]:
    """Return the ends of an axis of days, as ordinals: `first`, or two weeks back, to the end of today."""
    last = today.toordinal() + 1
    return min(first.toordinal(), last - LEAST_DAYS), last


def ticks(locator: MaxNLocator, top: float) -> list[float]:
    """Return the ticks from zero to `top`; from zero, no setting of matplotlib moves them."""
    return [float(value) for value in locator.tick_values(0, top) if 0 <= value <= top]


def level(plot: Plot, y: float, words: str = "", *, base: bool = False) -> None:
    """Draw one level of the grid, or the base line, with its words in the margin on the left."""
    plot.line("axis" if base else "grid", plot.xlim, (y, y))
    if words:
        x, pixel = plot.at(plot.xlim[0], y)
        plot.text("tick", plot.width.language.digits(words), x - 8, pixel - plot.width.drop, side="right")


def amounts(plot: Plot, unit: str = MSAT) -> None:
    """Draw levels of whole satoshis, or of a currency's whole parts, for an axis that begins at zero."""
    for value, words in _levels(plot.ylim[1], unit, narrow=plot.width.narrow):
        level(plot, value, words if value else "", base=not value)


def amounts_room(width: Width, top: float, unit: str) -> float:
    """Return the pixels that the amounts of an axis from zero to `top` take on the left."""
    letters = max((len(words) for _, words in _levels(top, unit, narrow=width.narrow)), default=0)
    return max(width.amounts, letters * LETTER * width.text + 10)


@lru_cache(maxsize=256)
def _levels(top: float, unit: str, *, narrow: bool) -> tuple[tuple[float, str], ...]:
    found = ticks(_FEWER if narrow else _MORE, top)
    if unit != MSAT:
        return tuple((value, fiat_text(Decimal(str(round(value, 2))), unit, short=True)) for value in found)
    return tuple((value, short_sat_text(int(value))) for value in found if value % MSAT_PER_SAT == 0)


def dates(plot: Plot) -> None:
    """Name days below the base line, on an axis of ordinals, as far as there is room."""
    first, last = (date.fromordinal(round(x)) for x in plot.xlim)
    base = plot.at(plot.xlim[0], plot.ylim[0])[1]
    right = plot.at(plot.xlim[1], 0)[0]
    named = False
    for day in _marks(first, last, right - plot.at(plot.xlim[0], 0)[0]):
        x = plot.at(day.toordinal(), 0)[0]
        anchors = [Anchor(x, base - _DROP, "center"), Anchor(x, base - _DROP, "left")]
        if plot.label("tick", _name(day, (first, last), plot.width.language, year=not named), anchors):
            plot.notch("axis", x, base)
            named = True


def _marks(first: date, last: date, room: float) -> Iterator[date]:
    days = max((last - first).days, 1)
    most = max(room / _DATE_ROOM, 2)
    step = next((step for step in _DAY_STEPS if days / step <= most and days < 60), None)  # noqa: PLR2004 -- days
    if step:
        day = first
        while day <= last:
            yield day
            day += timedelta(days=step)
        return
    months = next((step for step in _MONTH_STEPS if days / _MONTH / step <= most), _MONTH_STEPS[-1])
    at = first.year * 12 + first.month - 1
    at += -at % months if first.day == 1 else months - at % months
    while (day := date(at // 12, at % 12 + 1, 1)) <= last:
        yield day
        at += months


def _name(day: date, span: tuple[date, date], language: Language, *, year: bool) -> str:
    """Name a day by its month where months are meant, and by its year where one begins or none was said."""
    if (span[1] - span[0]).days < 60:  # noqa: PLR2004 -- days, as in `_marks`
        return language.day(day, year=False)
    if day.month == 1:
        return str(day.year)
    return language.dates.months[day.month - 1] + (f" {day.year}" if year else "")


_month: Final = attrgetter("year", "month")
_year: Final = attrgetter("year")
#: Points that a line has at most; longer series are drawn by the last point of each week, then month.
MOST_POINTS: Final = 400
#: Rows of a table that names each day; longer ones name the last day of each month.
MOST_ROWS: Final = 31


def for_line(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """Return at most `MOST_POINTS` points."""
    for span in (_week, _month, _year):
        if len(points) <= MOST_POINTS:
            return points
        points = _last_of(points, span)
    return points


def for_table(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """Return the points that a table names, by day or by month."""
    return points if len(points) <= MOST_ROWS else _last_of(points, _month)


def _last_of(points: tuple[Point, ...], span: Callable[[date], tuple[int, ...]]) -> tuple[Point, ...]:
    """Return the last point of each span, of points in the order of their days."""
    found, after = [], 0
    while after < len(points):
        this = span(points[after].day)
        after = bisect_right(points, this, after, key=lambda point: span(point.day))
        found.append(points[after - 1])
    return tuple(found)


def _week(day: date) -> tuple[int, ...]:
    return day.isocalendar()[:2]
