"""What people follow about a project: goals reached, stages opened, money out, edits, restated sums; pure.

An event is of the day or moment at which it happened, has an id that stays, and holds its amounts as figures.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from enum import StrEnum
from fractions import Fraction
from itertools import groupby
from typing import Final

import msgspec

from generator.ledger import Entry, Kind, Status
from generator.report.days import day_of
from generator.report.figures.bounds import Bound, total
from generator.report.figures.figure import MSAT, Figure, FigureDefinition
from generator.report.figures.period_figures import GOAL_OF
from generator.report.figures.project_context import ProjectContext
from generator.report.figures.sums import contributions, grade, selectors
from generator.report.history.edits import Edit, edited_goals
from generator.report.history.restatements import FLOW_OF, Restatement
from generator.report.series.stages import StageRow

MOVED: Final = FigureDefinition(
    "moved",
    "The part of {flow} that moved on {day} UTC.",
    by="flow@day",
    meaning="The part of one flow, such as claimed, that moved on one UTC day.",
)


class NewsKind(StrEnum):
    """What an event is about; those of money have the word of their kind of entry."""

    REACHED = "goal-reached"
    OPENED = "stage-opened"
    CLAIM = "claim"
    REFUND = "refund"
    PAYOUT = "payout"
    PENALTY = "penalty"
    RELEASE = "release"
    RECOVERY = "recovery"
    UNCLASSIFIED = "unclassified"
    TERMS = "terms"
    RESTATED = "restatement"
    UPDATE = "update"  #: a page of the maintainer's about the project
    SILENT = "incident"  #: a source gave no answer for longer than quality.max_age_hours
    ANSWERED = "incident-end"


#: Kinds of entries that are events, day by day: contributions are counted in figures, and would be too many.
_MONEY: Final = tuple(kind for kind in Kind if kind.value in {event.value for event in NewsKind})


class NewsEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened, or was seen to be otherwise."""

    id: str  #: ``claim/well/2025-11-03``: the same whenever it is told
    at: datetime  #: when it happened; of edits and restated sums the run that saw it
    kind: NewsKind
    project: str = ""  #: slug; empty for a source
    source: str = ""  #: name, of incidents
    figures: tuple[Figure, ...] = ()  #: its amounts; of a change before and after
    about: tuple[
        str, ...
    ] = ()  #: term, stage, sum and month, label of the source, or title and path of a page


def project_news(
    made: ProjectContext,
    stages: Iterable[StageRow],
    edits: Iterable[Edit],
    restatements: Iterable[Restatement],
) -> tuple[NewsEvent, ...]:
    """Return the events of a project up to its as-of time, oldest first."""
    today = day_of(made.as_of)
    found = [
        *_reached(made),
        *_opened(made.slug, (stage for stage in stages if stage.number and stage.opens_on <= today)),
        *_moved(made),
        *map(_edited, edits),
        *map(_restated, restatements),
    ]
    return tuple(sorted(found, key=lambda event: (event.at, event.id)))


def _moved(made: ProjectContext) -> Iterator[NewsEvent]:
    rows: defaultdict[tuple[Kind, date], list[Entry]] = defaultdict(list)
    for entry in made.project.entries:
        if entry.status is Status.CONFIRMED and entry.kind in _MONEY:
            rows[entry.kind, day_of(entry.at)].append(entry)
    for (kind, day), some in rows.items():
        flow = FLOW_OF[kind]
        figure = MOVED.figure(
            made.slug,
            sum(entry.amount_msat for entry in some),
            of=f"{flow}@{day}",
            bound=total((made.figures[flow].bound, Bound.EXACT)),
            verification=grade(entry.verification for entry in some),
            inputs=selectors([kind], Status.CONFIRMED, f"since={day},until={day}"),
            flow=flow,
            day=str(day),
        )
        yield NewsEvent(
            id=f"{kind}/{made.slug}/{day}",
            at=max(entry.at for entry in some),
            kind=NewsKind(kind),
            project=made.slug,
            figures=(figure,),
        )


def _opened(slug: str, stages: Iterable[StageRow]) -> Iterator[NewsEvent]:
    """Yield openings of announced stages; where investors have own dates, some opens nearly every day."""
    for stage in stages:
        yield NewsEvent(
            id=f"{NewsKind.OPENED}/{slug}/{stage.opens_on}",
            at=datetime.combine(stage.opens_on, time.min, UTC),
            kind=NewsKind.OPENED,
            project=slug,
            figures=(stage.funded,),
            about=(str(stage.number),),
        )


def _reached(made: ProjectContext) -> Iterator[NewsEvent]:
    """Yield the moment at which the goal was reached; of a goal that begins anew, in each period."""
    recurs = made.terms.periods.recurs
    rows = contributions(made.project.entries)
    if recurs:
        rows = sorted(rows, key=lambda row: row.period)  # stable, so in order of time within each
    for period, some in groupby(rows, key=lambda row: row.period if recurs else ""):
        goal = made.figures.get(GOAL_OF.name_of(period)) if period else made.figures["goal"]
        if goal is None or goal.value is None or (recurs and not period):
            continue
        at = _crossing(made, list(some), goal)
        if at is not None:
            name = f"{NewsKind.REACHED}/{made.slug}" + (f"/{period}" if period else "")
            yield NewsEvent(
                id=name,
                at=at,
                kind=NewsKind.REACHED,
                project=made.slug,
                figures=(goal,),
                about=(period,),
            )


def _crossing(made: ProjectContext, rows: Sequence[Entry], goal: Figure) -> datetime | None:
    """Return when contributions together came up to a goal; what has no rate adds nothing."""
    came, wanted = Fraction(), Fraction(goal.value or 0)
    for row in rows:
        worth = row.amount_msat if goal.unit == MSAT else made.prices.at_receipt(row, goal.unit).value
        came += Fraction(worth or 0)
        if came >= wanted > 0:
            return row.at
    return None


def _edited(edit: Edit) -> NewsEvent:
    goals = tuple(goal for goal in edited_goals(edit) if goal is not None)
    return NewsEvent(
        id=edit.id,
        at=edit.seen_after.at,
        kind=NewsKind.TERMS,
        project=edit.project,
        figures=goals if len(goals) > 1 else (),
        about=(edit.term,),
    )


def _restated(restatement: Restatement) -> NewsEvent:
    return NewsEvent(
        id=restatement.id,
        at=restatement.seen_after.at,
        kind=NewsKind.RESTATED,
        project=restatement.project,
        figures=(restatement.before, restatement.after),
        about=(restatement.sum, restatement.month),
    )
