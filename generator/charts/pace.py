"""P1: which projects are on, ahead of, or behind the pace they need? Small multiples on the same two axes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from generator.charts.chart import Chart, Column, drawn
from generator.charts.labels import BOLD, LINE
from generator.charts.plot import Plot, Width
from generator.report.model import ProjectReport, Standing
from generator.wording import Said, Shown, Words, clean, joined, shortened, value_of

#: Panels drawn at most, and rows of the table: the highest shares of a goal.
MOST: Final = 12
MOST_ROWS: Final = 30
TOP: Final = 115  #: percent of the goal at the upper edge; the line of a larger share ends there
_HEIGHT, _GUTTER, _HEAD, _FOOT = 184, 24, 66, 10
#: What counts of a standing are called: for one project, for several.
_WORDS: Final = {
    Standing.REACHED: ("reached its goal", "reached their goals"),
    Standing.ON_PACE: ("is on pace", "are on pace"),
    Standing.BEHIND: ("is behind pace", "are behind pace"),
    Standing.ENDED: ("ended below its goal", "ended below their goals"),
    Standing.UNKNOWN: ("cannot be judged", "cannot be judged"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One project: shares of time and goal, percent."""

    project: ProjectReport
    points: tuple[tuple[float, float], ...]
    gone: float  #: share of time gone


def panels(projects: Sequence[ProjectReport], as_of: datetime) -> list[Panel]:
    """Return the projects with a goal in bitcoin, a first and a last day, by share of goal, highest first."""
    found = [panel for panel in (_panel(project, as_of) for project in projects) if panel]
    return sorted(
        found, key=lambda one: (-Decimal(one.project.figures["progress"].value or 0), one.project.slug)
    )


def pace(projects: Sequence[ProjectReport], as_of: datetime) -> Chart | None:
    """Return the small multiples; None with fewer than two projects to compare."""
    found = panels(projects, as_of)
    if len(found) < 2:  # noqa: PLR2004 -- one is no comparison
        return None
    cut = f"Drawn are {MOST} of {len(found)} projects. " if len(found) > MOST else ""
    counts = Counter(one.project.standing for one in found)
    told = joined((_count(standing, counts[standing]),) for standing in _WORDS if counts[standing])
    return Chart(
        id="p1",
        name="Pace of each project towards its goal",
        finding=_capital(told),
        question="Which projects are on, ahead of, or behind the pace they need? "
        "Share of the goal raised over the share of time that is gone.",
        alt=("Small multiples: ", *told, "."),
        note=f"{cut}From the first day on the left to the last on the right, from nothing to the goal; "
        "the dashed line is an even pace. Projects without a goal in bitcoin or without days are not drawn.",
        columns=(Column(name="Project"), Column(name="% of goal", numeric=True), Column(name="State")),
        rows=tuple(
            (
                (Said(shortened(clean(one.project.title))),),
                (Shown(one.project.figures["progress"], unit=False),),
                (str(one.project.standing),),
            )
            for one in found[:MOST_ROWS]
        ),
        rows_name=f"{MOST_ROWS} of {len(found)} projects"
        if len(found) > MOST_ROWS
        else f"{len(found)} projects",
        figures=tuple(one.project.figures["progress"] for one in found[:MOST_ROWS]),
        drawings=drawn(lambda width: _draw(found[:MOST], width)),
    )


def _panel(project: ProjectReport, as_of: datetime) -> Panel | None:
    goal, starts, ends = project.figures["goal"], project.starts_at, project.ends_at
    known = project.figures["progress"].value is not None and isinstance(goal.value, int)
    if not known or not starts or not ends or not starts < ends or as_of <= starts:
        return None
    whole = (ends - starts).days or 1
    gone = min(100.0, 100 * (as_of.date() - starts.date()).days / whole)
    points = [(0.0, 0.0)]
    for point in project.funding:
        x = 100 * ((point.day - starts.date()).days + 1) / whole
        points.append((min(max(x, 0.0), gone), min(TOP, 100 * value_of(point.figure) / value_of(goal))))
    return Panel(project=project, points=(*points, (gone, points[-1][1])), gone=gone)


def _count(standing: Standing, count: int) -> str:
    one, several = _WORDS[standing]
    return f"one project {one}" if count == 1 else f"{count} {several}"


def _capital(words: Words) -> Words:
    first = words[0]
    return (first[:1].upper() + first[1:], *words[1:]) if isinstance(first, str) else words


def _draw(found: Sequence[Panel], width: Width) -> Plot:
    columns = 2 if width.narrow else 4
    rows = -(-len(found) // columns)
    whole = Plot((0, width.px), (0, rows * _HEIGHT), width=width, height=rows * _HEIGHT, margin=(0, 0, 0, 0))
    cell = (width.px - (columns - 1) * _GUTTER) / columns
    for number, panel in enumerate(found):
        row, column = divmod(number, columns)
        left = column * (cell + _GUTTER) + 2
        low = (rows - row - 1) * _HEIGHT + _FOOT
        _one(whole, panel, (left, low, cell - 8, _HEIGHT - _HEAD - _FOOT))
    return whole


def _one(plot: Plot, panel: Panel, box: tuple[float, float, float, float]) -> None:
    left, low, across, up = box

    def at(gone: float, share: float) -> tuple[float, float]:
        return left + across * gone / 100, low + up * share / TOP

    def line(kind: str, points: Sequence[tuple[float, float]], *, steps: bool = False) -> None:
        places = [at(x, y) for x, y in points]
        plot.line(kind, [x for x, _ in places], [y for _, y in places], steps=steps)

    line("axis", [(0, 0), (100, 0)])
    line("grid", [(0, 100), (100, 100)])
    line("even", [(0, 0), (100, 100)])
    line("step", panel.points, steps=True)
    plot.dot("dot", *at(*panel.points[-1]), size=8)
    progress = panel.project.figures["progress"]
    top, size = low + up, plot.width.text
    title = _fitted(clean(panel.project.title), across + 6, size)
    plot.text("strong said", title, left, top + 10 + 2 * LINE * size)
    plot.text("label", Shown(progress).text, left, top + 10 + LINE * size, figure=progress.id)
    plot.text("quiet", str(panel.project.standing), left, top + 10)


def _fitted(title: str, room: float, size: float) -> str:
    """Return a title that fits, with an ellipsis where it was cut."""
    return shortened(title, int(room / (size * BOLD)))
