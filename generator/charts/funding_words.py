"""What the chart of funding says: its finding, its alternative text and its note."""

from bisect import bisect_left
from datetime import date
from typing import Final

from generator.charts.chart import sentences
from generator.charts.funding_view import Funding
from generator.money import MSAT_PER_SAT
from generator.sentence import DaySpan, Sentence, say
from generator.wording import Form, Shown, Words, length_of, listed

#: What of all counts as hardly anything, and as most, where it came in the last quarter of the time.
_HARDLY: Final = 0.05
_MOST: Final = 0.5


def note(view: Funding, drawn_days: int) -> Words:
    """Say what a reader must know of the lines."""
    said = []
    if drawn_days < len(view.points):
        said.append(say("The line shows {drawn} of {count} days.", drawn=drawn_days, count=len(view.points)))
    if view.even_line:
        said.append(say("The thin dashed line is an even pace."))
    if view.has_way_left:
        said.append(say("The dotted line is the way that is left to the goal."))
    if view.period:
        said.append(say("The line begins anew with each period of the goal."))
    return sentences(*said)


def finding(view: Funding) -> Words:
    """Say what is raised, of which goal, and when half of it had come."""
    raised = length_of(view.raised)
    half = next(
        point for point, height in zip(view.points, view.heights, strict=True) if 2 * height >= raised
    )
    found = _raised(view)
    if len(view.points) > 1:
        return (say("{sentence}; half of that came by {day}", sentence=found, day=half.day),)
    return (found,)


def _raised(view: Funding) -> Sentence:
    if view.goal is None:
        shown = Shown(view.raised, Form.SHORT)
        if view.period:
            return say("{raised} are raised in this period", raised=shown)
        if view.raised.value == MSAT_PER_SAT:
            return say("{raised} is raised", raised=shown)
        return say("{raised} are raised", raised=shown)
    shown = Shown(view.raised, view.form, unit=False)
    goal = Shown(view.goal, Form.SHORT)
    if view.period:
        return say("{raised} of {goal} are raised in this period", raised=shown, goal=goal)
    return say("{raised} of {goal} are raised", raised=shown, goal=goal)


def alt(view: Funding) -> Words:
    """Say kind of chart and trend, then what an even pace asks for and when nobody looked."""
    raised: Shown | Sentence = Shown(view.raised, Form.SHORT)
    if view.progress is not None and view.goal is not None:
        shown = Shown(view.raised, view.form)
        share, goal = Shown(view.progress, Form.SHORT), Shown(view.goal, Form.SHORT)
        if view.period:
            raised = say(
                "{raised} ({share} of this period's goal of {goal})", raised=shown, share=share, goal=goal
            )
        else:
            raised = say("{raised} ({share} of the goal of {goal})", raised=shown, share=share, goal=goal)
    return sentences(_trend(view, raised), *_second_sentence(view))


def _second_sentence(view: Funding) -> list[Sentence]:
    """Say what an even pace asks for, and when nobody looked."""
    pace, spans = None, listed(DaySpan(first, last) for first, last in view.gaps)
    if view.even is not None and view.today is not None and view.has_way_left:
        even = Shown(view.even, Form.SHORT)
        pace = say("An even pace would be at {even} on {day}", even=even, day=view.today)
        if view.needed is not None and view.axis.deadline:
            needed = Shown(view.needed, Form.SHORT)
            pace = say(
                "{pace}; {needed} a day are needed until {day}",
                pace=pace,
                needed=needed,
                day=view.axis.deadline,
            )
    if pace is not None:
        return [
            say("{pace}; nobody looked {spans}.", pace=pace, spans=spans)
            if spans
            else say("{pace}.", pace=pace)
        ]
    return [say("Nobody looked {spans}.", spans=spans)] if spans else []


def _trend(view: Funding, shown: Shown | Sentence) -> Sentence:
    """Say how the line went, by what came in the last quarter of the time."""
    raised, since = length_of(view.raised), view.axis.dot - (view.axis.dot - view.axis.start) / 4
    before = max(view.heights[: bisect_left(view.ends, since + 1)], default=0.0)
    late = (raised - before) / raised if raised else 0
    day, first = view.axis.last, date.fromordinal(view.axis.start)
    if late < _HARDLY:
        return say(
            "Step line: from {first} on confirmed funding rose to {raised} by {day}, hardly in the last "
            "quarter of that time.",
            first=first,
            raised=shown,
            day=day,
        )
    if late > _MOST:
        return say(
            "Step line: from {first} on confirmed funding rose to {raised} by {day}, mostly in the last "
            "quarter of that time.",
            first=first,
            raised=shown,
            day=day,
        )
    return say(
        "Step line: from {first} on confirmed funding rose steadily to {raised} by {day}.",
        first=first,
        raised=shown,
        day=day,
    )
