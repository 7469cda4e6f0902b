"""What a page says of a goal that begins anew: of the period that runs, and of those that are over."""

from typing import Final

from generator.charts.periods import PeriodRow, full_periods
from generator.language import counted_days
from generator.periods import Recurrence
from generator.report import ProjectReport
from generator.report.figures.pace import NEEDED
from generator.report.figures.period_figures import OVER, REACHED
from generator.sentence import Sentence, counting, say, say_count
from generator.wording import Form, Shown, Words

#: Shares of a period that is only beginning, and of one that is about half over.
_BEGUN: Final = 0.1
_HALF: Final = (0.4, 0.6)


#: How often, of each unit: each one, or every so many.
_EACH: Final = {
    "hour": (say("each hour"), counting("every hour", "every {count} hours")),
    "day": (say("each day"), counting("every day", "every {count} days")),
    "month": (say("each month"), counting("every month", "every {count} months")),
    "year": (say("each year"), counting("every year", "every {count} years")),
}

#: What people call the period that runs, of each unit.
_THIS: Final = {"day": say("This day"), "month": say("This month"), "year": say("This year")}
_THIS_PERIOD: Final = say("This period")
_LAST_PERIOD: Final = say("Last period")  #: it may be over for long
PERIOD_LABELS: Final = (_THIS_PERIOD, _LAST_PERIOD, *_THIS.values())


def each_text(rule: Recurrence) -> Sentence:
    """Say how often a goal begins anew: ``each month``, ``every 3 months``."""
    each, every = _EACH[rule.unit]
    return each if rule.every == 1 else every(rule.every)


def period_label(rule: Recurrence, *, running: bool) -> Sentence:
    """Say which period a number is of: ``This month``."""
    this = _THIS.get(rule.unit if rule.every == 1 else "", _THIS_PERIOD)
    return this if running else _LAST_PERIOD


def period_sentence(project: ProjectReport, rows: list[PeriodRow]) -> Words:
    """Say how the period that runs stands; empty where none does, or where that is not known."""
    periods, running, today = project.terms.periods, rows[-1] if rows else None, project.today
    if running is None or not running.running or running.goal is None or periods.rule is None:
        return ()
    first, end = running.period.start.date(), running.period.end.date()
    if today is None or running.amount.value is None or today < first:
        return ()
    days = ((project.terms.goal_until or running.period.end).date() - today).days
    state, told = _state((today - first) / (end - first), days)
    found: Words = (
        say(
            "{period} {state}: {amount} of the {goal} it asks for {rule}",
            period=running.title,
            state=state,
            amount=Shown(running.amount, Form.SHORT),
            goal=Shown(running.goal, Form.SHORT),
            rule=each_text(periods.rule),
        ),
    )
    if running.progress is not None and running.progress.value is not None:
        found += (", ", Shown(running.progress, Form.SHORT))
    if running.amount is not running.raised:
        found += (", ", Shown(running.raised, Form.SHORT))
    needed = project.figures.get(NEEDED.name)
    if needed is not None and needed.value not in (None, 0, "0"):
        need, left = Shown(needed, Form.SHORT), counted_days(days)
        words = say("It needs {need} a day", need=need)
        found += (". ", words if told else say("{days} left: it needs {need} a day", days=left, need=need))
    return (*found, ". ", *_over(project, rows[:-1], periods.rule))


def _state(gone: float, days: int) -> tuple[Sentence, bool]:
    """Say how far a period is, and tell whether that says how many days are left."""
    if gone <= _BEGUN:
        return say("has just begun"), False
    if _HALF[0] <= gone <= _HALF[1]:
        return say("is half over"), False
    if not days:
        return say("ends today"), True
    return say_count("ends in {count} day", "ends in {count} days", days), True


def _over(project: ProjectReport, over: list[PeriodRow], rule: Recurrence) -> Words:
    if not over:
        return ()
    figures = project.figures
    counts = {"reached": Shown(figures[REACHED.name]), "over": Shown(figures[OVER.name])}
    noun = full_periods(rule)
    reached = [row for row in over if row.reached]
    if reached and reached[-1] is not over[-1]:
        since = reached[-1].name
        return (
            say(
                "{reached} of {over} {periods} reached the goal, none since {period}.",
                **counts,
                periods=noun,
                period=since,
            ),
        )
    return (say("{reached} of {over} {periods} reached the goal.", **counts, periods=noun),)
