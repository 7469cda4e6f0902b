"""Incidents: since when, and until when, a source gave no answer for longer than data may be old; pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from generator.report.health.source_states import SourceState, answers
from generator.report.history.news import NewsEvent, NewsKind
from generator.snapshot import Run


def incidents(
    states: Iterable[SourceState], runs: Sequence[Run], as_of: datetime, limit: timedelta
) -> tuple[NewsEvent, ...]:
    """Return the beginning and the end of each, oldest first; a source that is closed begins none."""
    found = [event for state in states for event in _of_source(state, runs, as_of, limit)]
    return tuple(sorted(found, key=lambda event: (event.at, event.id)))


def _of_source(
    state: SourceState, runs: Sequence[Run], as_of: datetime, limit: timedelta
) -> Iterator[NewsEvent]:
    moments = answers(state.name, runs)
    for before, after in pairwise(moments):
        if after - before > limit:
            yield _event(NewsKind.SILENT, state, before + limit, since=before)
            yield _event(NewsKind.ANSWERED, state, after, since=before)
    if state.stale and moments:
        yield _event(NewsKind.SILENT, state, moments[-1] + limit, since=moments[-1])
    elif state.stale:
        asked = next((run.at for run in runs for said in run.asked if said.source == state.name), as_of)
        yield _event(NewsKind.SILENT, state, asked, since=asked)


def _event(kind: NewsKind, state: SourceState, at: datetime, *, since: datetime) -> NewsEvent:
    name = f"{kind}/{state.name}/{since:%Y-%m-%dT%H%MZ}"
    return NewsEvent(id=name, at=at, kind=kind, source=state.name, about=(state.label, f"{since:%Y-%m-%d}"))
