"""N1: how many projects begin each month? Bars from zero."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Final

from matplotlib.ticker import MaxNLocator

from generator.charts.chart import Chart, Column, drawn
from generator.charts.labels import Spot
from generator.charts.plot import Plot, Width
from generator.charts.scales import dates
from generator.report.model import Figure
from generator.wording import MONTHS, Shown

#: Bars drawn at most, the latest; the table has every month.
MOST: Final = {"wide": 48, "narrow": 18}
_HEADROOM: Final = 1.14
_HEIGHT: Final = 240


def newcomers(figures: Sequence[Figure]) -> Chart | None:
    """Return the bars of `projects_new@<month>` figures, oldest first; None without one that is known."""
    found = [figure for figure in figures if isinstance(figure.value, int)]
    if not found:
        return None
    best = max(found, key=lambda one: int(one.value or 0))  # the first of several
    cut = len(found) > MOST["narrow"]
    return Chart(
        id="n1",
        name="New projects each month",
        finding=("At most ", Shown(best), f" projects began in one month, first in {_month(best)}"),
        question="How many projects begin each month? By the first day they announce.",
        alt=(f"Bars for {len(found)} months, {_month(found[0])} to {_month(found[-1])}.",),
        note=f"Drawn are the last {MOST['wide']} months, on phones {MOST['narrow']}." if cut else "",
        columns=(Column(name="Month"), Column(name="New projects", numeric=True)),
        rows=tuple(((_month(one),), (Shown(one),)) for one in found),
        rows_name="1 month" if len(found) == 1 else f"{len(found)} months",
        figures=tuple(found),
        drawings=drawn(lambda width: _draw(found[-MOST[width.name] :], width)),
    )


def _month(figure: Figure) -> str:
    year, month = figure.name.partition("@")[2].split("-")
    return f"{MONTHS[int(month) - 1]} {year}"


def _first(figure: Figure) -> date:
    return date.fromisoformat(f"{figure.name.partition('@')[2]}-01")


def _draw(found: Sequence[Figure], width: Width) -> Plot:
    days = [_first(one) for one in found]
    end = date(days[-1].year + days[-1].month // 12, days[-1].month % 12 + 1, 1)
    top = max(int(one.value or 0) for one in found)
    ylim = (0, max(top, 1) * _HEADROOM)
    plot = Plot(
        (days[0].toordinal(), end.toordinal()),
        ylim,
        width=width,
        height=_HEIGHT,
        margin=(44.0, 8.0, 10.0, 34.0),
    )
    for value in MaxNLocator(4, integer=True).tick_values(0, ylim[1]):
        if 0 <= value <= ylim[1]:
            plot.line("grid" if value else "axis", plot.xlim, (value, value))
            x, y = plot.at(plot.xlim[0], value)
            plot.text("tick", f"{value:.0f}", x - 8, y - 0.36 * width.text, ha="right")
    dates(plot)
    for one, (first, last) in zip(found, pairwise([*days, end]), strict=True):
        pad = (last - first).days * 0.08
        value = int(one.value or 0)
        if value:
            plot.block("bar", (first.toordinal() + pad, last.toordinal() - pad), (0, value))
        if value == top:
            x, y = plot.at((first.toordinal() + last.toordinal()) / 2, value)
            plot.say("label", str(value), [Spot(x, y + 5, "center")], figure=one.id)
            top = -1  # the first of the highest is enough
    return plot
