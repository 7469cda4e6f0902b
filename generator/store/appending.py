"""Appending to the log: whole or not at all, once, and never into a finished month or a closed part."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

import msgspec

from generator.atomic import write_whole
from generator.errors import LockHeld, LogError
from generator.file_locks import IF_NOTHING_RUNS, HeldByAnother, lock_file
from generator.places import VOIDS
from generator.snapshot import (
    FileState,
    Known,
    Line,
    Rate,
    Record,
    Run,
    VoidedRun,
    encode,
    fold,
    news,
    snapshot_id,
    voids_in,
)
from generator.snapshot.batch import RUNS, Batch
from generator.snapshot.clock import TOLERANCE
from generator.snapshot.log_file import PART_LIMIT, LogFile
from generator.store.log import all_files, lines_of, prefixes, raw_prefixes, snapshots
from generator.store.part_writer import begun, write_parts
from generator.store.worth_recording import worth_recording


class _Log(msgspec.Struct, frozen=True, kw_only=True):
    """The whole log in memory, also what a run that was cut off left behind."""

    files: Mapping[str, bytes]
    states: Mapping[str, FileState]  #: as the last run record has them
    lines: tuple[Line, ...]  #: without those of voided runs
    known: Known
    torn: bool  #: there is more than the last run record vouches for


def append(
    root: Path,
    batch: Batch,
    *,
    refresh_hours: int,
    part_limit: int = PART_LIMIT,
    failures: int = 1,
) -> bool:
    """Append a batch and its run record; tell whether anything changed.

    Nothing is written when nothing is new, every source ended as last time and where it did, one that
    failed for the same reason, and the last run record is younger than `refresh_hours`. So many `failures` of
    a source, one after another, are recorded all the same: alerts count them. Appending a batch
    again changes nothing. A batch older than the last run is appended too:
    the fold goes by run id. A file that would pass `part_limit` bytes is closed, and
    its month goes on in the next part. Raise `LockHeld`, or `LogError` for a damaged log,
    one of another network, or a batch whose run was voided.
    """
    with locked(root):
        log = _read(root)
        _refuse_ahead(root, log, max(batch.at, datetime.now(UTC)) + TOLERANCE)
        _refuse_mixing(root, log.known, batch)
        _refuse_voided(log.known, batch)
        fresh = _fresh(log, batch)
        today, refresh = f"{batch.at:%Y-%m-%d}", timedelta(hours=refresh_hours)
        told = log.torn or any(not (isinstance(record, Rate) and record.day == today) for record in fresh)
        if not told and not worth_recording(log.known.runs, batch, refresh=refresh, failures=failures):
            return False
        month = max([f"{batch.at:%Y-%m}", *(file.month for path in log.files if (file := LogFile.of(path)))])
        states = {path: _state(path, data) for path, data in log.files.items()}
        for source, own in groupby(fresh, key=lambda record: record.source):
            file, lines = LogFile.last(log.files, source, month), _lines(batch.run, own)
            for state in write_parts(root, log.files, file, lines, limit=part_limit):
                states[state.path] = state
        _write_runs(root, log, batch, month, states, part_limit)
    return True


def with_batch(root: Path, batch: Batch, *, refresh_hours: int, failures: int = 1) -> dict[str, bytes]:
    """Return the files of the log as `append` would leave them, by relative path; the log is not touched."""
    with TemporaryDirectory() as scratch:
        copy = Path(scratch, "log")
        for path in root.glob("*/*.jsonl"):
            target = copy / path.relative_to(root)
            target.parent.mkdir(parents=True, exist_ok=True)
            copyfile(path, target)
        try:
            append(copy, batch, refresh_hours=refresh_hours, failures=failures)
        except LogError as error:  # it names the folder, which nobody can look into afterwards
            raise LogError(str(error).replace(str(copy), str(root))) from error
        return prefixes(copy)


def _read(root: Path) -> _Log:
    for left_over in root.glob("*/.*.tmp"):
        left_over.unlink()
    files = all_files(root)
    every = [line for name, data in files.items() for line in lines_of(name, data)]
    voids = voids_in(every)
    lines = tuple(line for line in every if line.run not in voids or isinstance(line.record, VoidedRun))
    taken = snapshots(root)
    vouched = raw_prefixes(root, taken[-1]) if taken else {}
    return _Log(
        files=files,
        states=taken[-1].states if taken else {},
        lines=lines,
        known=fold(lines),
        torn=files != vouched,
    )


def _refuse_mixing(root: Path, known: Known, batch: Batch) -> None:
    """Keep one log to one network, and demos out of real ones."""
    if not known.runs:
        return
    last = known.runs[-1]
    held, brought = ((run.network, run.demo) for run in (last, batch))
    if held != brought:
        words = ["a demo on" if demo else "money on" for _, demo in (held, brought)]
        msg = (
            f"{root} records {words[0]} {held[0]}, this run {words[1]} {brought[0]}; give each its own folder"
        )
        raise LogError(msg)


def _refuse_ahead(root: Path, log: _Log, latest: datetime) -> None:
    """Keep out lines that a run left which was cut off while its clock lay ahead: they would count for years.

    No run record vouches for them, so no page was made of them and no run can be voided.
    """
    recorded = {run.id for run in log.known.runs}
    for line in log.lines:
        if line.run not in recorded and line.run > f"{latest:%Y%m%dT%H%M%SZ}":
            path = f"{line.record.source}/*.jsonl"
            msg = (
                f"{root}: {path} ends with lines of run {line.run}, which was cut off and lies ahead of this "
                "machine's clock; nothing was made of them: take the log from its last commit again "
                "(`git checkout` and this folder) and run again"
            )
            raise LogError(msg)


def _refuse_voided(known: Known, batch: Batch) -> None:
    void = known.records.get(("voided_run", VOIDS, batch.run))
    if isinstance(void, VoidedRun):
        msg = f"run {batch.run} was voided ({void.reason}): take a new snapshot instead of appending this one"
        raise LogError(msg)


def _fresh(log: _Log, batch: Batch) -> list[Record]:
    """Choose what says something new, now and as of the batch's own run, ordered by source and key."""
    found = news(log.known, batch.records)
    if any(line.run > batch.run for line in log.lines):  # another runner was quicker
        found = news(fold(line for line in log.lines if line.run <= batch.run), found)
    return sorted(found, key=lambda record: (record.source, record.key))


