"""A release: built by the script that CI runs, and published by the last job alone."""

import json
import subprocess
import sys
import tarfile
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator import REPOSITORY, __version__
from tests.support.paths import ROOT

JOBS: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text())["jobs"]
SCRIPT = ROOT / ".ci/release"


def release(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {"PATH": "/usr/bin:/bin", "HOME": str(folder.parent)}
    return subprocess.run(
        [SCRIPT, folder], env=inherited | environment, capture_output=True, encoding="utf-8", check=False
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release") / "dist"
    done = release(
        folder, GITHUB_REF_TYPE="tag", GITHUB_REF_NAME=f"v{__version__}", GITHUB_REPOSITORY=REPOSITORY
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.mark.slow
def test_packages_lock_and_list_of_parts_are_built_with_their_hashes(built: Path) -> None:
    told = dict(
        reversed(line.split())
        for line in (built / f"beside/sunlit-{__version__}-SHA256SUMS").read_text().splitlines()
    )
    files = [path for path in built.rglob("*") if path.is_file() and not path.name.endswith("SUMS")]
    assert {path.name: sha256(path.read_bytes()).hexdigest() for path in files} == told
    assert len(told) == 4
    parts = json.loads((built / "beside/sunlit.cdx.json").read_text())
    assert (parts["bomFormat"], parts["metadata"]["component"]["name"]) == ("CycloneDX", "sunlit")
    assert {"click", "embit", "filelock", "matplotlib"} <= {part["name"] for part in parts["components"]}


@pytest.mark.slow
def test_the_source_gives_the_same_wheel(built: Path, tmp_path: Path) -> None:
    [source], [wheel] = (list((built / "packages").glob(kind)) for kind in ("*.tar.gz", "*.whl"))
    with tarfile.open(source) as file:
        file.extractall(tmp_path, filter="data")
    [folder] = [path for path in tmp_path.iterdir() if path.is_dir()]
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path / "again"]
    subprocess.run(build, cwd=folder, check=True, capture_output=True)
    [again] = (tmp_path / "again").glob("*.whl")
    with zipfile.ZipFile(wheel) as first, zipfile.ZipFile(again) as second:
        names = set(first.namelist())
        assert names == set(second.namelist())
        assert {name for name in names if first.read(name) != second.read(name)} == set()
    assert "generator/_shipped/requirements.lock" in names
    assert "generator/_shipped/templates/base.html" in names


@pytest.mark.parametrize(
    ("name", "repository", "said"),
    [
        ("v9.9.9", REPOSITORY, "the tag is v9.9.9"),
        (f"v{__version__}", "somebody/sunlit", "this is somebody/sunlit"),
    ],
)
def test_another_tag_or_repository_is_refused(name: str, repository: str, said: str, tmp_path: Path) -> None:
    done = release(
        tmp_path / "dist", GITHUB_REF_TYPE="tag", GITHUB_REF_NAME=name, GITHUB_REPOSITORY=repository
    )
    assert done.returncode == 1
    assert said in done.stdout
    assert not (tmp_path / "dist").exists()


def test_a_draft_is_attested_before_and_published_after_everything() -> None:
    order = {name: job.get("needs") for name, job in JOBS.items()}
    assert order == {"build": None, "attest": "build", "draft": "attest", "pypi": "draft", "publish": "pypi"}
    assert {name: sorted(job["permissions"]) for name, job in JOBS.items()} == {
        "build": ["contents"],
        "attest": ["attestations", "id-token"],
        "draft": ["contents"],
        "pypi": ["id-token"],
        "publish": ["contents"],
    }
    assert JOBS["build"]["permissions"] == {"contents": "read"}
    assert {"run": ".ci/release dist"} in JOBS["build"]["steps"]
    assert "'tag'" in JOBS["attest"]["if"]
    assert JOBS["pypi"]["environment"] == "pypi"
    assert "secrets" not in (ROOT / ".github/workflows/release.yml").read_text()
