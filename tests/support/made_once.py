"""What is costly to make and only read: made by the first worker of a run that needs it."""

import os
import shutil
from collections.abc import Callable
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder that `make` filled once in this run, whichever worker asked first.

    All workers read it, so that a test changes copies of it alone.
    """
    base = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent  # each worker has its own folder in that of the run
    folder, begun = base / name, base / f"{name}.begun"
    with (base / f"{name}.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not folder.exists():
            shutil.rmtree(begun, ignore_errors=True)  # of a worker whose attempt failed
            begun.mkdir()
            make(begun)
            begun.rename(folder)
    return folder
