"""One project of the report: everything its page states."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, TypeAlias

from generator.places import BTCPAY, UNASSIGNED
from generator.report.days import DayRange, merged
from generator.report.figures.btcpay_number import btcpay_figures
from generator.report.figures.counts import contribution_figures, declaration_figures, declared_share_figure
from generator.report.figures.currency_values import project_value_figures
from generator.report.figures.figure import Figure, Point
from generator.report.figures.flows import balance_figures, flow_figures, level_figures, net_figure
from generator.report.figures.goal import counted_in_goal, goal_figures
from generator.report.figures.other_coins import other_coin_figures
from generator.report.figures.period_figures import needed_figure, period_figures, raised_by_period
from generator.report.figures.project_context import GoalTerms, ProjectContext, goal_terms
from generator.report.figures.sums import Sums
from generator.report.health.independence import Independence
from generator.report.health.source_states import SourceState, settings_read_at
from generator.report.history.edits import Edit
from generator.report.history.restatements import Restatement
from generator.report.joined_projects import JoinedProject
from generator.report.model import ProjectReport
from generator.report.notes import (
    Note,
    accepted_notes,
    alone_notes,
    delayed_notes,
    gap_notes,
    project_notes,
    source_notes,
)
from generator.report.place_owners import PlaceOwners
from generator.report.prices import Prices
from generator.report.project_days import ProjectDays
from generator.report.redaction_notes import project_redaction_notes
from generator.report.series.raised_over_time import (
    inflow_by_week,
    raised_by_day,
    raised_in_period_by_day,
    value_by_day,
)
from generator.report.series.stages import stage_rows
from generator.report.series.subtotals import by_rail
from generator.report.statements import project_statements
from generator.report.status import project_status
from generator.snapshot import Goal, Known

Maker: TypeAlias = Callable[[ProjectContext], Iterable[Figure]]

#: In order: each maker finds in its context what the ones before it made.
MAKERS: Final[tuple[Maker, ...]] = (
    flow_figures,
    balance_figures,
    net_figure,
    level_figures,
    contribution_figures,
    declaration_figures,
    raised_by_period,
    goal_figures,
    period_figures,
    needed_figure,
    btcpay_figures,
    other_coin_figures,
    declared_share_figure,
    project_value_figures,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportContext:
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
    view: Independence = field(default_factory=Independence)
    accepted: Mapping[str, str] = field(default_factory=dict)  #: the maintainer's reasons, by what they name

    @property
    def labels(self) -> dict[str, str]:
        """What sources are called on pages, by name."""
        return {state.name: state.label for state in self.states}


def project_report(project: JoinedProject, context: ReportContext) -> ProjectReport:
    """Return everything the page of one project states: figures, series, stages, notes and history."""
    terms = goal_terms(project, context.as_of)
    project = replace(project, entries=terms.periods.named(project.entries))
    made = _with_figures(
        ProjectContext(
            project=project,
            sums=Sums.of(project.entries),
            terms=terms,
            prices=context.prices,
            as_of=context.as_of,
            unread=_unread(project, terms, context),
            goals=tuple(_earlier_goals(context.edits.get(project.slug, ()), terms)),
        )
    )
    report = _report(made, context)
    nested = {figure.name: figure for figure in report.nested_figures()}
    return replace(report, figures={**report.figures, **nested})


def _unread(project: JoinedProject, terms: GoalTerms, context: ReportContext) -> bool:
    """Tell whether no source of a project was read since the period of its goal began."""
    current = terms.periods.current
    read = [state.data_at for state in context.states if state.name in project.expected]
    return current is not None and all(at is None or at < min(current.start, context.as_of) for at in read)


def _earlier_goals(edits: Iterable[Edit], terms: GoalTerms) -> Iterator[tuple[datetime, Goal | None]]:
    for edit in edits:
        if edit.term == "goal" and edit.source == terms.named_by:
            yield edit.seen_after.at, edit.before if isinstance(edit.before, Goal) else None


def _with_figures(context: ProjectContext) -> ProjectContext:
    """Return the context with every figure of the table; those of series stand in the series."""
    for make in MAKERS:
        made = {figure.name: figure for figure in make(context)}
        context = replace(context, figures={**context.figures, **made})
    return context


def _report(made: ProjectContext, context: ReportContext) -> ProjectReport:
    """Join what sources say, the figures made of it, and the series and notes that rest on them."""
    project, terms, figures, raised = made.project, made.terms, made.figures, made.figures["raised"]
    slug, records, entries = project.slug, project.records, project.entries
    rows = () if raised.value is None else entries
    funding = raised_by_day(slug, rows, raised.bound)
    named, _ = project.deciding(lambda record: bool(record.title))
    dates = ProjectDays.of(project, terms, context.known, context.times, context.as_of)
    gaps = merged(days for source in project.expected for days in context.gaps[source])
    return ProjectReport(
        slug=slug,
        title=(project.setting and project.setting.title) or (named.title if named else slug),
        tagline=project.text("tagline"),
        description=project.text("description"),
        website=project.text("website"),
        kind=project.kind,
        sources=project.sources,
        status=project_status(made, context.as_of),
        goal=terms.goal,
        goal_by=terms.named_by,
        starts_at=terms.starts_at,
        ends_at=terms.ends_at,
        end_known=terms.end_known,
        expires_at=next((record.expires_at for record in records if record.expires_at), None),
        penalty_days=next((days for record in records if (days := record.penalty_days) is not None), None),
        identifier=project.text("identifier") or (project.setting and project.setting.angor) or "",
        address=project.text("address"),
        founder_key=project.text("founder_key"),
        event_id=project.text("event_id"),
        founding_txid=project.text("founding_txid"),
        figures=figures,
        funding=funding,
        goal_funding=_goal_funding(made, funding),
        terms=terms,
        receipts=value_by_day(slug, entries, raised, context.prices),
        rails=by_rail(slug, entries, figures),
        weeks=inflow_by_week(slug, rows, dates.weeks_until(terms), raised.bound),
        gaps=gaps,
        stages=stage_rows(project),
        planned=next((record.stages for record in records if record.stages), ()),
        entries=entries,
        declarations=project.declarations,
        other_money=project.other_money,
        findings=project.findings,
        notes=tuple(_notes(project, figures, context, gaps)),
        **dates._asdict(),
        edits=context.edits.get(slug, ()),
        restatements=tuple(_restated(context.restatements.get(slug, ()), figures)),
        statements=project_statements(slug, entries, figures),
    )


def _notes(
    project: JoinedProject, figures: Mapping[str, Figure], context: ReportContext, gaps: tuple[DayRange, ...]
) -> Iterator[Note]:
    unread = {record.id: settings_read_at(record, context.known) for record in project.records}
    settings_at = {place: at for place, at in unread.items() if at}
    yield from project_notes(project, figures, context.labels, settings_at)
    yield from alone_notes(project.slug, alone=context.view.is_alone(project.text("identifier")))
    yield from project_redaction_notes(project, context.known)
    yield from _source_notes(project, context, gaps)


def _restated(found: Iterable[Restatement], figures: Mapping[str, Figure]) -> Iterator[Restatement]:
    for restatement in found:
        yield restatement.bounded_as(figures.get(restatement.sum, figures["raised"]))


def _goal_funding(made: ProjectContext, funding: tuple[Point, ...]) -> tuple[Point, ...]:
    """Return what the goal is compared with, day by day; none where that is not told."""
    current, raised = made.terms.periods.current, counted_in_goal(made)
    if raised is None or raised.value is None:
        return ()
    if current is None:
        return funding
    rows = [row for row in made.project.entries if row.period == current.name]
    return raised_in_period_by_day(made.slug, rows, raised.bound, current.name)


def _accepted(project: JoinedProject, context: ReportContext) -> Iterator[str]:
    """Yield what the maintainer says of gaps: of a project, its places, or doubtful money of its store."""
    doubt = {finding.source for finding in project.findings if finding.check == "unassigned"}
    named = {project.slug, project.text("identifier"), *(record.id for record in project.records)}
    for name, reason in context.accepted.items():
        store, _, part = name.partition("/")
        if name in named or (part == UNASSIGNED and store.replace(":", "-", 1) in doubt):
            yield reason


def _source_notes(
    project: JoinedProject, context: ReportContext, gaps: tuple[DayRange, ...]
) -> Iterator[Note]:
    yield from accepted_notes(project.slug, _accepted(project, context))
    delivered = {record.source for record in project.records} & set(project.expected)
    yield from source_notes(state for state in context.states if state.name in delivered)
    if any(source.startswith(f"{BTCPAY}-") for source in project.expected):
        yield from delayed_notes(project.slug, context.delay_hours)
    yield from gap_notes(project.slug, "Not every source of this project answered", gaps)
