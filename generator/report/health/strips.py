"""How well each source was read: the last 90 days of run records, day by day.

A run record is written when something is new or `publish.refresh_hours` are over, so a day
without one is no fault by itself: it is one when the answers around it are farther apart than
`quality.max_age_hours`. Days are UTC.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final

from generator.report.figures.definitions import COUNT, figure_id
from generator.report.health.source_states import answers, gaps
from generator.report.health.webhooks import webhook_health
from generator.report.model import Failure, Figure, Health, SourceState, Watch
from generator.report.series.funding import day_of
from generator.snapshot import Outcome, Run

#: Days that the strip shows, today's among them.
SPAN: Final = 90
ANSWERED: Final = "days_answered"
MISSING: Final = "days_missing"
FAILED: Final = "runs_failed"
_DAY: Final = timedelta(days=1)
_LOST: Final = (Watch.FAILED, Watch.SILENT)
#: What each figure means, for any source.
FAMILIES: Final = {
    ANSWERED: "Of the last 90 days, those on which a source answered a run.",
    MISSING: "Of the last 90 days, those on which a source was asked in vain, or nobody looked.",
    FAILED: "Run records of the last 90 days in which a source gave nothing that could be recorded.",
}
_FORMULAS: Final = {
    ANSWERED: "Of the last 90 days, those on which {source} answered a run.",
    MISSING: "Of the last 90 days, those on which {source} was asked and gave no answer, or nobody looked.",
    FAILED: "Run records of the last 90 days in which {source} gave nothing that could be recorded.",
}


def health(
    states: Iterable[SourceState], runs: Sequence[Run], as_of: datetime, limit: timedelta
) -> tuple[Health, ...]:
    """Return the health of each source over the 90 days that end with as-of, in the order given."""
    return tuple(_health(state, runs, as_of, limit) for state in states)


def health_figures(found: Iterable[Health]) -> Mapping[str, Figure]:
    """Return the figures of all sources by name."""
    figures = [
        figure
        for one in found
        for figure in (one.answered, one.missing, one.failed, *(one.webhook.figures if one.webhook else ()))
    ]
    return {figure.name: figure for figure in figures}


def spells(one: Health) -> tuple[tuple[date, date], ...]:
    """Return the ranges of days, both ends included, on which data of a source is missing; oldest first."""
    found: list[tuple[date, date]] = []
    for day, watch in one.days:
        if watch not in _LOST:
            continue
        if found and found[-1][1] == day - _DAY:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return tuple(found)


def _health(state: SourceState, runs: Sequence[Run], as_of: datetime, limit: timedelta) -> Health:
    today = day_of(as_of)
    begin = today - (SPAN - 1) * _DAY
    asked = _asked(state.name, runs)
    days = _days(asked, (max(begin, day_of(asked[0][0])), today), as_of, limit) if asked else ()
    failures = tuple(
        Failure(source=state.label, at=at, outcome=outcome, message=message)
        for at, outcome, message in reversed(asked)
        if outcome is not Outcome.OK and day_of(at) >= begin
    )
    values = {
        ANSWERED: sum(watch is Watch.ANSWERED for _, watch in days),
        MISSING: sum(watch in _LOST for _, watch in days),
        FAILED: len(failures),
    }
    made = {name: _figure(name, state, value) for name, value in values.items()}
    return Health(
        state=state,
        days=days,
        answered=made[ANSWERED],
        missing=made[MISSING],
        failed=made[FAILED],
        longest=_longest(answers(state.name, runs), as_of, begin),
        failures=failures,
        webhook=webhook_health(state, runs, begin),
    )


def _asked(source: str, runs: Sequence[Run]) -> list[tuple[datetime, Outcome, str]]:
    return [(run.at, one.outcome, one.message) for run in runs for one in run.asked if one.source == source]


def _days(
    asked: Sequence[tuple[datetime, Outcome, str]],
    span: tuple[date, date],
    as_of: datetime,
    limit: timedelta,
) -> tuple[tuple[date, Watch], ...]:
    outcomes: defaultdict[date, set[Outcome]] = defaultdict(set)
    for at, outcome, _ in asked:
        outcomes[day_of(at)].add(outcome)
    silent = gaps([at for at, outcome, _ in asked if outcome is Outcome.OK], as_of, limit)
    first, last = span
    found = []
    for number in range((last - first).days + 1):
        day = first + number * _DAY
        if Outcome.OK in outcomes[day]:
            watch = Watch.ANSWERED
        elif outcomes[day]:
            watch = Watch.FAILED
        else:
            lost = any(begin <= day <= end for begin, end in silent) or not _answered_by(asked, day)
            watch = Watch.SILENT if lost else Watch.QUIET
        found.append((day, watch))
    return tuple(found)


def _answered_by(asked: Iterable[tuple[datetime, Outcome, str]], day: date) -> bool:
    """Tell whether a source had answered before a day was over: until then nothing covers it."""
    return any(outcome is Outcome.OK and day_of(at) <= day for at, outcome, _ in asked)


def _longest(moments: Sequence[datetime], as_of: datetime, begin: date) -> timedelta | None:
    """Return the longest time without an answer that reaches into the days from `begin` on."""
    waits = [later - earlier for earlier, later in pairwise([*moments, as_of]) if day_of(later) >= begin]
    return max(waits, default=None)


def _figure(name: str, state: SourceState, value: int) -> Figure:
    whole = f"{name}@{state.name}"
    return Figure(
        id=figure_id(None, whole),
        project=None,
        name=whole,
        value=value if state.outcome is not None else None,
        unit=COUNT,
        complete=True,
        verification=None,
        formula=_FORMULAS[name].format(source=state.label),
        inputs=(),
    )
