"""C1: how did funding reach this level, and is it enough? A step line of `funding_view`, never a curve."""

from typing import TypeAlias

from generator.charts.chart import Chart, Table, drawn, numeric
from generator.charts.funding_view import HEADROOM, DayAxis, Funding
from generator.charts.labels import LINE, Anchor
from generator.charts.plot import Plot, Width
from generator.charts.scales import amounts, dates, for_line, for_table
from generator.money import MSAT_PER_SAT
from generator.report import Point, ProjectReport, Report
from generator.text_format import day_text, span_text
from generator.wording import Form, Shown, Words, value_of

#: Of a line: the days and the heights of each part.
Parts: TypeAlias = list[tuple[list[float], list[float]]]


def of_project(_report: Report, project: ProjectReport) -> Chart | None:
    """Draw the funding of one project; None before the first confirmed contribution."""
    if not project.goal_funding:
        return None
    goal, progress = project.figures["goal"], project.figures["progress"]
    starts, ends = (at.date() if at else None for at in (project.terms.goal_from, project.terms.goal_until))
    axis = DayAxis.of(project.goal_funding[0].day, project.shown_until, starts=starts, ends=ends)
    return _chart(
        Funding(
            points=project.goal_funding,
            raised=project.goal_funding[-1].figure
            if project.terms.periods.current
            else project.figures["raised"],
            period=project.terms.periods.current is not None,
            goal=goal if isinstance(goal.value, int) else None,
            progress=progress if progress.value is not None else None,
            axis=axis,
            gaps=axis.gaps(project.gaps),
            stages=axis.stages(project.stages),
        )
    )


def of_portfolio(report: Report) -> Chart | None:
    """Draw the funding of all projects together; None before the first confirmed contribution."""
    if not report.funding:
        return None
    raised = report.figures["raised"]
    axis = DayAxis.of(report.funding[0].day, report.shown_until)
    return _chart(
        Funding(
            points=report.funding,
            raised=raised,
            axis=axis,
            gaps=axis.gaps(report.gaps),
        )
    )


def _chart(view: Funding) -> Chart:
    line, rows = for_line(view.points), for_table(view.points)
    parts = _drawn_parts(view, line)
    shape = f" The line shows {len(line)} of {len(view.points)} days." if len(line) < len(view.points) else ""
    since = " The line begins anew with each period of the goal." if view.period else ""
    ahead = " The dotted line is the way that is left to the goal." if view.has_way_left else ""
    return Chart(
        id="c1",
        name="Confirmed funding over time",
        finding=_finding(view),
        question="How did funding reach this level, and is it enough? "
        "Confirmed satoshis, added up day by day.",
        alt=_alt(view),
        note=f"{shape}{ahead}{since}".strip(),
        table=Table.of(
            "row",
            ("By the end of", numeric("Raised, sats")),
            ((day_text(point.day), Shown(point.figure, unit=False)) for point in rows),
        ),
        figures=tuple(point.figure for point in view.points),
        drawings=drawn(lambda width: _draw(view, parts, width)),
    )


def _finding(view: Funding) -> Words:
    raised = value_of(view.raised)
    half = next(point for point in view.points if 2 * value_of(point.figure) >= raised)
    when = f", half of it by {day_text(half.day)}" if len(view.points) > 1 else ""
    if view.progress is not None:
        return (Shown(view.progress), f" of {_whose_goal(view)} goal is raised{when}")
    verb = "is" if raised == MSAT_PER_SAT else "are"
    since = " in this period" if view.period else ""
    return (Shown(view.raised, Form.SHORT), f" {verb} raised{since}{when}")


def _whose_goal(view: Funding) -> str:
    return "this period's" if view.period else "the"


def _alt(view: Funding) -> Words:
    share: Words = (", ", Shown(view.progress), f" of {_whose_goal(view)} goal,") if view.progress else ()
    by = f" by {day_text(view.axis.last)}."
    spans = [span_text(first, last) for first, last in view.gaps]
    silent = f" Nobody looked {', '.join(spans)}." if spans else ""
    return ("Step line: confirmed funding rose to ", Shown(view.raised, Form.SHORT), *share, by, silent)


