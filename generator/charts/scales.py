"""Grid levels and dates on an axis, by rule; the texts are the same in any locale."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from matplotlib.ticker import MaxNLocator

from generator.charts.labels import Spot
from generator.charts.plot import Plot
from generator.money import MSAT_PER_SAT, short_sat_text
from generator.wording import MONTHS, day_text

#: Pixels a date needs at least, with air on both sides.
_DATE_ROOM: Final = 78
#: Steps between dates: days below a month, then months.
_DAY_STEPS: Final = (1, 2, 7, 14)
_MONTH_STEPS: Final = (1, 2, 3, 6, 12, 24, 60, 120)
_MONTH: Final = 30.44
#: Pixels from the base line down to the baseline of its dates.
_DROP: Final = 20


def levels(plot: Plot, *, least: int = MSAT_PER_SAT) -> None:
    """Draw the grid with its amounts, msat, in the margin on the left; never finer than `least`."""
    top = plot.ylim[1]
    found = MaxNLocator(4 if plot.width.narrow else 5, steps=[1, 2, 2.5, 5, 10]).tick_values(0, top)
    shown = [int(value) for value in found if 0 <= value <= top and value % least == 0]
    for value in shown:
        plot.line("axis" if value == 0 else "grid", plot.xlim, (value, value))
        x, y = plot.at(plot.xlim[0], value)
        if value:
            plot.text("tick", short_sat_text(value), x - 8, y - 0.36 * plot.width.text, ha="right")


def dates(plot: Plot) -> None:
    """Name days below the base line; the ends come first, others where there is room."""
    first, last = (date.fromordinal(round(x)) for x in plot.xlim)
    base = plot.at(plot.xlim[0], plot.ylim[0])[1]
    right = plot.at(plot.xlim[1], 0)[0]
    named = False
    for day in _marks(first, last, right - plot.at(plot.xlim[0], 0)[0]):
        x = plot.at(day.toordinal(), 0)[0]
        spots = [Spot(x, base - _DROP, "center"), Spot(x, base - _DROP, "left")]
        if plot.say("tick", _name(day, first, last, year=not named), spots):
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


def _name(day: date, first: date, last: date, *, year: bool) -> str:
    """Return a day's name: the month where months are meant, the year where one begins or none was said."""
    if (last - first).days < 60:  # noqa: PLR2004 -- days, as in `_marks`
        return day_text(day, year=False)
    if day.month == 1:
        return str(day.year)
    return MONTHS[day.month - 1] + (f" {day.year}" if year else "")
