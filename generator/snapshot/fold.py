"""The fold of a log into what we know now, and the ids of runs and snapshots.

Run ids begin with the run's time, so the fold does not depend on the order in
which two runners appended: of several lines with the same key, the one of the
latest run stands, within one run the later line. Nothing is ever edited; a
disappearance is a `Withdrawn` record, and what a voided run said is skipped.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from operator import attrgetter, itemgetter
from typing import Any, TypeVar

import msgspec

from generator.ledger import Entry, Key
from generator.snapshot.lines import Line
from generator.snapshot.records import Record, Withdrawn, key_about
from generator.snapshot.rows import ENTRY, LoggedRow, RecordsWithRows
from generator.snapshot.run_record import FileState, Run
from generator.snapshot.voided_run import VoidedRun

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Known:
    """What the log says now: the fold of its lines, values sorted by key."""

    records: Mapping[Key, Record] = field(default_factory=dict)
    #: id of the run that observed each standing record
    seen: Mapping[Key, str] = field(default_factory=dict)
    #: key → every line about it, oldest first, only where there is more than one
    history: dict[Key, tuple[Line, ...]] = field(default_factory=dict)
    runs: tuple[Run, ...] = ()  #: oldest first
    #: by type, since a run asks for each again and again
    _of: dict[type, tuple[Any, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _rows: dict[str, list[LoggedRow]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def of(self, kind: type[T]) -> tuple[T, ...]:
        """Return the standing records of one type, ordered by key."""
        if not self._of:
            groups: defaultdict[type, list[Any]] = defaultdict(list)
            for record in _but_rows(self.records).values():
                groups[type(record)].append(record)
            self._of.update({each: tuple(records) for each, records in groups.items()})
        if kind is Entry and kind not in self._of and isinstance(self.records, RecordsWithRows):
            self._of[kind] = tuple(row.entry for _, row in sorted(self.records.rows.items()))
        return self._of.get(kind, ())

    @property
    def rows(self) -> Mapping[str, Sequence[LoggedRow]]:
        """The standing entries as rows, by place, oldest run first: of most a report needs no more."""
        if not self._rows:
            for row in self._every_row():
                self._rows.setdefault(row.place, []).append(row)
        return self._rows

    def _every_row(self) -> Iterable[LoggedRow]:
        if isinstance(self.records, RecordsWithRows):
            return self.records.rows.values()
        found = (LoggedRow.of(entry, self.seen[entry.key]) for entry in self.of(Entry))
        return sorted(found, key=attrgetter("run"))

    def with_rows_at(self, places: Iterable[str]) -> "Known":
        """Return the same without standing entries of other places; their history stays."""
        rows = (row for place in places for row in self.rows.get(place, ()))
        return replace(self, records=RecordsWithRows.of(self.records, rows))

    @property
    def sources(self) -> set[str]:
        """Names of the sources of which something stands."""
        rows = self.records.rows if isinstance(self.records, RecordsWithRows) else {}
        return {source for keys in (_but_rows(self.records), rows) for _, source, _ in keys}

    def first_run(self, key: Key) -> str:
        """Return the id of the run that first observed something; empty for what is not known."""
        chain = self.history.get(key)
        return chain[0].run if chain else self.seen.get(key, "")

    @property
    def as_of(self) -> datetime | None:
        """The time of the last run record."""
        return self.runs[-1].at if self.runs else None

    def told_tip(self, until: str = "") -> Run | None:
        """Return the newest run that was told how high the chain is, of those up to a run; None without one.

        A run in which no server answered was told nothing.
        """
        return next(
            (
                run
                for run in reversed(self.runs)
                if run.tip_height is not None and run.id <= (until or run.id)
            ),
            None,
        )

    @property
    def tip_height(self) -> int | None:
        """The newest height of the chain that a run was told, None before the first."""
        told = self.told_tip()
        return told.tip_height if told else None

    def said(self, key: Key, run: str) -> Record | None:
        """Return what stood under a key after a run, None where nothing did."""
        chain = self.history.get(key)
        if chain is None:
            return self.records[key] if self.seen.get(key, "~") <= run else None
        place = bisect_right(chain, run, key=attrgetter("run"))
        last = chain[place - 1].record if place else None
        return None if isinstance(last, Withdrawn) else last

    def until(self, run: str) -> "Known":
        """Return what the log said after a run."""
        standing = (
            Line(run=seen, record=self.records[key])
            for key, seen in self.seen.items()
            if key not in self.history
        )
        told = (Line(run=each.id, record=each) for each in self.runs)
        every = (*standing, *(line for chain in self.history.values() for line in chain), *told)
        return fold(line for line in every if line.run <= run)

    @property
    def times(self) -> dict[str, datetime]:
        """The time of each run record, by run id."""
        return {run.id: run.at for run in self.runs}


def _but_rows(records: Mapping[Key, Record]) -> Mapping[Key, Record]:
    return records.others if isinstance(records, RecordsWithRows) else records


def fold(lines: Iterable[Line | LoggedRow], voids: Mapping[str, VoidedRun] | None = None) -> Known:
    """Reduce lines to what stands: the latest run wins, a withdrawal removes, a voided run says nothing.

    `voids` are of lines after these, by run id; those among the lines count anyway.
    """
    every = list(lines)
    told = voids_in(line for line in every if isinstance(line, Line))
    if voided := (voids or {}).keys() | told.keys():
        every = [line for line in every if line.run not in voided or _is_void(line)]
    every.sort(key=attrgetter("run"))  # stable: within a run the later line stands
    rows, others = _parted(every)
    last: dict[Key, Line | LoggedRow] = {}
    chains: dict[Key, list[Line | LoggedRow]] = {}  #: of what was said more than once
    runs: dict[str, Run] = {}
    for line in others:
        if isinstance(line, LoggedRow):
            key = line.key
        elif isinstance(record := line.record, Run):
            runs[record.id] = record
            continue
        else:
            key = key_about(record)
        if (before := last.get(key)) is not None:
            chains.setdefault(key, [before]).append(line)
        last[key] = line
    return _known(rows, last, chains, tuple(runs[name] for name in sorted(runs)))


def _parted(every: Sequence[Line | LoggedRow]) -> tuple[dict[Key, LoggedRow], Sequence[Line | LoggedRow]]:
    """Return the last row of each key, and the lines that need a closer look: all others among them.

    A row that was told once, and of whose id no other line speaks, needs none.
    """
    found = [line for line in every if isinstance(line, LoggedRow)]
    others = [line for line in every if isinstance(line, Line)]
    rows: dict[Key, LoggedRow] = {(ENTRY, row.source, row.id): row for row in found}
    again = {name for name, count in Counter([row.id for row in found]).items() if count > 1}
    spoken_of = (key_about(line.record) for line in others if isinstance(line.record, Entry | Withdrawn))
    again |= {key[2] for key in spoken_of if key in rows}
    if not again:
        return rows, others
    return rows, [line for line in every if isinstance(line, Line) or line.id in again]


def _known(
    rows: dict[Key, LoggedRow],
    last: Mapping[Key, Line | LoggedRow],
    chains: Mapping[Key, Iterable[Line | LoggedRow]],
    runs: tuple[Run, ...],
) -> Known:
    for key in [key for key, line in last.items() if isinstance(line, Line) and key in rows]:
        del rows[key]  # what was said last is no row
    seen = {key: row.run for key, row in rows.items()}
    others = dict[Key, Record]()
    for key in _sorted(last):
        line = last[key]
        if isinstance(line, Line) and not isinstance(line.record, Withdrawn):
            others[key], seen[key] = line.record, line.run
    history = {
        key: tuple(line.line if isinstance(line, LoggedRow) else line for line in chains[key])
        for key in _sorted(chains)
    }
    records = RecordsWithRows(others, rows) if rows else others
    return Known(records=records, seen=seen, history=history, runs=runs)


def _sorted(keys: Iterable[Key]) -> Iterator[Key]:
    """Yield keys in their order: ids are sorted among those of one type and source, which is much faster."""
    alike: defaultdict[tuple[str, ...], list[Key]] = defaultdict(list)
    for key in keys:
        alike[key[:2]].append(key)
    for _, some in sorted(alike.items()):
        yield from sorted(some, key=itemgetter(2))


def voids_in(lines: Iterable[Line | LoggedRow]) -> dict[str, VoidedRun]:
    """Return which runs lines void, by run id, whatever became of the run that says so."""
    return {
        line.record.id: line.record
        for line in lines
        if isinstance(line, Line) and isinstance(line.record, VoidedRun)
    }


def _is_void(line: Line | LoggedRow) -> bool:
    return isinstance(line, Line) and isinstance(line.record, VoidedRun)


def run_id(at: datetime, salt: str) -> str:
    """Return a run id that sorts by time; `salt` tells two runners of one second apart."""
    return f"{at:%Y%m%dT%H%M%SZ}-{sha256(salt.encode()).hexdigest()[:8]}"


def began_at(run: str) -> datetime | None:
    """Return the time that a run id begins with; None for what has none."""
    try:
        return datetime.strptime(run[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def snapshot_id(files: Iterable[FileState]) -> str:
    """Return the sha256 of the canonical list of (path, byte length, sha256), ordered by path."""
    rows = sorted((state.path, state.length, state.sha256) for state in files)
    return sha256(msgspec.json.encode(rows)).hexdigest()
