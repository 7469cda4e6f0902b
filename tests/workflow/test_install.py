"""The script that installs Sunlit: from wheels without an index, and never what the lock does not know.

The lock and the package are small ones made here, so that pip does all of it and nothing is downloaded.
"""

import inspect
import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.support.paths import ROOT

PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "sunlit"
version = "1"
"""
BACKEND = """
from pathlib import Path
from zipfile import ZipFile

{put}

def build_wheel(folder, *_):
    return put(folder, "sunlit", "import small")
"""


def put(folder: str | Path, name: str, text: str) -> str:
    """Write a wheel of one module."""
    path, info = Path(folder, f"{name}-1-py3-none-any.whl"), f"{name}-1.dist-info"
    with ZipFile(path, "w") as file:
        file.writestr(f"{name}.py", text)
        file.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
        file.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        file.writestr(f"{info}/RECORD", "")
    return path.name


class Place:
    """A copy of what the script is part of, an index beside it, and the folder of wheels of a job."""

    def __init__(self, folder: Path) -> None:
        self.source, self.index, self.wheels = folder / "source", folder / "index", folder / "wheels"
        scripts = self.source / ".github/scripts"
        scripts.mkdir(parents=True)
        self.index.mkdir()
        shutil.copy(ROOT / ".github/scripts/install.sh", scripts)
        hashes = [f"--hash=sha256:{self._on_index(name)}" for name in ("small", "setuptools")]
        (self.source / "requirements.lock").write_text(
            f"setuptools==1 \\\n    {hashes[1]}\nsmall==1 \\\n    {hashes[0]}\n",
            encoding="utf-8",
            newline="\n",
        )
        (self.source / "pyproject.toml").write_text(PROJECT, encoding="utf-8", newline="\n")
        backend = BACKEND.format(put=inspect.getsource(put))
        (self.source / "backend.py").write_text(backend, encoding="utf-8", newline="\n")

    def _on_index(self, name: str) -> str:
        """Put a package on the index; return its hash."""
        folder = self.index / name
        folder.mkdir()
        file = put(folder, name, f"NAME = {name!r}")
        (folder / "index.html").write_text(f'<a href="{file}">{file}</a>', encoding="utf-8", newline="\n")
        return sha256((folder / file).read_bytes()).hexdigest()

    def forge(self) -> None:
        """Fill the folder of wheels, one of which the lock does not know."""
        self.wheels.mkdir()
        for name, data in self.published().items():
            (self.wheels / name).write_bytes(data)
        put(self.wheels, "small", "NAME = 'forged'")

    def published(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.index.glob("*/*.whl")}

    def install(self, job: str, *, index: bool) -> subprocess.CompletedProcess[str]:
        """Run the script as a job does, on a network that has the index, or on none."""
        temp = self.source.parent / job
        temp.mkdir()
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHON": sys.executable,
            "PYTHONPATH": "",
            "HOME": str(temp),
            "RUNNER_TEMP": str(temp),
            "GITHUB_PATH": str(temp / "path"),
            "WHEELS": str(self.wheels),
            "PIP_INDEX_URL": self.index.as_uri() if index else "http://127.0.0.1:9/",
            "PIP_RETRIES": "0",
            "PIP_CONFIG_FILE": os.devnull,
        }
        return subprocess.run(
            [self.source / ".github/scripts/install.sh"],
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    def runs(self, job: str) -> str:
        """Return what the installed package is, by the path that the next steps get."""
        folder = (self.source.parent / job / "path").read_text(encoding="utf-8").strip()
        words = [f"{folder}/python", "-c", "import sunlit, small; print(small.NAME)"]
        return subprocess.run(words, capture_output=True, encoding="utf-8", check=True).stdout.strip()

    def kept(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.wheels.iterdir()}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.mark.slow
def test_a_wheel_that_the_lock_does_not_know_gives_way_and_the_next_job_needs_no_index(place: Place) -> None:
    place.forge()
    fill_and_use(place)


@pytest.mark.slow
def test_a_folder_of_wheels_is_filled_once_and_then_needs_no_index(place: Place) -> None:
    fill_and_use(place)


def fill_and_use(place: Place) -> None:
    """Install on a network that has the index, then on none."""
    done = place.install("first", index=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert place.runs("first") == "small"
    assert place.kept() == place.published()
    done = place.install("second", index=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert place.runs("second") == "small"


@pytest.mark.slow
def test_a_wheel_that_the_lock_does_not_know_is_never_installed(place: Place) -> None:
    place.forge()
    done = place.install("job", index=False)
    assert done.returncode != 0, done.stdout + done.stderr
    assert not (place.source.parent / "job/sunlit/ready").exists()
