"""The workflows that publish: nobody holds both a secret and the right to write."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.alerts import FailedJob
from tests.support.paths import ROOT

CALLER: dict[Any, Any]
WORKFLOW: dict[Any, Any]
CALLER, WORKFLOW = (
    yaml.safe_load((ROOT / ".github" / "workflows" / name).read_text())
    for name in ("publish.yml", "report.yml")
)
JOBS: dict[str, dict[str, Any]] = WORKFLOW["jobs"]
ON: dict[str, Any] = CALLER[True]  # YAML 1.1 reads the key `on` as a truth value
CALLED: dict[str, Any] = WORKFLOW[True]["workflow_call"]
#: What a report's own workflow may hand over, and the variable that config.yaml names.
SLOTS = {
    "btcpay_token": "BTCPAY_TOKEN",
    "btcpay_token_2": "BTCPAY_TOKEN_2",
    "btcpay_token_3": "BTCPAY_TOKEN_3",
    "btcpay_token_4": "BTCPAY_TOKEN_4",
    "id_key": "SUNLIT_ID_KEY",
}


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
        "upload-pages-artifact",
        "deploy-pages",
    )
    assert used == {f"actions/{name}" for name in names} | {"./.sunlit/tool"}


def test_nothing_is_allowed_by_default_and_each_job_names_what_it_needs() -> None:
    assert (WORKFLOW["permissions"], CALLER["permissions"]) == ({}, {})
    assert {name: job["permissions"] for name, job in JOBS.items()} == {
        "snapshot": {"contents": "read"},
        "cache": {},
        "publish": {"contents": "write", "pages": "write"},
        "deploy": {"pages": "write", "id-token": "write"},
        "alert": {"contents": "read", "issues": "write", "actions": "read"},
    }
    assert CALLER["jobs"]["demo"]["permissions"] == {"contents": "read"}
    granted = CALLER["jobs"]["report"]["permissions"]
    needed = {(name, right) for job in JOBS.values() for name, right in job["permissions"].items()}
    assert set(granted.items()) == needed - {("contents", "read")}


def test_secrets_are_seen_by_the_job_that_cannot_write_and_by_no_other() -> None:
    """A deploy key reads nothing: it is the pen of the job that writes."""
    holders = {
        name
        for name, job in JOBS.items()
        if "secrets." in yaml.safe_dump(job).replace("secrets.deploy_key", "")
    }
    assert holders == {"snapshot"}
    assert {name for name, job in JOBS.items() if "secrets.deploy_key" in yaml.safe_dump(job)} == {"publish"}
    assert {name: job["environment"] for name, job in JOBS.items() if "environment" in job} == {
        "snapshot": "funding",
        "deploy": {"name": "github-pages", "url": "${{ steps.deploy.outputs.page_url }}"},
    }
    assert {name for name, job in JOBS.items() if "github.token" in yaml.safe_dump(job)} == {
        "publish",
        "alert",
    }
    [step] = [step for step in JOBS["snapshot"]["steps"] if "secrets" in yaml.safe_dump(step)]
    assert step["run"] == ".sunlit/tool/.github/scripts/snapshot.sh batch.jsonl"
    assert {variable: f"${{{{ secrets.{slot} }}}}" for slot, variable in SLOTS.items()}.items() <= step[
        "env"
    ].items()
    assert set(CALLED["secrets"]) == {*SLOTS, "deploy_key"}
    handed = CALLER["jobs"]["report"]["secrets"]
    assert {
        slot: f"${{{{ secrets.{SLOTS[slot]} }}}}" for slot in handed
    } == handed  # by name; `inherit` gives all


def test_every_job_runs_sunlit_as_it_is_at_the_commit_of_the_workflow() -> None:
    for name in ("snapshot", "publish", "alert"):
        places = [
            step for step in JOBS[name]["steps"] if step.get("uses", "").startswith("actions/checkout@")
        ]
        report, tool = (step["with"] for step in places)
        assert report.pop("ref", None) == ("${{ github.ref_name }}" if name == "alert" else None)
        assert report == {"persist-credentials": False}
        assert tool == {
            "repository": "${{ job.workflow_repository }}",
            "ref": "${{ job.workflow_sha }}",
            "path": ".sunlit/tool",
            "persist-credentials": False,
        }
        assert [step for step in JOBS[name]["steps"] if step.get("uses") == "./.sunlit/tool"]
    assert CALLER["jobs"]["report"]["uses"] == "./.github/workflows/report.yml"


def test_the_action_is_shell_alone_and_pastes_nothing_into_it() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    assert action["runs"]["using"] == "composite"
    assert all(step["shell"] == "bash" and "uses" not in step for step in action["runs"]["steps"])
    assert all("${{" not in step["run"] for step in action["runs"]["steps"])


def test_it_runs_when_it_should() -> None:
    assert set(ON) == {"schedule", "push", "pull_request", "repository_dispatch", "workflow_dispatch"}
    minute = ON["schedule"][0]["cron"].split()[0]
    assert minute.isdigit()
    assert int(minute) % 5
    # of any branch: jobs run on the default one alone, whatever its name; what they push matches none
    assert ON["push"] == {
        "paths": [
            "config.yaml",
            "content/**",
            "!content/snapshots/**",
            "!content/editions/**",
            "templates/**",
        ],
    }
    assert ON["repository_dispatch"] == {"types": ["funding-changed"]}
    assert set(ON["workflow_dispatch"]["inputs"]) == {"mode", "strict", "accept_drop"}
    assert WORKFLOW["concurrency"] == {"group": "funding-${{ github.ref }}", "cancel-in-progress": False}


def test_a_pull_request_builds_the_demo_and_nothing_else() -> None:
    assert CALLER["jobs"]["demo"]["if"] == "github.event_name == 'pull_request'"
    assert CALLER["jobs"]["report"]["if"] == "github.event_name != 'pull_request'"
    assert "github.event_name != 'pull_request'" in JOBS["snapshot"]["if"]
    assert JOBS["publish"]["needs"] == ["snapshot", "cache"]
    # a snapshot that is killed has uploaded what it read, and that is appended
    [upload] = [step for step in JOBS["snapshot"]["steps"] if step.get("id") == "batch"]
    assert upload["if"] == "always() && inputs.mode != 'render'"
    assert "needs.snapshot.outputs.batch != ''" in JOBS["publish"]["if"]
    assert any("build --demo --strict" in step.get("run", "") for step in CALLER["jobs"]["demo"]["steps"])


def test_an_alert_comes_after_what_was_recorded_and_stops_nothing() -> None:
    job = JOBS["alert"]
    assert (job["needs"], job["continue-on-error"]) == (["snapshot", "publish", "deploy", "cache"], True)
    assert job["if"].startswith("${{ always() && (needs.publish.result == 'success' ||")
    assert job["steps"][-1]["run"] == "sunlit alert"
    told = {name for name in job["steps"][-1]["env"] if name.endswith("_RESULT")}
    assert told == {f"{failed.name}_RESULT" for failed in FailedJob}
    assert {str(failed) for failed in FailedJob} <= set(job["needs"])


def test_a_cache_is_unpacked_where_nothing_can_be_done_and_read_where_it_is_verified() -> None:
    """A cache unpacks to any path, and whatever runs on the default branch can save one."""
    uses = [(name, step.get("uses", "").partition("@")[0]) for name, step in steps()]
    assert {name for name, action in uses if action == "actions/cache/restore"} == {"cache"}
    assert {name for name, action in uses if action == "actions/cache/save"} == {"publish"}
    assert (JOBS["cache"]["permissions"], JOBS["cache"]["if"]) == ({}, JOBS["snapshot"]["if"])
    assert not any("run" in step or "env" in step for step in JOBS["cache"]["steps"])
    names = [step.get("run", step.get("uses", "")).partition("@")[0] for step in JOBS["publish"]["steps"]]
    script = names.index("python .sunlit/tool/.github/scripts/publish.py batch.jsonl")
    assert JOBS["publish"]["steps"][script - 1]["with"] == {"name": "cache", "path": ".sunlit/cache"}
    assert names[script + 1 :] == [
        "actions/upload-pages-artifact",
        "actions/cache/save",
        "actions/cache/save",
    ]
    kept = [step["with"] for _, step in steps() if "actions/cache/" in step.get("uses", "")]
    assert {(step["path"], step["key"]) for step in kept} == {
        (".sunlit/cache", "site-${{ github.run_id }}-${{ github.run_attempt }}"),
        (".sunlit/wheels", "wheels-${{ job.workflow_sha }}"),
    }
    assert [step["restore-keys"] for step in kept if "restore-keys" in step] == ["site-"]
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
