"""The log joined with the configuration is the report; pure and deterministic."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from generator.config import Config, published
from generator.errors import NothingPublishable
from generator.places import ANGOR
from generator.report.census import NetworkCensus, census
from generator.report.days import DayRange, day_of, last_full_month, merged
from generator.report.figures.bounds import Bound, total
from generator.report.figures.day_income import summed
from generator.report.figures.figure import Figure
from generator.report.health.coverage import health
from generator.report.health.independence import independence
from generator.report.health.source_states import SourceState, answers, gaps, source_states
from generator.report.history.changes import WEEK, changes
from generator.report.history.edits import edits
from generator.report.history.incidents import incidents
from generator.report.history.restatements import restatements
from generator.report.history.revisions import RunIndex
from generator.report.joined_projects import (
    JoinedProject,
    discovery_answered,
    hidden_projects,
    joined_projects,
)
from generator.report.ledger_sums import LedgerSums
from generator.report.model import ProjectReport, Report
from generator.report.notes import Note, delayed_notes, gap_notes, source_notes
from generator.report.other_network import refuse_other_network
from generator.report.place_owners import PlaceOwners
from generator.report.portfolio.portfolio_context import PortfolioContext
from generator.report.portfolio.portfolio_figures import portfolio_figures
from generator.report.portfolio.today_figures import today_figures
from generator.report.portfolio_notes import (
    census_notes,
    clock_notes,
    hidden_notes,
    left_out_notes,
    rekey_notes,
    unrecorded_notes,
)
from generator.report.prices import Prices
from generator.report.project_inputs import ProjectInputs, ReportContext
from generator.report.project_report import project_report
from generator.report.redaction_notes import redaction_notes
from generator.report.remembered_projects import ProjectMemory
from generator.report.series.raised_over_time import inflow_by_week, raised_by_day
from generator.report.series.subtotals import bound_of_part, by_source
from generator.report.source_names import RATES
from generator.report.statements.by_month import portfolio_statements
from generator.report.store_accounts import store_accounts
from generator.report.unlisted_stores import refuse_unlisted
from generator.report.void_notes import void_notes
from generator.sentence import say
from generator.snapshot import Finding, Key, Known, Rate, Redaction, VoidedRun


def build(known: Known, config: Config, *, demo: bool, memory: ProjectMemory | None = None) -> Report:
    """Return everything the site states; raise `NothingPublishable` for an empty log.

    With a `memory`, projects of which nothing changed are not worked out again. Raises
    `LogError` when the log was recorded on another network, since figures of different
    networks are never summed, or has money of a store that the configuration lists no more.
    """
    if known.as_of is None:
        msg = "no source has answered and the log is empty: run `sunlit snapshot` when a source is up"
        raise NothingPublishable(msg)
    refuse_other_network(known, config)
    config = published(config)  # what is not published decides about nothing
    owners = PlaceOwners.of(config)
    refuse_unlisted(known, owners)
    joined = joined_projects(known, config, owners)
    context = _context(known, config, owners, joined)
    made = memory.project if memory else project_report
    found = [made(ProjectInputs.of(project, context)) for project in joined]
    report = _report(_in_order(found, len(config.projects)), context, config, demo=demo)
    nested = {figure.name: figure for figure in report.nested_figures()}
    return replace(report, figures={**report.figures, **nested})


def _context(
    known: Known, config: Config, owners: PlaceOwners, projects: Sequence[JoinedProject]
) -> ReportContext:
    as_of, runs = known.runs[-1].at, RunIndex(known.runs)
    sources = {source for project in projects for source in project.expected}
    limit = timedelta(hours=config.quality.max_age_hours)
    states = source_states(config, known.runs, as_of)
    closed = {state.name for state in states if state.closed}
    return ReportContext(
        known=known,
        owners=owners,
        as_of=as_of,
        times=known.times,
        states=states,
        edits=edits(known, runs, owners),
        restatements=restatements(known, runs, owners),
        gaps={
            source: [] if source in closed else gaps(answers(source, known.runs), as_of, limit)
            for source in sources
        },
        prices=Prices.of(known.of(Rate), config.units.fiat, as_of),
        delay_hours=config.privacy.publish_delay_hours,
        min_group=config.privacy.min_group,
        accepted={gap.place: gap.reason for gap in config.accepted},
        view=independence(config, known.runs),
        extras_for_all=config.publish.extras == "all",
    )


def _report(
    projects: tuple[ProjectReport, ...], context: ReportContext, config: Config, *, demo: bool
) -> Report:
    known, owners, prices, as_of = context.known, context.owners, context.prices, context.as_of
    limit = timedelta(hours=config.quality.max_age_hours)
    silent = merged(gaps([run.at for run in known.runs], as_of, limit))
    # a project with nothing known adds nothing
    told = [project.ledger_sums for project in projects if _raised(project) >= 0]
    came = summed(income for sums in told for income in sums.days)
    counted = census(known, config, [project.slug for project in projects], hidden_projects(known, config))
    figures = _figures(projects, context, config, counted)
    bound = figures["raised"].bound
    incomes = came if bound is not Bound.UNKNOWN else ()
    shown_until = max([last_full_month(day_of(as_of)), *(project.shown_until for project in projects)])
    read = health([state for state in context.states if not state.closed], known.runs, as_of, limit)
    return Report(
        title=config.site.title,
        base_url=config.site.base_url,
        network=config.network,
        demo=demo,
        as_of=as_of,
        snapshot=known.runs[-1].snapshot,
        run=known.runs[-1].id,
        tip_height=known.tip_height,
        config=config,
        projects=projects,
        figures=figures,
        today={each.id: each for each in today_figures(projects, figures, prices, read)},
        shown_until=shown_until,
        funding=raised_by_day(None, incomes, bound),
        weeks=inflow_by_week(None, incomes, shown_until, bound),
        gaps=silent,
        health=read,
        incidents=incidents(context.states, known.runs, as_of, limit),
        changes=changes(
            {project.slug: (project.since(as_of - WEEK), project.latest_news) for project in projects},
            known,
            owners,
            as_of,
        ),
        sources=context.states,
        stores=store_accounts(known, config, owners, context.states),
        prices=prices,
        by_source=by_source(came, _counts(told), _answered(projects, context.states, counted)),
        census=counted,
        view=context.view,
        notes=tuple(_notes(projects, context, config, silent, counted)),
        statements=portfolio_statements((project.month_parts for project in projects), figures, prices),
        findings=tuple(finding for finding in known.of(Finding) if not finding.place),
    )


def _figures(
    projects: Sequence[ProjectReport],
    context: ReportContext,
    config: Config,
    counted: NetworkCensus,
) -> dict[str, Figure]:
    network_wide = config.angor.discover == "all"
    return portfolio_figures(
        PortfolioContext(
            projects=projects,
            prices=context.prices,
            today=day_of(context.as_of),
            network_wide=network_wide,
            listed=not network_wide or discovery_answered(context.known),
            census=counted,
        )
    )


def _notes(
    projects: Sequence[ProjectReport],
    context: ReportContext,
    config: Config,
    silent: Sequence[DayRange],
    counted: NetworkCensus,
) -> Iterator[Note]:
    known, owners = context.known, context.owners
    yield from source_notes(context.states)
    yield from census_notes(counted.unread)
    yield from left_out_notes([project.slug for project in projects if _raised(project) < 0])
    yield from hidden_notes(len(hidden_projects(known, config)), config.angor.moderation)
    yield from delayed_notes("all", config.privacy.publish_delay_hours if config.sources.btcpay else 0)
    yield from unrecorded_notes(owners.rebound(known) if owners.is_newer(known) else ())
    yield from rekey_notes(known.of(Finding), _days_seen(context))
    yield from clock_notes(known.of(Finding), _days_seen(context))
    yield from redaction_notes(known.of(Redaction), _days_seen(context))
    yield from void_notes(known.of(VoidedRun), _days_seen(context))
    yield from gap_notes("runs", say("Nothing was observed"), silent)


def _days_seen(context: ReportContext) -> dict[Key, date]:
    """Return on which day each finding about a source, redaction and void was made, as runs tell."""
    known, times = context.known, context.times
    return {
        record.key: day_of(times[run])
        for record in (*known.of(Finding), *known.of(Redaction), *known.of(VoidedRun))
        if not (isinstance(record, Finding) and record.place)
        and (run := known.seen.get(record.key, "")) in times
    }


def _in_order(projects: Sequence[ProjectReport], configured: int) -> tuple[ProjectReport, ...]:
    """Return the configured projects in their order, then the discovered ones by raised, then slug."""
    found = sorted(projects[configured:], key=lambda project: (-_raised(project), project.slug))
    return (*projects[:configured], *found)


def _raised(project: ProjectReport) -> int:
    value = project.figures["raised"].value
    return value if isinstance(value, int) else -1


def _counts(told: Iterable[LedgerSums]) -> Counter[str]:
    """Return the contributions of each source."""
    return sum((Counter(sums.counts) for sums in told), Counter())


def _answered(
    projects: Sequence[ProjectReport], states: Iterable[SourceState], counted: NetworkCensus
) -> dict[str, Bound]:
    """Return the sources that have answered, bounded as the projects are that they speak about."""
    return {
        state.name: total(
            [
                *(
                    bound_of_part(project.figures, on_chain=state.name == ANGOR)
                    for project in projects
                    if state.name in project.sources
                ),
                *(Bound.UNKNOWN for _ in counted.unseen if state.name == ANGOR),
            ]
        )
        for state in states
        if state.name != RATES and state.data_at is not None
    }
