"""The workflow that tests: lint and tests of a change on two Pythons, the long proofs at night."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.paths import ROOT

WORKFLOW: dict[Any, Any] = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text())
JOBS: dict[str, dict[str, Any]] = WORKFLOW["jobs"]
SCRIPT = ROOT / ".ci/run"


def test_a_change_is_tested_on_every_python_and_its_ends_on_other_systems() -> None:
    assert set(WORKFLOW[True]) == {"pull_request", "push", "schedule", "workflow_dispatch"}
    assert WORKFLOW[True]["push"] == {"branches": ["main"]}
    pythons = JOBS["test"]["strategy"]["matrix"]["python"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["requires-python"] == f">={pythons[0]}"
    told = [name.rpartition(" ")[2] for name in project["classifiers"] if ":: 3." in name]
    assert pythons == told == ["3.11", "3.12", "3.13", "3.14"]
    assert JOBS["test"]["steps"][-1] == {"run": ".ci/run"}
    elsewhere = JOBS["elsewhere"]["strategy"]["matrix"]
    assert elsewhere == {"system": ["macos-latest", "windows-latest"], "python": [pythons[0], pythons[-1]]}


@pytest.mark.proof(0)
def test_what_runs_elsewhere_is_what_a_newcomer_does() -> None:
    assert JOBS["elsewhere"]["steps"][-1] == {"run": "python tools/newcomer.py"}
    done = subprocess.run(
        [sys.executable, ROOT / "tools/newcomer.py"], capture_output=True, encoding="utf-8", check=False
    )
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("exit 0") == 10


def test_the_proofs_run_at_night() -> None:
    [night] = WORKFLOW[True]["schedule"]
    assert re.fullmatch(r"\d+ \d+ \* \* \*", night["cron"])
    assert JOBS["prove"]["if"].startswith("github.event_name == 'schedule'")
    assert JOBS["prove"]["steps"][-1] == {"run": ".ci/run prove"}


def test_no_job_may_write_or_sees_a_secret() -> None:
    assert {name: job["permissions"] for name, job in JOBS.items()} == {
        "test": {"contents": "read"},
        "elsewhere": {"contents": "read"},
        "prove": {"contents": "read"},
    }
    assert "secrets" not in yaml.safe_dump(WORKFLOW)


def stub_commands(folder: Path) -> None:
    """Put commands in a folder that note how they were called."""
    for name in ("apt-get", "sudo", "npm", "make"):
        stub = folder / name
        stub.write_text(f'#!/bin/sh\necho "{name} $* CI=$CI" >> "{folder}/said"\n')
        stub.chmod(0o755)
    (folder / "bash").symlink_to("/bin/bash")
    (folder / "dirname").symlink_to("/usr/bin/dirname")


def test_the_script_installs_what_is_missing_and_makes_what_is_named(tmp_path: Path) -> None:
    stub_commands(tmp_path)
    for arguments in ([], ["prove"]):
        subprocess.run([SCRIPT, *arguments], env={"PATH": str(tmp_path)}, check=True)
    said = (tmp_path / "said").read_text()
    assert said.count("install -y -q --no-install-recommends chromium fonts-dejavu-core faketime") == 2
    assert said.count("npm ci --prefix tests/node") == 2
    assert re.findall(r"^make (.*) CI=1$", said, re.MULTILINE) == [
        ".venv/.dev",
        "--jobs=2 lint test",
        ".venv/.dev",
        "prove",
    ]


def test_tools_of_node_that_cannot_be_installed_end_the_script(tmp_path: Path) -> None:
    stub_commands(tmp_path)
    (tmp_path / "npm").write_text("#!/bin/sh\nexit 7\n")
    done = subprocess.run([SCRIPT], env={"PATH": str(tmp_path)}, check=False)
    assert done.returncode == 7
    assert "make lint" not in (tmp_path / "said").read_text()
