"""C3: what pace is required from now on? One bullet bar: needed, got so far and of late, a day."""

from typing import Final

from generator.charts.chart import Chart, Table, drawn, numeric
from generator.charts.labels import LETTER, Anchor
from generator.charts.plot import Plot, Width
from generator.report import Figure, ProjectReport, Report
from generator.report.figures.pace import GOT, NEEDED, RECENT
from generator.sentence import counting, say
from generator.wording import Form, Shown, Words, length_of

_HEIGHT: Final = 104


def chart(_report: Report, project: ProjectReport) -> Chart | None:
    """Draw the pace of a goal with days left; None where none is needed or it is not known."""
    needed, got, recent = (project.figures.get(each.name) for each in (NEEDED, GOT, RECENT))
    if needed is None or got is None or not length_of(needed) or got.value is None:
        return None
    late = recent if recent is not None and recent.value is not None else None
    rows = [(say("Needed from now on"), needed), (say("Came so far"), got)]
    rows += [(say("Came in the last four weeks"), late)] if late else []
    return Chart(
        id="c3",
        name=say("Pace needed and pace so far"),
        finding=_finding(needed, got, late),
        question=say(
            "What pace is required from now on? What is missing to the goal, shared over the days left."
        ),
        alt=_alt(needed, got, late),
        note=say("Arithmetic, not a forecast."),
        table=Table.of(
            counting("{count} row", "{count} rows"),
            (say("Pace"), numeric(say("A day"))),
            ((name, Shown(figure)) for name, figure in rows),
        ),
        figures=tuple(figure for _, figure in rows),
        drawings=drawn(lambda width: _draw(needed, got, late, width)),
    )


def _finding(needed: Figure, got: Figure, late: Figure | None) -> Words:
    need, came = Shown(needed, Form.SHORT), Shown(got, Form.SHORT)
    if late is None:
        return (say("It needs {needed} a day; so far {got} a day came", needed=need, got=came),)
    text = say(
        "It needs {needed} a day; so far {got} a day came, in the last four weeks {late}",
        needed=need,
        got=came,
        late=Shown(late, Form.SHORT),
    )
    return (text,)


def _alt(needed: Figure, got: Figure, late: Figure | None) -> Words:
    need, came = Shown(needed, Form.SHORT), Shown(got, Form.SHORT)
    begin = say("Bullet bar: {needed} a day are needed, {got} a day came so far", needed=need, got=came)
    if late is None:
        return (say("{sentence}.", sentence=begin),)
    recent = Shown(late, Form.SHORT)
    if length_of(late) > length_of(got):
        return (say("{pace}, and more, {late} a day, in the last four weeks.", pace=begin, late=recent),)
    if length_of(late) < length_of(got):
        return (say("{pace}, and less, {late} a day, in the last four weeks.", pace=begin, late=recent),)
    return (say("{pace}, and as much, {late} a day, in the last four weeks.", pace=begin, late=recent),)


def _draw(needed: Figure, got: Figure, late: Figure | None, width: Width) -> Plot:
    top = max(map(length_of, (needed, got, late)))
    plot = Plot((0, top), (0, 1), width=width, height=_HEIGHT, margin=(2.0, 36.0, 3.0, 42.0))
    need, came = length_of(needed), length_of(got)
    plot.rectangle("track", plot.xlim, plot.ylim)
    plot.rectangle("bar", (0, came), (0.2, 0.8))
    plot.line("now", (need, need), (-0.15, 1.15))
    if late:
        plot.line("tick-gap", (length_of(late),) * 2, (-0.15, 1.15))
        plot.line("now", (length_of(late),) * 2, (-0.15, 1.15))
    x, y = plot.at(need, 1)
    words = say("needed: {amount} a day", amount=Shown(needed, Form.SHORT))
    anchors = [Anchor(x, y + 12, side) for side in ("right", "left", "center")]
    plot.label("strong halo", words, anchors, figure=needed.id, must=True)
    _label_got(plot, got)
    if late:
        words = say("Tick: {amount} a day in the last four weeks", amount=Shown(late, Form.SHORT))
        plot.text("quiet", words, 2, plot.at(0, 0)[1] - 26, figure=late.id)
    return plot


def _label_got(plot: Plot, got: Figure) -> None:
    """Write what came beside its bar, or in it where the bar is long."""
    words = plot.said(say("{amount} a day so far", amount=Shown(got, Form.SHORT)))
    x, middle = plot.at(length_of(got), 0.5)
    y = middle - plot.width.drop
    room = len(words) * LETTER * plot.width.text * 1.15
    fits = x + 8 + room <= plot.width.px
    kind, anchor = ("strong", Anchor(x + 8, y)) if fits else ("strong inside", Anchor(x - 8, y, "right"))
    plot.label(kind, words, [anchor], figure=got.id, must=True)
