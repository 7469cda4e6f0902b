"""P1: which projects are on, ahead of, or behind the pace they need? Small multiples on the same two axes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from generator.charts.chart import Chart, Table, drawn, numeric
from generator.charts.labels import BOLD, LINE, Pixel
from generator.charts.plot import Plot, Width
from generator.report import Figure, ProjectReport, ProjectStatus, Report
from generator.text_format import clean, counted, shortened
from generator.wording import Quoted, Shown, Words, joined, value_of

#: Panels drawn at most, and rows of the table: the highest shares of a goal.
MOST: Final = 12
MOST_ROWS: Final = 30
TOP: Final = 115  #: percent of the goal at the upper edge; the line of a larger share ends there
_LEAST_PANELS: Final = 2  #: one is no comparison
_HEIGHT, _GUTTER, _HEAD, _FOOT = 184, 24, 66, 10
#: What counts of a standing are called: for one project, for several.
_WORDS: Final = {
    ProjectStatus.REACHED: ("reached its goal", "reached their goals"),
    ProjectStatus.ON_PACE: ("is on pace", "are on pace"),
    ProjectStatus.BEHIND: ("is behind pace", "are behind pace"),
    ProjectStatus.ENDED: ("ended below its goal", "ended below their goals"),
    ProjectStatus.UNKNOWN: ("cannot be judged", "cannot be judged"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One project: shares of time and goal, percent."""

    project: ProjectReport
    goal_msat: int
    starts: date
    days: int  #: from the first to the last
    gone: float  #: share of time gone

    @property
    def progress(self) -> Figure:
        """The share of its goal that is raised."""
        return self.project.figures["progress"]

    @property
    def points(self) -> tuple[tuple[float, float], ...]:
        """The line from the first day to now."""
        points = [(0.0, 0.0)]
        for point in self.project.goal_funding:
            x = 100 * ((point.day - self.starts).days + 1) / self.days
            points.append(
                (min(max(x, 0.0), self.gone), min(TOP, 100 * value_of(point.figure) / self.goal_msat))
            )
        return (*points, (self.gone, points[-1][1]))


def panels(projects: Sequence[ProjectReport], as_of: datetime) -> list[Panel]:
    """Return the projects with a goal in bitcoin, a first and a last day, by share of goal, highest first."""
    found = [panel for panel in (_panel(project, as_of) for project in projects) if panel]
    return sorted(found, key=lambda panel: (-Decimal(panel.progress.value or 0), panel.project.slug))


def _panel(project: ProjectReport, as_of: datetime) -> Panel | None:
    goal, starts, ends = project.figures["goal"], project.terms.goal_from, project.terms.goal_until
    if project.figures["progress"].value is None or not isinstance(goal.value, int):
        return None
    if not starts or not ends or not starts < ends or as_of <= starts:
        return None
    whole = (ends - starts).days or 1
    gone = min(100.0, 100 * (as_of.date() - starts.date()).days / whole)
    return Panel(project=project, goal_msat=goal.value, starts=starts.date(), days=whole, gone=gone)


def chart(report: Report) -> Chart | None:
    """Draw the small multiples; None with fewer than two projects to compare."""
    found = panels(report.projects, report.as_of)
    if len(found) < _LEAST_PANELS:
        return None
    cut = f"Drawn are {MOST} of {len(found)} projects. " if len(found) > MOST else ""
    counts = _counts(found)
    return Chart(
        id="p1",
        name="Pace of each project towards its goal",
        finding=_capital(counts),
        question="Which projects are on, ahead of, or behind the pace they need? "
        "Share of the goal raised over the share of time that is gone.",
        alt=("Small multiples: ", *counts, "."),
        note=f"{cut}From the first day on the left to the last on the right, from nothing to the goal; "
        "the dashed line is an even pace. Projects without a goal in bitcoin or without days are not drawn.",
        table=_table(found),
        figures=tuple(panel.progress for panel in found[:MOST_ROWS]),
        drawings=drawn(lambda width: _draw(found[:MOST], width)),
    )


def _table(found: Sequence[Panel]) -> Table:
    rows = (
        (
            Quoted(shortened(clean(panel.project.title))),
            Shown(panel.progress, unit=False),
            str(panel.project.status),
        )
        for panel in found[:MOST_ROWS]
    )
    table = Table.of("project", ("Project", numeric("% of goal"), "State"), rows)
    count = counted(len(found), "project")
    return replace(table, name=f"{MOST_ROWS} of {count}") if len(found) > MOST_ROWS else table


def _counts(found: Sequence[Panel]) -> Words:
    counts = Counter(panel.project.status for panel in found)
    phrases = []
    for standing, (of_one, of_several) in _WORDS.items():
        if count := counts[standing]:
            phrases.append((f"one project {of_one}" if count == 1 else f"{count} {of_several}",))
    return joined(phrases)


def _capital(words: Words) -> Words:
    first = words[0]
    return (first[:1].upper() + first[1:], *words[1:]) if isinstance(first, str) else words


def _draw(found: Sequence[Panel], width: Width) -> Plot:
    columns = 2 if width.narrow else 4
    rows = -(-len(found) // columns)
    plot = Plot((0, width.px), (0, rows * _HEIGHT), width=width, height=rows * _HEIGHT, margin=(0, 0, 0, 0))
    cell = (width.px - (columns - 1) * _GUTTER) / columns
    for number, panel in enumerate(found):
        row, column = divmod(number, columns)
        left = column * (cell + _GUTTER) + 2
        low = (rows - row - 1) * _HEIGHT + _FOOT
        _draw_panel(plot, panel, (left, low, cell - 8, _HEIGHT - _HEAD - _FOOT))
    return plot


def _draw_panel(plot: Plot, panel: Panel, box: tuple[float, float, float, float]) -> None:
    left, low, across, up = box

    def at(gone: float, share: float) -> Pixel:
        return left + across * gone / 100, low + up * share / TOP

    def line(kind: str, points: Sequence[tuple[float, float]], *, steps: bool = False) -> None:
        places = [at(x, y) for x, y in points]
        plot.line(kind, [x for x, _ in places], [y for _, y in places], steps=steps)

    line("axis", [(0, 0), (100, 0)])
    line("grid", [(0, 100), (100, 100)])
    line("even", [(0, 0), (100, 100)])
    points = panel.points
    line("step", points, steps=True)
    plot.dot("dot", *at(*points[-1]), size=8)
    top, size = low + up, plot.width.text
    title = shortened(clean(panel.project.title), int((across + 6) / (size * BOLD)))
    plot.text("strong said", title, left, top + 10 + 2 * LINE * size)
    plot.text("label", Shown(panel.progress).text, left, top + 10 + LINE * size, figure=panel.progress.id)
    plot.text("quiet", str(panel.project.status), left, top + 10)
