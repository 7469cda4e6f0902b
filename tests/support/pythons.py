"""Other versions of Python on this machine: where pyenv, uv and GitHub put them, and on the path."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

#: The oldest that is promised, and the one that first took the indentation out of docstrings.
OTHER = "3.11" if sys.version_info >= (3, 13) else "3.13"


def found(version: str) -> Path | None:
    """Return an interpreter of a version that runs, None where there is none."""
    return next((path for path in _candidates(version) if _version(path) == version), None)


def _candidates(version: str) -> Iterator[Path]:
    if named := os.environ.get(f"PYTHON{version.replace('.', '')}"):
        yield Path(named)
    for root, pattern in (
        (os.environ.get("RUNNER_TOOL_CACHE"), f"Python/{version}.*/*/bin/python"),
        (os.environ.get("PYENV_ROOT", "~/.pyenv"), f"versions/{version}.*/bin/python"),
        ("~/.local/share/uv/python", f"cpython-{version}.*/bin/python3"),
    ):
        if root:
            yield from sorted(Path(root).expanduser().glob(pattern), reverse=True)
    if on_path := shutil.which(f"python{version}"):
        yield Path(on_path)


def _version(path: Path) -> str:
    asked = "import sys; print('%d.%d' % sys.version_info[:2])"
    done = subprocess.run([path, "-c", asked], capture_output=True, text=True, check=False)
    return done.stdout.strip()
