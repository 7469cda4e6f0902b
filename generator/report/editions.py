"""Editions made of a report, and what a later report says otherwise; pure."""

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from generator import __version__
from generator.places import identifier_in
from generator.report.days import month_text
from generator.report.figures.figure import ALL, Figure
from generator.report.history.restatements import Restatement
from generator.report.model import ProjectReport, Report
from generator.report.statements.edition import SCHEMA, Edition, EditionDocument, FrozenEdit, FrozenFigure
from generator.report.statements.month_sums import amounts_at
from generator.report.statements.statement import Statement, at_month
from generator.sentence import Sentence, say

#: Sums of a month by which a restatement explains each figure of an edition.
_SUMS: Final[Mapping[str, tuple[str, ...]]] = {
    "received": ("raised",),
    "returned": ("refunded", "recovered", "released"),
    "paid_out": ("paid_out",),
}


def edition_of(report: Report, month: str) -> EditionDocument:
    """Return the edition of a month that is over, as this report has it."""
    run = report.run
    statements = {project.slug: project.statements for project in report.projects}
    figures = [
        FrozenFigure(
            id=f"{figure.id}@{run}",
            value=figure.value,
            unit=figure.unit,
            bound=figure.bound,
            verification=figure.verification,
        )
        for of_one in (report.statements, *statements.values())
        for figure in at_month(of_one, month)
    ]
    return EditionDocument(
        schema=SCHEMA,
        month=month,
        sunlit=__version__,
        network=report.network,
        demo=report.demo,
        run=run,
        snapshot=report.snapshot,
        as_of=report.as_of,
        config=report.config.model_dump(mode="json"),
        bindings=dict(sorted(_bindings(report))),
        edits=sorted(_edits(report, month)),
        figures=sorted(figures, key=lambda figure: figure.id),
    )


def _bindings(report: Report) -> Iterator[tuple[str, str]]:
    """Yield places with money and their projects; an Angor project under its own identifier needs none."""
    for project in report.projects:
        for place in {entry.place for entry in project.entries}:
            if identifier_in(place) != project.slug:
                yield place, project.slug


def _edits(report: Report, month: str) -> Iterator[FrozenEdit]:
    for project in report.projects:
        for edit in project.edits:
            if month_text(edit.seen_after.at) == month:
                yield FrozenEdit(project.slug, edit.term, f"{edit.seen_after.at:%Y-%m-%d}")


class RestatedFigure(msgspec.Struct, frozen=True, kw_only=True):
    """A figure of an edition that is another one now."""

    project: str  #: slug, or `ALL`
    name: str  #: ``received``, ``account_in@locked``
    frozen: Figure | None  #: None: of a project without money then
    now: Figure | None  #: None: nothing moved in that month, or the project is none of this report
    restatements: tuple[Restatement, ...]  #: that explain it
    why: Sentence | None  #: where none does


def restated_since(edition: Edition, report: Report) -> tuple[RestatedFigure, ...]:
    """Return what a report says otherwise than an edition, projects first; nothing of what is unknown now."""
    frozen = edition.projects
    projects = {project.slug: project for project in report.projects}
    found: list[RestatedFigure] = []
    for slug in (*sorted({*frozen, *projects} - {ALL}), ALL):
        project = projects.get(slug)
        if project and _stands(project, edition.month, frozen.get(slug, {})):
            continue
        statements = report.statements if slug == ALL else project.statements if project else ()
        live = _by_name(at_month(statements, edition.month), edition.month)
        published = {figure.id for statement in statements for figure in statement.figures}
        for name in dict.fromkeys((*frozen.get(slug, {}), *live)):
            then, now = frozen.get(slug, {}).get(name), live.get(name)
            if not _differs(then, now):
                continue
            reasons = tuple(_restatements(project, edition, name)) if project else ()
            found.append(
                RestatedFigure(
                    project=slug,
                    name=name,
                    frozen=then,
                    now=_published(now, statements, published, edition.month),
                    restatements=reasons,
                    why=None if reasons else _why(edition, report, name, then),
                )
            )
    return tuple(found)


def _stands(project: ProjectReport, month: str, frozen: Mapping[str, Figure]) -> bool:
    """Tell from what is remembered of a project that nothing of it changed, without its statements."""
    now = amounts_at(project.month_parts, month)
    then = {name: None if figure.value is None else str(figure.value) for name, figure in frozen.items()}
    return all((then.get(name) or "0") == (now.get(name, "0") or "0") for name in {*then, *now}) and not any(
        value is None for value in (*then.values(), *now.values())
    )


def _by_name(figures: tuple[Figure, ...], month: str) -> dict[str, Figure]:
    return {figure.name.removesuffix(f"@{month}"): figure for figure in figures}


def _differs(then: Figure | None, now: Figure | None) -> bool:
    """Tell whether a number changed; one that is unknown now says nothing, and none is zero."""
    if now is not None and now.value is None:
        return False
    return _amount(then) != _amount(now)


def _amount(figure: Figure | None) -> int | str | None:
    return "0" if figure is None or figure.value in (0, "0") else figure.value


def _published(
    now: Figure | None, statements: tuple[Statement, ...], published: set[str], month: str
) -> Figure | None:
    """Return the figure that a page may quote: of a month in which nothing moved, the closing before it."""
    if now is None or now.id in published:
        return now
    if not now.name.startswith(("opening@", "closing@")):
        return None
    return next(each.closing for each in reversed(statements) if each.month <= month)


def _restatements(project: ProjectReport, edition: Edition, name: str) -> Iterator[Restatement]:
    """Yield the restatements since that may explain a figure."""
    for restatement in project.restatements:
        if restatement.seen_after.run <= edition.document.run or restatement.month > edition.month:
            continue
        if name in _SUMS:
            if restatement.month == edition.month and restatement.sum in _SUMS[name]:
                yield restatement
        elif name.startswith("received_at_receipt@"):
            if restatement.sum == f"value@{name.partition('@')[2]}":
                yield restatement
        elif "@" not in restatement.sum:
            yield restatement


def _why(edition: Edition, report: Report, name: str, then: Figure | None) -> Sentence:
    bound = dict(_bindings(report))
    if any(bound.get(place) != slug for place, slug in edition.document.bindings.items()):
        return say("Places of money count for other projects since.")
    if name.startswith("received_at_receipt@") and (then is None or then.bound != "exact"):
        return say("A rate that was missing is recorded since.")
    if edition.document.sunlit != __version__:
        version = edition.document.sunlit
        return say("Sunlit {version} made the edition, and another version counts now.", version=version)
    return say("It follows from what is said above, or from a change of the configuration.")
