"""One project of the report: everything its page states."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from generator.report.figures.declared import declared_share
from generator.report.figures.definitions import DECLARED_SHARE
from generator.report.figures.fiat import by_day, fiat_figures
from generator.report.figures.goal import aim_of, goal_figure, progress_figure, reached, standing
from generator.report.figures.headline import project_figures
from generator.report.figures.own_number import own_figures
from generator.report.figures.ways import rails
from generator.report.health.source_states import Days, merged
from generator.report.history.edits import goal_figures
from generator.report.history.restated import with_completeness
from generator.report.model import (
    Edit,
    Figure,
    Note,
    Point,
    ProjectReport,
    Restatement,
    SourceState,
    StageRow,
)
from generator.report.notes import gap_notes, project_notes, source_notes
from generator.report.prices import Prices
from generator.report.series.funding import funding, weeks
from generator.report.series.stages import stage_rows
from generator.report.subjects import Subject
from generator.snapshot import Known


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What every project is seen against."""

    states: tuple[SourceState, ...]
    as_of: datetime
    times: Mapping[str, datetime]  #: run id → time
    edits: Mapping[str, tuple[Edit, ...]]  #: by slug
    restatements: Mapping[str, tuple[Restatement, ...]]  #: by slug
    gaps: Mapping[str, list[Days]]  #: days without an answer, by source
    prices: Prices


def project_report(subject: Subject, scene: Scene, known: Known) -> ProjectReport:
    """Return what the page of one project states."""
    figures = project_figures(subject)
    aim, raised = aim_of(subject), figures["raised"]
    share = reached(aim.goal, raised, subject.entries, scene.prices)
    figures["goal"] = goal_figure(subject, aim)
    figures["progress"] = progress_figure(subject, share, raised)
    figures |= {figure.name: figure for figure in own_figures(subject)}
    figures[DECLARED_SHARE] = declared_share(subject.slug, figures["declarations"], figures["payments"])
    worths = fiat_figures(subject.slug, subject.entries, raised, scene.prices)
    ways = rails(subject.slug, subject.entries, raised)
    worths += [figure for way in ways for figure in (way.raised, way.count)]
    receipts = by_day(subject.slug, subject.entries, raised, scene.prices)
    figures |= {figure.name: figure for figure in (*worths, *(point.figure for point in receipts))}
    silent = merged(day for name in subject.expected for day in scene.gaps[name])
    seen = () if raised.value is None else subject.entries
    days = funding(subject.slug, seen, complete=raised.complete)
    ended = min(aim.ends_at or scene.as_of, scene.as_of)
    by_week = weeks(subject.slug, seen, ended, complete=raised.complete)
    stages = stage_rows(subject)
    notes = (*project_notes(subject, figures), *_source_notes(subject, scene, silent))
    records = subject.records
    edited = scene.edits.get(subject.slug, ())
    restated = with_completeness(scene.restatements.get(subject.slug, ()), figures)
    return ProjectReport(
        slug=subject.slug,
        title=(subject.setting.title if subject.setting else None)
        or _first(subject, "title")
        or subject.slug,
        tagline=_first(subject, "tagline"),
        description=_first(subject, "description"),
        website=_first(subject, "website"),
        kind=_first(subject, "kind") or _kind(subject),
        sources=subject.sources,
        standing=standing(subject, aim, share, raised=raised, as_of=scene.as_of),
        goal=aim.goal,
        goal_by=aim.said_by,
        starts_at=aim.starts_at,
        ends_at=aim.ends_at,
        expires_at=next((record.expires_at for record in records if record.expires_at), None),
        penalty_days=next((one.penalty_days for one in records if one.penalty_days is not None), None),
        identifier=_first(subject, "identifier") or (subject.setting and subject.setting.angor) or "",
        address=_first(subject, "address"),
        founder_key=_first(subject, "founder_key"),
        event_id=_first(subject, "event_id"),
        founding_txid=_first(subject, "founding_txid"),
        figures=figures
        | {figure.name: figure for figure in _dated((*days, *by_week), stages)}
        | {figure.name: figure for figure in _of_the_past(edited, restated)},
        funding=days,
        receipts=receipts,
        rails=ways,
        weeks=by_week,
        gaps=silent,
        stages=stages,
        planned=next((record.stages for record in records if record.stages), ()),
        entries=subject.entries,
        declarations=subject.declarations,
        findings=subject.findings,
        notes=notes,
        changed_at=_changed_at(subject, known, scene.times),
        first_seen_at=_first_seen_at(subject, known, scene.times),
        edits=edited,
        restatements=restated,
    )


def _source_notes(subject: Subject, scene: Scene, silent: tuple[Days, ...]) -> Iterable[Note]:
    told = {record.source for record in subject.records}
    yield from source_notes(state for state in scene.states if state.name in told & set(subject.expected))
    yield from gap_notes(subject.slug, "Not every source of this project answered", silent)


def _first(subject: Subject, name: str) -> str:
    """Return a text field of the first source that fills it, else the empty text."""
    return next((text for record in subject.records if (text := str(getattr(record, name)))), "")


def _kind(subject: Subject) -> str:
    """Return the kind of a project whose sources have not answered, as far as the configuration tells."""
    binding = subject.setting.btcpay if subject.setting else None
    return "" if binding is None else binding.kind


def _dated(points: Iterable[Point], stages: Iterable[StageRow]) -> Iterable[Figure]:
    yield from (point.figure for point in points)
    for row in stages:
        yield from (row.funded, row.claimed, row.left, row.locked)


def _of_the_past(edits: Iterable[Edit], restated: Iterable[Restatement]) -> Iterable[Figure]:
    yield from (goal for edit in edits for goal in goal_figures(edit) if goal is not None)
    for one in restated:
        yield from (one.before, one.after)


def _changed_at(subject: Subject, known: Known, times: Mapping[str, datetime]) -> datetime | None:
    keys = [record.key for record in subject.records]
    keys += [entry.key for entry in subject.entries]
    keys += [one.key for one in subject.declarations]
    return max((times[run] for key in keys if (run := known.seen.get(key, "")) in times), default=None)


def _first_seen_at(subject: Subject, known: Known, times: Mapping[str, datetime]) -> datetime | None:
    chains = (known.history.get(record.key) for record in subject.records)
    runs = [
        chain[0].run if chain else known.seen.get(record.key, "")
        for record, chain in zip(subject.records, chains, strict=True)
    ]
    return min((times[run] for run in runs if run in times), default=None)
