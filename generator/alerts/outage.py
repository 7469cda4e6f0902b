"""An outage: a source that failed in each run since it last answered, as the log has recorded it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from generator.config import Config
from generator.report.health.source_states import source_states
from generator.snapshot import Asked, Outcome, Run

#: Kinds of failure, the worst last: it may pass by itself; somebody must look; nothing enters until one did.
KINDS: Final = (Outcome.UNAVAILABLE, Outcome.INVALID, Outcome.REFUSED)


class Outage(msgspec.Struct, frozen=True, kw_only=True):
    """A source that failed in one recorded run or in several one after another, up to the last."""

    source: str
    label: str  #: for people
    kind: Outcome  #: the worst of these runs
    since: datetime  #: of the first of these runs
    first_run: str  #: its id
    failed: int  #: how many runs
    good_at: datetime | None  #: when it last answered, None for never
    good_run: str  #: id of that run, empty for none
    message: str  #: why the last run could not read it
    stale: bool  #: its numbers are older than `quality.max_age_hours`
    age: timedelta | None  #: of its numbers at the last run


def outages(runs: Sequence[Run], config: Config) -> tuple[Outage, ...]:
    """Return the outages that last, of sources that the configuration has and does not call closed.

    `runs` oldest first. The first to begin comes first.
    """
    if not runs:
        return ()
    found = []
    for state in source_states(config, runs, runs[-1].at):
        failed, good = _trailing(state.name, runs)
        if state.closed or not failed:
            continue
        (first, _), (_, last) = failed[0], failed[-1]
        found.append(
            Outage(
                source=state.name,
                label=state.label,
                kind=max((asked.outcome for _, asked in failed), key=KINDS.index),
                since=first.at,
                first_run=first.id,
                failed=len(failed),
                good_at=good.at if good else None,
                good_run=good.id if good else "",
                message=last.message,
                stale=state.stale,
                age=state.age,
            )
        )
    return tuple(sorted(found, key=lambda outage: (outage.first_run, outage.source)))


def recovery(source: str, since: str, runs: Sequence[Run]) -> Run | None:
    """Return the first run after the one of id `since` in which a source answered."""
    return next((run for run in runs if run.id > since and _outcome(source, run) is Outcome.OK), None)


def _trailing(source: str, runs: Sequence[Run]) -> tuple[list[tuple[Run, Asked]], Run | None]:
    """Return the runs at the end in which a source failed, oldest first, and the good one before."""
    failed: list[tuple[Run, Asked]] = []
    for run in reversed(runs):
        asked = next((asked for asked in run.asked if asked.source == source), None)
        if asked is not None and asked.outcome is Outcome.OK:
            return failed[::-1], run
        if asked is not None:
            failed.append((run, asked))
    return failed[::-1], None


def _outcome(source: str, run: Run) -> Outcome | None:
    return next((asked.outcome for asked in run.asked if asked.source == source), None)
