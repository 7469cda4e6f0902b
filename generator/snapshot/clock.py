"""How far the clock of a run may be off: a log that lies ahead would hide every outage until then; pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from generator.errors import ClockError
from generator.snapshot.fold import Known

#: By how much a clock, or the last run of a log, may differ from what others say.
TOLERANCE: Final = timedelta(hours=2)
#: The check that a server's clock is not: its finding is about a source, and its subject a host.
SERVER_CLOCK: Final = "server-clock"


def median_ahead(clocks: Iterable[timedelta]) -> timedelta:
    """Return by how much the median of at least two clocks is ahead of ours, behind where negative.

    Of two in the middle the one nearer to ours counts, and zero where they stand on both sides.
    """
    ordered = sorted(clocks)
    if len(ordered) < 2:  # noqa: PLR2004 -- one clock against one says nothing
        return timedelta()
    low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return max(low, timedelta()) or min(high, timedelta())


def refuse_ahead(known: Known, now: datetime) -> None:
    """Raise `ClockError` when the last run that counts lies ahead of `now`: one of two clocks was wrong."""
    if known.runs and (last := known.runs[-1]).at > now + TOLERANCE:
        msg = (
            f"the log's last run {last.id} lies ahead of this machine's clock ({now:%Y-%m-%dT%H:%M:%SZ}): "
            "if this clock is right, that run's was wrong, and "
            f"`sunlit migrate --void-run {last.id} --reason …` takes it out of the count; "
            "if not, set this clock right and run again"
        )
        raise ClockError(msg)
