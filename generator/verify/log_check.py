"""The published log is whole, canonical, and what its run records vouch for."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Final

from generator.errors import LogError
from generator.ledger import Entry, Kind, Status
from generator.places import VOIDS
from generator.snapshot import (
    Attributed,
    FileState,
    Heading,
    Known,
    Line,
    Run,
    Withdrawn,
    decode,
    encode,
    fold,
    snapshot_id,
    voids_in,
)
from generator.snapshot.batch import RUNS
from generator.snapshot.log_file import LogFile, grown, in_order, lacking
from generator.text_format import counted
from generator.verify.prefix_hashes import PrefixHashes
from generator.verify.results import CheckResult, checked, unchecked

#: Files in the lists of all run records together: their ids take the square of records and files.
MOST_LISTED: Final = 20_000_000
_RUN_ID: Final = re.compile(r"[0-9]{8}T[0-9]{6}Z-")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedLog:
    """The log as it could be read: nothing is known of one that is damaged."""

    results: tuple[CheckResult, ...]
    known: Known | None
    lines: Sequence[Line] = ()  #: all of them, superseded ones too

    @property
    def last(self) -> Run | None:
        """The run that a site is made as of."""
        return self.known.runs[-1] if self.known and self.known.runs else None


def read_log(files: Mapping[str, bytes]) -> PublishedLog:
    """Return what the files of a log say, by their relative paths, and whether it holds together."""
    damaged: list[str] = []
    by_file: dict[str, list[Line]] = {}
    loose = list(lacking(files))
    for path in in_order(files):
        try:
            data = files[path]
            heading, by_file[path] = decode(path, data)
        except LogError as error:
            damaged.append(str(error))
        else:
            loose += _loose(path, data, heading, by_file[path])
    lines = [line for found in by_file.values() for line in found]
    loose += _ahead(by_file)
    runs = sum(isinstance(line.record, Run) for line in lines)
    results = [
        checked("log-lines", [*damaged, *loose], len(lines)),
        checked("run-records", damaged or _records(files, by_file), runs),
    ]
    if damaged:
        return PublishedLog(results=tuple(results), known=None)
    known = fold(lines)
    results.append(checked("one-world", _worlds(known), len(known.runs)))
    placed = known.of(Attributed)
    results.append(checked("store-places", _unplaced(known, placed), len(placed)))
    results += _voided(lines)
    return PublishedLog(results=tuple(results), known=known, lines=lines)


def _voided(lines: Iterable[Line]) -> Iterator[CheckResult]:
    """Yield which runs count no more, and whether each is one of the log; a void is never taken back."""
    every = list(lines)
    voids, runs = voids_in(every), {line.run for line in every if isinstance(line.record, Run)}
    problems = [f"run {name} is voided and not in the log" for name in sorted(voids.keys() - runs)]
    problems += (f"the void of run {void.id} gives no reason" for void in voids.values() if not void.reason)
    problems += (
        f"{line.record.id} is withdrawn, and a void stands"
        for line in every
        if isinstance(line.record, Withdrawn) and line.record.source == VOIDS
    )
    if problems:
        yield checked("runs-voided", problems, len(voids))
    elif voids:
        name = min(voids)
        reason = f"the publisher voided {counted(len(voids), 'run')}, such as {name}: {voids[name].reason}"
        yield unchecked(
            "runs-voided", f"{reason}; what it said counts in nothing, and nothing shows it was wrong"
        )


def _loose(path: str, data: bytes, heading: Heading, lines: list[Line]) -> Iterator[str]:
    """Yield what is not canonical: there is one way to write a line, and one file where it belongs."""
    if path != heading.path:
        yield f"{path}: its first line is that of {heading.path}"
    if data != b"".join([encode(heading), *map(encode, lines)]):
        yield f"{path}: not the canonical bytes of its own records"
    for number, line in enumerate(lines, 2):
        if isinstance(line.record, Run) != (heading.source == RUNS) or line.record.source != heading.source:
            yield f"{path}:{number}: {line.record.source} {line.record.key[0]} does not belong here"
        if line.run[:6] > heading.month.replace("-", ""):
            yield f"{path}:{number}: run {line.run} is later than the file's month"


def _ahead(by_file: Mapping[str, list[Line]]) -> Iterator[str]:
    """Yield what says to be of a later time than the last run, or of a run that no run is called like."""
    last = max(
        (line.run for found in by_file.values() for line in found if isinstance(line.record, Run)), default=""
    )
    for path, lines in by_file.items():
        file = LogFile.of(path)
        if last and file and file.month.replace("-", "") > last[:6]:
            yield f"{path}: its month is later than the last run, {last}"
        for number, line in enumerate(lines, 2):
            if last and not (_RUN_ID.match(line.run) and line.run <= last):
                yield f"{path}:{number}: run {line.run!r} is none, or later than the last one, {last}"
                break


def _records(files: Mapping[str, bytes], by_file: Mapping[str, list[Line]]) -> Iterator[str]:
    """Follow the run records from the first: each says how long files were and what they hashed to."""
    states: dict[str, FileState] = {}
    hashes = PrefixHashes(files, _lengths(by_file))
    listed = 0
    last = ("", 0)
    for path in in_order(path for path in files if path.startswith(f"{RUNS}/")):
        data = files[path]
        end = data.find(b"\n") + 1
        for line in by_file[path]:
            start, end = end, data.find(b"\n", end) + 1
            run = line.record
            if not isinstance(run, Run):
                continue  # told by the check of lines
            yield from _changes(run, states, hashes)
            states |= {state.path: state for state in run.files}
            listed += len(states)
            if listed > MOST_LISTED:
                yield f"run {run.id}: the lists of all runs so far have more than {MOST_LISTED} files"
                return
            if snapshot_id(states.values()) != run.snapshot:
                yield f"run {run.id}: its snapshot id is not the hash of its list of files"
            if not run.id.startswith(f"{run.at.astimezone(UTC):%Y%m%dT%H%M%SZ}-") or line.run != run.id:
                yield f"run {run.id}: its id and its time {run.at:%Y-%m-%dT%H:%M:%SZ} differ"
            if path in states and states[path].length > start:
                yield f"run {run.id}: vouches for bytes of {path} behind itself"
            last = (path, end)
    yield from _unvouched(files, states, last)


def _lengths(by_file: Mapping[str, list[Line]]) -> Mapping[str, set[int]]:
    """Return by path every length that a run record names."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for path, lines in by_file.items():
        if path.startswith(f"{RUNS}/"):
            for line in lines:
                for state in line.record.files if isinstance(line.record, Run) else ():
                    found[state.path].add(state.length)
    return found


