"""C8: how much of the change is bitcoin's price? Two panels above each other, each with its own scale."""

from datetime import date
from typing import Final, Self

import msgspec
from matplotlib.ticker import MaxNLocator

from generator.charts.chart import Chart, Table, drawn, numeric, on_day, sentences
from generator.charts.labels import Anchor
from generator.charts.plot import Plot, Width
from generator.charts.scales import STEPS, dates, days_until, for_line, for_table, level, ticks
from generator.money import MSAT_PER_SAT, short_sat_text
from generator.report import Figure, Point, ProjectReport, Report
from generator.report.figures.currency_values import AT_MONTH_END, AT_RECEIPT, WITHOUT_RATE
from generator.sentence import Sentence, counting, say
from generator.wording import Form, Shown, Words, length_of, value_of

_LEAST_POINTS: Final = 2
#: Heights of the two panels and of the room between them, which holds a title, in parts of the drawing.
_PANEL: Final = 1.0
_BETWEEN: Final = 0.3
_HEADROOM: Final = 1.3
#: Where a label may stand above, or below, the point it names: pixels.
_ABOVE: Final = (10, 24)
_BELOW: Final = (-20, -32, -44, -56, -68)


class Values(msgspec.Struct, frozen=True, kw_only=True):
    """What is drawn and said, in one currency."""

    currency: str
    sats: tuple[Point, ...]
    receipts: tuple[Point, ...]  #: of the same days; without a value up to the first rate
    raised: Figure
    receipt: Figure
    now: Figure  #: at the rate of `month_end`
    month_end: date
    lacking: Figure  #: rows without a rate
    until: date  #: the last day that is shown

    @classmethod
    def of(cls, report: Report, project: ProjectReport) -> Self:
        """Collect the values of a project in the report's first currency."""
        currency, figures = report.prices.currencies[0], project.figures
        return cls(
            currency=currency,
            sats=project.funding,
            receipts=project.receipts,
            raised=figures["raised"],
            receipt=figures[AT_RECEIPT.name_of(currency)],
            now=figures[AT_MONTH_END.name_of(currency)],
            month_end=report.prices.month_end,
            lacking=figures[WITHOUT_RATE.name_of(currency)],
            until=project.shown_until,
        )


class Scale(msgspec.Struct, frozen=True):
    """One of the two scales: where its zero stands, and what its upper edge is worth."""

    low: float
    top: float

    def y(self, figure: Figure) -> float:
        """Return the place of a figure; what is unknown has no height."""
        return self.low + length_of(figure) / self.top


def chart(report: Report, project: ProjectReport) -> Chart | None:
    """Draw a project's worth in the first currency; None before two days have a value."""
    known = sum(point.figure.value is not None for point in project.receipts)
    if not report.prices.currencies or known < _LEAST_POINTS or not value_of(project.figures["raised"]):
        return None
    view = Values.of(report, project)
    lines = [point.figure for point in (*view.sats, *view.receipts)]
    return Chart(
        id="c8",
        name=say("Satoshis and their value at receipt"),
        finding=_finding(view),
        question=say(
            "How much of the change is the price of bitcoin? Confirmed satoshis above, their value in "
            "{currency} on the days they came below.",
            currency=view.currency,
        ),
        alt=_alt(view),
        note=_note(view),
        table=_table(view),
        figures=(*lines, view.receipt, view.now),
        drawings=drawn(lambda width: _draw(view, width)),
    )


def _note(view: Values) -> Words:
    said = [say("Each panel has its own scale, from zero.")]
    if view.now.value is not None:
        said.append(say("The circle is what it is worth at the rate of {day}.", day=view.month_end))
    if view.lacking.value:
        said.append(say("Rows without a rate are left out of the lower line."))
    return sentences(*said)


def _table(view: Values) -> Table:
    days = {point.day for point in for_table(view.sats)}
    columns = (say("By the end of"), numeric(say("Raised, sats")), numeric(_at_receipt(view)))
    rows = (
        (
            on_day(sats.day),
            Shown(sats.figure, unit=False),
            say("n/a") if receipt.figure.value is None else Shown(receipt.figure),
        )
        for sats, receipt in zip(view.sats, view.receipts, strict=True)
        if sats.day in days
    )
    return Table.of(counting("{count} row", "{count} rows"), columns, rows)


