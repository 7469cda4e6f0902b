"""Goal and progress of a project."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Final

from generator.ledger import Entry
from generator.report.figures.figure import (
    CURRENCY,
    MSAT,
    PERCENT,
    Figure,
    FigureDefinition,
    decimal_text,
    figure_id,
    percent_text,
)
from generator.report.figures.project_context import CONFIG, ProjectContext
from generator.report.figures.sums import contributions
from generator.report.prices import Prices
from generator.snapshot import Goal

GOAL: Final = FigureDefinition(
    "goal",
    "What the project asks for, in its own unit; a goal in config.yaml replaces the source's.",
    CURRENCY,
)
PROGRESS: Final = FigureDefinition(
    "progress",
    (
        "raised over goal, rounded down; for a goal in a currency the value at receipt over the goal: by "
        "the invoice's own rate, else by the rate recorded for the day."
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
        complete=goal is not None or context.project.all_answered,
        inputs=(where,) if named_by else (),
    )
    raised = context.figures["raised"]
    share = reached(goal, raised, context.project.entries, context.prices)
    yield PROGRESS.figure(
        context.slug,
        None if share is None else percent_text(share),
        complete=share is not None and raised.complete,
        verification=raised.verification,
        inputs=(raised.id, figure_id(context.slug, GOAL.name)),
    )


def goal_value(goal: Goal) -> tuple[int | str | None, str]:
    """Return a goal as a figure's value and unit: millisatoshis, or decimal text of a currency."""
    if goal.value is None:
        return goal.amount_msat, MSAT
    return decimal_text(goal.value), goal.currency


def reached(goal: Goal | None, raised: Figure, entries: Iterable[Entry], prices: Prices) -> Fraction | None:
    """Return raised over goal, exactly; None without a goal, or where part of raised has no known value."""
    if goal is None or not isinstance(raised.value, int):
        return None
    if goal.amount_msat is not None:
        return Fraction(raised.value, goal.amount_msat)
    if goal.value is None:
        return None
    total = Fraction()
    for entry in contributions(entries):
        value = prices.at_receipt(entry, goal.currency)
        if value is None:
            return None
        total += value
    return total / Fraction(goal.value)
