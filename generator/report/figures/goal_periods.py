"""Periods of a goal that begins anew: which one each contribution belongs to, and what came in each."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final, Self

import msgspec

from generator.ledger import Entry
from generator.periods import NEVER, Period, Periods, Recurrence
from generator.report.days import day_of
from generator.report.figures.figure import FigureDefinition
from generator.report.figures.sums import CONTRIBUTIONS, contributions, kinds_of
from generator.report.joined_projects import JoinedProject
from generator.snapshot import Project

RAISED_IN: Final = FigureDefinition(
    "raised_in_period",
    "Confirmed contributions of the period of the goal that began on {of}: of a crowdfund's own goal by the "
    "creation of the invoice, else by the day of payment.",
    by="day",
    meaning="Confirmed contributions of one period of a goal that begins anew; the periods, and what came "
    "before the first or counts for none, add up to raised.",
)


class GoalPeriods(msgspec.Struct, frozen=True, kw_only=True):
    """When a goal begins anew, as of one report; without `rule` it does not, and may have done so before."""

    rule: Recurrence | None = None
    every: tuple[Period, ...] = ()  #: oldest first
    current: Period | None = None  #: None also where periods are too short to be told by days
    place: str = ""  #: whose rows carry their own period; empty for a goal of the configuration
    timeline: Periods = msgspec.field(default_factory=lambda: Periods((), datetime.min.replace(tzinfo=UTC)))

    @classmethod
    def of(cls, project: JoinedProject, record: Project | None, as_of: datetime) -> Self:
        """Find the periods of a project's goal, which `record` names where the configuration does not."""
        own = project.setting.goal if project.setting else None
        if own and (own.amount_msat or own.value):
            if own.period is None:
                return cls()
            own_rule = own.period.recurrence
            if own.period.start is None:  # those of the calendar, from the first contribution on
                first = min((row.at for row in contributions(project.entries)), default=as_of)
                name = Periods((own_rule,), max(first, as_of)).name_at(first)
                begun = datetime.fromisoformat(name).replace(tzinfo=UTC)
                own_rule = msgspec.structs.replace(own_rule, start=begun)
            found = Periods((own_rule,), as_of)
            return cls(rule=own_rule, every=found.all, current=found.current, timeline=found)
        if record is None or not record.recurs:
            return cls()
        found = Periods(record.recurs, as_of)
        rule = record.recurs[-1] if record.recurs[-1].unit != NEVER else None
        return cls(rule=rule, every=found.all, current=found.current, place=record.id, timeline=found)

    @property
    def recurs(self) -> bool:
        """Whether the goal begins anew."""
        return self.rule is not None

    def named(self, entries: Iterable[Entry]) -> tuple[Entry, ...]:
        """Return entries with the period that each contribution belongs to."""
        rows = tuple(entries)
        if not self.every and not any(row.period for row in rows):  # as of nearly all projects
            return rows
        return tuple(
            row if row.period == name else msgspec.structs.replace(row, period=name)
            for row in rows
            for name in [self._name(row)]
        )

    def _name(self, row: Entry) -> str:
        if row.kind not in _KINDS:
            return ""
        if self.place and row.place == self.place:
            return row.period
        return self.timeline.name_on(day_of(row.at))


_KINDS: Final = frozenset(kinds_of(CONTRIBUTIONS))
