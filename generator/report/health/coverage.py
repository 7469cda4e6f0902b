"""How well each source was read: the last 90 days of run records, day by day.

A run record is written when something is new or `publish.refresh_hours` are over, so a day
without one is no fault by itself: it is one when the answers around it are farther apart than
`quality.max_age_hours`. Days are UTC.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final

import msgspec

from generator.report.days import DAY, DayRange, day_of, merged
from generator.report.figures.bounds import Bound
from generator.report.figures.figure import COUNT, Figure, FigureDefinition
from generator.report.health.server_answers import ServerAnswer, server_answers
from generator.report.health.source_states import SourceState, answers, gaps
from generator.report.health.webhook_health import WebhookHealth, webhook_health
from generator.snapshot import Asked, Outcome, Run

#: Days that health looks back on, today's among them.
SPAN: Final = 90
ANSWERED: Final = FigureDefinition(
    "days_answered",
    "Of the last 90 days, those on which {source} answered a run.",
    COUNT,
    by="source",
    meaning="Of the last 90 days, those on which a source answered a run.",
)
MISSING: Final = FigureDefinition(
    "days_missing",
    "Of the last 90 days, those on which {source} was asked and gave no answer, or nobody looked.",
    COUNT,
    by="source",
    meaning="Of the last 90 days, those on which a source was asked in vain, or nobody looked.",
)
FAILED: Final = FigureDefinition(
    "runs_failed",
    "Run records of the last 90 days in which {source} gave nothing that could be recorded.",
    COUNT,
    by="source",
    meaning="Run records of the last 90 days in which a source gave nothing that could be recorded.",
)


class DayCoverage(StrEnum):
    """What one day brought from one source."""

    ANSWERED = "answered"
    FAILED = "asked, no answer"
    QUIET = "not asked, none was due"  #: between two answers no farther apart than quality.max_age_hours
    SILENT = "nobody looked"


_LOST: Final = (DayCoverage.FAILED, DayCoverage.SILENT)


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """A run in which a source gave nothing that could be recorded."""

    source: str
    at: datetime
    outcome: Outcome
    message: str


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """How well one source was read over the last 90 days, or since it was first asked."""

    state: SourceState
    days: tuple[tuple[date, DayCoverage], ...]  #: oldest first, without a hole; empty if it was never asked
    answered: Figure  #: days with an answer
    missing: Figure  #: days on which it failed or nobody looked
    failed: Figure  #: run records without an answer
    #: between two answers that touch these days, or since the last; None without any
    longest: timedelta | None
    failures: tuple[Failure, ...]  #: newest first
    webhook: WebhookHealth | None = None
    servers: tuple[ServerAnswer, ...] = ()  #: relays and indexers behind it, as the last run found them

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All figures of it."""
        return (self.answered, self.missing, self.failed, *(self.webhook.figures if self.webhook else ()))


def health(
    states: Iterable[SourceState], runs: Sequence[Run], as_of: datetime, limit: timedelta
) -> tuple[Health, ...]:
    """Return the health of each source over the 90 days that end with as-of, in the order given."""
    return tuple(_health(state, runs, as_of, limit) for state in states)


def missing_ranges(health: Health) -> tuple[DayRange, ...]:
    """Return the ranges of days on which data of a source is missing; oldest first."""
    return merged((day, day) for day, coverage in health.days if coverage in _LOST)


def _health(state: SourceState, runs: Sequence[Run], as_of: datetime, limit: timedelta) -> Health:
    today = day_of(as_of)
    begin = today - (SPAN - 1) * DAY
    asked = [(run.at, said) for run in runs for said in run.asked if said.source == state.name]
    moments = answers(state.name, runs)
    span = (max(begin, day_of(asked[0][0])), today) if asked else None
    days = _days(asked, span, gaps(moments, as_of, limit)) if span else ()
    failures = tuple(
        Failure(source=state.label, at=at, outcome=said.outcome, message=said.message)
        for at, said in reversed(asked)
        if said.outcome is not Outcome.OK and day_of(at) >= begin
    )
    return Health(
        state=state,
        days=days,
        answered=_figure(ANSWERED, state, sum(coverage is DayCoverage.ANSWERED for _, coverage in days)),
        missing=_figure(MISSING, state, sum(coverage in _LOST for _, coverage in days)),
        failed=_figure(FAILED, state, len(failures)),
        longest=_longest(moments, as_of, begin),
        failures=failures,
        webhook=webhook_health(state, runs, begin),
        servers=server_answers(state.name, runs),
    )


def _days(
    asked: Sequence[tuple[datetime, Asked]], span: DayRange, silent: Sequence[DayRange]
) -> tuple[tuple[date, DayCoverage], ...]:
    """Return what each day of a range brought; before the first answer nothing covers a day."""
    outcomes: defaultdict[date, set[Outcome]] = defaultdict(set)
    for at, said in asked:
        outcomes[day_of(at)].add(said.outcome)
    answered = min((day for day, seen in outcomes.items() if Outcome.OK in seen), default=date.max)
    first, last = span
    found = []
    for number in range((last - first).days + 1):
        day = first + number * DAY
        if Outcome.OK in outcomes[day]:
            coverage = DayCoverage.ANSWERED
        elif outcomes[day]:
            coverage = DayCoverage.FAILED
        else:
            lost = day < answered or any(begin <= day <= end for begin, end in silent)
            coverage = DayCoverage.SILENT if lost else DayCoverage.QUIET
        found.append((day, coverage))
    return tuple(found)


def _longest(moments: Sequence[datetime], as_of: datetime, begin: date) -> timedelta | None:
    """Return the longest time without an answer that reaches into the days from `begin` on."""
    waits = [later - earlier for earlier, later in pairwise([*moments, as_of]) if day_of(later) >= begin]
    return max(waits, default=None)


def _figure(definition: FigureDefinition, state: SourceState, value: int) -> Figure:
    bound = Bound.EXACT if state.outcome is not None else Bound.UNKNOWN
    return definition.figure(None, value, of=state.name, bound=bound, source=state.label)
