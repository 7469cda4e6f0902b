"""The whole site: the units it is made of, and the tables of those who make their pages."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any, Final, TypeAlias, cast
from urllib.parse import urlsplit

import msgspec
from jinja2 import TemplateError

from generator.config.config import DEFAULT_BASE_URL
from generator.language import Language
from generator.pages import (
    changes_page,
    data_page,
    edition_pages,
    glossary_page,
    health_page,
    ledger_page,
    method_page,
    network_page,
    own_pages,
    portfolio_page,
    project_page,
    share_page,
    sources_page,
    stages_page,
    statements_page,
    verify_page,
)
from generator.pages.file_kinds import of_kinds
from generator.pages.files import CHART_SHEETS, given_files, project_files, store_files
from generator.pages.index_pages import index_units
from generator.pages.list_units import list_units
from generator.pages.listing import listing_files
from generator.pages.log_copy import log_units
from generator.pages.navigation import navigation
from generator.pages.numbers import Numbers
from generator.pages.own_texts import own_texts, updates
from generator.pages.own_words import called_in, said_in, texts_of, versions, wordings
from generator.pages.page import Content, Page
from generator.pages.preview_picture import preview_file
from generator.pages.studio import Studio, StudioPlan
from generator.pages.surroundings import ProjectSurroundings, SiteWords, Surroundings
from generator.pages.word_units import own_unit, word_units
from generator.report import ProjectReport, Report
from generator.report.annotations import annotations
from generator.units.key import UnitRecipe, digest
from generator.units.unit import Made, Unit

ReportPages: TypeAlias = Callable[[Report, Content], Iterator[Page]]
ProjectPages: TypeAlias = Callable[[Report, ProjectReport], Iterator[Page]]
SiteUnit: TypeAlias = Unit[Any, Studio]


class OneProject(msgspec.Struct, frozen=True, kw_only=True):
    """What the unit of a project is made from."""

    report: ProjectSurroundings
    project: ProjectReport


class WholeReport(msgspec.Struct, frozen=True, kw_only=True):
    """What units about the whole report are made from."""

    report: Report
    content: Content  #: without templates, and without what stands in the log


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """Pages about the whole report that are one unit, every template they name, and their own data."""

    pages: ReportPages
    templates: tuple[str, ...]
    data: Callable[[Report], Mapping[str, bytes]] = lambda _report: {}


#: Makers of the pages about one project. To add a page: write its module and its template, name both here.
PROJECT_PAGES: Final[tuple[ProjectPages, ...]] = (
    project_page.pages,
    ledger_page.pages,
    changes_page.pages,
    share_page.pages,
    statements_page.pages,
)
PROJECT_TEMPLATES: Final = (
    "project.html",
    "ledger.html",
    "changes.html",
    "embed.html",
    "share.html",
    "statements.html",
    "short.html",
    *CHART_SHEETS,
)
#: The other pages; `navigation` links what a reader should find from everywhere.
SECTIONS: Final[Mapping[str, Section]] = {
    "portfolio": Section(pages=portfolio_page.pages, templates=("portfolio.html",)),
    "stages": Section(pages=stages_page.pages, templates=("stages.html",)),
    "statements": Section(pages=statements_page.portfolio_pages, templates=("all_statements.html",)),
    "editions": Section(pages=edition_pages.pages, templates=("editions.html", "edition.html")),
    "network": Section(pages=network_page.pages, templates=("network.html",)),
    "health": Section(pages=health_page.pages, templates=("health.html",)),
    "sources": Section(
        pages=sources_page.pages,
        templates=("sources.html", "store.html", "store_ledger.html"),
        data=store_files,
    ),
    "verify": Section(pages=verify_page.pages, templates=("verify.html",)),
    "glossary": Section(pages=glossary_page.pages, templates=("glossary.html",)),
    "method": Section(pages=method_page.pages, templates=("method.html",)),
    "pages": Section(pages=own_pages.pages, templates=("pages.html",)),
    "downloads": Section(pages=data_page.pages, templates=("data.html",)),
}


def render(
    report: Report, content: Content, *, fault: Callable[[str], None] | None = None
) -> Iterator[tuple[str, bytes]]:
    """Yield every file of the site, path and bytes; the same report and content give the same.

    A project whose pages cannot be made gets a short one and ends nothing, if there is somebody to tell:
    `fault` is told a sentence. A template that cannot be used is a fault of the whole site. Raise
    `LookupError` for a file of no kind: nobody would know with what to compare it.
    """
    studio = studio_of(report, content, strict=fault is None)
    yield from of_kinds(given_files(report, content)).items()
    told: dict[str, tuple[str, int]] = {}
    for _, (files, fault_told) in in_turn(units(report, content), studio):
        if fault is not None and fault_told:
            fault(fault_told)
        told |= {path: (sha256(data).hexdigest(), len(data)) for path, data in files.items()}
        yield from files.items()
    yield from listing_files(report, content, told).items()


def in_turn(units: Iterable[SiteUnit], studio: Studio) -> Iterator[tuple[SiteUnit, Made]]:
    """Make units one after another, here; raise as `render` does."""
    for unit in units:
        files, told = unit.make(unit.value, studio)
        yield unit, (of_kinds(files, own=unit.make is own_unit), told)


def recipe_of(report: Report, content: Content, code: str) -> UnitRecipe:
    """Return what the keys of a site's units have in common: `code` stands for Sunlit and its libraries."""
    return UnitRecipe(
        templates=content.templates,
        stamp=digest(code, navigation(report, content), languages(report, content), report.base_url),
    )


