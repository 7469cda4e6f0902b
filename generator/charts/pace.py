"""P1: which projects are on, ahead of, or behind the pace they need? Small multiples on the same two axes."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

import msgspec

from generator.charts.chart import Chart, Table, drawn, numeric
from generator.charts.labels import BOLD, LINE, Pixel
from generator.charts.pace_words import STATES, alt, finding, note
from generator.charts.plot import Plot, Width
from generator.report import Figure, ProjectReport, ProjectStatus, Report
from generator.report.portfolio.project_order import behind_first, time_gone
from generator.sentence import Sentence, counting, say
from generator.text_format import clean, shortened
from generator.wording import Form, Quoted, Shown, length_of

#: Panels drawn at most, and rows of the table, those furthest behind; lists have all of a larger network.
MOST: Final = 8
MOST_ROWS: Final = 200
#: With more projects than this, those without a last day are not drawn.
CROWD: Final = 12
TOP: Final = 130  #: percent of the goal at the upper edge; the line of a larger share ends there
_LEAST_PANELS: Final = 2  #: one is no comparison
_STEP: Final = 1.5  #: percent of a panel's width that two points of a line are apart at least
_HEIGHT, _HEIGHT_NARROW, _GUTTER, _HEAD, _FOOT = 156, 116, 24, 46, 10


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """One project: shares of time and goal, percent."""

    project: ProjectReport
    starts: date
    days: int  #: from the first to the last, or to now
    gone: float  #: share of time gone
    has_end: bool  #: so an even pace can be drawn

    @property
    def progress(self) -> Figure:
        """The share of its goal that is raised."""
        return self.project.figures["progress"]

    @property
    def state(self) -> Sentence:
        """How it stands, in two words."""
        return STATES[self.project.status][1]

    @property
    def points(self) -> list[tuple[float, float]]:
        """The line from the first day to now, thinned to what can be seen."""
        points, goal = [(0.0, 0.0)], length_of(self.project.figures["goal"])
        first = self.starts.toordinal() - 1
        for point in self.project.goal_funding:
            x = min(max(100 * (point.day.toordinal() - first) / self.days, 0.0), self.gone)
            y = min(float(TOP), 100 * length_of(point.figure) / goal)
            if x - points[-1][0] < _STEP and len(points) > 1:
                points.pop()
            points.append((x, y))
        return [*points, (self.gone, points[-1][1])]


def compared(projects: Iterable[ProjectReport], today: date) -> list[ProjectReport]:
    """Return the projects of which a share of the goal is known, those furthest behind first."""
    return [
        project for project in behind_first(projects, today) if project.figures["progress"].value is not None
    ]


def panel(project: ProjectReport, today: date) -> Panel:
    """Return what is drawn of one project."""
    begins, until, gone = project.terms.goal_from, project.terms.goal_until, time_gone(project, today)
    if begins and until and gone is not None:
        days = (until.date() - begins.date()).days
        return Panel(project=project, starts=begins.date(), days=days, gone=float(gone), has_end=True)
    known = [point.day for point in project.goal_funding[:1]] + ([begins.date()] if begins else [])
    last = project.shown_until  # not today: the drawing changes with the project alone
    first = min([*known, last])
    return Panel(project=project, starts=first, days=(last - first).days + 1, gone=100.0, has_end=False)


def chart(report: Report) -> Chart | None:
    """Draw the small multiples; None with fewer than two projects to compare."""
    today = report.as_of.date()
    found = compared(report.projects, today)
    if len(found) < _LEAST_PANELS:
        return None
    with_end = [project for project in found if time_gone(project, today) is not None]
    shown = [panel(project, today) for project in (with_end if len(found) > CROWD else found)[:MOST]]
    return Chart(
        id="p1",
        name=say("Pace of each project towards its goal"),
        finding=finding(found, today),
        question=say(
            "Which projects are on, ahead of, or behind the pace they need? Share of the goal raised over "
            "the share of time that is gone."
        ),
        alt=alt(found),
        note=note(len(shown), len(found)),
        table=_table(found),
        figures=tuple(project.figures["progress"] for project in found[:MOST_ROWS]),
        drawings=drawn(lambda width: _draw(shown, width)),
    )


def _table(found: Sequence[ProjectReport]) -> Table:
    rows = (
        (
            Quoted(shortened(clean(project.title))),
            Shown(project.figures["progress"], unit=False),
            STATES[project.status][1],
        )
        for project in found[:MOST_ROWS]
    )
    columns = (say("Project"), numeric(say("% of goal")), say("State"))
    table = replace(
        Table.of(counting("{count} project", "{count} projects"), columns, rows),
        ways=tuple(f"p/{project.slug}/index.html" for project in found[:MOST_ROWS]),
    )
    if len(found) <= MOST_ROWS:
        return table
    return replace(table, name=say("{drawn} of {count} projects", drawn=MOST_ROWS, count=len(found)))


def _draw(found: Sequence[Panel], width: Width) -> Plot:
    columns = 2 if width.narrow else 4
    rows = -(-len(found) // columns)
    each = _HEIGHT_NARROW if width.narrow else _HEIGHT  # phones show them all on one screen
    height = rows * each
    plot = Plot((0, width.px), (0, height), width=width, height=height, margin=(0, 0, 0, 0))
    cell = (width.px - (columns - 1) * _GUTTER) / columns
    for number, shown in enumerate(found):
        row, column = divmod(number, columns)
        left = column * (cell + _GUTTER) + 2
        low = (rows - row - 1) * each + _FOOT
        _draw_panel(plot, shown, (left, low, cell - 8, each - _HEAD - _FOOT))
    return plot


def _draw_panel(plot: Plot, shown: Panel, box: tuple[float, float, float, float]) -> None:
    left, low, across, up = box

    def at(gone: float, share: float) -> Pixel:
        return left + across * gone / 100, low + up * share / TOP

    def line(kind: str, points: Sequence[tuple[float, float]], *, steps: bool = False) -> None:
        places = [at(x, y) for x, y in points]
        plot.line(kind, [x for x, _ in places], [y for _, y in places], steps=steps)

    line("axis", [(0, 0), (100, 0)])
    line("grid", [(0, 100), (100, 100)])
    if shown.has_end:
        line("even", [(0, 0), (100, 100)])
    points = shown.points
    quiet = "-quiet" if shown.project.status is ProjectStatus.ENDED else ""
    line(f"step{quiet}", points, steps=True)
    plot.dot(f"dot{quiet}", *at(*points[-1]), size=8)
    top, size = low + up, plot.width.text
    title = shortened(clean(shown.project.title), int((across + 6) / (size * BOLD)))
    plot.text("strong said", title, left, top + 10 + LINE * size)
    progress = shown.progress
    words = say("{share}, {state}", share=Shown(progress, Form.SHORT), state=shown.state)
    plot.text("quiet", words, left, top + 10, figure=progress.id)
