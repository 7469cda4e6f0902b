"""The rows of one project: what sorts them is at hand, each is read whole when it is asked for."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from operator import attrgetter
from types import MappingProxyType

from generator.ledger import Entry, Status, Verification
from generator.report.days import month_text
from generator.snapshot import LoggedRow

#: Reason shown for an entry that a check contradicts; such an entry moves nothing.
CONTRADICTED = "a check contradicts it"


class ProjectRows:
    """Rows of a project; one that a check contradicts is excluded, so that rows and figures agree."""

    def __init__(
        self, rows: Sequence[LoggedRow] = (), times: Mapping[str, datetime] = MappingProxyType({})
    ) -> None:
        self._rows = rows
        self._times = times  #: of run records, by run id

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """All of them, read whole, ordered by time, then id."""
        return _read(self._rows)

    def since(self, at: datetime) -> tuple[Entry, ...]:
        """Return those of a time and later, in the same order; no others are read."""
        if self.last is None or self.last < at:
            return ()
        return _read(row for row in self._rows if row.at >= at)

    @cached_property
    def digest(self) -> str:
        """A hash of their lines in the log, in each of which its run stands."""
        return sha256(b"".join([row.digest for row in self._rows])).hexdigest()

    @property
    def runs(self) -> set[str]:
        """Ids of the runs that observed them."""
        return {row.run for row in self._rows}

    @property
    def moments(self) -> set[datetime]:
        """When money moved."""
        return {row.at for row in self._rows}

    @cached_property
    def last(self) -> datetime | None:
        """When money moved last; None of no rows."""
        return max([row.at for row in self._rows], default=None)

    def last_until(self, at: datetime) -> datetime | None:
        """Return when money moved last of all times up to one; None of no rows."""
        if self.last is None or self.last <= at:
            return self.last
        return max([row.at for row in self._rows if row.at <= at], default=None)

    @property
    def openings(self) -> list[datetime]:
        """When the founder may claim something, row by row."""
        return [row.opens_at for row in self._rows if row.opens_at is not None]

    @property
    def changed_in(self) -> dict[str, datetime]:
        """When something new was last observed of the rows of each UTC month ``2026-03``."""
        return changed_in(self._rows, self._times)

    def __reduce__(self) -> tuple[type["ProjectRows"], tuple[list[LoggedRow], dict[str, datetime]]]:
        """Travel to another process without what was read meanwhile, and without all other lines."""
        times = {run: self._times[run] for run in sorted(self.runs & self._times.keys())}
        return ProjectRows, ([row.alone() for row in self._rows], times)

    def __len__(self) -> int:
        return len(self._rows)


def changed_in(rows: Iterable[LoggedRow], times: Mapping[str, datetime]) -> dict[str, datetime]:
    """Return by UTC month of some rows the time of the last run record that observed one of them."""
    last: dict[str, datetime] = {}
    for row in rows:
        month, seen_at = month_text(row.at), times.get(row.run)
        if seen_at is not None:
            last[month] = max(seen_at, last.get(month, seen_at))
    return dict(sorted(last.items()))


def _read(rows: Iterable[LoggedRow]) -> tuple[Entry, ...]:
    return tuple(_counted(row.entry) for row in sorted(rows, key=attrgetter("at", "id", "source")))


def _counted(entry: Entry) -> Entry:
    if entry.verification is Verification.FAILED and entry.status is not Status.EXCLUDED:
        return entry.excluded(CONTRADICTED)
    return entry
