"""Runs a workflow's own steps in their order, each job in a folder of its own, as GitHub's runners do.

What GitHub refuses is refused: a call that grants less than the called jobs name, or hands over a secret that
is not declared. Actions stand in `actions`; steps in shell are run as they are. Installing is left out: the
environment of the tests stands where it would be.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.support.github_repository import REPOSITORY, TOKEN, GitHub
from tests.support.paths import ROOT
from tests.workflow.actions import Desk, Kept
from tests.workflow.expressions import Context, Functions, filled, holds
from tests.workflow.hub import Hub

Json = dict[str, Any]
_RIGHTS = ("none", "read", "write")


@dataclass(kw_only=True)
class Run:
    """What became of one run."""

    results: dict[str, str] = field(default_factory=dict)  #: of jobs
    said: str = ""
    summary: str = ""
    outputs: dict[str, Json] = field(default_factory=dict)


@dataclass(kw_only=True)
class Machine:
    """GitHub's side of a repository: it starts the workflow that stands on the default branch."""

    hub: Hub
    secrets: dict[str, str]
    kept: Kept
    api: str = "http://127.0.0.1:9"
    there: GitHub | None = None  #: keeps how runs ended
    wrap: str = ""  #: shell before each step, such as a limit
    runs: int = 0

    def start(self, event: str = "workflow_dispatch", **inputs: str) -> Run:
        """Run what publish.yml calls; return what became of it."""
        self.runs += 1
        self.kept.artifacts.clear()
        branch = self.hub.git("symbolic-ref", "--short", "HEAD")
        text = self.hub.git("show", f"{branch}:.github/workflows/publish.yml")
        call = yaml.safe_load(text)["jobs"]["report"]
        github: Json = {
            "event_name": event,
            "event": {"repository": {"default_branch": branch}},
            "ref": f"refs/heads/{branch}",
            "ref_name": branch,
            "run_id": str(self.runs),
            "run_attempt": "1",
            "token": TOKEN,
        }
        outer = {"github": github, "inputs": inputs, "secrets": self.secrets}
        if not holds(call.get("if"), outer, {"success": lambda: True}):
            return Run()
        called = yaml.safe_load((ROOT / ".github/workflows/report.yml").read_text())
        declared = called[True]["workflow_call"]
        assert set(call["secrets"]) <= set(declared["secrets"])
        assert set(call.get("with", {})) <= set(declared["inputs"])
        for job in called["jobs"].values():
            for right, level in job["permissions"].items():
                granted = call["permissions"].get(right, "none")
                assert _RIGHTS.index(level) <= _RIGHTS.index(granted), f"GitHub starts nothing: {right}"
        handed = {
            part: {name: filled(given, outer, {}) for name, given in call.get(key, {}).items()}
            for part, key in (("inputs", "with"), ("secrets", "secrets"))
        }
        run = Run()
        context = {"github": github, "needs": {}, **handed}
        waiting = dict(called["jobs"])
        while waiting:
            name = next(name for name, job in waiting.items() if not waiting.keys() & set(_needs(job)))
            self._job(name, waiting.pop(name), context, run)
        if self.there:
            # an alert may fail, and the run is green
            bad = {name for name, result in run.results.items() if result == "failure"} - {"alert"}
            row = {"id": self.runs, "event": event, "conclusion": "failure" if bad else "success"}
            self.there.runs.insert(0, row | {"run_started_at": self.there.stamp()})
        return run

    def _job(self, name: str, job: Json, outer: Json, run: Run) -> None:
        needs = {
            other: {"result": run.results[other], "outputs": run.outputs[other]} for other in _needs(job)
        }
        reached = set(needs)
        functions: Functions = {
            "always": lambda: True,
            "cancelled": lambda: False,
            "success": lambda: all(run.results[other] == "success" for other in reached),
            "failure": lambda: any(run.results[other] == "failure" for other in reached),
        }
        context = {**outer, "needs": needs, "steps": {}, "env": {}}
        context["job"] = {
            "status": "success",
            "workflow_repository": "village/sunlit",
            "workflow_sha": "5" * 40,
        }
        run.outputs[name] = {}
        if not holds(job.get("if"), context, functions):
            run.results[name] = "skipped"
            return
        place = self.hub.folder / f"run-{self.runs}-{name}"
        (place / "work").mkdir(parents=True)
        environment_at(place / "temp" / "sunlit")
        told = JobRun(machine=self, place=place, context=context, run=run)
        told.steps(job["steps"], context)
        run.results[name] = context["job"]["status"]
        run.outputs[name] = {
            key: filled(text, context, functions) for key, text in job.get("outputs", {}).items()
        }


