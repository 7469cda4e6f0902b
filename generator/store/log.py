"""Reading the log: what its last run record vouches for, or what an older one did.

A run record says how long each file was and what it hashed to, so an old
snapshot is a set of prefixes. What stands behind the prefixes of the last
record was left by a run that was cut off: readers do not see it, the next
append takes it in.
"""

import os
from collections.abc import Collection, Mapping
from hashlib import sha256
from pathlib import Path

import msgspec

from generator.errors import LogError
from generator.file_rows import FileRow
from generator.snapshot import (
    FileState,
    Known,
    Line,
    LogMemory,
    Run,
    decode,
    fold,
    read_heading,
    snapshot_id,
    voids_in,
)
from generator.snapshot.batch import RUNS
from generator.snapshot.log_file import grown, in_order, lacking


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """The log at one run record: every file's state, and where the record itself ends."""

    run: Run
    states: Mapping[str, FileState]  #: by path; the file of the record up to the line before it
    path: str  #: file of the run record
    end: int  #: byte length of that file with the record


def load(root: Path, snapshot: str | None = None) -> Known:
    """Fold the log, or an older snapshot of it; empty when there is no log yet.

    What was voided since counts in no older snapshot either. Raise `LogError` when a file is not what
    its run record says, and for the snapshot of a run that was voided.
    """
    every = lines(root)
    if snapshot is None:
        return fold(every)
    voids = voids_in(every)
    for taken in snapshots(root):
        if taken.run.snapshot == snapshot and (void := voids.get(taken.run.id)):
            msg = f"snapshot {snapshot} is of run {void.id}, voided since ({void.reason}); give another"
            raise LogError(msg)
    return fold(lines(root, snapshot), voids)


def folded(
    files: Mapping[str, bytes], memory: LogMemory | None = None, hashes: Mapping[str, str] | None = None
) -> Known:
    """Fold a log that was read, such as by `prefixes`; raise `LogError` for what is no log.

    Entries are kept as rows. With a `memory`, files of which nothing changed are not read again; `hashes`
    are the sha256 of those of which it is at hand, by path.
    """
    memory, hashes = memory or LogMemory({}), hashes or {}
    return fold(
        line
        for path, data in files.items()
        for line in memory.lines(path, data, hashes.get(path) or sha256(data).hexdigest())
    )


def lines(root: Path, snapshot: str | None = None) -> list[Line]:
    """Read every line of the log, or of an older snapshot of it; raise as `load` does for a damaged file."""
    return [line for path, data in prefixes(root, snapshot).items() for line in lines_of(path, data)]


def prefixes(root: Path, snapshot: str | None = None) -> dict[str, bytes]:
    """Read the raw files of a snapshot (the last one without an id), by path relative to the log."""
    known = snapshots(root)  # run records before other files: an append meanwhile writes in the other order
    if snapshot is None:
        return raw_prefixes(root, known[-1]) if known else {}
    found = [taken for taken in known if taken.run.snapshot == snapshot]
    if not found:
        msg = (
            f"{root}: no snapshot {snapshot!r} among {len(known)} run records; `sunlit check` names the last"
        )
        raise LogError(msg)
    return raw_prefixes(root, found[-1])


def snapshots(root: Path) -> list[Snapshot]:
    """Read every snapshot in the order in which they were appended; raise `LogError` for a broken chain."""
    found: list[Snapshot] = []
    states: dict[str, FileState] = {}
    names = in_order(f"{RUNS}/{path.name}" for path in (root / RUNS).glob("*.jsonl"))
    _refuse_gaps(names)
    for name in names:
        data = (root / name).read_bytes()
        end = data.find(b"\n") + 1
        for line in lines_of(name, data):
            end = data.find(b"\n", end) + 1
            if not isinstance(line.record, Run):
                msg = f"{name}: holds a record of type {line.record.key[0]}, expected run records only"
                raise LogError(msg)
            for path in grown(states, line.record.files):
                msg = f"{path}: changed in run {line.run}, after its next part was begun; restore it from git"
                raise LogError(msg)
            states = states | {state.path: state for state in line.record.files}
            if snapshot_id(states.values()) != line.record.snapshot:
                msg = f"{name}: run {line.run} does not match its own list of files; restore the log from git"
                raise LogError(msg)
            found.append(Snapshot(run=line.record, states=states, path=name, end=end))
    return found


def raw_prefixes(
    root: Path, snapshot: Snapshot, looked_at: Mapping[str, FileRow] | None = None
) -> dict[str, bytes]:
    """Read the bytes a snapshot vouches for, in the order in which they were written.

    A file that was not written since it was `looked_at`, by path in the log, is not hashed again. Raise
    `LogError` where the disk says something else.
    """
    paths = snapshot.states.keys() | {snapshot.path}
    _refuse_gaps(paths)
    return {
        path: (root / path).read_bytes()[: snapshot.end]
        if path == snapshot.path
        else _prefix(root / path, snapshot.states[path], (looked_at or {}).get(path))
        for path in in_order(paths)
    }


def all_files(root: Path) -> dict[str, bytes]:
    """Read every file of the log whole, in the order in which they were written, vouched for or not.

    Raise `LogError` for a part of a month whose part before is missing.
    """
    paths = in_order(f"{path.parent.name}/{path.name}" for path in root.glob("*/*.jsonl"))
    _refuse_gaps(paths)
    return {path: (root / path).read_bytes() for path in paths}


def _refuse_gaps(paths: Collection[str]) -> None:
    """Raise `LogError` for a part of a month whose part before is missing."""
    for problem in lacking(paths):
        msg = f"{problem}; restore it from git"
        raise LogError(msg)


def lines_of(path: str, data: bytes) -> list[Line]:
    """Decode one file; raise `LogError` also when it is not the file its heading names."""
    read_heading(path, data)  # whose name is not that of the file
    return decode(path, data)[1]


def _prefix(path: Path, state: FileState, row: FileRow | None) -> bytes:
    status = None
    try:
        with path.open("rb") as file:
            data = file.read()
            status = os.fstat(file.fileno())  # after it was read: what the row says is of these bytes
    except FileNotFoundError:
        data = b""
    if row is not None and status is not None and row.is_of(status) and row.size == len(data) == state.length:
        told = row.sha256
    else:
        data = data[: state.length]
        told = sha256(data).hexdigest()
    if len(data) != state.length or told != state.sha256:
        msg = (
            f"{state.path}: its first {state.length} bytes are not what a run recorded: it was changed "
            "by hand, cut off, or given other line ends. The log is never edited: bring it back with "
            "`git checkout -- content/snapshots`"
        )
        raise LogError(msg)
    return data