def _lines(run: str, records: Iterable[Record]) -> Iterator[bytes]:
    return (encode(Line(run=run, record=record)) for record in records)


def _write_runs(
    root: Path, log: _Log, batch: Batch, month: str, states: dict[str, FileState], limit: int
) -> None:
    """Add the batch's run record; a later run's record is said again behind it, in the same file.

    So the last run by id always vouches for everything: a reader who takes its
    snapshot gets what the page was made of.
    """
    file = LogFile.last(log.files, RUNS, month)
    data = _sealed(log, batch, file, states)
    if len(data) > limit and file.path in log.files:
        file = file.next
        data = _sealed(log, batch, file, states)
    write_whole(root / file.path, [data])


def _sealed(log: _Log, batch: Batch, file: LogFile, states: dict[str, FileState]) -> bytes:
    """Return a file of run records with those that an append adds to it."""
    run = Run(
        id=batch.run,
        source=RUNS,
        at=batch.at,
        asked=batch.asked,
        network=batch.network,
        demo=batch.demo,
        tip_height=batch.tip_height,
        bound=batch.bound,
    )
    data, before = begun(log.files, file), log.states
    voided = {record.id for record in batch.records if isinstance(record, VoidedRun)}
    later = [known for known in log.known.runs if known.id > run.id and known.id not in voided][-1:]
    for record in (run, *later):
        changed = tuple(states[path] for path in sorted(states) if states[path] != before.get(path))
        sealed = msgspec.structs.replace(record, files=changed, snapshot=snapshot_id(states.values()))
        data += encode(Line(run=record.id, record=sealed))
        before, states = states, states | {file.path: _state(file.path, data)}
    return data


def _state(path: str, data: bytes) -> FileState:
    return FileState(path=path, length=len(data), sha256=sha256(data).hexdigest())


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Hold the lock of a log; raise `LockHeld` naming the holder, without waiting."""
    root.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        try:
            held.enter_context(lock_file(root / ".lock", wait=False))
        except HeldByAnother as error:
            holder = str(error) or "another process"
            msg = f"{root}: {holder} is writing this log; run again when it has ended. {IF_NOTHING_RUNS}"
            raise LockHeld(msg) from error
        yield
