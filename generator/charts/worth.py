"""C8: how much of the change is bitcoin's price? Two panels above each other, each with its own scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from matplotlib.ticker import MaxNLocator

from generator.charts.chart import Chart, Column, drawn
from generator.charts.funding_view import last_of, thinned
from generator.charts.labels import Spot
from generator.charts.plot import Plot, Width
from generator.charts.scales import dates
from generator.money import MSAT_PER_SAT, short_sat_text
from generator.report.figures.fiat import AT_RECEIPT, TODAY, WITHOUT_RATE
from generator.report.model import Figure, Point, ProjectReport
from generator.wording import Form, Shown, Words, day_text, value_of

#: Rows of a table that names each day; longer ones name the last day of each month.
MOST_ROWS: Final = 31
_LEAST_POINTS: Final = 2
_LEAST_DAYS: Final = 14
#: Heights of the two panels and of the room between them, which holds a title, in parts of the drawing.
_PANEL: Final = 1.0
_BETWEEN: Final = 0.3
_HEADROOM: Final = 1.3
#: Where a label may stand above, or below, the point it names: pixels.
_ABOVE: Final = (10, 24)
_BELOW: Final = (-20, -32, -44, -56, -68)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What is drawn and said, in one currency."""

    currency: str
    sats: tuple[Point, ...]
    fiat: tuple[Point, ...]  #: of the same days; from the first rate on
    raised: Figure
    receipt: Figure
    today: Figure
    lacking: Figure
    as_of: date


def worth(project: ProjectReport, as_of: date, currencies: Sequence[str]) -> Chart | None:
    """Return the two panels of a project in the first currency; None before two days have a value."""
    known = tuple(point for point in project.receipts if point.figure.value is not None)
    if not currencies or len(known) < _LEAST_POINTS or not value_of(project.figures["raised"]):
        return None
    currency, figures = currencies[0], project.figures
    view = Worth(
        currency=currency,
        sats=project.funding,
        fiat=known,
        raised=figures["raised"],
        receipt=figures[f"{AT_RECEIPT}@{currency}"],
        today=figures[f"{TODAY}@{currency}"],
        lacking=figures[f"{WITHOUT_RATE}@{currency}"],
        as_of=as_of,
    )
    return _chart(view, project.receipts)


def _chart(view: Worth, receipts: tuple[Point, ...]) -> Chart:
    pairs = tuple(zip(view.sats, receipts, strict=True))
    if len(pairs) > MOST_ROWS:
        kept = {point.day for point in last_of(view.sats, "%Y-%m")}
        pairs = tuple(pair for pair in pairs if pair[0].day in kept)
    gaps = " Rows without a rate are left out of the lower line." if view.lacking.value else ""
    return Chart(
        id="c8",
        name="Satoshis and their value at receipt",
        finding=_finding(view),
        question="How much of the change is the price of bitcoin? "
        f"Confirmed satoshis above, their value in {view.currency} on the days they came below.",
        alt=_alt(view),
        note=f"Each panel has its own scale, from zero. The circle is what it is worth today.{gaps}"
        if view.today.value is not None
        else f"Each panel has its own scale, from zero.{gaps}",
        columns=(
            Column(name="By the end of"),
            Column(name="Raised, sats", numeric=True),
            Column(name=f"{view.currency} at receipt", numeric=True),
        ),
        rows=tuple(
            (((day_text(one.day),), (Shown(one.figure, unit=False),), _value(other))) for one, other in pairs
        ),
        rows_name=f"{len(pairs)} rows",
        figures=(
            *(point.figure for point in view.sats),
            *(point.figure for point in receipts),
            view.receipt,
            view.today,
        ),
        drawings=drawn(lambda width: _draw(view, width)),
    )


def _value(point: Point) -> Words:
    return ("n/a",) if point.figure.value is None else (Shown(point.figure),)


def _finding(view: Worth) -> Words:
    then: Words = ("What came in was worth ", Shown(view.receipt), " at receipt")
    if view.today.value is None:
        return (*then, "; no rate of today is recorded")
    return (*then, " and is worth ", Shown(view.today), " today")


def _alt(view: Worth) -> Words:
    begin = f"Two step lines above each other from {day_text(view.sats[0].day)} to {day_text(view.as_of)}: "
    return (begin, Shown(view.raised, Form.SHORT), ", worth ", Shown(view.receipt), " at receipt.")


