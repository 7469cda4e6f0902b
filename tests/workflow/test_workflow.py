"""The workflow that publishes: nobody holds both a secret and the right to write."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.paths import ROOT

PATH = ROOT / ".github" / "workflows" / "publish.yml"
TEXT = PATH.read_text()
WORKFLOW: dict[Any, Any] = yaml.safe_load(TEXT)
JOBS: dict[str, dict[str, Any]] = WORKFLOW["jobs"]
ON: dict[str, Any] = WORKFLOW[True]  # YAML 1.1 reads the key `on` as a truth value


def steps() -> list[tuple[str, dict[str, Any]]]:
    return [(name, step) for name, job in JOBS.items() for step in job["steps"]]


def test_it_uses_these_actions_and_no_other() -> None:
    used = {step["uses"].partition("@")[0] for _, step in steps() if "uses" in step}
    names = (
        "checkout",
        "setup-python",
        "upload-artifact",
        "download-artifact",
        "cache/restore",
        "cache/save",
    )
    assert used == {f"actions/{name}" for name in names}


def test_nothing_is_allowed_by_default_and_each_job_names_what_it_needs() -> None:
    assert WORKFLOW["permissions"] == {}
    assert {name: job["permissions"] for name, job in JOBS.items()} == {
        "demo": {"contents": "read"},
        "snapshot": {"contents": "read"},
        "cache": {},
        "publish": {"contents": "write", "pages": "write"},
        "alert": {"contents": "read", "issues": "write"},
    }


def test_secrets_are_seen_by_the_job_that_cannot_write_and_by_no_other() -> None:
    holders = {name for name, job in JOBS.items() if "secrets" in yaml.safe_dump(job)}
    assert holders == {"snapshot"}
    assert JOBS["snapshot"]["environment"] == "funding"
    assert all("environment" not in JOBS[name] for name in ("demo", "publish", "alert"))
    assert {name for name, job in JOBS.items() if "github.token" in yaml.safe_dump(job)} == {
        "publish",
        "alert",
    }
    with_secrets = [step for _, step in steps() if "secrets" in yaml.safe_dump(step)]
    assert [step["run"] for step in with_secrets] == [".github/scripts/snapshot.sh batch.jsonl"]


def test_it_runs_when_it_should() -> None:
    assert set(ON) == {"schedule", "push", "pull_request", "repository_dispatch", "workflow_dispatch"}
    minute = ON["schedule"][0]["cron"].split()[0]
    assert minute.isdigit()
    assert int(minute) % 5
    assert ON["push"] == {
        "branches": ["main"],
        "paths": [
            "config.yaml",
            "content/pages/**",
            "content/static/**",
            "content/theme/**",
            "content/notes.yaml",
            "templates/**",
        ],
    }
    assert ON["repository_dispatch"] == {"types": ["funding-changed"]}
    assert set(ON["workflow_dispatch"]["inputs"]) == {"mode", "strict", "accept_drop"}
    assert WORKFLOW["concurrency"] == {"group": "funding-${{ github.ref }}", "cancel-in-progress": False}


def test_a_pull_request_builds_the_demo_and_nothing_else() -> None:
    assert JOBS["demo"]["if"] == "github.event_name == 'pull_request'"
    assert "github.event_name != 'pull_request'" in JOBS["snapshot"]["if"]
    assert JOBS["publish"]["needs"] == ["snapshot", "cache"]
    # a snapshot that is killed has uploaded what it read, and that is appended
    [upload] = [step for step in JOBS["snapshot"]["steps"] if step.get("id") == "batch"]
    assert upload["if"] == "always() && inputs.mode != 'render'"
    assert "needs.snapshot.outputs.batch != ''" in JOBS["publish"]["if"]
    assert any("build --demo --strict" in step.get("run", "") for step in JOBS["demo"]["steps"])


def test_an_alert_comes_after_what_was_recorded_and_stops_nothing() -> None:
    job = JOBS["alert"]
    assert (job["needs"], job["continue-on-error"]) == (["publish"], True)
    assert job["if"].startswith("${{ always() && (needs.publish.result == 'success' ||")
    assert job["steps"][0]["with"]["ref"] == "${{ github.ref_name }}"
    assert job["steps"][-1]["run"] == ".venv/bin/sunlit alert"


def test_a_cache_is_unpacked_where_nothing_can_be_done_and_read_where_it_is_verified() -> None:
    """A cache unpacks to any path, and whatever runs on the default branch can save one."""
    uses = [(name, step.get("uses", "").partition("@")[0]) for name, step in steps()]
    assert [name for name, action in uses if action == "actions/cache/restore"] == ["cache"]
    assert [name for name, action in uses if action == "actions/cache/save"] == ["publish"]
    assert (JOBS["cache"]["permissions"], JOBS["cache"]["if"]) == ({}, JOBS["snapshot"]["if"])
    assert not any("run" in step or "env" in step for step in JOBS["cache"]["steps"])
    names = [step.get("run", step.get("uses", "")).partition("@")[0] for step in JOBS["publish"]["steps"]]
    script = names.index(".venv/bin/python .github/scripts/publish.py batch.jsonl")
    assert names[script - 1] == "actions/download-artifact"
    assert JOBS["publish"]["steps"][script - 1]["with"] == {"name": "cache", "path": ".sunlit/cache"}
    assert names[script + 1 :] == ["actions/cache/save"]
    kept = [step["with"] for _, step in steps() if "actions/cache/" in step.get("uses", "")]
    assert {step["path"] for step in kept} == {".sunlit/cache"}
    assert len({step["key"] for step in kept}) == 1
    assert kept[0]["restore-keys"] == "site-"
    # these run with the rights of the default branch and the words of a stranger
    assert not {"pull_request_target", "workflow_run", "issue_comment"} & ON.keys()


STUB = '#!/bin/sh\nprintf "%s\\n" "$@" > words\nexit "$(cat code)"\n'


@pytest.mark.parametrize(
    ("environment", "code", "ends", "words", "said"),
    [
        ({}, 0, 0, [], ""),
        ({"MODE": "full"}, 0, 0, ["--full"], ""),
        ({"MODE": "snapshot", "STRICT": "false", "ACCEPT_DROP": ""}, 0, 0, [], ""),
        ({}, 3, 0, [], "::warning::A source did not answer"),
        ({"STRICT": "true"}, 3, 2, [], "::error::A source did not answer"),
        ({}, 1, 1, [], ""),
        ({}, 4, 4, [], ""),
        (
            {"ACCEPT_DROP": "btcpay-pay/received/well paid to 'the' wrong $store"},
            0,
            0,
            ["--accept-drop=btcpay-pay/received/well", "--reason=paid to 'the' wrong $store"],
            "",
        ),
        ({"ACCEPT_DROP": "only-an-id"}, 0, 0, ["--accept-drop=only-an-id", "--reason="], ""),
    ],
)
def test_the_snapshot_step_passes_on_what_was_asked(
    tmp_path: Path, environment: dict[str, str], code: int, ends: int, words: list[str], said: str
) -> None:
    stub = tmp_path / ".venv" / "bin" / "sunlit"
    stub.parent.mkdir(parents=True)
    stub.write_text(STUB)
    stub.chmod(0o755)
    (tmp_path / "code").write_text(str(code))
    (tmp_path / "batch.jsonl").touch()
    script = ROOT / ".github" / "scripts" / "snapshot.sh"
    done = subprocess.run(
        [str(script), "batch.jsonl"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"]} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == ends
    said_words = (tmp_path / "words").read_text().splitlines()
    assert said_words == ["snapshot", "--batch", "batch.jsonl", "--budget=40m", *words]
    assert (tmp_path / "batch.jsonl").exists() is (ends != 2)
    assert done.stdout.startswith(said)
    assert bool(done.stdout) == bool(said)
