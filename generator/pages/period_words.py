"""What a page says of a goal that begins anew: of the period that runs, and of those that are over."""

from typing import Final

from generator.charts.periods import PeriodRow
from generator.periods import Recurrence
from generator.report import ProjectReport
from generator.report.figures.pace import NEEDED
from generator.report.figures.period_figures import OVER, REACHED
from generator.text_format import days_text
from generator.wording import Form, Shown, Words

#: Shares of a period that is only beginning, and of one that is about half over.
_BEGUN: Final = 0.1
_HALF: Final = (0.4, 0.6)


def each_text(rule: Recurrence) -> str:
    """Say how often a goal begins anew: ``each month``, ``every 3 months``."""
    return f"each {rule.unit}" if rule.every == 1 else f"every {rule.every} {rule.unit}s"


def period_sentence(project: ProjectReport, rows: list[PeriodRow]) -> Words:
    """Say how the period that runs stands; empty where none does, or where that is not known."""
    periods, running, today = project.terms.periods, rows[-1] if rows else None, project.today
    if running is None or not running.running or running.goal is None or periods.rule is None:
        return ()
    first, end = running.period.start.date(), running.period.end.date()
    if today is None or running.amount.value is None or today < first:
        return ()
    days = ((project.terms.goal_until or running.period.end).date() - today).days
    gone = (today - first) / (end - first)
    state = (
        "has just begun"
        if gone <= _BEGUN
        else "is half over"
        if _HALF[0] <= gone <= _HALF[1]
        else f"ends in {days_text(days)}"
        if days
        else "ends today"
    )
    name = running.name[0].upper() + running.name[1:]
    found: Words = (
        f"{name} {state}: ",
        Shown(running.amount, Form.SHORT),
        " of the ",
        Shown(running.goal, Form.SHORT),
    )
    found += (f" it asks for {each_text(periods.rule)}",)
    if running.progress is not None and running.progress.value is not None:
        found += (", ", Shown(running.progress, Form.SHORT))
    if running.amount is not running.raised:
        found += (", ", Shown(running.raised, Form.SHORT))
    needed = project.figures.get(NEEDED.name)
    if needed is not None and needed.value not in (None, 0, "0"):
        found += (f". {days_text(days)} left: it needs ", Shown(needed, Form.SHORT), " a day")
    return (*found, ". ", *_over(project, rows[:-1], periods.rule))


def _over(project: ProjectReport, over: list[PeriodRow], rule: Recurrence) -> Words:
    if not over:
        return ()
    figures, noun = project.figures, f"{rule.unit}s" if rule.every == 1 else "periods"
    found: Words = (Shown(figures[REACHED.name]), " of ", Shown(figures[OVER.name]))
    reached = [row for row in over if row.reached]
    since = f", none since {reached[-1].name}" if reached and reached[-1] is not over[-1] else ""
    return (*found, f" full {noun} reached the goal{since}.")
