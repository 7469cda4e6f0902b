"""Whether a run that brought nothing new is recorded all the same."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import takewhile

from generator.snapshot import Outcome, Run
from generator.snapshot.batch import Batch
from generator.snapshot.run_record import UNDER_WAY


def worth_recording(runs: Sequence[Run], batch: Batch, *, refresh: timedelta, failures: int) -> bool:
    """Tell whether a batch says of its sources what the recorded runs do not, or the last is old.

    So many `failures` of a source, one after another, are recorded, because alerts count them.
    """
    if not runs:
        return True
    last = runs[-1]
    if last.id >= batch.run:
        return False
    before, now = (
        {asked.source: (asked.outcome, asked.why_not, asked.reads.get(UNDER_WAY)) for asked in some}
        for some in (last.asked, batch.asked)
    )
    if now != before or batch.at - last.at >= refresh:
        return True
    failed = {asked.source for asked in batch.asked if asked.outcome is not Outcome.OK}
    return any(_failed_in_a_row(source, runs) < failures for source in failed)


def _failed_in_a_row(source: str, runs: Sequence[Run]) -> int:
    """Count the recorded runs at the end in which a source failed."""
    outcomes = (asked.outcome for run in reversed(runs) for asked in run.asked if asked.source == source)
    return sum(1 for _ in takewhile(lambda outcome: outcome is not Outcome.OK, outcomes))
