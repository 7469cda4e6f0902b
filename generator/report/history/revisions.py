"""The log as a sequence of runs: which run vouches for a line, and what stood at the run before."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from generator.snapshot import Key, Known, Record, Run, Withdrawn


class RunReference(msgspec.Struct, frozen=True, kw_only=True):
    """A run record as changes name it."""

    run: str  #: id
    at: datetime
    snapshot: str  #: id


class RunIndex:
    """Run records, oldest first; a line of a run that left no record belongs to the next one that did."""

    def __init__(self, runs: Sequence[Run]) -> None:
        self._runs = [RunReference(run=run.id, at=run.at, snapshot=run.snapshot) for run in runs]
        self._ids = [run.id for run in runs]
        self._positions: dict[str, int | None] = {}  # every line asks, and few runs have many lines

    def __getitem__(self, position: int) -> RunReference:
        return self._runs[position]

    def position(self, run: str) -> int | None:
        """Return which run record vouches for a line of this run; None for what none vouches for yet."""
        if run not in self._positions:
            found = bisect_left(self._ids, run)
            self._positions[run] = found if found < len(self._ids) else None
        return self._positions[run]


class Revision(msgspec.Struct, frozen=True, kw_only=True):
    """What a run found of one record: what stood before it, and what stands after it."""

    position: int  #: of the run record, in a `RunIndex`
    key: Key
    before: Record | None  #: None: never seen, or withdrawn
    after: Record  #: a `Withdrawn` where it is gone


def revisions(known: Known, runs: RunIndex) -> Iterator[Revision]:
    """Yield everything each run found, run by run, then by key."""
    found = [
        Revision(position=position, key=key, before=None, after=record)
        for key, record in known.records.items()
        if key not in known.history and (position := runs.position(known.seen[key])) is not None
    ]
    for key, chain in known.history.items():
        before: Record | None = None
        for line in chain:
            position = runs.position(line.run)
            if position is not None:
                found.append(Revision(position=position, key=key, before=before, after=line.record))
            before = None if isinstance(line.record, Withdrawn) else line.record
    return iter(sorted(found, key=lambda revision: (revision.position, revision.key)))
