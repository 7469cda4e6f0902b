"""What the figures of one project are made from; its goal and dates, and who says so."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from generator.report.figures.figure import Figure
from generator.report.figures.sums import Sums
from generator.report.joined_projects import JoinedProject
from generator.report.prices import Prices
from generator.snapshot import Goal

#: Who names a goal that stands in the configuration.
CONFIG = "config"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalTerms:
    """Goal and dates of one project."""

    goal: Goal | None
    named_by: str  #: ``config``, or the name of a source; empty without a goal
    starts_at: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectContext:
    """One project as makers of figures see it."""

    project: JoinedProject
    sums: Sums  #: of its entries
    terms: GoalTerms
    prices: Prices
    figures: Mapping[str, Figure] = field(default_factory=dict)  #: by name, what earlier makers made

    @property
    def slug(self) -> str:
        """The project's slug."""
        return self.project.slug


def goal_terms(project: JoinedProject) -> GoalTerms:
    """Return the configured goal and deadline, else those of the first source that names them."""
    own = project.setting.goal if project.setting else None
    goal, named_by = next(
        ((record.goal, record.source) for record in project.records if _asks(record.goal)), (None, "")
    )
    ends_at = next((record.ends_at for record in project.records if record.ends_at), None)
    if own and own.amount_msat:
        goal, named_by = Goal(amount_msat=own.amount_msat), CONFIG
    elif own and own.value and own.value[0] > 0:
        goal, named_by = Goal(value=own.value[0], currency=own.value[1]), CONFIG
    if own and own.deadline:  # the last day counts whole
        ends_at = datetime.combine(own.deadline, datetime.min.time(), UTC) + timedelta(days=1)
    starts_at = next((record.starts_at for record in project.records if record.starts_at), None)
    return GoalTerms(goal=goal, named_by=named_by, starts_at=starts_at, ends_at=ends_at)


def _asks(goal: Goal | None) -> bool:
    return goal is not None and ((goal.amount_msat or 0) > 0 or (goal.value is not None and goal.value > 0))
