"""A clone of what git tracks, in which commands of the README are typed; `make demo` once for all tests."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.made_once import made_once
from tests.support.paths import ROOT


def made_demo(factory: pytest.TempPathFactory) -> Path:
    """Return a clone in which `make demo` ran once in this run of tests; they change copies of it alone."""
    return made_once(factory, "demo", _make)


def _make(folder: Path) -> None:
    install(cloned(folder))
    done = run(["make", "demo"], folder)
    assert done.returncode == 0, done.stderr


def cloned(folder: Path) -> Path:
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    for name in filter(None, tracked):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target)
    return folder


def install(clone: Path) -> None:
    """Put this environment in the place of the one that make would install."""
    (clone / ".venv" / "bin").mkdir(parents=True)
    (clone / ".venv" / "bin" / "python").symlink_to(sys.executable)
    script = f'#!/bin/sh\nexec "{sys.executable}" -m generator.cli "$@"\n'
    (clone / ".venv" / "bin" / "sunlit").write_text(script)
    (clone / ".venv" / "bin" / "sunlit").chmod(0o755)
    for stamp in (".run", ".dev"):
        (clone / ".venv" / stamp).touch()


def environment() -> dict[str, str]:
    outer = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return {**outer, "PYTHONPATH": str(ROOT), "BROWSER": "true", "PYTHONUNBUFFERED": "1"}


def run(arguments: list[str], folder: Path, seconds: int = 600) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        arguments, cwd=folder, env=environment(), capture_output=True, text=True, timeout=seconds, check=False
    )
