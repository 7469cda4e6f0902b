"""C3: what pace is required from now on? One bullet bar: needed, got so far and of late, a day."""

from typing import Final

from generator.charts.chart import Chart, Table, drawn, numeric
from generator.charts.labels import LETTER, Anchor
from generator.charts.plot import Plot, Width
from generator.report import Figure, ProjectReport, Report
from generator.report.figures.pace import GOT, NEEDED, RECENT
from generator.wording import Form, Shown, Words, length_of

_HEIGHT: Final = 104
_LATE: Final = "in the last four weeks"


def chart(_report: Report, project: ProjectReport) -> Chart | None:
    """Draw the pace of a goal with days left; None where none is needed or it is not known."""
    needed, got, recent = (project.figures.get(each.name) for each in (NEEDED, GOT, RECENT))
    if needed is None or got is None or not length_of(needed) or got.value is None:
        return None
    late = recent if recent is not None and recent.value is not None else None
    rows = [("Needed from now on", needed), ("Came so far", got)]
    rows += [(f"Came {_LATE}", late)] if late else []
    return Chart(
        id="c3",
        name="Pace needed and pace so far",
        finding=_finding(needed, got, late),
        question="What pace is required from now on? "
        "What is missing to the goal, shared over the days that are left.",
        alt=_alt(needed, got, late),
        note="Arithmetic, not a forecast.",
        table=Table.of("row", ("Pace", numeric("A day")), ((name, Shown(figure)) for name, figure in rows)),
        figures=tuple(figure for _, figure in rows),
        drawings=drawn(lambda width: _draw(needed, got, late, width)),
    )


def _finding(needed: Figure, got: Figure, late: Figure | None) -> Words:
    recent: Words = (f", {_LATE} ", Shown(late, Form.SHORT)) if late else ()
    return (
        "It needs ",
        Shown(needed, Form.SHORT),
        " a day; so far ",
        Shown(got, Form.SHORT),
        " a day came",
        *recent,
    )


def _alt(needed: Figure, got: Figure, late: Figure | None) -> Words:
    begin: Words = ("Bullet bar: ", Shown(needed, Form.SHORT), " a day are needed, ", Shown(got, Form.SHORT))
    if late is None:
        return (*begin, " a day came so far.")
    trend = (
        "more"
        if length_of(late) > length_of(got)
        else "less"
        if length_of(late) < length_of(got)
        else "as much"
    )
    return (*begin, f" a day came so far and {trend}, ", Shown(late, Form.SHORT), f" a day, {_LATE}.")


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
    words = f"needed: {Shown(needed, Form.SHORT).text} a day"
    anchors = [Anchor(x, y + 12, side) for side in ("right", "left", "center")]
    plot.label("strong halo", words, anchors, figure=needed.id, must=True)
    _label_got(plot, got)
    if late:
        words = f"Tick: {Shown(late, Form.SHORT).text} a day {_LATE}"
        plot.text("quiet", words, 2, plot.at(0, 0)[1] - 26, figure=late.id)
    return plot


def _label_got(plot: Plot, got: Figure) -> None:
    """Write what came beside its bar, or in it where the bar is long."""
    words = f"{Shown(got, Form.SHORT).text} a day so far"
    x, middle = plot.at(length_of(got), 0.5)
    y = middle - plot.width.drop
    room = len(words) * LETTER * plot.width.text * 1.15
    fits = x + 8 + room <= plot.width.px
    kind, anchor = ("strong", Anchor(x + 8, y)) if fits else ("strong inside", Anchor(x - 8, y, "right"))
    plot.label(kind, words, [anchor], figure=got.id, must=True)