@dataclass(kw_only=True)
class JobRun:
    """One job while it runs."""

    machine: Machine
    place: Path
    context: Json
    run: Run
    path: list[str] = field(default_factory=list)

    @property
    def functions(self) -> Functions:
        job = self.context["job"]
        return {
            "always": lambda: True,
            "cancelled": lambda: False,
            "success": lambda: job["status"] == "success",
            "failure": lambda: job["status"] == "failure",
        }

    def steps(self, steps: list[Json], context: Context, action: Path | None = None) -> None:
        for step in steps:
            if not holds(step.get("if"), context, self.functions):
                continue
            done, outputs = self._step(step, context, action)
            if not done and not step.get("continue-on-error"):
                self.context["job"]["status"] = "failure"
            if "id" in step:
                self.context["steps"][step["id"]] = {"outputs": outputs}

    def _step(self, step: Json, context: Context, action: Path | None) -> tuple[bool, dict[str, str]]:
        given = {key: filled(text, context, self.functions) for key, text in step.get("with", {}).items()}
        if "run" in step:
            return self._shell(step, context, action)
        if step["uses"].startswith("./"):
            return self._composite(self.place / "work" / step["uses"], given), {}
        desk = Desk(hub=self.machine.hub, kept=self.machine.kept, place=self.place / "work")
        try:
            return True, desk.act(step["uses"], given)
        except (OSError, KeyError) as error:
            self.run.said += f"{step['uses']}: {error}\n"
            return False, {}

    def _composite(self, place: Path, given: Mapping[str, str]) -> bool:
        action = yaml.safe_load((place / "action.yml").read_text())
        inputs = {name: given.get(name, field["default"]) for name, field in action["inputs"].items()}
        self.steps(action["runs"]["steps"], {**self.context, "inputs": inputs}, place)
        return bool(self.context["job"]["status"] == "success")

    def _shell(self, step: Json, context: Context, action: Path | None) -> tuple[bool, dict[str, str]]:
        files = {name: self.place / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_PATH")}
        for file in files.values():
            file.write_text("")
        base = self.machine.hub.environment
        environment = base | {name: str(file) for name, file in files.items()}
        environment |= {
            "PATH": os.pathsep.join([*reversed(self.path), base["PATH"]]),
            "RUNNER_TEMP": str(self.place / "temp"),
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(action or ""),
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_SERVER_URL": "https://github.test",
            "GITHUB_API_URL": self.machine.api,
            "GITHUB_RUN_ID": str(self.machine.runs),
            "GITHUB_WORKFLOW_REF": f"{REPOSITORY}/.github/workflows/publish.yml@refs/heads/main",
        }
        environment |= {
            key: filled(text, context, self.functions) for key, text in step.get("env", {}).items()
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", f"{self.machine.wrap}\n{step['run']}"],
            cwd=self.place / "work",
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.run.said += f"$ {step['run']}\n{done.stdout}"
        self.run.summary += files["GITHUB_STEP_SUMMARY"].read_text()
        self.path += files["GITHUB_PATH"].read_text().split()
        lines = files["GITHUB_OUTPUT"].read_text().splitlines()
        return done.returncode == 0, dict(line.split("=", 1) for line in lines)


def _needs(job: Json) -> list[str]:
    needs = job.get("needs", [])
    return [needs] if isinstance(needs, str) else needs


def environment_at(place: Path) -> None:
    """Put the environment of the tests where `install.sh` would make one."""
    place.mkdir(parents=True)
    for entry in Path(sys.prefix).iterdir():
        (place / entry.name).symlink_to(entry)
    (place / "ready").touch()
