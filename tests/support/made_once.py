"""What is costly to make and only read: made by the first worker of a run that needs it."""

import os
import shutil
from collections.abc import Callable, Mapping
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
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


def put_files(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write files below a folder by their paths; return it."""
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def files_in(folder: Path) -> dict[str, bytes]:
    """Return the files below a folder by their paths, in the order of these."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
