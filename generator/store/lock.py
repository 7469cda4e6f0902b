"""One writer at a time for each log."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from generator.errors import LockHeld


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Hold the lock of a log; raise `LockHeld` naming the holder, without waiting.

    The kernel lets go when the holder ends, however it ends; a lock file that
    a killed run left behind is just a file.
    """
    root.mkdir(parents=True, exist_ok=True)
    path = root / ".lock"
    descriptor = _take(path)
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"process {os.getpid()}".encode(), 0)
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(descriptor)


def _take(path: Path) -> int:
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.pread(descriptor, 100, 0).decode(errors="replace") or "another process"
            os.close(descriptor)
            msg = f"{path.parent}: {holder} is writing this log; wait until it has ended, then run again"
            raise LockHeld(msg) from error
        if _still_there(path, descriptor):
            return descriptor
        os.close(descriptor)  # the holder before us removed the file after we opened it


def _still_there(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
