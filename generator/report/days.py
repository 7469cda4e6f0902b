"""Days, weeks, months and ranges of days; all in UTC."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Final, TypeAlias

DAY: Final = timedelta(days=1)

DayRange: TypeAlias = tuple[date, date]  #: first and last, both included
#: The last day of a range that goes on.
OPEN_END: Final = date.max


def day_of(at: datetime) -> date:
    """Return the UTC day of a time."""
    return (at if at.tzinfo is UTC else at.astimezone(UTC)).date()


def monday_of(day: date) -> date:
    """Return the Monday of a day's ISO week."""
    return day - timedelta(days=day.weekday())


def week_text(day: date) -> str:
    """Return the ISO week of a day: ``2025-W07``."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def month_text(day: date) -> str:
    """Return the month of a UTC day or time: ``2025-02``."""
    return f"{day:%Y-%m}"


def last_full_month(day: date) -> date:
    """Return the last day of the month before a day's."""
    return day.replace(day=1) - DAY


def merged(ranges: Iterable[DayRange]) -> tuple[DayRange, ...]:
    """Join ranges that overlap or touch; in order of time."""
    found: list[DayRange] = []
    for first, last in sorted(ranges):
        if found and first - DAY <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)
