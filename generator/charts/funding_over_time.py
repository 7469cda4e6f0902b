"""C1: how did funding reach this level, and is it enough? A step line of `funding_view`, never a curve."""

from typing import Final, TypeAlias

from generator.charts.chart import Chart, Table, drawn, numeric
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
from generator.charts.labels import Anchor
from generator.charts.plot import Plot, Width
from generator.charts.scales import amounts, amounts_room, dates, for_line, for_table
from generator.money import MSAT_PER_SAT
from generator.report import Figure, Point, ProjectReport, Report
from generator.report.annotations import of_project as noted
from generator.report.figures.figure import MSAT
from generator.report.figures.pace import EVEN, NEEDED
from generator.text_format import day_text, span_text
from generator.wording import Form, Shown, Word, Words, form_below, length_of

#: Of a line: the days and the heights of each part.
Parts: TypeAlias = list[tuple[list[float], list[float]]]
#: What of all counts as hardly anything, and as most, where it came in the last quarter of the time.
_HARDLY: Final = 0.05
_MOST: Final = 0.5


def of_project(report: Report, project: ProjectReport) -> Chart | None:
    """Draw the funding of one project in its goal's unit; None before the first confirmed contribution."""
    points = tuple(point for point in project.goal_funding if point.figure.value is not None)
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
    value = "Raised, sats" if view.unit == MSAT else f"{view.unit} at receipt"
    return Chart(
        id="c1",
        name="Confirmed funding over time",
        finding=_finding(view),
        question="How did funding reach this level, and is it enough? "
        + (
            "Confirmed satoshis, added up day by day."
            if view.unit == MSAT
            else f"Value in {view.unit} on the day each payment came, added up."
        ),
        alt=_alt(view),
        note=_note(view, len(line)),
        table=Table.of(
            "row",
            ("By the end of", numeric(value)),
            ((day_text(point.day), Shown(point.figure, unit=False)) for point in rows),
        ),
        figures=(*(point.figure for point in view.points), *marks),
        drawings=drawn(lambda width: _draw(view, parts, width)),
    )


def _note(view: Funding, drawn_days: int) -> str:
    said = []
    if drawn_days < len(view.points):
        said.append(f"The line shows {drawn_days} of {len(view.points)} days.")
    if view.even_line:
        said.append("The thin dashed line is an even pace.")
    if view.has_way_left:
        said.append("The dotted line is the way that is left to the goal.")
    if view.notes:
        said.append("A thin line stands at each day that the makers of the report note.")
    if view.period:
        said.append("The line begins anew with each period of the goal.")
    return " ".join(said)


def _finding(view: Funding) -> Words:
    raised = length_of(view.raised)
    half = next(point for point in view.points if 2 * length_of(point.figure) >= raised)
    when = f"; half of that came by {day_text(half.day)}" if len(view.points) > 1 else ""
    since = " in this period" if view.period else ""
    if view.goal is None:
        verb = "is" if view.raised.value == MSAT_PER_SAT else "are"
        return (Shown(view.raised, Form.SHORT), f" {verb} raised{since}{when}")
    shown = Shown(view.raised, form_below(view.raised, view.goal), unit=False)
    return (shown, " of ", Shown(view.goal, Form.SHORT), f" are raised{since}{when}")


def _alt(view: Funding) -> Words:
    form = form_below(view.raised, view.goal) if view.goal else Form.SHORT
    found: list[Word] = [f"Step line: confirmed funding {_trend(view)} ", Shown(view.raised, form)]
    if view.progress is not None and view.goal is not None:
        whose = "this period's" if view.period else "the"
        found += [
            ", ",
            Shown(view.progress, Form.SHORT),
            f" of {whose} goal of ",
            Shown(view.goal, Form.SHORT),
        ]
        found.append(",")
    found.append(f" by {day_text(view.axis.last)}.")
    return (*found, *_second_sentence(view))


def _second_sentence(view: Funding) -> Words:
    """Say what an even pace asks for, and when nobody looked."""
    parts: list[Words] = []
    if view.even is not None and view.today is not None and view.has_way_left:
        parts.append(
            ("An even pace would be at ", Shown(view.even, Form.SHORT), f" on {day_text(view.today)}")
        )
        if view.needed is not None and view.axis.deadline:
            until = f" a day are needed until {day_text(view.axis.deadline)}"
            parts.append((Shown(view.needed, Form.SHORT), until))
    if view.gaps:
        spans = ", ".join(span_text(first, last) for first, last in view.gaps)
        parts.append((f"{'n' if parts else 'N'}obody looked {spans}",))
    return (
        (" ", *(word for at, part in enumerate(parts) for word in (*(("; ",) if at else ()), *part)), ".")
        if parts
        else ()
    )


def _trend(view: Funding) -> str:
    """Say how the line went, by what came in the last quarter of the time."""
    raised, since = length_of(view.raised), view.axis.dot - (view.axis.dot - view.axis.start) / 4
    before = max(
        (length_of(point.figure) for point in view.points if point.day.toordinal() < since), default=0.0
    )
    late = (raised - before) / raised if raised else 0
    if late < _HARDLY:
        return "rose, and hardly in the last quarter of the time, to"
    return "rose mostly in the last quarter of the time, to" if late > _MOST else "rose steadily to"


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


def _mark_stages(plot: Plot, view: Funding) -> None:
    for stage in view.stages:
        day = stage.opens_on.toordinal()
        plot.diamond("claimed" if stage.claims else "planned", day, 0, size=9)
        x, base = plot.at(day, 0)
        if stage.number:  # else each investor has dates of their own
            plot.label("halo", f"Stage {stage.number}", [Anchor(x, base + 10, "center")])
