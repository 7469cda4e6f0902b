"""All that the report of one project is made from, taken out of log and configuration.

A project's report reads nothing else, so these values are the key by which it can be kept.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Final

import msgspec

from generator.places import BTCPAY, UNASSIGNED
from generator.report.days import DayRange, merged
from generator.report.figures.project_context import GoalTerms, goal_terms
from generator.report.health.independence import Independence
from generator.report.health.source_states import SourceState, settings_read_at
from generator.report.history.edits import Edit
from generator.report.history.restatements import Restatement
from generator.report.joined_projects import JoinedProject
from generator.report.notes import Note, accepted_notes, alone_notes, delayed_notes, gap_notes, source_notes
from generator.report.place_owners import PlaceOwners
from generator.report.prices import Prices, PricesOfDays
from generator.report.redaction_notes import project_redaction_notes
from generator.sentence import say
from generator.snapshot import Known

_TICK: Final = timedelta(microseconds=1)


class ReportContext(msgspec.Struct, frozen=True, kw_only=True):
    """What every project is seen against."""

    known: Known
    owners: PlaceOwners
    as_of: datetime
    times: Mapping[str, datetime]  #: of run records, by run id
    states: tuple[SourceState, ...]
    edits: Mapping[str, tuple[Edit, ...]]  #: by slug
    restatements: Mapping[str, tuple[Restatement, ...]]  #: by slug
    gaps: Mapping[str, list[DayRange]]  #: days without an answer, by source
    prices: Prices
    delay_hours: int = 0  #: by which payments of BTCPay are published late
    min_group: int = 5  #: payments that are told together at least
    view: Independence = msgspec.field(default_factory=Independence)
    #: the maintainer's reasons, by what they name
    accepted: Mapping[str, str] = msgspec.field(default_factory=dict)
    extras_for_all: bool = False  #: discovered projects have what else costs per project, too


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectInputs:
    """What one project's report is made from."""

    project: JoinedProject
    as_of: datetime  #: or the earliest time since which it makes no difference
    unread: bool  #: no source of it was read since the period of its goal began
    edits: tuple[Edit, ...]
    restatements: tuple[Restatement, ...]  #: each bounded as if its sum were known
    gaps: tuple[DayRange, ...]
    prices: PricesOfDays  #: of the days of its entries, and of the last month's end
    changed_at: datetime | None
    first_seen_at: datetime | None
    labels: Mapping[str, str]  #: what its sources are called, by name
    settings_at: Mapping[str, datetime]  #: when settings unread since were last read, by place
    notes: tuple[Note, ...]  #: that do not follow from its own records
    min_group: int  #: payments that are told together at least
    has_extras: bool  #: it is listed, or discovered ones have extras too

    @classmethod
    def of(cls, project: JoinedProject, context: ReportContext) -> "ProjectInputs":
        """Take what concerns one project."""
        known, slug = context.known, project.slug
        project = replace(project, stale=tuple(_stale(project, context)))
        changed_at = project.changed_at(known, context.times)
        as_of = _as_of(project, context.as_of, changed_at)
        unread = {record.id: settings_read_at(record, known) for record in project.records}
        gaps = merged(days for source in project.expected for days in context.gaps[source])
        return cls(
            project=project,
            as_of=as_of,
            unread=_unread(project, goal_terms(project, as_of), context),
            edits=context.edits.get(slug, ()),
            restatements=context.restatements.get(slug, ()),
            gaps=gaps,
            prices=PricesOfDays(context.prices, project.rows),
            changed_at=changed_at,
            first_seen_at=project.first_seen_at(known, context.times),
            labels={state.name: state.label for state in context.states if state.name in project.sources},
            settings_at={place: at for place, at in unread.items() if at},
            notes=tuple(_notes(project, context, gaps)),
            min_group=context.min_group,
            has_extras=project.setting is not None or context.extras_for_all,
        )

    @property
    def terms(self) -> GoalTerms:
        """Goal and dates."""
        return goal_terms(self.project, self.as_of)


def _as_of(project: JoinedProject, as_of: datetime, changed_at: datetime | None) -> datetime:
    """Return the earliest time since which as-of makes no difference to this project.

    That is the beginning of its day, or of its month where nothing of the project is still to come, or the
    moment after something of it began or ended since.
    """
    if any(record.recurs for record in project.records) or (project.setting and project.setting.goal):
        return as_of
    begin = datetime.combine(as_of.date(), time.min, UTC)
    moments = [at for at in (changed_at, *_moments(project, as_of)) if at is not None]
    ahead = max(moments, default=as_of) > as_of
    last = max((at for at in moments if at <= as_of), default=None)
    for since in (begin,) if ahead else (begin.replace(day=1), begin):
        if last is None or last < since:
            return since
    return min(as_of, last + _TICK) if last else as_of


def _moments(project: JoinedProject, as_of: datetime) -> Iterator[datetime | None]:
    """Yield moments of a project; of rows and of their openings, the last and the last until as-of."""
    for record in project.records:
        yield from (record.starts_at, record.ends_at, record.expires_at)
        yield from (stage.opens_at for stage in record.stages)
    yield project.rows.last
    yield project.rows.last_until(as_of)
    openings = project.rows.openings
    yield max(openings, default=None)
    yield max([at for at in openings if at <= as_of], default=None)


def _unread(project: JoinedProject, terms: GoalTerms, context: ReportContext) -> bool:
    """Tell whether no source of a project was read since the period of its goal began."""
    current = terms.periods.current
    read = [state.data_at for state in context.states if state.name in project.expected]
    return current is not None and all(at is None or at < min(current.start, context.as_of) for at in read)


def _stale(project: JoinedProject, context: ReportContext) -> Iterator[str]:
    """Yield the sources of a project that answered too long ago; one that never did is unread."""
    for state in context.states:
        if state.stale and state.data_at is not None and state.name in project.expected:
            yield state.name


def _notes(project: JoinedProject, context: ReportContext, gaps: Iterable[DayRange]) -> Iterator[Note]:
    yield from alone_notes(project.slug, alone=context.view.is_alone(project.text("identifier")))
    yield from project_redaction_notes(project, context.known)
    yield from accepted_notes(project.slug, _accepted(project, context))
    delivered = {record.source for record in project.records} & set(project.expected)
    yield from source_notes(state for state in context.states if state.name in delivered)
    if any(source.startswith(f"{BTCPAY}-") for source in project.expected):
        yield from delayed_notes(project.slug, context.delay_hours)
    yield from gap_notes(project.slug, say("Not every source of this project answered"), gaps)


def _accepted(project: JoinedProject, context: ReportContext) -> Iterator[str]:
    """Yield what the maintainer says of gaps: of a project, its places, or doubtful money of its store."""
    doubt = {finding.source for finding in project.findings if finding.check == "unassigned"}
    named = {project.slug, project.text("identifier"), *(record.id for record in project.records)}
    for name, reason in context.accepted.items():
        store, _, part = name.partition("/")
        if name in named or (part == UNASSIGNED and store.replace(":", "-", 1) in doubt):
            yield reason
