"""The rows of one project: what sorts them is at hand, each is read whole when it is asked for."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from itertools import chain
from operator import attrgetter

from generator.ledger import Entry, Status, Verification
from generator.report.days import month_text
from generator.snapshot import LoggedRow, began_at

#: Reason shown for an entry that a check contradicts; such an entry moves nothing.
CONTRADICTED = "a check contradicts it"


class ProjectRows:
    """Rows of a project; one that a check contradicts is excluded, so that rows and figures agree."""

    def __init__(self, rows: Sequence[LoggedRow] = (), left: Sequence[tuple[str, str]] = ()) -> None:
        self._rows = rows
        self._left = left  #: UTC months ``2026-03`` in which a row stood, each with the run that told it anew

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
        """A hash of their lines in the log, in each of which its run stands, and of months that rows left."""
        left = repr(sorted(self._left)).encode()
        return sha256(b"".join([left, *(row.digest for row in self._rows)])).hexdigest()

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
        """Return when money moved last of all times up to one; None where it did not."""
        if self.last is None or self.last <= at:
            return self.last
        return max([row.at for row in self._rows if row.at <= at], default=None)

    @property
    def openings(self) -> list[datetime]:
        """When the founder may claim something, row by row."""
        return [row.opens_at for row in self._rows if row.opens_at is not None]

    @property
    def changed_in(self) -> dict[str, datetime]:
        """When something new was last observed of what stands or stood in each UTC month ``2026-03``."""
        last: dict[str, str] = {}
        for month, run in chain(((month_text(row.at), row.run) for row in self._rows), self._left):
            last[month] = max(run, last.get(month, ""))
        return {month: at for month, run in sorted(last.items()) if (at := began_at(run))}

    def __reduce__(self) -> tuple[type["ProjectRows"], tuple[list[LoggedRow], Sequence[tuple[str, str]]]]:
        """Travel to another process without what was read meanwhile, and without all other lines."""
        return ProjectRows, ([row.alone() for row in self._rows], self._left)

    def __len__(self) -> int:
        return len(self._rows)


def _read(rows: Iterable[LoggedRow]) -> tuple[Entry, ...]:
    return tuple(_counted(row.entry) for row in sorted(rows, key=attrgetter("at", "id", "source")))


def _counted(entry: Entry) -> Entry:
    if entry.verification is Verification.FAILED and entry.status is not Status.EXCLUDED:
        return entry.excluded(CONTRADICTED)
    return entry
