"""The days of one project's page: when it last changed, until when its series go, whether days count down."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple, Self

from generator.report.days import day_of, last_full_month
from generator.report.figures.project_context import GoalTerms
from generator.report.joined_projects import JoinedProject
from generator.snapshot import Known


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
        known: Known,
        times: Mapping[str, datetime],
        as_of: datetime,
    ) -> Self:
        """Work them out; `times` are those of run records, by run id.

        Series go until the day of the last change, or the end of the last full month if that is
        later; an end and an opening that have come are changes too.
        """
        changed_at = project.changed_at(known, times)
        openings = (entry.opens_at for entry in project.entries)
        moments = [changed_at, terms.ends_at, *(entry.at for entry in project.entries[-1:]), *openings]
        past = (day_of(at) for at in moments if at and at <= as_of)
        runs = any(at and at > as_of for at in (terms.goal_until, terms.ends_at))
        return cls(
            changed_at=changed_at,
            first_seen_at=project.first_seen_at(known, times),
            shown_until=max([last_full_month(day_of(as_of)), *past]),
            today=day_of(as_of) if runs else None,
        )

    def weeks_until(self, terms: GoalTerms) -> date:
        """Return the last day of the inflow by week: a project's end, once that is past."""
        return min(day_of(terms.ends_at), self.shown_until) if terms.ends_at else self.shown_until
