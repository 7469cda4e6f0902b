"""Locks between processes, on every system: they are open again when their holder ends, however it ends."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from filelock import lock_descriptor

#: Windows locks the first byte of a file against reading, too; the holder's name stands behind it.
_NAME_AT: Final = 1
_LONGEST_NAME: Final = 100
_POLL_SECONDS: Final = 0.05
#: Seconds to wait for another process: longer than most hold a lock.
LONGEST_WAIT_S = 60.0
#: The way out of a wait that never ends, behind the sentence that names file and holder.
IF_NOTHING_RUNS: Final = (
    "If nothing runs, the file system knows no locks, as some of a network do: use a disk of this machine"
)


class HeldByAnother(Exception):
    """Another process has the lock; its text is the name that this one left, or empty."""


@contextmanager
def lock_file(path: Path, *, wait: bool) -> Iterator[None]:
    """Hold the lock that a file stands for; the file is taken away afterwards.

    A file that a killed process left behind is just a file. Raise `HeldByAnother` at once without `wait`,
    else after `LONGEST_WAIT_S`.
    """
    descriptor = _taken(path, wait=wait)
    try:
        os.ftruncate(descriptor, 0)
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.write(descriptor, b" " * _NAME_AT + f"process {os.getpid()}".encode())
        yield
    finally:
        if sys.platform == "win32":  # which removes no open file, and none that another has just opened
            os.close(descriptor)
            with suppress(OSError):
                path.unlink()
        else:
            path.unlink(missing_ok=True)
            os.close(descriptor)


def take_lock(descriptor: int, *, wait: bool) -> bool:
    """Lock an open file; tell whether it is ours, at once without `wait`, else within `LONGEST_WAIT_S`.

    Network file systems that know no locks refuse each try with the error that means "held" (EACCES), so a
    wait without an end would be one for ever.
    """
    until = time.monotonic() + (LONGEST_WAIT_S if wait else 0)
    while not (is_ours := lock_descriptor(descriptor, blocking=False)) and time.monotonic() < until:
        time.sleep(_POLL_SECONDS)
    return is_ours


def _taken(path: Path, *, wait: bool) -> int:
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            if not take_lock(descriptor, wait=wait):
                raise HeldByAnother(_name(descriptor))  # noqa: TRY301 -- so that the file is closed in one place
            if _still_there(path, descriptor):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)  # the holder before us removed the file after we opened it


def _name(descriptor: int) -> str:
    os.lseek(descriptor, _NAME_AT, os.SEEK_SET)
    return os.read(descriptor, _LONGEST_NAME).decode(errors="replace")


def _still_there(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
