"""C1: how did funding reach today's level, and is it enough? A step line, never a curve.

What is drawn is in `funding_view`, how it is drawn in `funding_plot`.
"""

from datetime import date

from generator.charts.chart import Chart, Column, Table, drawn
from generator.charts.funding_plot import draw
from generator.charts.funding_view import DayAxis, Funding, StageMark
from generator.charts.thinning import for_line, for_table
from generator.money import MSAT_PER_SAT
from generator.report import ProjectReport, Report
from generator.text_format import counted, day_text, span_text
from generator.wording import Form, Shown, Words, value_of


def of_project(report: Report, project: ProjectReport) -> Chart | None:
    """Draw the funding of one project; None before the first confirmed contribution."""
    if not project.funding:
        return None
    goal, progress = project.figures["goal"], project.figures["progress"]
    starts, ends = (at.date() if at else None for at in (project.starts_at, project.ends_at))
    axis = DayAxis.of(project.funding[0].day, report.as_of.date(), starts=starts, ends=ends)
    return _chart(
        Funding(
            points=project.funding,
            raised=project.figures["raised"],
            goal=goal if isinstance(goal.value, int) else None,
            progress=progress if progress.value is not None else None,
            axis=axis,
            gaps=axis.gaps(project.gaps),
            stages=axis.stages(StageMark.of(stage) for stage in project.stages),
        )
    )


def of_portfolio(report: Report) -> Chart | None:
    """Draw the funding of all projects together; None before the first confirmed contribution."""
    if not report.funding:
        return None
    raised = report.figures["raised"]
    axis = DayAxis.of(report.funding[0].day, report.as_of.date())
    return _chart(
        Funding(
            points=report.funding,
            raised=raised if raised.value is not None else report.funding[-1].figure,
            axis=axis,
            gaps=axis.gaps(report.gaps),
        )
    )


def _chart(view: Funding) -> Chart:
    line, rows = for_line(view.points), for_table(view.points)
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
        table=Table(
            columns=(Column("By the end of"), Column("Raised, sats", numeric=True)),
            rows=tuple(((day_text(point.day),), (Shown(point.figure, unit=False),)) for point in rows),
            name=counted(len(rows), "row"),
        ),
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
    by = f" by {day_text(date.fromordinal(view.axis.today - 1))}."
    spans = [span_text(first, last) for first, last in view.gaps]
    silent = f" Nobody looked {', '.join(spans)}." if spans else ""
    return ("Step line: confirmed funding rose to ", Shown(view.raised, Form.SHORT), *share, by, silent)