def _draw(view: Funding, parts: Parts, width: Width) -> Plot:
    """Draw the parts of the line; days of the view that are not among them lie between."""
    axis = view.axis
    height = 340 if width.narrow else 390
    margin = (width.amounts, 8.0, 14.0, 34.0)
    plot = Plot((axis.start, axis.end), (0, view.top), width=width, height=height, margin=margin)
    _hatch_gaps(plot, view)
    amounts(plot)
    dates(plot)
    if view.goal is not None:
        goal = value_of(view.goal)
        plot.line("goal", plot.xlim, (goal, goal))
        plot.labels.keep_off(plot.at(plot.xlim[0], goal), plot.at(plot.xlim[1], goal))
    for xs, ys in parts:
        plot.steps("step", xs, ys)
    if view.has_way_left:
        plot.line("needs", (axis.dot, axis.end), (value_of(view.raised), value_of(view.goal)))
    _label_goal(plot, view)
    _label_dot(plot, view)
    _mark_stages(plot, view)
    _mark_deadline(plot, view)
    _label_gaps(plot, view)
    return plot


def _drawn_parts(view: Funding, line: tuple[Point, ...]) -> Parts:
    """Return the parts of the line with the days that are drawn, and the ends of each part."""
    if len(line) == len(view.points):
        return view.parts()
    kept = {point.day.toordinal() + 1.0 for point in line}
    found = []
    for xs, ys in view.parts():
        pairs = [(x, y) for x, y in zip(xs, ys, strict=True) if x in kept or x in (xs[0], xs[-1])]
        found.append(([x for x, _ in pairs], [y for _, y in pairs]))
    return found


def _hatch_gaps(plot: Plot, view: Funding) -> None:
    top = view.top / HEADROOM
    for first, last in view.gaps:
        band = (max(first.toordinal(), view.axis.start), min(last.toordinal() + 1, view.axis.dot))
        plot.hatch("hatch", band, (0, top))
        plot.labels.keep_off(plot.at(band[0], 0), plot.at(band[1], top))


def _label_dot(plot: Plot, view: Funding) -> None:
    dot, raised = view.axis.dot, value_of(view.raised)
    x, y = plot.at(dot, raised)
    plot.dot("dot", dot, raised, size=10)
    lines = [("strong halo", Shown(view.raised, Form.SHORT).text, view.raised.id)]
    if view.progress is not None:
        lines.append(("halo", f"{Shown(view.progress).text} of goal", view.progress.id))
    lines.append(("quiet halo", f"on {day_text(view.axis.last, year=False)}", ""))
    rise = 10 + (len(lines) - 1) * LINE * plot.width.text
    anchors = [
        Anchor(x + 12, y - 5),
        Anchor(x - 10, y + rise, "right"),
        *(Anchor(x - 10, y - down, "right") for down in (24, 44, 64, 84, 110, 140)),
        Anchor(x + 12, y - 24),
        Anchor(x, y + rise, "right"),
        Anchor(x, y - 24, "right"),
    ]
    plot.label_lines(lines, anchors)


def _label_goal(plot: Plot, view: Funding) -> None:
    if view.goal is None:
        return
    left, right = plot.at(plot.xlim[0], 0)[0], plot.at(plot.xlim[1], 0)[0]
    y = plot.at(0, value_of(view.goal))[1]
    anchors = [
        Anchor(left + 4, y + 7),
        Anchor(right, y + 7, "right"),
        Anchor(left + 4, y - 18),
        Anchor(right, y - 18, "right"),
    ]
    words = f"Goal {Shown(view.goal, Form.SHORT).text}"
    plot.label("strong halo", words, anchors, figure=view.goal.id, must=True)


def _mark_stages(plot: Plot, view: Funding) -> None:
    for stage in view.stages:
        day = stage.opens_on.toordinal()
        plot.diamond("claimed" if stage.claims else "planned", day, 0, size=9)
        x, base = plot.at(day, 0)
        if stage.number:  # else each investor has dates of their own
            plot.label("halo", f"Stage {stage.number}", [Anchor(x, base + 10, "center")])


def _mark_deadline(plot: Plot, view: Funding) -> None:
    deadline = view.axis.deadline
    if deadline is None or deadline.toordinal() > view.axis.end:
        return
    x, base = plot.at(deadline.toordinal(), 0)
    plot.line("axis", (deadline.toordinal(),) * 2, (0, view.top / HEADROOM))
    anchors = [Anchor(x - 6, base + up, "right") for up in (10, 28, 46, 64)]
    plot.label("quiet halo", f"ends {day_text(deadline)}", anchors)


def _label_gaps(plot: Plot, view: Funding) -> None:
    for first, last in view.gaps:
        left, top = plot.at(first.toordinal(), view.top / HEADROOM)
        right, base = plot.at(last.toordinal() + 1, 0)
        ys = [base + (top - base) * part for part in (0.35, 0.5, 0.65, 0.2)]
        anchors = [Anchor(right + 6, y) for y in ys] + [Anchor(left - 6, y, "right") for y in ys]
        plot.label("quiet halo", f"not observed\n{span_text(first, last)}", anchors)
