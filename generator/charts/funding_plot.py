"""How the chart of funding is drawn: a step line with goal, gaps, stages and today."""

from generator.charts.funding_view import HEADROOM, Funding
from generator.charts.labels import LINE, Spot
from generator.charts.plot import Plot, Width
from generator.charts.scales import dates, levels
from generator.report.model import Point
from generator.wording import Form, Shown, day_text, span_text, value_of


def draw(view: Funding, line: tuple[Point, ...], width: Width) -> Plot:
    """Draw the line through these points; days of the view that are not among them lie between."""
    margin = (58.0 if width.narrow else 64.0, 8.0, 14.0, 34.0)
    height = 340 if width.narrow else 390
    plot = Plot((view.start, view.end), (0, view.top), width=width, height=height, margin=margin)
    for first, last in view.gaps:
        band = (max(first.toordinal(), view.start), min(last.toordinal() + 1, view.today))
        plot.hatch("hatch", band, (0, view.top / HEADROOM))
        plot.labels.block(plot.at(band[0], 0), plot.at(band[1], view.top / HEADROOM))
    levels(plot)
    dates(plot)
    if view.goal is not None:
        level = value_of(view.goal)
        plot.line("goal", plot.xlim, (level, level))
        plot.labels.block(plot.at(plot.xlim[0], level), plot.at(plot.xlim[1], level))
    for xs, ys in _drawn_parts(view, line):
        plot.line("step", xs, ys, steps=True)
        plot.avoid(xs, ys)
    if view.has_way_left:
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
        plot.line("axis", (view.deadline.toordinal(),) * 2, (0, view.top / HEADROOM))
        words = f"ends {day_text(view.deadline)}"
        plot.say("quiet halo", words, [Spot(x - 6, base + up, "right") for up in (10, 28, 46, 64)])
    for first, last in view.gaps:
        (x0, top), x1 = plot.at(first.toordinal(), view.top / HEADROOM), plot.at(last.toordinal() + 1, 0)[0]
        words = f"not observed\n{span_text(first, last)}"
        spots = [Spot(x1 + 6, base + (top - base) * part) for part in (0.35, 0.5, 0.65, 0.2)]
        spots += [Spot(x0 - 6, spot.y, "right") for spot in spots]
        plot.say("quiet halo", words, spots)
