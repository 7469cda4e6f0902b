"""The days of one project's page: when it last changed, until when its series go, whether days count down."""

from datetime import date, datetime
from typing import NamedTuple, Self

from generator.report.days import day_of, last_full_month
from generator.report.figures.project_context import GoalTerms
from generator.report.joined_projects import JoinedProject


class ProjectDays(NamedTuple):
    """Fields of a `ProjectReport`; no one of them moves with the clock alone, but `today`."""

    changed_at: datetime | None
    first_seen_at: datetime | None
    shown_until: date
    today: date | None

    @classmethod
    def of(
        cls,
        project: JoinedProject,
        terms: GoalTerms,
        changed_at: datetime | None,
        first_seen_at: datetime | None,
        as_of: datetime,
    ) -> Self:
        """Work them out.

        Series go until the day of the last change, or the end of the last full month if that is
        later; an end and an opening that have come are changes too.
        """
        openings = (entry.opens_at for entry in project.entries)
        moments = [changed_at, terms.ends_at, *(entry.at for entry in project.entries[-1:]), *openings]
        past = (day_of(at) for at in moments if at and at <= as_of)
        runs = any(at and at > as_of for at in (terms.goal_until, terms.ends_at))
        return cls(
            changed_at=changed_at,
            first_seen_at=first_seen_at,
            shown_until=max([last_full_month(day_of(as_of)), *past]),
            today=day_of(as_of) if runs else None,
        )

    def weeks_until(self, terms: GoalTerms) -> date:
        """Return the last day of the inflow by week: a project's end, once that is past."""
        return min(day_of(terms.ends_at), self.shown_until) if terms.ends_at else self.shown_until
