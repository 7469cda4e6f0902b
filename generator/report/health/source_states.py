"""The state of sources: what each last said, how old that is, and the days on which nobody could look.

Ages are as-of minus data time, so they come from the log and never from the clock.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Self
from urllib.parse import urlsplit

from generator.config import Config
from generator.places import ANGOR, store_source
from generator.report.days import DAY, OPEN_END, DayRange, day_of
from generator.report.source_names import RATES
from generator.snapshot import Asked, Known, Outcome, Project, Run
from generator.snapshot.records import SETTINGS


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What one source last said, and how old that is at the as-of time."""

    name: str
    label: str  #: for people: ``BTCPay pay.example.org``
    outcome: Outcome | None  #: of the last run record, None if it was never asked
    message: str
    data_at: datetime | None  #: last time it answered, None if never
    age: timedelta | None  #: as-of minus data_at
    closed: bool = False  #: the configuration says that it is gone: asked no more, so never stale
    stale: bool  #: older than quality.max_age_hours, or never answered
    counts: Mapping[str, int]

    @property
    def at_rest(self) -> Self:
        """What of it stays while it turns neither stale nor fresh: nothing of its last answers."""
        data_at = self.data_at if self.stale or self.closed else None
        return replace(self, outcome=None, message="", data_at=data_at, age=None, counts={})


def source_states(config: Config, runs: Sequence[Run], as_of: datetime) -> tuple[SourceState, ...]:
    """Return the state of every configured source, in the configuration's order."""
    limit = timedelta(hours=config.quality.max_age_hours)
    closed = {
        store_source(store) for server in config.sources.btcpay if server.closed for store in server.stores
    }
    return tuple(
        replace(_state(name, label, runs, as_of, limit=limit), closed=True, stale=False)
        if name in closed
        else _state(name, label, runs, as_of, limit=limit)
        for name, label in source_labels(config).items()
    )


def answers(source: str, runs: Iterable[Run]) -> list[datetime]:
    """Return the times at which a source answered, oldest first."""
    return [run.at for run in runs if (asked := _asked(source, run)) and asked.outcome is Outcome.OK]


def settings_read_at(place: Project, known: Known) -> datetime | None:
    """Return when a place's settings, unread since, were last read; None where they never were.

    The log says it anew only when something changed: they were read as often as their store was.
    """
    missed = ""
    for line in reversed(known.history.get(place.key, ())):
        if isinstance(line.record, Project) and SETTINGS not in line.record.unread:
            runs = [run for run in known.runs if line.run <= run.id < missed]
            return max(answers(place.source, runs), default=None)
        missed = line.run
    return None


def gaps(moments: Sequence[datetime], as_of: datetime, limit: timedelta) -> list[DayRange]:
    """Return the whole days between moments farther apart than `limit`; after the last one it goes on."""
    found = [
        (day_of(earlier) + DAY, day_of(later) - DAY)
        for earlier, later in pairwise(moments)
        if later - earlier > limit
    ]
    if moments and as_of - moments[-1] > limit and day_of(moments[-1]) < day_of(as_of):
        found.append((day_of(moments[-1]) + DAY, OPEN_END))
    return [(first, last) for first, last in found if first <= last]


def source_labels(config: Config) -> dict[str, str]:
    """Return what people call each configured source, by the name that the log has for it."""
    names = {
        store_source(store): f"BTCPay {urlsplit(server.url).netloc.rpartition('@')[2]}"
        + (f", store {number}" if len(server.stores) > 1 else "")
        for server in config.sources.btcpay
        for number, store in enumerate(server.stores, 1)
    }
    if config.angor.discover == "all" or any(project.angor for project in config.projects):
        names[ANGOR] = "Angor, from Nostr and Bitcoin"
    if config.sources.rates.asked:
        names[RATES] = f"Exchange rates, from {', '.join(config.sources.rates.asked)}"
    return names


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
