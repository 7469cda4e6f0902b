"""C1: how did funding reach today's level, and is it enough? A step line, never a curve."""

from datetime import date, datetime
from typing import Final

from generator.charts.chart import Chart, Column, drawn
from generator.charts.funding_plot import draw
from generator.charts.funding_view import Funding, Opening, last_of, stages_in, thinned
from generator.money import MSAT_PER_SAT
from generator.report.model import Figure, Point, ProjectReport, Report
from generator.wording import Form, Shown, Words, day_text, span_text, value_of

#: Days that the axis spans at least.
LEAST_DAYS: Final = 14
#: Rows of a table that names each day; longer ones name the last day of each month.
MOST_ROWS: Final = 31


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


def _chart(view: Funding) -> Chart:
    line = thinned(view.points)
    rows = view.points if len(view.points) <= MOST_ROWS else last_of(view.points, "%Y-%m")
    shape = f" The line shows {len(line)} of {len(view.points)} days." if len(line) < len(view.points) else ""
    ahead = " The dotted line is the way that is left to the goal." if view.has_way_left else ""
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
        drawings=drawn(lambda width: draw(view, line, width)),
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
