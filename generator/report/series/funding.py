"""Funding over time: what had come in by the end of each day, and what came in each week."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

from generator.ledger import Entry, Status
from generator.report.figures.definitions import MSAT, figure_id, selectors
from generator.report.figures.sums import CONTRIBUTIONS, contributions, grade, kinds_of
from generator.report.model import Figure, Point

_WEEK = timedelta(days=7)


def day_of(at: datetime) -> date:
    """Return the UTC day of a time."""
    return at.astimezone(UTC).date()


def monday_of(day: date) -> date:
    """Return the Monday of a day's ISO week."""
    return day - timedelta(days=day.weekday())


def week_text(day: date) -> str:
    """Return the ISO week of a day: ``2025-W07``."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def funding(slug: str | None, entries: Sequence[Entry], *, complete: bool) -> tuple[Point, ...]:
    """Return raised at the end of each UTC day on which a confirmed contribution arrived."""
    kinds = kinds_of(CONTRIBUTIONS)
    by_day = _grouped(contributions(entries), lambda entry: day_of(entry.at))
    points, total, seen = [], 0, set[str | None]()
    for day, rows in by_day.items():
        total += sum(entry.amount_msat for entry in rows)
        seen.add(grade(entry.verification for entry in rows))
        figure = Figure(
            id=figure_id(slug, f"raised@{day}"),
            project=slug,
            name=f"raised@{day}",
            value=total,
            unit=MSAT,
            complete=complete,
            verification=grade(seen),
            formula=f"Raised by the end of {day} UTC: confirmed, accepted payments and stage outputs.",
            inputs=selectors(kinds, Status.CONFIRMED, f"until={day}"),
        )
        points.append(Point(day=day, figure=figure))
    return tuple(points)


def weeks(
    slug: str | None, entries: Sequence[Entry], until: datetime, *, complete: bool
) -> tuple[Point, ...]:
    """Return what came in each ISO week, from the first contribution's to that of `until`, zeros included.

    `until` is the as-of time, or the project's end once that is past; what came later extends it.
    """
    kinds = kinds_of(CONTRIBUTIONS)
    by_week = _grouped(contributions(entries), lambda entry: monday_of(day_of(entry.at)))
    if not by_week:
        return ()
    monday, last = next(iter(by_week)), max(monday_of(day_of(until)), *by_week)
    points = []
    while monday <= last:
        rows = by_week.get(monday, [])
        week = week_text(monday)
        figure = Figure(
            id=figure_id(slug, f"inflow@{week}"),
            project=slug,
            name=f"inflow@{week}",
            value=sum(entry.amount_msat for entry in rows),
            unit=MSAT,
            complete=complete,
            verification=grade(entry.verification for entry in rows),
            formula=f"Confirmed, accepted payments and stage outputs that arrived in the ISO week {week}.",
            inputs=selectors(kinds, Status.CONFIRMED, f"week={week}"),
        )
        points.append(Point(day=monday, figure=figure))
        monday += _WEEK
    return tuple(points)


def _grouped(entries: Sequence[Entry], key: Callable[[Entry], date]) -> dict[date, list[Entry]]:
    """Return entries by day, days in order."""
    found: defaultdict[date, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[key(entry)].append(entry)
    return dict(sorted(found.items()))
