"""Locks between processes: one at a time, named, and open again when the holder is killed."""

import errno
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from generator import file_locks, publish
from generator.errors import LockHeld, OutputRefused, SunlitError
from generator.file_locks import HeldByAnother, lock_file
from generator.snapshot.batch import Batch
from generator.store import append, journal
from tests.support.records import NOON

HOLDER = """
import sys, time
from pathlib import Path
from generator.file_locks import lock_file
with lock_file(Path(sys.argv[1]), wait=False):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def holder(path: Path, seconds: float) -> subprocess.Popen[str]:
    """Return another process that holds the lock."""
    other = subprocess.Popen(
        [sys.executable, "-c", HOLDER, path, str(seconds)], stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    return other


def test_the_holder_is_named_to_whoever_does_not_wait(tmp_path: Path) -> None:
    with holder(tmp_path / "lock", 60) as other:
        with (
            pytest.raises(HeldByAnother, match=f"^process {other.pid}$"),
            lock_file(tmp_path / "lock", wait=False),
        ):
            pytest.fail("two hold one lock")
        other.kill()
    with lock_file(tmp_path / "lock", wait=False):
        assert (tmp_path / "lock").read_text(encoding="utf-8") == f" process {os.getpid()}"
    assert not (tmp_path / "lock").exists()


def test_whoever_waits_comes_next(tmp_path: Path) -> None:
    with holder(tmp_path / "lock", 1):
        began = time.monotonic()
        with lock_file(tmp_path / "lock", wait=True):
            assert time.monotonic() - began > 0.5


def test_who_builds_the_same_site_for_long_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_locks, "LONGEST_WAIT_S", 0.2)
    (tmp_path / ".output.prev").mkdir()
    with holder(tmp_path / ".output.lock", 60) as other:
        with pytest.raises(
            OutputRefused, match=rf"\.output\.lock: process {other.pid} is building this site"
        ):
            publish.recover(tmp_path / "output")
        other.kill()
    publish.recover(tmp_path / "output")
    assert (tmp_path / "output").is_dir()


BEGUN = Batch(run="20260314T120000Z-1", at=NOON, network="regtest")


def record(folder: Path) -> None:
    append(folder / "log", BEGUN, refresh_hours=24)


def read(folder: Path) -> None:
    with journal(folder / "journal", BEGUN):
        pytest.fail("nothing was locked")


def build(folder: Path) -> None:
    (folder / ".output.prev").mkdir()
    publish.recover(folder / "output")


@pytest.mark.parametrize(
    ("act", "error", "file"),
    [(record, LockHeld, "log"), (read, LockHeld, "journal"), (build, OutputRefused, ".output.lock")],
)
def test_where_the_file_system_refuses_every_lock_nobody_waits_for_ever(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    act: Callable[[Path], None],
    error: type[SunlitError],
    file: str,
) -> None:
    """A fault of network file systems that no disk here has: the errno that also means "held"."""

    def refuse(*_: object) -> NoReturn:
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr("fcntl.flock", refuse)
    monkeypatch.setattr(file_locks, "LONGEST_WAIT_S", 0.2)
    with pytest.raises(error) as told:
        act(tmp_path)
    assert f"{tmp_path / file}" in str(told.value)
    assert "the file system knows no locks" in str(told.value)
