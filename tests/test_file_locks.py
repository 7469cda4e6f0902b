"""Locks between processes: one at a time, named, and open again when the holder is killed."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from generator.file_locks import HeldByAnother, lock_file

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
