"""Whether the workflow runs: switched off or soon to be, late, or never."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from generator.doctor.diagnosis import Diagnosis, Level
from generator.doctor.github_finding import finding
from generator.text_format import age_text, days_text

#: Days without activity after which GitHub switches the schedules of a public repository off.
QUIET: Final = timedelta(days=60)
#: How long before that is worth a word.
_SOON: Final = timedelta(days=15)
#: More than the usual lateness of a schedule, whose median others measured at up to four hours.
_LATE: Final = timedelta(hours=6)
_MISSED: Final = timedelta(hours=48)
_STATES: Final = {
    "disabled_inactivity": "GitHub switched it off, after 60 days without activity in the repository",
    "disabled_fork": "it is off, as in every new fork",
    "disabled_manually": "somebody switched it off",
    "deleted": "its file is deleted",
}


class WorkflowState(msgspec.Struct, frozen=True):
    """What ``GET /actions/workflows/FILE`` answers."""

    state: str


class WorkflowRun(msgspec.Struct, frozen=True):
    """One run of it."""

    run_started_at: datetime | None = None


class WorkflowRuns(msgspec.Struct, frozen=True):
    """The newest runs, the newest first."""

    workflow_runs: list[WorkflowRun] = []


def judge_workflow(
    state: WorkflowState | None, file: str, pushed_at: datetime | None, at: datetime, link: str
) -> Iterator[Diagnosis]:
    """Hold its state, and the repository's last activity, against the 60 days; None: there is none."""
    if state is None:
        fix = "Run sunlit init, which writes it, or name yours with --workflow"
        yield finding("workflow", Level.ERROR, file, "the repository has no such workflow", fix, link)
        return
    if state.state != "active":
        observed = _STATES.get(state.state, f"it is {state.state}")
        fix = "Open it, press Enable workflow, then Run workflow"
        yield finding("workflow", Level.ERROR, file, observed, fix, link)
        return
    yield finding("workflow", Level.OK, file, "it is switched on")
    if pushed_at is not None and (left := QUIET - (at - pushed_at)) < _SOON:
        observed = (
            f"nobody pushed for {age_text(at - pushed_at)}: GitHub switches the schedule off after 60 days"
        )
        fix = f"Run it by hand within {days_text(max(0, left.days))}, and see whether it records something"
        yield finding("workflow-quiet", Level.WARNING, file, observed, fix, link)


def judge_schedule(
    runs: Sequence[datetime], cron: Sequence[str], at: datetime, file: str, link: str
) -> Diagnosis:
    """Say how late scheduled runs begin, and whether they come at all; `runs` in any order."""
    if not runs:
        fix = "Press Run workflow once; the first scheduled run of a new repository can take some hours"
        return finding("schedule", Level.WARNING, file, "no scheduled run is known", fix, link)
    last = at - max(runs)
    if last > _MISSED:
        observed = f"the last scheduled run began {age_text(last)} ago"
        return finding("schedule", Level.WARNING, file, observed, "Look whether it is switched on", link)
    late = [found for run in runs if (found := lateness(run, cron)) is not None]
    if not late:
        return finding("schedule", Level.OK, file, f"the last scheduled run began {age_text(last)} ago")
    middle = sorted(late)[len(late) // 2]
    minutes = int(middle.total_seconds() // 60)
    told = f"half of the last {len(late)} runs began {minutes} minutes or less after their time"
    if middle <= _LATE:
        return finding("schedule", Level.OK, file, told)
    fix = "Choose another minute, and an hour away from midnight UTC, in the line cron: of the workflow"
    return finding("schedule", Level.WARNING, file, told, fix, link)


def lateness(run: datetime, cron: Iterable[str]) -> timedelta | None:
    """Return how long after the last time of its schedule a run began; None for one that is not daily."""
    found = [run - slot for line in cron for slot in _slots(line, run)]
    return min((late for late in found if late >= timedelta(0)), default=None)


def _slots(cron: str, run: datetime) -> Iterator[datetime]:
    """Yield the times of a schedule of fixed minutes and hours, on the day of a run and the one before."""
    parts = cron.split()
    if len(parts) != 5 or parts[2:] != ["*"] * 3 or not re.fullmatch(r"\d{1,2}", parts[0]):  # noqa: PLR2004 -- cron
        return
    hours = range(24) if parts[1] == "*" else [int(word) for word in re.findall(r"\d+", parts[1])]
    if not re.fullmatch(r"\*|\d{1,2}(,\d{1,2})*", parts[1]) or int(parts[0]) > 59 or max(hours) > 23:  # noqa: PLR2004
        return
    for back in (0, 1):
        day = (run.astimezone(UTC) - timedelta(days=back)).replace(second=0, microsecond=0)
        yield from (day.replace(hour=hour, minute=int(parts[0])) for hour in hours)