def _changes(run: Run, states: Mapping[str, FileState], hashes: PrefixHashes) -> Iterator[str]:
    """Yield what is wrong with the files that a run names, given those before it."""
    if len({state.path for state in run.files}) < len(run.files):
        yield f"run {run.id}: it names a file twice"
    for path in grown(states, run.files):
        yield f"run {run.id}: {path} changed after its next part was begun"
    for state in run.files:
        yield from _state(run, state, states.get(state.path), hashes)


def _state(run: Run, state: FileState, before: FileState | None, hashes: PrefixHashes) -> Iterator[str]:
    if before is not None and state.length < before.length:
        yield f"run {run.id}: {state.path} became shorter, {state.length} bytes after {before.length}"
    elif hashes.of(state.path, state.length) != state.sha256:
        yield f"run {run.id}: the first {state.length} bytes of {state.path} are not what it recorded"


def _unvouched(
    files: Mapping[str, bytes], states: Mapping[str, FileState], last: tuple[str, int]
) -> Iterator[str]:
    path, end = last
    lengths = {name: state.length for name, state in states.items()} | {path: end}
    if not path:
        yield "there is no run record"
    for name in sorted(files):
        if (beyond := len(files[name]) - lengths.get(name, 0)) > 0:
            yield f"{name}: its last {beyond} bytes are in no run record"


def _unplaced(known: Known, placed: Iterable[Attributed]) -> Iterator[str]:
    """Yield places whose rows do not add up to what was decided of each store's payments."""
    decided, rows = Counter[tuple[str, str, str]](), Counter[tuple[str, str, str]]()
    for record in placed:
        decided[record.place, record.created_month, "msat"] += record.amount_msat
        decided[record.place, record.created_month, "payments"] += record.count
    for entry in known.of(Entry):
        if entry.kind is Kind.PAYMENT and entry.status is Status.CONFIRMED:
            rows[entry.place, entry.created_month, "msat"] += entry.amount_msat
            rows[entry.place, entry.created_month, "payments"] += entry.count
    for place, month, unit in sorted(decided.keys() | rows.keys()):
        ours, theirs = rows[place, month, unit], decided[place, month, unit]
        if ours != theirs:
            yield f"{place}: rows of invoices of {month} are {ours} {unit}, {theirs} {unit} were decided"


def _worlds(known: Known) -> Iterator[str]:
    """Yield runs that observed another network, or mix a demo with real money."""
    found = {(run.network, run.demo) for run in known.runs}
    if len(found) > 1:
        yield f"the log mixes {sorted(found)}"
    if any(earlier.at > later.at for earlier, later in zip(known.runs, known.runs[1:], strict=False)):
        yield "run records are not in the order of their times"
