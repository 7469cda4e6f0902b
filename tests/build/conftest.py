"""A site that was built once before, with every type of record in its log."""

import shutil
from pathlib import Path

import pytest

from generator.cli.verify_process import installation
from tests.build.built_site import put_inputs
from tests.support.made_once import made_once
from tests.verify.bench import Bench, bench
from tests.verify.original import published


@pytest.fixture(scope="session")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    original = published(tmp_path_factory, seed=1)
    return bench(original, installation(), lambda: published(tmp_path_factory, seed=2))


@pytest.fixture(scope="session")
def built_once(judge: Bench, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a site that was rendered, and whose demo has the same log; not to be changed."""
    return made_once(tmp_path_factory, "built-once", lambda folder: put_inputs(folder, judge))


@pytest.fixture
def site(built_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Enter a copy of that folder."""
    shutil.copytree(built_once, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path
