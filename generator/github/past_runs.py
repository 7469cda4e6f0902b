"""The runs of our workflow as GitHub has them: what this one is, and how those before it ended."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePosixPath
from typing import Final

import msgspec

from generator.alerts import FailedJob, PastRun, RedRuns, red_runs
from generator.github.api import GitHubApi

#: Runs that are asked for: more than a week of them.
_MOST: Final = 50
_ENDED: Final = {"success", "failure"}


class _RunRow(msgspec.Struct, frozen=True):
    id: int
    event: str = ""
    conclusion: str | None = None
    run_started_at: datetime | None = None


class _RunRows(msgspec.Struct, frozen=True):
    workflow_runs: list[_RunRow] = []


_ROWS: Final = msgspec.json.Decoder(_RunRows)


def job_results(environment: Mapping[str, str]) -> dict[FailedJob, str]:
    """Return how the jobs before this one ended, as the workflow hands it over; empty outside of it."""
    found = {job: environment.get(f"{job.name}_RESULT", "") for job in FailedJob}
    return found if _ENDED & set(found.values()) else {}


async def read_red_runs(
    api: GitHubApi, environment: Mapping[str, str], results: Mapping[FailedJob, str], now: datetime
) -> RedRuns | None:
    """Return the runs that failed up to this one, None where this one did not; raise `SourceError`.

    Pull requests are no runs of the report, whatever their branch is called.
    """
    failed = next((job for job in FailedJob if results[job] == "failure"), None)
    if failed is None:
        return None
    workflow, _, ref = environment.get("GITHUB_WORKFLOW_REF", "").partition("@")
    found = await api.get(
        f"/actions/workflows/{PurePosixPath(workflow).name}/runs",
        _ROWS,
        subject="the runs of this workflow",
        branch=ref.removeprefix("refs/heads/"),
        status="completed",
        per_page=_MOST,
    )
    this = PastRun(id=int(environment.get("GITHUB_RUN_ID", "0")), conclusion="failure", at=now)
    past = [
        PastRun(id=row.id, conclusion=row.conclusion, at=row.run_started_at)
        for row in found.workflow_runs
        if row.conclusion and row.run_started_at and row.event != "pull_request"
    ]
    return red_runs(failed, this, past, f"{api.access.url}/actions/runs/{this.id}")
