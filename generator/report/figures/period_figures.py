"""What came in each period of a goal that begins anew, what it asked for, and how much of that is."""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from generator.ledger import Entry, Status
from generator.periods import Period
from generator.report.figures.bounds import Bound
from generator.report.figures.currency_values import summed_worth
from generator.report.figures.figure import (
    COUNT,
    CURRENCY,
    PERCENT,
    Figure,
    FigureDefinition,
    decimal_text,
    next_percent,
    percent_text,
)
from generator.report.figures.goal import goal_value, share
from generator.report.figures.goal_periods import RAISED_IN
from generator.report.figures.project_context import ProjectContext
from generator.report.figures.sums import CONTRIBUTIONS, contributions, grade, kinds_of, selectors
from generator.snapshot import Goal

GOAL_OF: Final = FigureDefinition(
    "goal_of_period",
    "What was asked for in the period that began on {of}: the goal that stood when it ended.",
    CURRENCY,
    by="day",
    meaning="What was asked for in one period of a goal that begins anew: the goal that stood when it ended.",
)
WORTH_IN: Final = FigureDefinition(
    "worth_in_period",
    "raised_in_period@{of} at receipt, in the currency of the period's goal.",
    CURRENCY,
    by="day",
    meaning="raised_in_period at receipt, for a goal in a currency.",
)
PROGRESS_OF: Final = FigureDefinition(
    "progress_of_period",
    "raised_in_period, for a goal in a currency worth_in_period, over goal_of_period, of {of}; rounded.",
    PERCENT,
    by="day",
    meaning="raised_in_period, for a goal in a currency worth_in_period, over goal_of_period; rounded down.",
)
OVER: Final = FigureDefinition("periods_over", "Periods of the goal that are over.", COUNT)
REACHED: Final = FigureDefinition(
    "periods_reached", "Periods of the goal that are over and certainly reached it.", COUNT
)
NO_PERIOD: Final = "none"  #: stands for the first day where a contribution is of no period
_WHOLE: Final = Fraction(1)


def raised_by_period(context: ProjectContext) -> Iterator[Figure]:
    """Yield what came in each period, zeros too, and what came in none; they add up to raised.

    The one that runs is unknown where no source was read since it began.
    """
    periods, raised = context.terms.periods, context.figures["raised"]
    if not periods.every:
        return
    found = _by_period(context)
    for name in sorted({*found, *(period.name for period in periods.every)}):
        some = found.get(name, [])
        hidden = context.unread and periods.current is not None and name == periods.current.name
        yield RAISED_IN.figure(
            context.slug,
            sum(row.amount_msat for row in some),
            of=name or NO_PERIOD,
            bound=Bound.UNKNOWN if hidden else raised.bound,
            verification=grade(row.verification for row in some),
            inputs=selectors(kinds_of(CONTRIBUTIONS), Status.CONFIRMED, f"period={name}"),
        )


def period_figures(context: ProjectContext) -> Iterator[Figure]:
    """Yield goal, worth and progress of each period, and how many are over and reached theirs."""
    periods = context.terms.periods
    if not periods.every:
        return
    found, over, reached, certain = _by_period(context), 0, 0, True
    for period in periods.every:
        goal = _goal_of(context, period)
        raised = context.figures[RAISED_IN.name_of(period.name)]
        part, bound = (None, Bound.EXACT)
        if goal is not None:
            yield from _goal_figures(context, period, goal, raised, found[period.name])
            part, bound = share(goal, raised, found[period.name], context)
        if period != periods.current or context.terms.ended:
            over += 1
            done = part is not None and part >= _WHOLE
            reached += done and bound.never_less
            certain &= bound.never_less if done else bound.never_more
    known = Bound.EXACT if context.terms.goal_known else Bound.UNKNOWN
    yield OVER.figure(context.slug, over, bound=known)
    yield REACHED.figure(context.slug, reached, bound=known if certain else Bound.AT_LEAST)


def _goal_figures(
    context: ProjectContext, period: Period, goal: Goal, raised: Figure, rows: list[Entry]
) -> Iterator[Figure]:
    value, unit = goal_value(goal)
    asked = GOAL_OF.figure(context.slug, value, of=period.name, unit=unit, bound=Bound.EXACT)
    yield asked
    part, bound = share(goal, raised, rows, context)
    if part is not None and bound is Bound.AT_MOST:
        part = next_percent(part)
    yield PROGRESS_OF.figure(
        context.slug,
        None if part is None else percent_text(part),
        of=period.name,
        bound=bound,
        verification=raised.verification,
        inputs=(raised.id, asked.id),
    )
    if goal.currency:
        worth, bound = summed_worth(
            [context.prices.at_receipt(row, goal.currency) for row in rows], raised.bound
        )
        yield WORTH_IN.figure(
            context.slug,
            decimal_text(worth),
            of=period.name,
            unit=goal.currency,
            bound=bound,
            inputs=(*raised.inputs, f"rates:{goal.currency}"),
        )


def _goal_of(context: ProjectContext, period: Period) -> Goal | None:
    """Return the goal that stood at the end of a period, as far as the log reaches back."""
    return next((goal for until, goal in context.goals if period.end <= until), context.terms.goal)


def _by_period(context: ProjectContext) -> dict[str, list[Entry]]:
    found: defaultdict[str, list[Entry]] = defaultdict(list)
    for row in contributions(context.project.entries):
        found[row.period].append(row)
    return found
