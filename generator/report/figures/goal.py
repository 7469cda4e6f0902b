"""Goal and progress of a project."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Final

from generator.ledger import Entry
from generator.report.figures.bounds import Bound
from generator.report.figures.currency_values import summed_worth
from generator.report.figures.figure import (
    CURRENCY,
    MSAT,
    PERCENT,
    Figure,
    FigureDefinition,
    decimal_text,
    figure_id,
    next_percent,
    percent_text,
)
from generator.report.figures.goal_periods import RAISED_IN
from generator.report.figures.project_context import CONFIG, ProjectContext
from generator.report.figures.sums import contributions
from generator.snapshot import Goal

GOAL: Final = FigureDefinition(
    "goal",
    "What the project asks for, in its own unit; a goal in config.yaml replaces the source's.",
    CURRENCY,
)
PROGRESS: Final = FigureDefinition(
    "progress",
    (
        "raised over goal, rounded down; of a goal that begins anew, of the period that runs; for a goal in "
        "a currency the value at receipt over the goal: by the invoice's own rate, else by the rate recorded "
        "for the day."
    ),
    PERCENT,
)


def goal_figures(context: ProjectContext) -> Iterator[Figure]:
    """Yield the goal, in msat or fiat text, null in msat where there is none; then progress in percent."""
    goal, named_by = context.terms.goal, context.terms.named_by
    value, unit = goal_value(goal) if goal else (None, MSAT)
    where = "config:goal" if named_by == CONFIG else f"record:{named_by}"
    yield GOAL.figure(
        context.slug,
        value,
        unit=unit,
        bound=Bound.EXACT if context.terms.goal_known else Bound.UNKNOWN,
        inputs=(where,) if named_by else (),
    )
    raised = counted_in_goal(context) or context.figures["raised"]
    share, bound = reached(context)
    if share is not None and bound is Bound.AT_MOST:
        share = next_percent(share)
    yield PROGRESS.figure(
        context.slug,
        None if share is None else percent_text(share),
        bound=bound,
        verification=raised.verification,
        inputs=(raised.id, figure_id(context.slug, GOAL.name)),
    )


def goal_value(goal: Goal) -> tuple[int | str | None, str]:
    """Return a goal as a figure's value and unit: millisatoshis, or decimal text of a currency."""
    if goal.value is None:
        return goal.amount_msat, MSAT
    return decimal_text(goal.value), goal.currency


def counted_in_goal(context: ProjectContext) -> Figure | None:
    """Return what the goal is compared with: raised, or what came in the period that runs, where told."""
    periods = context.terms.periods
    if not periods.recurs:
        return context.figures["raised"]
    return context.figures.get(RAISED_IN.name_of(periods.current.name)) if periods.current else None


def reached(context: ProjectContext) -> tuple[Fraction | None, Bound]:
    """Return raised over goal, exactly, and its bound; None without a goal, or where it is unknown."""
    goal = context.terms.goal
    if goal is None:
        return None, Bound.EXACT if context.terms.goal_known else Bound.UNKNOWN
    raised = counted_in_goal(context)
    if raised is None:
        return None, Bound.UNKNOWN
    return share(goal, raised, counted_rows(context), context)


def counted_rows(context: ProjectContext) -> list[Entry]:
    """Return the contributions that the goal is compared with: all, or those of the period that runs."""
    current, rows = context.terms.periods.current, contributions(context.project.entries)
    return [row for row in rows if current is None or row.period == current.name]


def share(
    goal: Goal, raised: Figure, rows: Iterable[Entry], context: ProjectContext
) -> tuple[Fraction | None, Bound]:
    """Return a sum of contributions over a goal, exactly, and its bound; None where it is unknown."""
    came, bound = towards(goal, raised, rows, context)
    return (None if came is None else came / Fraction(goal_value(goal)[0] or 1)), bound


def towards(
    goal: Goal, raised: Figure, rows: Iterable[Entry], context: ProjectContext
) -> tuple[Fraction | None, Bound]:
    """Return a sum of contributions in the unit of a goal, and its bound; None where it is unknown.

    That is `raised`, in millisatoshis, or the value of its `rows` at receipt.
    """
    if not isinstance(raised.value, int):
        return None, Bound.UNKNOWN
    if goal.amount_msat is not None:
        return Fraction(raised.value), raised.bound
    worth, bound = summed_worth([context.prices.at_receipt(row, goal.currency) for row in rows], raised.bound)
    return (None if bound is Bound.UNKNOWN else worth), bound