def _finding(view: Values) -> Words:
    then, day = Shown(view.receipt, Form.SHORT), view.month_end
    if view.now.value is None:
        return (
            say("What came in was worth {then} at receipt; no rate of {day} is recorded", then=then, day=day),
        )
    return (
        say(
            "What came in was worth {then} at receipt and is worth {now} at the rate of {day}",
            then=then,
            now=Shown(view.now, Form.SHORT),
            day=day,
        ),
    )


def _alt(view: Values) -> Words:
    return (
        say(
            "Two step lines above each other from {first} to {last}: {raised}, worth {worth} at receipt.",
            first=view.sats[0].day,
            last=view.until,
            raised=Shown(view.raised, Form.SHORT),
            worth=Shown(view.receipt, Form.SHORT),
        ),
    )


def _at_receipt(view: Values) -> Sentence:
    return say("{currency} at receipt", currency=view.currency)


def _draw(view: Values, width: Width) -> Plot:
    xlim = days_until(view.until, view.sats[0].day)
    ylim = (0, 2 * _PANEL + _BETWEEN)
    plot = Plot(xlim, ylim, width=width, height=344, margin=(width.amounts, 22.0, 16.0, 34.0))
    dates(plot)
    above = Scale(_PANEL + _BETWEEN, value_of(view.raised) * _HEADROOM)
    below = Scale(0.0, max(length_of(view.receipt), length_of(view.now)) * _HEADROOM)
    _grid(plot, Scale(above.low, above.top / MSAT_PER_SAT), say("Satoshis"))
    _grid(plot, below, _at_receipt(view))
    _line(plot, above, view.sats)
    _line(plot, below, tuple(point for point in view.receipts if point.figure.value is not None))
    _label_end(plot, above.y(view.raised), Shown(view.raised, Form.SHORT))
    _label_worths(plot, view, below)
    return plot


def _grid(plot: Plot, panel: Scale, title: Sentence) -> None:
    """Draw the grid of one panel, in whole units, with its amounts, and its title above it."""
    for value in ticks(MaxNLocator(3, steps=STEPS), panel.top):
        words = short_sat_text(round(value) * MSAT_PER_SAT) if value >= 1 else ""
        level(plot, panel.low + value / panel.top, words, base=not value)
    x, pixel = plot.at(plot.xlim[0], panel.low + _PANEL)
    plot.text("strong halo", title, x + 4, pixel)


def _line(plot: Plot, panel: Scale, points: tuple[Point, ...]) -> None:
    shown = for_line(points)
    days = [point.day.toordinal() + 1.0 for point in shown]
    heights = [panel.y(point.figure) for point in shown]
    xs, ys = [days[0], *days, plot.xlim[1]], [panel.low, *heights, heights[-1]]
    plot.steps("step", xs, ys)


def _label_end(plot: Plot, y: float, raised: Shown) -> None:
    plot.dot("dot", plot.xlim[1], y, size=8)
    x, pixel = plot.at(plot.xlim[1], y)
    anchors = [Anchor(x - 8, pixel + up, "right") for up in (*_ABOVE, *_BELOW)]
    plot.label("strong halo", raised, anchors, figure=raised.figure.id, must=True)


def _label_worths(plot: Plot, view: Values, panel: Scale) -> None:
    """Mark the value at receipt, and what it is worth at the month's end, unless that is unknown."""
    then, now = panel.y(view.receipt), panel.y(view.now)
    higher = length_of(view.now) > length_of(view.receipt)
    end = plot.xlim[1]
    plot.dot("dot", end, then, size=8)
    x, pixel = plot.at(end, then)
    anchors = [Anchor(x - 8, pixel + up, "right") for up in (_BELOW if higher else _ABOVE)]
    words = say("{worth} then", worth=Shown(view.receipt, Form.SHORT))
    plot.label("strong halo", words, anchors, figure=view.receipt.id, must=True)
    if view.now.value is None:
        return
    plot.line("needs", (end, end), (then, now))
    plot.dot("planned", end, now, size=9)
    pixel = plot.at(end, now)[1]
    anchors = [Anchor(x - 8, pixel + up, "right") for up in (_ABOVE if higher else _BELOW)]
    words = say("{worth} at the last rate", worth=Shown(view.now, Form.SHORT))
    plot.label("halo", words, anchors, figure=view.now.id, must=True)
