"""Labels of the chart of funding: each stands where it covers nothing, or is left out."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from generator.charts.funding_view import HEADROOM, Funding
from generator.charts.labels import LINE, Anchor, Side
from generator.charts.plot import Plot
from generator.sentence import DaySpan, Sentence, say
from generator.wording import Form, Shown, Word, length_of

FOOT: Final = 34.0  #: pixels below the base line that its dates take
DAY_ROW: Final = 18.0  #: pixels of a row below them
#: Where along its line the words of an even pace may stand.
_ALONG: Final = (0.4, 0.55, 0.3, 0.7, 0.2, 0.85)


def label_dot(plot: Plot, view: Funding) -> None:
    """Mark where the line ends, with what was raised by then."""
    dot, raised = view.axis.dot, length_of(view.raised)
    x, y = plot.at(dot, raised)
    plot.dot("dot", dot, raised, size=10)
    lines: list[tuple[str, Word, str]] = [("strong halo", Shown(view.raised, view.form), view.raised.id)]
    if view.progress is not None:
        lines.append(
            ("halo", say("{share} of the goal", share=Shown(view.progress, Form.SHORT)), view.progress.id)
        )
    lines.append(("quiet halo", say("on {day}", day=plot.width.language.day(view.axis.last, year=False)), ""))
    plot.label_lines(lines, _beside_dot(x, y, rise=10 + (len(lines) - 1) * LINE * plot.width.text))


def _beside_dot(x: float, y: float, *, rise: float) -> Iterator[Anchor]:
    """Yield where its words may stand, the best place first; above it they begin so many pixels higher."""
    yield Anchor(x + 12, y - 5)
    yield Anchor(x - 10, y + rise, "right")
    for down in (24, 44, 64, 84, 110, 140, 170, 200):
        yield Anchor(x - 10, y - down, "right")
    yield Anchor(x + 12, y - 24)
    for up in (0, 16, 40, 70):
        yield Anchor(x + 12, y + rise + up)
    for right in (40, 60, 80, 110, 140):  # below the way that is left
        yield Anchor(x + right, y + rise)
    yield Anchor(x, y + rise, "right")
    yield Anchor(x, y - 24, "right")


def label_goal(plot: Plot, view: Funding) -> None:
    """Name the line of the goal, and what is needed a day to reach it."""
    if view.goal is None:
        return
    left, right = plot.at(plot.xlim[0], 0)[0], plot.at(plot.xlim[1], 0)[0]
    y = plot.at(0, length_of(view.goal))[1]
    anchors = [
        Anchor(left + 4, y + 7),
        Anchor(right, y + 7, "right"),
        Anchor(left + 4, y - 18),
        Anchor(right, y - 18, "right"),
    ]
    words = say("Goal {amount}", amount=Shown(view.goal, Form.SHORT))
    plot.label("strong halo", words, anchors, figure=view.goal.id, must=True)
    if view.needed is None or not view.has_way_left:
        return
    words = say("needs {amount} a day", amount=Shown(view.needed, Form.SHORT))
    middle, height = plot.at((view.axis.dot + view.axis.end) / 2, length_of(view.raised))
    anchors = [
        Anchor(right, y + 7, "right"),
        Anchor(right, y + 7 + LINE * plot.width.text, "right"),
        Anchor(middle - 12, (y + height) / 2, "right"),
    ]
    plot.label("halo", words, anchors, figure=view.needed.id)


def label_even(plot: Plot, view: Funding) -> None:
    """Name the line of an even pace where there is room."""
    if view.even_line is None:
        return
    begin, end = view.even_line
    anchors = []
    for part in _ALONG:
        x, y = plot.at(begin + (end - begin) * part, length_of(view.goal) * part)
        anchors += [Anchor(x - 8, y + 8, "right"), Anchor(x + 10, y - 18)]
    plot.label("quiet halo", say("even pace"), anchors, clear=True)


def label_days(plot: Plot, view: Funding) -> None:
    """Mark the first and the last day of the goal below the dates."""
    opening, deadline = view.axis.opening, view.axis.deadline
    if opening is not None:
        words = say("began {day}", day=opening) if view.period else say("opened {day}", day=opening)
        _label_day(plot, opening, words, ("left", "center", "right"))
    if deadline is not None:
        plot.line("axis", (deadline.toordinal(),) * 2, (0, view.top / HEADROOM))
        ahead = view.today and deadline > view.today
        words = say("ends {day}", day=deadline) if ahead else say("ended {day}", day=deadline)
        _label_day(plot, deadline, words, ("right", "center", "left"))


def _label_day(plot: Plot, day: date, words: Sentence, sides: tuple[Side, ...]) -> None:
    x, base = plot.at(day.toordinal(), 0)
    rows = (base - FOOT - 4, base - FOOT - 4 - DAY_ROW)
    plot.label("quiet", words, [Anchor(x, y, side) for y in rows for side in sides])


def label_notes(plot: Plot, view: Funding) -> None:
    """Mark each day that the maintainer notes, with their own word for it where there is room."""
    for note in view.notes:
        day = note.day.toordinal()
        plot.line("noted", (day, day), (0, view.top / HEADROOM))
        x, top = plot.at(day, view.top / HEADROOM)
        base = plot.at(day, 0)[1]
        ys = [base + (top - base) * part for part in (0.95, 0.85, 0.75, 0.1, 0.2)]
        anchors = [Anchor(x + 6, y) for y in ys] + [Anchor(x - 6, y, "right") for y in ys]
        ends = [last for first, last in view.gaps if first <= note.day <= last]
        beside = [plot.at(last.toordinal() + 1, 0)[0] + 6 for last in ends]
        anchors += [Anchor(end, y) for end in beside for y in ys]
        plot.label("quiet halo", note.label, anchors)


def label_gaps(plot: Plot, view: Funding) -> None:
    """Say of each gap that nobody looked, and when."""
    for first, last in view.gaps:
        left, top = plot.at(first.toordinal(), view.top / HEADROOM)
        right, base = plot.at(last.toordinal() + 1, 0)
        ys = [base + (top - base) * part for part in (0.35, 0.5, 0.65, 0.2, 0.75, 0.85)]
        anchors = [Anchor(right + 6, y) for y in ys] + [Anchor(left - 6, y, "right") for y in ys]
        lines = (plot.said(say("not observed")), plot.said(DaySpan(first, last)))
        plot.label("quiet halo", "\n".join(lines), anchors)
