"""C1: how did funding reach today's level, and is it enough? A step line, never a curve."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeAlias

from generator.charts.chart import Chart, Column, drawn
from generator.charts.labels import LINE, Spot
from generator.charts.plot import Plot, Width
from generator.charts.scales import dates, levels
from generator.charts.words import Form, Shown, Words, day_text, span_text, value_of
from generator.money import MSAT_PER_SAT
from generator.report.model import Figure, Point, ProjectReport, Report

#: Points that a line has at most; longer series are drawn by the last point of each week, then month.
MOST_POINTS: Final = 400
#: Days that the axis spans at least.
LEAST_DAYS: Final = 14
#: Rows of a table that names each day; longer ones name the last day of each month.
MOST_ROWS: Final = 31
#: Stages that are marked on the axis; C5 has them all.
MOST_STAGES: Final = 12
_HEADROOM: Final = 1.12

Opening: TypeAlias = tuple[date, str, bool]  #: opening day, name, whether anything was claimed


@dataclass(frozen=True, slots=True, kw_only=True)
class Funding:
    """What is drawn and said. Days are ordinals; a contribution stands at the end of its UTC day."""

    points: tuple[Point, ...]
    raised: Figure
    goal: Figure | None  #: in msat, else none is drawn
    progress: Figure | None
    start: int
    today: int
    end: int
    deadline: date | None
    gaps: tuple[tuple[date, date], ...]
    stages: tuple[Opening, ...]

    @property
    def top(self) -> float:
        """Return the upper end of the scale, msat."""
        return max(value_of(self.goal), value_of(self.raised), 1) * _HEADROOM

    def parts(self) -> list[tuple[list[float], list[float]]]:
        """Return the line in parts: it stops where nobody looked, and goes on after that."""
        edges = [self.start]
        for first, last in self.gaps:
            edges += [max(first.toordinal(), self.start), min(last.toordinal() + 1, self.today)]
        edges.append(self.today)
        found = []
        for begin, end in zip(edges[::2], edges[1::2], strict=True):
            inside = [point for point in self.points if begin < point.day.toordinal() + 1 <= end]
            before = [point for point in self.points if point.day.toordinal() + 1 <= begin]
            level = float(value_of(before[-1].figure)) if before else 0.0
            xs = [float(begin), *(point.day.toordinal() + 1.0 for point in inside), float(end)]
            ys = [level, *(float(value_of(point.figure)) for point in inside)]
            if begin < end:
                found.append((xs, [*ys, ys[-1]]))
        return found


def of_project(project: ProjectReport, as_of: datetime) -> Chart | None:
    """Return the chart of one project; None before the first confirmed contribution."""
    if not project.funding:
        return None
    goal, progress = project.figures["goal"], project.figures["progress"]
    stages = tuple(
        (row.opens_on, f"Stage {row.number}" if row.number else "", bool(row.claims))
        for row in project.stages
    )
    starts, ends = (at.date() if at else None for at in (project.starts_at, project.ends_at))
    return _chart(
        _funding(
            project.funding,
            (project.figures["raised"], goal if isinstance(goal.value, int) else None),
            (starts, as_of.date(), ends),
            progress=progress if progress.value is not None else None,
            gaps=project.gaps,
            stages=stages,
        ),
    )


def of_portfolio(report: Report) -> Chart | None:
    """Return the chart of all projects together; None before the first confirmed contribution."""
    if not report.funding:
        return None
    days = (None, report.as_of.date(), None)
    raised = report.figures["raised"]
    known = raised if raised.value is not None else report.funding[-1].figure
    return _chart(_funding(report.funding, (known, None), days, gaps=report.gaps))


def _funding(
    points: tuple[Point, ...],
    amounts: tuple[Figure, Figure | None],
    days: tuple[date | None, date, date | None],
    *,
    progress: Figure | None = None,
    gaps: tuple[tuple[date, date], ...] = (),
    stages: tuple[Opening, ...] = (),
) -> Funding:
    starts, as_of, ends = days
    today = as_of.toordinal() + 1
    first = min(day for day in (starts, points[0].day) if day is not None and day <= as_of)
    end = max(today, ends.toordinal()) if ends else today
    start = min(first.toordinal(), end - LEAST_DAYS)
    return Funding(
        points=points,
        raised=amounts[0],
        goal=amounts[1],
        progress=progress,
        start=start,
        today=today,
        end=end,
        deadline=ends if ends and start < ends.toordinal() else None,
        gaps=tuple(gap for gap in gaps if gap[1].toordinal() >= start and gap[0].toordinal() < today),
        stages=stages_in(stages, start, end),
    )


def stages_in(stages: tuple[Opening, ...], start: int, end: int) -> tuple[Opening, ...]:
    """Return the stages that are marked: those on the axis, none where they would crowd each other."""
    found = tuple(stage for stage in stages if start <= stage[0].toordinal() <= end)
    return found if len(found) <= MOST_STAGES else ()


def _chart(view: Funding) -> Chart:
    line = _thinned(view.points)
    rows = view.points if len(view.points) <= MOST_ROWS else _last_of(view.points, "%Y-%m")
    shape = f" The line shows {len(line)} of {len(view.points)} days." if len(line) < len(view.points) else ""
    ahead = " The dotted line is the way that is left to the goal." if _needs(view) else ""
    return Chart(
        id="c1",
        name="Confirmed funding over time",
        finding=_finding(view),
        question="How did funding reach this level, and is it enough? "
        "Confirmed satoshis, added up day by day.",
        alt=_alt(view),
        note=f"{shape}{ahead}".strip(),
        columns=(Column(name="By the end of"), Column(name="Raised, sats", numeric=True)),
        rows=tuple(((day_text(point.day),), (Shown(point.figure, unit=False),)) for point in rows),
        rows_name="1 row" if len(rows) == 1 else f"{len(rows)} rows",
        figures=tuple(point.figure for point in view.points),
        drawings=drawn(lambda width: _draw(view, line, width)),
    )


def _finding(view: Funding) -> Words:
    half = next(point for point in view.points if 2 * value_of(point.figure) >= value_of(view.raised))
    when = f", half of it by {day_text(half.day)}" if len(view.points) > 1 else ""
    if view.progress is not None:
        return (Shown(view.progress), f" of the goal is raised{when}")
    verb = "is" if value_of(view.raised) == MSAT_PER_SAT else "are"
    return (Shown(view.raised, Form.SHORT), f" {verb} raised{when}")


def _alt(view: Funding) -> Words:
    share: Words = (", ", Shown(view.progress), " of the goal,") if view.progress else ()
    by = f" by {day_text(date.fromordinal(view.today - 1))}."
    spans = [span_text(first, last) for first, last in view.gaps]
    silent = f" Nobody looked {', '.join(spans)}." if spans else ""
    return ("Step line: confirmed funding rose to ", Shown(view.raised, Form.SHORT), *share, by, silent)


def _thinned(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """Return at most `MOST_POINTS` points, each exact; what is left out lies between them."""
    for name in ("%G-%V", "%Y-%m", "%Y"):
        if len(points) <= MOST_POINTS:
            return points
        points = _last_of(points, name)
    return points


def _last_of(points: tuple[Point, ...], name: str) -> tuple[Point, ...]:
    return tuple({point.day.strftime(name): point for point in points}.values())


def _needs(view: Funding) -> bool:
    """Tell whether there is a way left to a goal, and time for it."""
    below = view.goal is not None and value_of(view.raised) < value_of(view.goal)
    return below and view.raised.complete and view.deadline is not None and view.end > view.today


def _draw(view: Funding, line: tuple[Point, ...], width: Width) -> Plot:
    margin = (58.0 if width.narrow else 64.0, 8.0, 14.0, 34.0)
    height = 340 if width.narrow else 390
    plot = Plot((view.start, view.end), (0, view.top), width=width, height=height, margin=margin)
    for first, last in view.gaps:
        band = (max(first.toordinal(), view.start), min(last.toordinal() + 1, view.today))
        plot.hatch("hatch", band, (0, view.top / _HEADROOM))
        plot.labels.block(plot.at(band[0], 0), plot.at(band[1], view.top / _HEADROOM))
    levels(plot)
    dates(plot)
    if view.goal is not None:
        level = value_of(view.goal)
        plot.line("goal", plot.xlim, (level, level))
        plot.labels.block(plot.at(plot.xlim[0], level), plot.at(plot.xlim[1], level))
    for xs, ys in _drawn_parts(view, line):
        plot.line("step", xs, ys, steps=True)
        plot.avoid(xs, ys)
    if _needs(view):
        plot.line("needs", (view.today, view.end), (value_of(view.raised), value_of(view.goal)))
    _today(plot, view)
    _goal(plot, view)
    _moments(plot, view)
    return plot


def _drawn_parts(view: Funding, line: tuple[Point, ...]) -> list[tuple[list[float], list[float]]]:
    """Return the parts of the line with the days that are drawn, and the ends of each part."""
    kept = {point.day.toordinal() + 1.0 for point in line}
    found = []
    for xs, ys in view.parts():
        pairs = [(x, y) for x, y in zip(xs, ys, strict=True) if x in kept or x in (xs[0], xs[-1])]
        found.append(([x for x, _ in pairs], [y for _, y in pairs]))
    return found


def _today(plot: Plot, view: Funding) -> None:
    x, y = plot.at(view.today, value_of(view.raised))
    plot.dot("dot", view.today, value_of(view.raised), size=10)
    lines = [("strong halo", Shown(view.raised, Form.SHORT).text, view.raised.id)]
    if view.progress is not None:
        lines.append(("halo", f"{Shown(view.progress).text} of goal", view.progress.id))
    rise = 10 + (len(lines) - 1) * LINE * plot.width.text
    spots = [Spot(x + 12, y - 5), Spot(x - 10, y + rise, "right"), Spot(x - 10, y - 24, "right")]
    spots += [Spot(x - 10, y - down, "right") for down in (44, 64, 84, 110, 140)]
    spots += [Spot(x + 12, y - 24), Spot(x, y + rise, "right"), Spot(x, y - 24, "right")]
    plot.stack(lines, spots)


def _goal(plot: Plot, view: Funding) -> None:
    if view.goal is None:
        return
    left, right = plot.at(plot.xlim[0], 0)[0], plot.at(plot.xlim[1], 0)[0]
    y = plot.at(0, value_of(view.goal))[1]
    spots = [
        Spot(left + 4, y + 7),
        Spot(right, y + 7, "right"),
        Spot(left + 4, y - 18),
        Spot(right, y - 18, "right"),
    ]
    words = f"Goal {Shown(view.goal, Form.SHORT).text}"
    plot.say("strong halo", words, spots, figure=view.goal.id, must=True)


def _moments(plot: Plot, view: Funding) -> None:
    """Name the gaps, the deadline and the stages, as far as there is room."""
    base = plot.at(plot.xlim[0], 0)[1]
    for day, name, claimed in view.stages:
        plot.diamond("claimed" if claimed else "planned", day.toordinal(), 0, size=9)
        if name:
            plot.say("halo", name, [Spot(plot.at(day.toordinal(), 0)[0], base + 10, "center")])
    if view.deadline is not None and view.deadline.toordinal() <= view.end:
        x = plot.at(view.deadline.toordinal(), 0)[0]
        plot.line("axis", (view.deadline.toordinal(),) * 2, (0, view.top / _HEADROOM))
        words = f"ends {day_text(view.deadline)}"
        plot.say("quiet halo", words, [Spot(x - 6, base + up, "right") for up in (10, 28, 46, 64)])
    for first, last in view.gaps:
        (x0, top), x1 = plot.at(first.toordinal(), view.top / _HEADROOM), plot.at(last.toordinal() + 1, 0)[0]
        words = f"not observed\n{span_text(first, last)}"
        spots = [Spot(x1 + 6, base + (top - base) * part) for part in (0.35, 0.5, 0.65, 0.2)]
        spots += [Spot(x0 - 6, spot.y, "right") for spot in spots]
        plot.say("quiet halo", words, spots)
