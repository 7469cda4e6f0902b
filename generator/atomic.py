"""Writing so that a power cut leaves the old or the new, never half of either."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

#: Files and folders from which on several are asked for at once, and how many.
_MANY: Final = 64
_AT_ONCE: Final = 8
#: How a file is opened of which nothing that was there stays.
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)


def write_whole(path: Path, chunks: Iterable[bytes]) -> None:
    """Put what chunks hold together at `path` in one step: temporary file beside it, fsync, replace.

    The temporary name is fixed, so the caller must be the only writer.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.tmp")
    write_synced(beside, chunks)
    beside.replace(path)
    sync(path.parent)


def write_synced(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a file and wait until the disk has it."""
    with named(path), path.open("wb") as file:
        file.writelines(chunks)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def named(path: Path | str) -> Iterator[None]:
    """Put the name of a file into what the system says of writing it; by itself only opening one has it."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


def write_unsynced(path: str, data: bytes) -> None:
    """Write a file into a folder that is there; `sync_all` is what waits for the disk."""
    with named(path):
        descriptor = os.open(path, _NEW, 0o666)
        try:
            ahead = memoryview(data)
            while ahead:
                ahead = ahead[os.write(descriptor, ahead) :]
        finally:
            os.close(descriptor)


def replace_unsynced(path: Path, data: bytes) -> None:
    """Put a file at `path` in one step; after a power cut it may be the old one, damaged or gone.

    The temporary name is fixed, so the caller must be the only writer.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.tmp")
    write_unsynced(str(beside), data)
    beside.replace(path)


def sync_all(paths: Iterable[Path | str]) -> None:
    """Wait until the disk has these files, and the names in these folders.

    It is told to take everything first: asked for one file after another, it takes a turn for each. Then
    each is asked for, because only that says of a fault; several at once share a turn.
    """
    if hasattr(os, "sync"):
        os.sync()
    every = list(paths)
    if len(every) < _MANY:
        _sync_each(every)
        return
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 -- a tenth of looking a site over

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for _ in pool.map(_sync_each, [every[start::_AT_ONCE] for start in range(_AT_ONCE)]):
            pass  # raises here what a thread raised


def _sync_each(paths: Iterable[Path | str]) -> None:
    for path in paths:
        sync(path)


def sync(path: Path | str) -> None:
    """Wait until the disk has a file, or the names in a folder."""
    windows = sys.platform == "win32"  # it takes fsync for files that are open for writing, and for no folder
    if windows and Path(path).is_dir():
        return
    try:  # not `named`: a context for each of thousands takes as long as what it holds
        descriptor = os.open(path, os.O_RDWR if windows else os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        error.filename = error.filename or str(path)
        raise
