"""How far a goal is, and what it needs, got and of late got a day: in its own unit, arithmetic only."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from math import ceil
from typing import Final

import msgspec

from generator.ledger import Status
from generator.money import MSAT_PER_SAT
from generator.report.days import day_of
from generator.report.figures.bounds import Bound, turned
from generator.report.figures.figure import CURRENCY, MSAT, Figure, FigureDefinition, decimal_text
from generator.report.figures.goal import GOAL, counted_in_goal, counted_rows, goal_value, towards
from generator.report.figures.project_context import ProjectContext
from generator.report.figures.sums import CONTRIBUTIONS, kinds_of, selectors

#: Days that "of late" means; a goal that has not run so long has no such pace.
RECENT_DAYS: Final = 28

TOWARDS: Final = FigureDefinition(
    "towards_goal",
    "What the goal is compared with, in its unit: raised, of a goal in a currency its value at receipt, of a "
    "goal that begins anew that of the period that runs.",
    CURRENCY,
)
LEFT: Final = FigureDefinition(
    "left_to_goal", "goal minus towards_goal, while the goal is not reached.", CURRENCY
)
OVER: Final = FigureDefinition(
    "over_goal",
    "towards_goal minus goal, where the goal is reached: nothing more, or what came beyond it.",
    CURRENCY,
)
EVEN: Final = FigureDefinition(
    "even_pace",
    "What would be there if the same came each day: goal times the days that are over, by all days from the "
    "first to the last; rounded down to whole satoshis or cents.",
    CURRENCY,
)
NEEDED: Final = FigureDefinition(
    "pace_needed",
    "What is needed a day: left_to_goal over the days until the deadline, or until the period that runs is "
    "over, rounded up to whole satoshis or cents.",
    CURRENCY,
)
GOT: Final = FigureDefinition(
    "pace_got",
    "What came a day: towards_goal over the days since the goal's first day, rounded down to whole satoshis "
    "or cents.",
    CURRENCY,
)
RECENT: Final = FigureDefinition(
    "pace_recent",
    f"What came a day in the {RECENT_DAYS} days up to that of the report, rounded down to whole satoshis or "
    "cents; only where the goal has run so long.",
    CURRENCY,
)
DEFINITIONS: Final = (TOWARDS, LEFT, OVER, EVEN, NEEDED, GOT, RECENT)
_CENTS: Final = 100


class _Pace(msgspec.Struct, frozen=True, kw_only=True):
    """A goal, what came towards it, and its days; amounts in the goal's unit."""

    slug: str
    unit: str
    goal: Fraction
    came: Fraction
    bound: Bound  #: of what came
    inputs: tuple[str, ...]  #: what `came` is made from
    gone: int | None  #: whole days since the first; None where nothing runs or none is named
    left: int | None  #: days until the last

    @property
    def _parts(self) -> Fraction:
        """How many of the smallest parts one of the unit has: satoshis of millisatoshis, cents."""
        return Fraction(1, MSAT_PER_SAT) if self.unit == MSAT else Fraction(_CENTS)

    def figure(
        self,
        definition: FigureDefinition,
        value: Fraction,
        bound: Bound | None = None,
        inputs: tuple[str, ...] = (),
    ) -> Figure:
        """Return a figure of this goal, by default with the bound of what came."""
        return definition.figure(
            self.slug,
            int(value) if self.unit == MSAT else decimal_text(value),
            unit=self.unit,
            bound=self.bound if bound is None else bound,
            inputs=inputs or tuple(f"{self.slug}/{each.name}" for each in (GOAL, TOWARDS)),
        )

    def down(self, value: Fraction) -> Fraction:
        """Round down to a whole part of the unit."""
        return Fraction(value * self._parts // 1) / self._parts

    def distance(self) -> Iterator[Figure]:
        """Yield what came, and what is missing or beyond."""
        yield self.figure(TOWARDS, self.came, inputs=self.inputs)
        if self.came < self.goal:
            yield self.figure(LEFT, self.goal - self.came, turned(self.bound))
        else:
            yield self.figure(OVER, self.came - self.goal)

    def by_day(self) -> Iterator[Figure]:
        """Yield what an even pace would have brought, what is needed and what came a day."""
        if self.gone is not None and self.left is not None and self.gone + self.left:
            even = self.goal * self.gone / (self.gone + self.left)
            yield self.figure(EVEN, self.down(even), Bound.EXACT, (f"{self.slug}/{GOAL.name}",))
        if self.left:
            need = Fraction(ceil(max(self.goal - self.came, Fraction()) / self.left * self._parts))
            yield self.figure(NEEDED, need / self._parts, turned(self.bound))
        if self.gone and self.left is not None:
            yield self.figure(GOT, self.down(self.came / self.gone), inputs=(f"{self.slug}/{TOWARDS.name}",))


def pace_figures(context: ProjectContext) -> Iterator[Figure]:
    """Yield how far the goal is; while it runs, also what is needed a day and what came a day."""
    goal, raised = context.terms.goal, counted_in_goal(context)
    if goal is None or raised is None:
        return
    rows, (value, unit) = counted_rows(context), goal_value(goal)
    came, bound = towards(goal, raised, rows, context)
    gone, left = _days(context)
    pace = _Pace(
        slug=context.slug,
        unit=unit,
        goal=Fraction(value or 1),
        came=came or Fraction(),
        bound=bound,
        inputs=(raised.id,) if unit == MSAT else (*raised.inputs, f"rates:{unit}"),
        gone=gone,
        left=left,
    )
    if came is None:
        yield pace.figure(TOWARDS, pace.came, Bound.UNKNOWN, pace.inputs)
        return
    yield from pace.distance()
    yield from pace.by_day()
    if left is not None and gone is not None and gone >= RECENT_DAYS:
        yield from _recent(context, pace)


def _recent(context: ProjectContext, pace: _Pace) -> Iterator[Figure]:
    """Yield what came a day of late; nothing where none of it has a value in the goal's unit."""
    goal, raised, period = context.terms.goal, counted_in_goal(context), context.terms.periods.current
    since = context.as_of.date() - timedelta(days=RECENT_DAYS - 1)
    rows = [row for row in counted_rows(context) if day_of(row.at) >= since]
    if goal is None or raised is None:
        return
    amount = replace(raised, value=sum(row.amount_msat for row in rows))
    came, bound = towards(goal, amount, rows, context)
    where = f"since={since}" + (f",period={period.name}" if period else "")
    found = selectors(kinds_of(CONTRIBUTIONS), Status.CONFIRMED, where)
    if came is not None:
        value = pace.down(came / RECENT_DAYS)
        yield pace.figure(
            RECENT, value, bound, found if pace.unit == MSAT else (*found, f"rates:{pace.unit}")
        )


def _days(context: ProjectContext) -> tuple[int | None, int | None]:
    """Return the days since a goal's first and until its last, each None where it is not named or over."""
    begins, until, today = context.terms.goal_from, context.terms.goal_until, context.as_of
    if until is None or today >= until or (begins is not None and today < begins):
        return None, None
    return _between(begins.date(), today.date()) if begins else None, _between(today.date(), until.date())


def _between(first: date, last: date) -> int:
    return (last - first).days
