"""Sources: what each last said, how old that is, and the days on which nobody could look.

Ages are as-of minus data time, so they come from the log and never from the clock.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from urllib.parse import urlsplit

from generator.config import Config
from generator.report.model import SourceState
from generator.report.series.funding import day_of
from generator.report.subjects import ANGOR, BTCPAY
from generator.snapshot import Asked, Outcome, Run

RATES = "rates"
_DAY = timedelta(days=1)

Days = tuple[date, date]  #: first and last, both included


def source_states(config: Config, runs: Sequence[Run], as_of: datetime) -> tuple[SourceState, ...]:
    """Return the state of every configured source, in the configuration's order."""
    limit = timedelta(hours=config.quality.max_age_hours)
    return tuple(_state(name, label, runs, as_of, limit=limit) for name, label in _labels(config).items())


def answers(source: str, runs: Iterable[Run]) -> list[datetime]:
    """Return the times at which a source answered, oldest first."""
    return [run.at for run in runs if (asked := _asked(source, run)) and asked.outcome is Outcome.OK]


def gaps(moments: Sequence[datetime], as_of: datetime, limit: timedelta) -> list[Days]:
    """Return the whole days between moments farther apart than `limit`; after the last one, up to as-of."""
    found = [
        (day_of(earlier) + _DAY, day_of(later) - _DAY)
        for earlier, later in pairwise(moments)
        if later - earlier > limit
    ]
    if moments and as_of - moments[-1] > limit:
        found.append((day_of(moments[-1]) + _DAY, day_of(as_of)))
    return [(first, last) for first, last in found if first <= last]


def merged(ranges: Iterable[Days]) -> tuple[Days, ...]:
    """Join day ranges that overlap or touch."""
    found: list[Days] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + _DAY:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)


def _labels(config: Config) -> dict[str, str]:
    names = {f"{BTCPAY}-{one.id}": f"BTCPay {_host(one.url)}" for one in config.sources.btcpay}
    if config.angor.discover == "all" or any(project.angor for project in config.projects):
        names[ANGOR] = "Angor, from Nostr and Bitcoin"
    if config.sources.rates.asked:
        names[RATES] = f"Exchange rates, from {', '.join(config.sources.rates.asked)}"
    return names


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2]


def _asked(source: str, run: Run) -> Asked | None:
    return next((asked for asked in run.asked if asked.source == source), None)


def _state(source: str, label: str, runs: Sequence[Run], as_of: datetime, *, limit: timedelta) -> SourceState:
    said = [asked for run in runs if (asked := _asked(source, run))]
    good = [asked for asked in said if asked.outcome is Outcome.OK]
    moments = answers(source, runs)
    data_at = moments[-1] if moments else None
    age = None if data_at is None else as_of - data_at
    return SourceState(
        name=source,
        label=label,
        outcome=said[-1].outcome if said else None,
        message=said[-1].message if said else "",
        data_at=data_at,
        age=age,
        stale=age is None or age > limit,
        counts=dict(sorted(good[-1].counts.items())) if good else {},
    )
