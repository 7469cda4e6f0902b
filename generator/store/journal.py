"""The journal of a run: what it reads, on disk as it comes, so that a killed process loses seconds.

A run writes a journal of its own and holds its lock until it ends. Whoever appends to
the log next takes up journals that nobody holds, each as the run that it was: under that
run's id, so that it counts once however often it is taken up.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from generator.atomic import named
from generator.errors import LockHeld, LogError
from generator.file_locks import IF_NOTHING_RUNS, take_lock
from generator.snapshot import Record
from generator.snapshot.batch import Batch, decode_batch, encode_heading, encode_part
from generator.store.appending import append


@contextmanager
def journal(path: Path, begun: Batch) -> Iterator[Callable[[Sequence[Record], int | None], None]]:
    """Open a journal of a run; yield what adds records that stand by themselves.

    The file stays until whoever wrote it has put the whole batch in its place, or in the log;
    one without records does not. Raise `LockHeld` where another process keeps its lock.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        if not take_lock(file.fileno(), wait=True):
            msg = f"{path}: another process holds this file; run again when it has ended. {IF_NOTHING_RUNS}"
            raise LockHeld(msg)
        parts = 0

        def add(records: Sequence[Record], tip_height: int | None) -> None:
            nonlocal parts
            parts += 1
            write(encode_part(records, tip_height))

        def write(data: bytes) -> None:
            with named(path):
                file.write(data)
                file.flush()
                os.fsync(file.fileno())

        write(encode_heading(begun))
        try:
            yield add
        finally:
            if not parts:
                path.unlink(missing_ok=True)


def take_up(
    folder: Path, log: Path, *, network: str, refresh_hours: int, latest: datetime | None = None
) -> list[str]:
    """Append the journals that killed runs left, and remove them; return the ids of runs that were news.

    One of another network is left where it is. Raise as `append` does, and `LogError` for a
    journal that is none, or of a time after `latest`.
    """
    taken: list[str] = []
    for path in sorted(folder.glob("*.jsonl")):
        with suppress(FileNotFoundError), path.open("rb") as file:
            if not take_lock(file.fileno(), wait=False):
                continue  # held by a run that goes on: not ours
            data = file.read()
            if b"\n" in data:
                batch = _decoded(path, data)
                if latest is not None and batch.at > latest:
                    msg = f"{path}: its run {batch.run} lies ahead of this machine's clock; remove this file"
                    raise LogError(msg)
                if batch.network != network:
                    continue
                if batch.records and append(log, batch, refresh_hours=refresh_hours):
                    taken.append(batch.run)
            path.unlink()
    return taken


def _decoded(path: Path, data: bytes) -> Batch:
    try:
        return decode_batch(str(path), data)
    except LogError as error:
        msg = f"{error}; remove this file, and the next run reads again what a killed one had read"
        raise LogError(msg) from error
