"""C2: is the inflow rising, steady or drying up? One bar a week in the goal's unit, from zero."""

from datetime import date, timedelta
from typing import Final

from generator.charts.chart import Chart, Table, drawn, numeric, on_day, sentences
from generator.charts.inflow_trend import WEEK, Inflow, alt, finding, median
from generator.charts.labels import Anchor
from generator.charts.plot import Plot, Width
from generator.charts.scales import amounts, amounts_room, dates
from generator.report import Figure, Point, ProjectReport, Report
from generator.report.figures.figure import MSAT
from generator.sentence import Sentence, counting, say
from generator.wording import Form, Shown, length_of

#: Bars drawn at most; the table has every week.
MOST_BARS: Final = 104
MOST_NARROW: Final = 40
_LEAST_WEEKS: Final = 2  #: one bar shows no trend
_HEADROOM: Final = 1.15


def chart(_report: Report, project: ProjectReport) -> Chart | None:
    """Draw a project's weeks; None with fewer than two."""
    if len(project.weeks) < _LEAST_WEEKS:
        return None
    view = Inflow.of(project)
    cut = []
    if len(view.weeks) > MOST_NARROW:
        drawn_weeks = len(view.weeks[-MOST_BARS:])
        cut.append(
            say("On phones the last {count} are drawn.", count=MOST_NARROW)
            if drawn_weeks == len(view.weeks)
            else say(
                "Drawn are the last {drawn} of {count} weeks, on phones the last {narrow}.",
                drawn=drawn_weeks,
                count=len(view.weeks),
                narrow=MOST_NARROW,
            )
        )
    return Chart(
        id="c2",
        name=say("Funding per week"),
        finding=finding(view),
        question=_question(view),
        alt=alt(view),
        note=sentences(
            _last_week(view, project.shown_until), say("The median is the lower middle week."), *cut
        ),
        table=_table(view),
        figures=tuple(point.figure for point in view.weeks),
        drawings=drawn(lambda width: _draw(view, width)),
    )


def _question(view: Inflow) -> Sentence:
    if view.unit == MSAT:
        return say(
            "Is the inflow rising, steady or drying up? Confirmed satoshis per week, Monday to Sunday."
        )
    return say(
        "Is the inflow rising, steady or drying up? {currency} at receipt per week, Monday to Sunday.",
        currency=view.unit,
    )


def _last_week(view: Inflow, until: date) -> Sentence:
    if view.running:
        return say("The last week, outlined, is shown up to {day} and is not in the median.", day=until)
    return say("The last week ends on {day}.", day=view.weeks[-1].day + timedelta(WEEK - 1))


def _table(view: Inflow) -> Table:
    value = say("Received, sats") if view.unit == MSAT else say("{currency} at receipt", currency=view.unit)
    rows = (
        (
            on_day(point.day),
            _unknown_word(point) if point.day in view.unknown else Shown(point.figure, unit=False),
        )
        for point in view.weeks
    )
    return Table.of(counting("{count} week", "{count} weeks"), (say("Week from"), numeric(value)), rows)


def _unknown_word(point: Point) -> Sentence:
    return say("no rate") if point.figure.value is None else say("not observed")


def _draw(view: Inflow, width: Width) -> Plot:
    weeks = view.weeks[-(MOST_NARROW if width.narrow else MOST_BARS) :]
    top = max(*(length_of(point.figure) for point in weeks), 1) * _HEADROOM
    first, last = weeks[0].day.toordinal(), weeks[-1].day.toordinal() + WEEK
    margin = (amounts_room(width, top, view.unit), 8.0, 8.0, 34.0)
    plot = Plot((first, last), (0, top), width=width, height=240, margin=margin)
    amounts(plot, view.unit)
    dates(plot)
    pad = min(1.0, 2.5 * (last - first) / width.px)
    for point in weeks:
        x, value = point.day.toordinal(), length_of(point.figure)
        if not value and (point.day in view.silent or point.day in view.unknown):
            plot.hatch("hatch", (x + pad / 2, x + WEEK - pad / 2), (0, top / _HEADROOM))
        elif value:
            kind = "bar-open" if point is weeks[-1] and view.running else "bar"
            plot.rectangle(kind, (x + pad, x + WEEK - pad), (0, value))
            plot.labels.keep_off(plot.at(x, 0), plot.at(x + WEEK, value))
    if view.complete and length_of(median(view.complete)):
        _draw_median(plot, median(view.complete))
    return plot


def _draw_median(plot: Plot, figure: Figure) -> None:
    value = length_of(figure)
    plot.line("median-gap", plot.xlim, (value, value))
    plot.line("median", plot.xlim, (value, value))
    (left, y), right = plot.at(plot.xlim[0], value), plot.at(plot.xlim[1], value)[0]
    words = say("median {amount}", amount=Shown(figure, Form.SHORT, unit=not plot.width.narrow))
    steps = range(0, round(right - left), 20)
    anchors = [
        Anchor(right - step, y + up, "right") for up in (7, 24, 40, 60, 85, 115, 150) for step in steps
    ]
    plot.label("strong halo", words, anchors, figure=figure.id, must=True)