def _draw(view: Worth, width: Width) -> Plot:
    last = view.as_of.toordinal() + 1
    first = min(view.sats[0].day.toordinal(), last - _LEAST_DAYS)
    margin = (58.0 if width.narrow else 64.0, 22.0, 16.0, 34.0)
    plot = Plot((first, last), (0, 2 * _PANEL + _BETWEEN), width=width, height=344, margin=margin)
    dates(plot)
    above, below = _PANEL + _BETWEEN, 0.0
    most = max(_number(view.receipt), _number(view.today))
    _panel(plot, (above, value_of(view.raised) * _HEADROOM / MSAT_PER_SAT), "Satoshis")
    _panel(plot, (below, most * _HEADROOM), f"{view.currency} at receipt")
    _line(plot, (above, value_of(view.raised) * _HEADROOM), view.sats)
    _line(plot, (below, most * _HEADROOM), view.fiat)
    _end(plot, above + value_of(view.raised) / (value_of(view.raised) * _HEADROOM), view.raised)
    _ends(plot, view, most * _HEADROOM)
    return plot


def _panel(plot: Plot, panel: tuple[float, float], title: str) -> None:
    """Draw the grid of one panel, with its amounts, and its title above it."""
    low, top = panel
    for value in MaxNLocator(3, steps=[1, 2, 2.5, 5, 10]).tick_values(0, top):
        if not 0 <= value <= top:
            continue
        y = low + value / top
        plot.line("axis" if value == 0 else "grid", plot.xlim, (y, y))
        x, pixel = plot.at(plot.xlim[0], y)
        if value >= 1:
            words = short_sat_text(round(value) * MSAT_PER_SAT)
            plot.text("tick", words, x - 8, pixel - 0.36 * plot.width.text, ha="right")
    x, pixel = plot.at(plot.xlim[0], low + _PANEL)
    plot.text("strong halo", title, x + 4, pixel)


def _line(plot: Plot, panel: tuple[float, float], points: tuple[Point, ...]) -> None:
    low, top = panel
    shown = thinned(points)
    xs = [
        float(shown[0].day.toordinal() + 1),
        *(point.day.toordinal() + 1.0 for point in shown),
        plot.xlim[1],
    ]
    ys = [low, *(low + _number(point.figure) / top for point in shown)]
    plot.line("step", xs, [*ys, ys[-1]], steps=True)
    plot.avoid(xs, [*ys, ys[-1]])


def _end(plot: Plot, y: float, figure: Figure) -> None:
    plot.dot("dot", plot.xlim[1], y, size=8)
    x, pixel = plot.at(plot.xlim[1], y)
    spots = [Spot(x - 8, pixel + up, "right") for up in (*_ABOVE, *_BELOW)]
    plot.say("strong halo", Shown(figure, Form.SHORT).text, spots, figure=figure.id, must=True)


def _ends(plot: Plot, view: Worth, top: float) -> None:
    """Mark the value at receipt, and what it is worth today, unless that is unknown."""
    then = _number(view.receipt) / top
    x, pixel = plot.at(plot.xlim[1], then)
    plot.dot("dot", plot.xlim[1], then, size=8)
    higher = view.today.value is not None and _number(view.today) > _number(view.receipt)
    ups = _BELOW if higher else _ABOVE
    spots = [Spot(x - 8, pixel + up, "right") for up in ups]
    plot.say("strong halo", f"{Shown(view.receipt).text} then", spots, figure=view.receipt.id, must=True)
    if view.today.value is None:
        return
    now = _number(view.today) / top
    plot.line("needs", (plot.xlim[1], plot.xlim[1]), (then, now))
    plot.dot("planned", plot.xlim[1], now, size=9)
    pixel = plot.at(plot.xlim[1], now)[1]
    ups = _ABOVE if higher else _BELOW
    spots = [Spot(x - 8, pixel + up, "right") for up in ups]
    plot.say("halo", f"{Shown(view.today).text} today", spots, figure=view.today.id, must=True)


def _number(figure: Figure) -> float:
    """Return a figure as a length to draw; what is unknown has none."""
    return 0.0 if figure.value is None else float(figure.value)
