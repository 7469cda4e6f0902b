"""The first sentence of a project's page: what came, of which goal, and how that stands."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Final

import msgspec

from generator.pages.state_marks import STATUSES, StateMark
from generator.report import Figure, ProjectReport, ProjectStatus
from generator.report.figures.currency_values import AT_RECEIPT
from generator.report.figures.figure import MSAT
from generator.report.figures.pace import GOT, LEFT, NEEDED, OVER, TOWARDS
from generator.sentence import Sentence, say, say_count
from generator.wording import Form, Shown, Word, form_below


class StatusSentence(msgspec.Struct, frozen=True, kw_only=True):
    """What came; then the state with its shape, in strong words, and what follows from it."""

    came: Sentence | None = None
    mark: StateMark
    state: Sentence | None = None


def status_sentence(project: ProjectReport, currency: str) -> StatusSentence:
    """Say how a project stands; `currency` is the one that worths are said in, empty for none."""
    if project.figures["raised"].value is None:
        mark = StateMark(say("Not read"), "unchecked", "bad")
        return StatusSentence(
            mark=mark,
            state=say("its sources have not answered yet. Nothing about its money is known."),
        )
    state = _STATES[project.status](project)
    return StatusSentence(came=_came(project, currency), mark=STATUSES[project.status], state=state)


def _short(figure: Figure) -> Shown:
    return Shown(figure, Form.SHORT)


def _came(project: ProjectReport, currency: str) -> Sentence:
    figures = project.figures
    goal, raised, progress = figures["goal"], figures["raised"], figures["progress"]
    worth = figures.get(AT_RECEIPT.name_of(goal.unit if goal.unit != MSAT else currency))
    worth = figures.get(TOWARDS.name) if worth is None and goal.unit != MSAT else worth
    amount: Word = Shown(raised, form_below(raised, goal), first=True)
    if worth is not None and worth.value is not None and raised.value:
        value = Shown(worth, form_below(worth, goal))
        amount = say("{sats}, worth {value} when they arrived", sats=amount, value=value)
    if goal.value is None:
        return say("{amount}.", amount=amount)
    if progress.value is None:
        return say("{amount}, of the goal of {goal}.", amount=amount, goal=_short(goal))
    return say(
        "{amount}, of the goal of {goal}: {share}.", amount=amount, goal=_short(goal), share=_short(progress)
    )


def _paced(project: ProjectReport) -> Sentence:
    left, figures = _days_left(project), project.figures
    if left is None or left < 1:
        return say("today is its last day, with {left} to go.", left=_short(figures[LEFT.name]))
    need = _short(figures[NEEDED.name])
    if GOT.name not in figures:
        return say_count(
            "with {count} day left it needs {need} a day.",
            "with {count} days left it needs {need} a day.",
            left,
            need=need,
        )
    return say_count(
        "with {count} day left it needs {need} a day and has got {got} a day so far.",
        "with {count} days left it needs {need} a day and has got {got} a day so far.",
        left,
        need=need,
        got=_short(figures[GOT.name]),
    )


def _collecting(project: ProjectReport) -> Sentence:
    figures = project.figures
    if LEFT.name not in figures:
        return say("how much is missing is not known.")
    left = _short(figures[LEFT.name])
    if NEEDED.name in figures:
        return say("{left} to go; {pace}", left=left, pace=_paced(project))
    if project.end_known:
        return say("{left} to go; it has no last day, so no pace is needed.", left=left)
    return say("{left} to go; its last day is not known.", left=left)


def _reached(project: ProjectReport) -> Sentence:
    over, on = project.figures.get(OVER.name), _reached_on(project)
    more = over is not None and over.value not in (0, "0")
    if over is None or not more:
        exactly = say("it has exactly what was asked for.")
        return say("on {day}, with exactly what was asked for.", day=on) if on else exactly
    if on is None:
        return say("it has {over} more than was asked for.", over=_short(over))
    return say("on {day}; by now {over} more than was asked for.", day=on, over=_short(over))


def _reached_on(project: ProjectReport) -> date | None:
    """Return the day on which the goal was reached; None where its series does not say."""
    goal = project.figures["goal"]
    for point in project.goal_funding:
        if point.figure.unit == goal.unit and Decimal(point.figure.value or 0) >= Decimal(goal.value or 0):
            return point.day
    return None


def _ended(project: ProjectReport) -> Sentence:
    left, returned = project.figures[LEFT.name], project.figures["returned"]
    on = project.ends_at.date() if project.ends_at else say("a day that is not known")
    if not returned.value:
        return say("on {day}, {left} short.", day=on, left=_short(left))
    return say(
        "on {day}, {left} short. {returned} went back to backers.",
        day=on,
        left=_short(left),
        returned=Shown(returned, Form.SHORT, first=True),
    )


def _upcoming(project: ProjectReport) -> Sentence | None:
    begins = project.terms.goal_from
    return say("it opens on {day}.", day=begins.date()) if begins else None


def _no_goal(_project: ProjectReport) -> Sentence:
    return say("it asks for no certain sum.")


def _unknown(_project: ProjectReport) -> Sentence:
    return say("what is missing to judge it is named below.")


def _days_left(project: ProjectReport) -> int | None:
    until, today = project.terms.goal_until, project.today
    return (until.date() - today).days if until and today else None


_STATES: Final[dict[ProjectStatus, Callable[[ProjectReport], Sentence | None]]] = {
    ProjectStatus.UPCOMING: _upcoming,
    ProjectStatus.REACHED: _reached,
    ProjectStatus.ON_PACE: _paced,
    ProjectStatus.BEHIND: _paced,
    ProjectStatus.OPEN: _collecting,
    ProjectStatus.ENDED: _ended,
    ProjectStatus.NO_GOAL: _no_goal,
    ProjectStatus.UNKNOWN: _unknown,
}
