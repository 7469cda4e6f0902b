"""Every workflow: nothing is unpinned, nothing is allowed by default, nothing is left behind."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.paths import DATA, ROOT

PATHS = sorted((ROOT / ".github/workflows").glob("*.yml"))
EACH = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
#: Actions as pinned in the public workflows of well-known projects; none is made up.
KNOWN = set(
    re.findall(r"^([^,]+),([0-9a-f]{40}),(v[\d.]+),", (DATA / "github/actions.csv").read_text(), re.MULTILINE)
)


def jobs(path: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(path.read_text())["jobs"]
    return found


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in jobs(path).values() for step in job.get("steps", ())]


def test_they_publish_release_report_and_test() -> None:
    assert [path.stem for path in PATHS] == ["publish", "release", "report", "test"]


@EACH
def test_every_action_is_pinned_by_a_known_hash_with_its_version_beside_it(path: Path) -> None:
    used = [step["uses"] for step in steps(path) if not step.get("uses", "./").startswith("./")]
    pinned = re.findall(r"uses: (\S+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)$", path.read_text(), re.MULTILINE)
    assert len(pinned) == len(used) > 0
    assert {("/".join(name.split("/")[:2]), *told) for name, *told in pinned} <= KNOWN


@EACH
def test_nothing_is_allowed_that_a_job_does_not_name(path: Path) -> None:
    assert yaml.safe_load(path.read_text())["permissions"] == {}
    assert all("permissions" in job for job in jobs(path).values())


@EACH
def test_no_checkout_leaves_credentials_behind_and_every_job_ends(path: Path) -> None:
    checkouts = [step for step in steps(path) if step.get("uses", "").startswith("actions/checkout@")]
    assert checkouts
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)
    assert all(
        0 < job["timeout-minutes"] <= (180 if name == "prove" else 60)
        for name, job in jobs(path).items()
        if "uses" not in job
    )


@EACH
def test_no_expression_is_pasted_into_a_command(path: Path) -> None:
    assert all("${{" not in step.get("run", "") for step in steps(path))


@pytest.mark.slow
def test_linters_of_workflows_action_and_scripts_find_nothing() -> None:
    done = subprocess.run([ROOT / ".ci/workflows"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
