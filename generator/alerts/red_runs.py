"""A report that is not published: runs of the workflow that failed, one after another, up to this one; pure.

Such runs record nothing, so they are counted as GitHub has them, and not by the log.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec

from generator.alerts.issue import plain_lines
from generator.alerts.planning import Action, Deed
from generator.text_format import age_text, time_text

REPORT: Final = "report"  #: stands where issues about a source have its name
_KEY: Final = re.compile(r"\A<!-- sunlit:alert v1 run=(\d+) class=(\w+) since=(\S+?)( ended)? -->", re.ASCII)
#: How a run that failed ends; one that somebody or a newer run ended says nothing.
_FAILED: Final = frozenset({"failure", "timed_out", "startup_failure"})


class FailedJob(StrEnum):
    """The class of a failure: the first job of the workflow that failed."""

    SNAPSHOT = "snapshot"
    PUBLISH = "publish"
    DEPLOY = "deploy"


_WHAT: Final[Mapping[FailedJob, str]] = {
    FailedJob.SNAPSHOT: "asking the sources fails",
    FailedJob.PUBLISH: "recording or publishing fails",
    FailedJob.DEPLOY: "deploying to Pages fails",
}
_STEPS: Final[Mapping[FailedJob, str]] = {
    FailedJob.SNAPSHOT: (
        "The summary of [the run]({url}) says what is wrong: most often a line of `config.yaml`, or a secret "
        "that is empty or misspelt."
    ),
    FailedJob.PUBLISH: (
        "The summary of [the run]({url}) says what is wrong: most often a protected branch, or a token that "
        "may not write."
    ),
    FailedJob.DEPLOY: (
        "[The run]({url}) says what Pages refused. Under Settings → Pages the source has to be *GitHub "
        "Actions*, and the environment `github-pages` has to allow the default branch."
    ),
}
_FOOT: Final = (
    "The last good report stays up meanwhile. This text is written anew by the runs, and the issue is closed "
    "when one succeeds. Close it yourself, and it stays closed until then."
)


class PastRun(msgspec.Struct, frozen=True, kw_only=True):
    """One run of the workflow that has ended, as GitHub has it."""

    id: int
    conclusion: str
    at: datetime


class RedRuns(msgspec.Struct, frozen=True, kw_only=True):
    """The runs that failed one after another, this one the last."""

    job: FailedJob  #: that failed now
    first_run: int
    since: datetime
    failed: int  #: how many, this one too
    good_at: datetime | None  #: when the last good one began, None where none is known
    url: str  #: of this run


class RunIssue(msgspec.Struct, frozen=True, kw_only=True):
    """An issue about such runs that an earlier one opened."""

    number: int
    open: bool
    body: str
    first_run: int
    since: datetime
    ended: bool  #: we closed it


def red_runs(job: FailedJob, this: PastRun, past: Sequence[PastRun], url: str) -> RedRuns:
    """Count the runs that failed, from this one back to the last good one; `past` newest first."""
    failed, good = [this], None
    for run in past:
        if run.conclusion == "success":
            good = run.at
            break
        if run.conclusion in _FAILED and run.id != this.id:
            failed.append(run)
    first = failed[-1]
    return RedRuns(job=job, first_run=first.id, since=first.at, failed=len(failed), good_at=good, url=url)


def read_run_issue(number: int, body: str, *, is_open: bool) -> RunIssue | None:
    """Return an issue of ours about runs, None for any other."""
    body = plain_lines(body)
    found = _KEY.match(body)
    try:
        return found and RunIssue(
            number=number,
            open=is_open,
            body=body,
            first_run=int(found[1]),
            since=datetime.fromisoformat(found[3]),
            ended=found[4] is not None,
        )
    except ValueError:  # a date that no version of ours writes
        return None


def plan_runs(
    red: RedRuns | None, issues: Sequence[RunIssue], now: datetime, *, after_runs: int
) -> Iterator[Action]:
    """Yield the calls to make: `red` is None after a run that succeeded."""
    standing = [issue for issue in issues if issue.open and not issue.ended]
    if red is None:
        for issue in standing:
            yield from _closing(issue, now)
        return
    text = _body(red)
    if standing:
        if standing[-1].body != text:
            yield Action(deed=Deed.UPDATE, source=REPORT, number=standing[-1].number, body=text)
    elif red.failed >= after_runs and not any(issue.first_run == red.first_run for issue in issues):
        yield Action(deed=Deed.OPEN, source=REPORT, title=_title(red), body=text)


def _title(red: RedRuns) -> str:
    return f"The report is not published: {_WHAT[red.job]}"


def _body(red: RedRuns) -> str:
    rows = [
        ("since", time_text(red.since)),
        ("runs that failed since", str(red.failed)),
        ("last good run", time_text(red.good_at) if red.good_at else "none is known"),
    ]
    return "\n\n".join(
        [
            f"<!-- sunlit:alert v1 run={red.first_run} class={red.job} since={red.since.isoformat()} -->",
            f"**{_title(red)}.**",
            "\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)]),
            f"**What to do.** {_STEPS[red.job].format(url=red.url)}",
            _FOOT,
        ]
    )


def _closing(issue: RunIssue, now: datetime) -> Iterator[Action]:
    why = f"A run succeeded, after {age_text(now - issue.since)}."
    key, _, rest = issue.body.partition("\n")
    body = f"{key.removesuffix(' -->')} ended -->\n\n**{why}**\n\n{rest.strip()}"
    # in this order: a call that got lost repeats no comment
    yield Action(deed=Deed.CLOSE, source=REPORT, number=issue.number, body=body)
    yield Action(deed=Deed.COMMENT, source=REPORT, number=issue.number, body=why)
