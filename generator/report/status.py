"""A project's status in one word: arithmetic with the as-of time, never with the clock."""

from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from generator.report.figures.bounds import Bound
from generator.report.figures.goal import reached
from generator.report.figures.project_context import GoalTerms, ProjectContext


class ProjectStatus(StrEnum):
    """How far a project is, worked out from goal, dates and as-of."""

    UPCOMING = "upcoming"
    REACHED = "goal reached"
    ON_PACE = "on pace"
    BEHIND = "behind pace"
    OPEN = "collecting"  #: a goal, but no dates to measure a pace by
    ENDED = "ended below goal"
    NO_GOAL = "no goal"
    UNKNOWN = "not known yet"


def project_status(context: ProjectContext, as_of: datetime) -> ProjectStatus:
    """Return the status of a project whose figures are made; what may be otherwise is never judged."""
    terms = context.terms
    begins = terms.goal_from or terms.starts_at
    if begins and as_of < begins:
        return ProjectStatus.UPCOMING
    if terms.goal is None:
        return ProjectStatus.NO_GOAL if terms.goal_known else ProjectStatus.UNKNOWN
    share, bound = reached(context)
    if share is None:  # what came is known, its part of the goal is not: another currency, no rate
        known = context.figures["raised"].value is not None and not terms.periods.recurs
        return ProjectStatus.OPEN if known else ProjectStatus.UNKNOWN
    if share >= 1:
        return ProjectStatus.REACHED if bound.never_less else ProjectStatus.UNKNOWN
    return _below(terms, share, bound, as_of)


def _below(terms: GoalTerms, share: Fraction, bound: Bound, as_of: datetime) -> ProjectStatus:
    if not terms.end_known and terms.periods.current is None:
        return ProjectStatus.UNKNOWN
    if terms.ends_at and as_of >= terms.ends_at:
        return ProjectStatus.ENDED if bound.never_more else ProjectStatus.UNKNOWN
    begins, ends = terms.goal_from, terms.goal_until
    if ends is None or begins is None or ends.date() <= begins.date():
        return ProjectStatus.OPEN
    # whole days, as pages state them: a pace turns with a day, and what is needed and got says the same
    days, gone = (ends.date() - begins.date()).days, (as_of.date() - begins.date()).days
    if share * days >= gone:
        return ProjectStatus.ON_PACE if bound.never_less else ProjectStatus.UNKNOWN
    return ProjectStatus.BEHIND if bound.never_more else ProjectStatus.UNKNOWN
