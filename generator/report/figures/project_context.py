"""What the figures of one project are made from; its goal and dates, and who says so."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from generator.report.figures.figure import Figure
from generator.report.figures.goal_periods import GoalPeriods
from generator.report.figures.sums import Sums
from generator.report.joined_projects import JoinedProject
from generator.report.prices import Prices
from generator.snapshot import Goal

#: Who names a goal that stands in the configuration.
CONFIG = "config"
_TICK: Final = timedelta(microseconds=1)


class GoalTerms(msgspec.Struct, frozen=True, kw_only=True):
    """Goal and dates of one project."""

    goal: Goal | None
    named_by: str  #: ``config``, or the name of a source; empty without a goal
    goal_known: bool  #: False while the source that decides is unread
    starts_at: datetime | None
    ends_at: datetime | None
    end_known: bool  #: False while the source that decides is unread
    periods: GoalPeriods = msgspec.field(default_factory=GoalPeriods)
    ended: bool = False  #: its last day is over, and so is its last period

    @property
    def goal_from(self) -> datetime | None:
        """From when on the goal is measured: its first day, or that of the period that runs."""
        return self.periods.current.start if self.periods.current else self.starts_at

    @property
    def goal_until(self) -> datetime | None:
        """Until when the goal is measured: its deadline, or the end of the period that runs."""
        current = self.periods.current
        return min(current.end, self.ends_at or current.end) if current else self.ends_at


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectContext:
    """One project as makers of figures see it."""

    project: JoinedProject
    sums: Sums  #: of its entries
    terms: GoalTerms
    prices: Prices
    as_of: datetime
    min_group: int = 5  #: payments that a class of sizes has at least
    unread: bool = False  #: no source of it was read since the period of its goal began
    goals: tuple[tuple[datetime, Goal | None], ...] = ()  #: until when each earlier goal stood, oldest first
    figures: Mapping[str, Figure] = field(default_factory=dict)  #: by name, what earlier makers made

    @property
    def slug(self) -> str:
        """The project's slug."""
        return self.project.slug


def goal_terms(project: JoinedProject, as_of: datetime) -> GoalTerms:
    """Return the configured goal, deadline and periods, else those of the source that decides them."""
    own = project.setting.goal if project.setting else None
    record, known = project.deciding(lambda record: _asks(record.goal))
    goal, named_by = (record.goal, record.source) if record else (None, "")
    if own and own.amount_msat:
        goal, named_by, known = Goal(amount_msat=own.amount_msat), CONFIG, True
    elif own and own.value and own.value[0] > 0:
        goal, named_by, known = Goal(value=own.value[0], currency=own.value[1]), CONFIG, True
    begins, _ = project.deciding(lambda record: record.starts_at is not None)
    ends, end_known = project.deciding(lambda record: record.ends_at is not None)
    ends_at = ends.ends_at if ends else None
    if own and own.deadline:  # the last day counts whole
        ends_at = datetime.combine(own.deadline, datetime.min.time(), UTC) + timedelta(days=1)
    ended = ends_at is not None and ends_at <= as_of
    return GoalTerms(
        goal=goal,
        named_by=named_by,
        goal_known=known,
        starts_at=begins.starts_at if begins else None,
        ends_at=ends_at,
        end_known=end_known or ends_at is not None,
        periods=GoalPeriods.of(project, record, ends_at - _TICK if ends_at and ended else as_of),
        ended=ended,
    )


def _asks(goal: Goal | None) -> bool:
    return goal is not None and ((goal.amount_msat or 0) > 0 or (goal.value is not None and goal.value > 0))
