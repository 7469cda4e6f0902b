"""A hub on which a fresh repository stands."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.workflow.hub import Hub
from tests.workflow.kept_tools import kept


@pytest.fixture(scope="session")
def tools() -> Iterator[str]:
    """Return the command that calls a tool."""
    with kept() as command:
        yield command


@pytest.fixture
def hub(tmp_path: Path, tools: str) -> Iterator[Hub]:
    """Return a hub whose main branch holds a fresh repository: no snapshot yet, no gh-pages."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    remote = Hub(folder=tmp_path, tools=tools)
    (tmp_path / "home").mkdir()
    remote.git("init", "--quiet", "--bare", "--initial-branch=main", str(remote.bare), at=tmp_path)
    seed = tmp_path / "seed"
    remote.git("init", "--quiet", "--initial-branch=main", str(seed), at=tmp_path)
    for name in (".gitignore", "content/snapshots/.gitignore", "content/snapshots/.gitattributes"):
        (seed / name).parent.mkdir(parents=True, exist_ok=True)
        (seed / name).write_bytes((ROOT / name).read_bytes())
    (seed / "config.yaml").write_text("version: 1\n")
    (seed / "output").mkdir()
    (seed / "output" / ".gitkeep").touch()
    remote.git("add", "--all", at=seed)
    remote.git("commit", "--quiet", "--message", "Start", at=seed)
    remote.git("push", "--quiet", str(remote.bare), "HEAD:refs/heads/main", at=seed)
    yield remote
    remote.git("fsck", "--strict", "--no-dangling")