def studio_of(report: Report, content: Content, *, strict: bool = False) -> Studio:
    """Return what the makers of this site's units share."""
    plan = StudioPlan(
        templates=content.templates,
        navigation=navigation(report, content),
        languages=languages(report, content),
        in_all={project.slug for project in report.projects if project.has_extras},
        top=_top(report.base_url),
        sandboxed=bool(content.theme),
        strict=strict,
    )
    return Studio(plan)


def languages(report: Report, content: Content) -> list[Language]:
    """Return the languages of a site, the one at its top first; raise `LookupError` for an unknown one."""
    return [content.languages[code] for code in report.config.site.languages]


def _top(base_url: str) -> str:
    """Return the way to the top of the site from any address; relative while nobody said where it stands."""
    return "" if base_url == DEFAULT_BASE_URL else urlsplit(base_url).path.rstrip("/") + "/"


def units(report: Report, content: Content) -> Iterator[SiteUnit]:
    """Yield the units of a site: log, projects, what is about all, own pages; not what lists their files."""
    yield from log_units(content.log, content.log_hashes)
    texts = own_texts(content, report.config.site.languages)
    report = replace(report, annotations=annotations(content.notes, report.config.site.languages))
    around = Surroundings(report, updates(texts))
    for project in report.projects:
        value = OneProject(report=around.of(project), project=project)
        yield Unit(id=f"p/{project.slug}", value=value, templates=PROJECT_TEMPLATES, make=project_unit)
    whole = WholeReport(
        report=report, content=replace(content, templates={}, log=dict.fromkeys(content.log, b""))
    )
    for name, section in SECTIONS.items():
        templates = (*section.templates, *CHART_SHEETS)
        yield Unit(
            id=name, value=whole, templates=templates, make=_SectionMaker(name), wide=True, keyed=False
        )
    yield from list_units(report)
    yield from index_units(SiteWords.of(report), report.projects)
    yield from word_units(SiteWords.of(report), texts, {project.slug for project in report.projects})


def project_unit(value: OneProject, studio: Studio) -> Made:
    """Make the pages, charts and data of one project; a short page where its pages cannot be made."""
    report, project = cast("Report", value.report), value.project
    numbers = Numbers({project.slug: project})
    data = project_files(report, project, studio.language)
    try:
        made = _pages_of(value, studio, numbers)
        return {**data, **made, **preview_file(report, project, studio.language)}, ""
    except Exception as error:
        if studio.strict or isinstance(error, TemplateError):
            raise
        what = f"The pages of {project.slug} could not be made ({type(error).__name__})"
        told = f"{what}: it has a short one instead, its figures stand; tell the makers of Sunlit"
        return {**data, **studio.files(short_pages(project), report, numbers)}, told


def _pages_of(value: OneProject, studio: Studio, numbers: Numbers) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for code, codes in wordings(studio.languages, (*texts_of(value.report), value.project.titles)):
        report, project = cast("Report", said_in(value.report, code)), called_in(value.project, code)
        pages = (page for of_project in PROJECT_PAGES for page in of_project(report, project))
        found |= studio.files(pages, report, numbers, codes)
    return found


class _SectionMaker(msgspec.Struct, frozen=True):
    """Makes the pages of one section."""

    name: str

    def __call__(self, value: WholeReport, studio: Studio) -> Made:
        report = value.report
        numbers = Numbers({project.slug: project for project in report.projects})
        section = SECTIONS[self.name]
        found: dict[str, bytes] = {}
        for said, codes in versions(report, studio.languages):
            found |= studio.files(section.pages(said, value.content), said, numbers, codes)
        return {**found, **section.data(report)}, ""


def short_pages(project: ProjectReport) -> Iterator[Page]:
    """Yield what stands in for a project's pages: where its numbers are, and none of its words."""
    paths = [f"p/{project.slug}/index.html"]
    paths += [f"p/{project.slug}/ledger/index.html"] if project.has_rows else []
    paths += [share_page.card_path(project.slug)] if project.has_extras else []
    for path in paths:
        yield Page(path=path, template="short.html", title=project.slug, values={"project": project})
