"""When a run reads every project whole instead of asking what has changed."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from generator.snapshot import Asked

FULL_EVERY: Final = timedelta(days=7)
_TIME: Final = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshPlan:
    """Whether a run reads everything, and when everything was last read."""

    full: bool
    full_at: datetime

    @property
    def remembered(self) -> str:
        """How the next run is told when everything was last read."""
        return self.full_at.strftime(_TIME)


def planned(last: Asked | None, at: datetime, *, full: bool) -> RefreshPlan:
    """Plan a run as of `at`: everything when that is asked for, or due; `last` is the last answer."""
    said = last.reads.get("full_at", "") if last else at.strftime(_TIME)
    try:
        before = datetime.strptime(said, _TIME).replace(tzinfo=UTC)
    except ValueError:
        return RefreshPlan(full=True, full_at=at)
    due = full or not before <= at < before + FULL_EVERY
    return RefreshPlan(full=due, full_at=at if due else before)
