"""How far the clock of a run may be off: a log that lies ahead would hide every outage until then; pure."""

from datetime import datetime, timedelta
from typing import Final

from generator.errors import LogError
from generator.snapshot.fold import Known

#: By how much a clock, or the last run of a log, may differ from what others say.
TOLERANCE: Final = timedelta(hours=2)


def refuse_ahead(known: Known, now: datetime) -> None:
    """Raise `LogError` when the last run that counts lies ahead of `now`: one of two clocks was wrong."""
    if known.runs and (last := known.runs[-1]).at > now + TOLERANCE:
        msg = (
            f"the log's last run {last.id} lies ahead of this machine's clock ({now:%Y-%m-%dT%H:%M:%SZ}): "
            "if this clock is right, that run's was wrong, and "
            f"`sunlit migrate --void-run {last.id} --reason …` takes it out of the count; "
            "if not, set this clock right and run again"
        )
        raise LogError(msg)
