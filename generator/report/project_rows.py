"""The rows of one project: what sorts them is at hand, each is read whole when it is asked for."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from operator import attrgetter
from typing import Self

from generator.ledger import Entry, Status, Verification
from generator.snapshot import LoggedRow

#: Reason shown for an entry that a check contradicts; such an entry moves nothing.
CONTRADICTED = "a check contradicts it"


class ProjectRows:
    """Rows of a project; one that a check contradicts is excluded, so that rows and figures agree."""

    def __init__(self, rows: Sequence[LoggedRow] = ()) -> None:
        self._rows = rows

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Self:
        """Return entries that were read whole; no run vouches for these rows."""
        return cls([LoggedRow.of(entry, "") for entry in entries])

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
    def openings(self) -> set[datetime]:
        """When the founder may claim something."""
        return {row.opens_at for row in self._rows if row.opens_at is not None}

    def __reduce__(self) -> tuple[type["ProjectRows"], tuple[Sequence[LoggedRow]]]:
        """Travel to another process without what was read meanwhile, and without all other lines."""
        return ProjectRows, ([row.alone() for row in self._rows],)

    def __len__(self) -> int:
        return len(self._rows)


def _read(rows: Iterable[LoggedRow]) -> tuple[Entry, ...]:
    return tuple(_counted(row.entry) for row in sorted(rows, key=attrgetter("at", "id", "source")))


def _counted(entry: Entry) -> Entry:
    if entry.verification is Verification.FAILED and entry.status is not Status.EXCLUDED:
        return entry.excluded(CONTRADICTED)
    return entry
