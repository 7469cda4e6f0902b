"""C1: how did funding reach this level, and is it enough? A step line of `funding_view`, never a curve."""

from typing import TypeAlias

import numpy as np

from generator.charts.chart import Chart, Table, drawn, numeric, on_day
from generator.charts.funding_labels import (
    DAY_ROW,
    FOOT,
    label_days,
    label_dot,
    label_even,
    label_gaps,
    label_goal,
    label_notes,
)
from generator.charts.funding_view import HEADROOM, DayAxis, Funding
from generator.charts.funding_words import alt, finding, note
from generator.charts.labels import Anchor
from generator.charts.marks import Array
from generator.charts.plot import Plot, Width
from generator.charts.scales import amounts, amounts_room, dates, for_line, for_table
from generator.report import Figure, Point, ProjectReport, Report
from generator.report.annotations import of_project as noted
from generator.report.figures.figure import MSAT
from generator.report.figures.pace import EVEN, NEEDED
from generator.sentence import counting, say
from generator.wording import Shown, length_of

#: Of a line: the days and the heights of each part.
Parts: TypeAlias = list[tuple[Array, Array]]


def of_project(report: Report, project: ProjectReport) -> Chart | None:
    """Draw the funding of one project in its goal's unit; None before the first confirmed contribution."""
    points = tuple([point for point in project.goal_funding if point.figure.value is not None])
    goal: Figure | None = project.figures["goal"]
    period = project.terms.periods.current is not None
    if not points and not period:  # nothing has a value in the goal's currency
        points, goal = project.funding, None
    if not points:
        return None
    figures, raised = project.figures, project.figures["raised"]
    if goal is None or goal.value is None:
        goal = None
    starts, ends = (at.date() if at else None for at in (project.terms.goal_from, project.terms.goal_until))
    axis = DayAxis.of(points[0].day, project.shown_until, starts=starts, ends=ends)
    return _chart(
        Funding(
            points=points,
            raised=raised if points is project.funding else points[-1].figure,
            period=period,
            goal=goal,
            progress=figures["progress"] if goal and figures["progress"].value is not None else None,
            needed=figures.get(NEEDED.name) if goal else None,
            even=figures.get(EVEN.name) if goal else None,
            today=project.today,
            axis=axis,
            gaps=axis.gaps(project.gaps),
            stages=axis.stages(project.stages),
            notes=axis.notes(noted(report.annotations, project.slug)),
        )
    )


def of_portfolio(report: Report) -> Chart | None:
    """Draw the funding of all projects together; None before the first confirmed contribution."""
    if not report.funding:
        return None
    axis = DayAxis.of(report.funding[0].day, report.shown_until)
    return _chart(
        Funding(
            points=report.funding,
            raised=report.figures["raised"],
            axis=axis,
            gaps=axis.gaps(report.gaps),
            notes=axis.notes(noted(report.annotations, "")),
        )
    )


def _chart(view: Funding) -> Chart:
    line, rows = for_line(view.points), for_table(view.points)
    parts = _drawn_parts(view, line)
    marks = [figure for figure in (view.goal, view.needed, view.even) if figure is not None]
    value = say("Raised, sats") if view.unit == MSAT else say("{currency} at receipt", currency=view.unit)
    return Chart(
        id="c1",
        name=say("Confirmed funding over time"),
        finding=finding(view),
        question=say(
            "How did funding reach this level, and is it enough? Confirmed satoshis, added up day by day."
        )
        if view.unit == MSAT
        else say(
            "How did funding reach this level, and is it enough? Value in {currency} on the day each payment "
            "came, added up.",
            currency=view.unit,
        ),
        alt=alt(view),
        note=note(view, len(line)),
        table=Table.of(
            counting("{count} row", "{count} rows"),
            (say("By the end of"), numeric(value)),
            ((on_day(point.day), Shown(point.figure, unit=False)) for point in rows),
        ),
        figures=(*[point.figure for point in view.points], *marks),
        drawings=drawn(lambda width: _draw(view, parts, width)),
    )


def _draw(view: Funding, parts: Parts, width: Width) -> Plot:
    """Draw the parts of the line; days of the view that are not among them lie between."""
    axis = view.axis
    named = (axis.opening is not None) + (axis.deadline is not None)
    foot = FOOT + DAY_ROW * (named if width.narrow else min(named, 1))
    margin = (amounts_room(width, view.top, view.unit), 8.0, 14.0, foot)
    plot = Plot(
        (axis.start, axis.end), (0, view.top), width=width, height=340 if width.narrow else 390, margin=margin
    )
    _hatch_gaps(plot, view)
    amounts(plot, view.unit)
    dates(plot)
    if view.goal is not None:
        goal = length_of(view.goal)
        plot.line("goal", plot.xlim, (goal, goal))
        plot.labels.keep_off(plot.at(plot.xlim[0], goal), plot.at(plot.xlim[1], goal))
        if view.even_line:
            plot.slant("even", view.even_line, (0, goal))
    for xs, ys in parts:
        plot.steps("step", xs, ys)
    if view.has_way_left:
        plot.slant("needs", (axis.dot, axis.end), (length_of(view.raised), length_of(view.goal)))
    label_goal(plot, view)
    label_dot(plot, view)
    _mark_stages(plot, view)
    label_days(plot, view)
    label_gaps(plot, view)
    label_notes(plot, view)
    label_even(plot, view)
    return plot


def _drawn_parts(view: Funding, line: tuple[Point, ...]) -> Parts:
    """Return the parts of the line with the days that are drawn, and the ends of each part."""
    found = [(np.array(xs, float), np.array(ys)) for xs, ys in view.parts()]
    if len(line) == len(view.points):
        return found
    days = [point.day.toordinal() + 1 for point in line]
    kept = [np.isin(xs, (xs[0], *days, xs[-1])) for xs, _ in found]
    return [(xs[at], ys[at]) for at, (xs, ys) in zip(kept, found, strict=True)]


def _hatch_gaps(plot: Plot, view: Funding) -> None:
    top = view.top / HEADROOM
    for first, last in view.gaps:
        band = (max(first.toordinal(), view.axis.start), min(last.toordinal() + 1, view.axis.dot))
        plot.hatch("hatch", band, (0, top))
        plot.labels.keep_off(plot.at(band[0], 0), plot.at(band[1], top))


def _mark_stages(plot: Plot, view: Funding) -> None:
    for stage in view.stages:
        day = stage.opens_on.toordinal()
        plot.diamond("claimed" if stage.claims else "planned", day, 0, size=9)
        x, base = plot.at(day, 0)
        if stage.number:  # else each investor has dates of their own
            plot.label("halo", say("Stage {number}", number=stage.number), [Anchor(x, base + 10, "center")])
