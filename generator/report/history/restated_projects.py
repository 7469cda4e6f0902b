"""Of which projects past sums may have changed: of all others a row was told once, and in time."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from generator.ledger import Entry
from generator.report.history.revisions import RunIndex
from generator.report.place_owners import PlaceOwners
from generator.snapshot import Known, Project

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


def restated_slugs(known: Known, runs: RunIndex, owners: PlaceOwners) -> set[str]:
    """Return the projects of which more than news was told: for all others there is nothing to add up."""
    chains = known.history.values()
    again = (line.record for chain in chains for line in chain if isinstance(line.record, Entry))
    found = {owners.slug(entry.place) for entry in again}
    met = _met(known, runs)
    began = _month_begins(runs, known)
    for rows in known.rows.values():
        for row in [row for row in rows if row.at < began.get(row.run, _NEVER)]:
            position = runs.position(row.run)
            if position and met.get((row.place, row.source), position) < position:
                found.add(owners.slug(row.place))
    return found


def _month_begins(runs: RunIndex, known: Known) -> dict[str, datetime]:
    """Return for each run that observed something when the month began that the run before it stood in."""
    found = {}
    for run in set(known.seen.values()):
        if position := runs.position(run):
            at = runs[position - 1].at.astimezone(UTC)
            found[run] = datetime(at.year, at.month, 1, tzinfo=UTC)
    return found


def _met(known: Known, runs: RunIndex) -> dict[tuple[str, str], int]:
    """Return at which run a source first spoke of a place."""
    said = [(record, known.seen[record.key]) for record in known.of(Project)]
    said += [
        (line.record, line.run)
        for chain in known.history.values()
        for line in chain
        if isinstance(line.record, Project)
    ]
    found: dict[tuple[str, str], int] = {}
    for record, run in said:
        if (position := runs.position(run)) is not None:
            place = (record.id, record.source)
            found[place] = min(position, found.get(place, position))
    return found


def month_of(entry: Entry) -> str:
    """Return the UTC month that a row stands in: ``2025-05``."""
    return _month(entry.at)


def is_over(month: str, seen_at: datetime | None) -> bool:
    """Tell whether a month was over at the time of a run; before the first run none was."""
    return seen_at is not None and _month(seen_at) > month


@lru_cache(maxsize=4096)
def _month(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m}"
