"""Writing so that a power cut leaves the old or the new, never half of either."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path


def write_whole(path: Path, chunks: Iterable[bytes]) -> None:
    """Put what chunks hold together at `path` in one step: temporary file beside it, fsync, replace.

    The temporary name is fixed, so the caller must be the only writer.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.tmp")
    write_synced(beside, chunks)
    beside.replace(path)
    sync_folder(path.parent)


def write_synced(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a file and wait until the disk has it."""
    with named(path), path.open("wb") as file:
        file.writelines(chunks)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def named(path: Path) -> Iterator[None]:
    """Put the name of a file into what the system says of writing it; by itself only opening one has it."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the names in a folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
