"""The log joined with the configuration is the report; pure and deterministic."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from generator.config import Config, published
from generator.errors import LogError, NothingPublishable
from generator.report.figures.fiat import fiat_figures, rate_figures
from generator.report.figures.portfolio import portfolio_figures
from generator.report.figures.ways import sources
from generator.report.health.source_states import RATES, answers, gaps, merged, source_states
from generator.report.health.strips import health, health_figures
from generator.report.history.changes import changes
from generator.report.history.edits import edits
from generator.report.history.past import Looks
from generator.report.history.restated import restatements
from generator.report.model import Figure, Point, ProjectReport, Report, SourceState, Way
from generator.report.notes import gap_notes, hidden_notes, rekey_notes, source_notes
from generator.report.prices import Prices
from generator.report.project import Scene, project_report
from generator.report.series.funding import day_of, funding, weeks
from generator.report.series.network import network_figures
from generator.report.series.openings import stakes
from generator.report.subjects import discovery_answered, hidden_projects, subjects
from generator.snapshot import Finding, Key, Known, Project, Rate


def build(known: Known, config: Config, *, demo: bool) -> Report:
    """Return everything the site states; raise `NothingPublishable` for an empty log.

    Raises `LogError` when the log was recorded on another network: figures of
    different networks are never summed.
    """
    if known.as_of is None:
        msg = "no source has answered and the log is empty: run `sunlit snapshot` when a source is up"
        raise NothingPublishable(msg)
    _refuse_other_network(known, config)
    config = published(config)  # what is not published decides about nothing
    limit = timedelta(hours=config.quality.max_age_hours)
    states = source_states(config, known.runs, known.as_of)
    looks = Looks(known.runs)
    prices = Prices.of(known.of(Rate), config.units.fiat, known.as_of)
    spoken = subjects(known, config)
    asked = sorted({name for subject in spoken for name in subject.expected})
    scene = Scene(
        states=states,
        as_of=known.as_of,
        times={run.id: run.at for run in known.runs},
        edits=edits(known, looks),
        restatements=restatements(known, looks),
        gaps={name: gaps(answers(name, known.runs), known.as_of, limit) for name in asked},
        prices=prices,
    )
    found = [project_report(subject, scene, known) for subject in spoken]
    projects = _in_order(found, len(config.projects))
    certain = config.angor.discover != "all" or discovery_answered(known)
    figures, days, by_week = _portfolio(projects, scene, certain=certain)
    figures |= stakes(projects, figures["locked"], day_of(known.as_of))
    if config.angor.discover == "all":
        figures |= network_figures(projects, day_of(known.as_of), known=certain)
    ways = _ways(projects, states)
    figures |= {figure.name: figure for way in ways for figure in _of_way(way)}
    watched = health(states, known.runs, known.as_of, limit)
    figures |= health_figures(watched)
    silent = merged(gaps([run.at for run in known.runs], known.as_of, limit))
    return Report(
        title=config.site.title,
        base_url=config.site.base_url,
        network=config.network,
        demo=demo,
        as_of=known.as_of,
        snapshot=known.runs[-1].snapshot,
        tip_height=next((run.tip_height for run in reversed(known.runs) if run.tip_height is not None), None),
        config=config,
        projects=projects,
        figures=figures,
        funding=days,
        weeks=by_week,
        gaps=silent,
        health=watched,
        changes=changes(projects, known, known.as_of),
        sources=states,
        rates=known.of(Rate),
        prices=prices,
        ways=ways,
        notes=(
            *source_notes(states),
            *hidden_notes(len(hidden_projects(known, config)), config.angor.moderation),
            *rekey_notes(known.of(Finding), _days_seen(known)),
            *gap_notes("runs", "Nothing was observed", silent),
        ),
        findings=tuple(finding for finding in known.of(Finding) if not finding.project),
    )


def _days_seen(known: Known) -> dict[Key, date]:
    """Return on which day each finding about a source was first made, as far as run records tell."""
    times = {run.id: run.at for run in known.runs}
    return {
        one.key: day_of(times[run])
        for one in known.of(Finding)
        if not one.project and (run := known.seen.get(one.key, "")) in times
    }


def _refuse_other_network(known: Known, config: Config) -> None:
    named = {run.network for run in known.runs} | {record.network for record in known.of(Project)}
    others = sorted(named - {config.network, ""})
    if others:
        msg = (
            f"the log holds observations of {', '.join(others)}, but config.yaml says {config.network}; "
            "figures of different networks are never summed: give each network a folder of its own"
        )
        raise LogError(msg)


def _in_order(projects: Sequence[ProjectReport], configured: int) -> tuple[ProjectReport, ...]:
    """Return the configured projects in their order, then the discovered ones by raised, then slug."""
    found = sorted(projects[configured:], key=lambda one: (-_raised(one), one.slug))
    return (*projects[:configured], *found)


def _raised(project: ProjectReport) -> int:
    value = project.figures["raised"].value
    return value if isinstance(value, int) else -1


def _portfolio(
    projects: Sequence[ProjectReport], scene: Scene, *, certain: bool
) -> tuple[dict[str, Figure], tuple[Point, ...], tuple[Point, ...]]:
    """Return the figures of the portfolio and its two series; a project with nothing known adds nothing."""
    figures = portfolio_figures([dict(project.figures) for project in projects], known=certain)
    raised = figures["raised"]
    entries = [entry for project in projects if _raised(project) >= 0 for entry in project.entries]
    days = funding(None, entries, complete=raised.complete)
    by_week = weeks(None, entries, scene.as_of, complete=raised.complete)
    worths = [*rate_figures(scene.prices), *fiat_figures(None, entries, raised, scene.prices)]
    found = [*worths, *(point.figure for point in (*days, *by_week))]
    return figures | {figure.name: figure for figure in found}, days, by_week


def _ways(projects: Sequence[ProjectReport], states: Iterable[SourceState]) -> tuple[Way, ...]:
    """Return the sources that have answered, complete where every project they speak about is."""
    complete = {
        state.name: all(one.figures["raised"].complete for one in projects if state.name in one.sources)
        for state in states
        if state.name != RATES and state.data_at is not None
    }
    return sources((entry for one in projects for entry in one.entries), complete)


def _of_way(way: Way) -> tuple[Figure, ...]:
    return (way.raised, way.count, *(point.figure for point in way.days))
