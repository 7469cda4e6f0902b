"""The whole site: a table of page makers; report and content become files."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from jinja2 import Environment, TemplateError

from generator.charts.chart import matplotlib_defaults
from generator.pages import (
    changes_page,
    health_page,
    ledger_page,
    method_page,
    network_page,
    own_pages,
    portfolio_page,
    project_page,
    sources_page,
    stages_page,
    verify_page,
)
from generator.pages.environment import environment
from generator.pages.file_kinds import of_no_kind
from generator.pages.files import chart_files, chart_style, data_files, log_path, schema_path, style_files
from generator.pages.list_pages import ROWS
from generator.pages.numbers import Numbers
from generator.pages.page import Content, Page
from generator.report import ProjectReport, Report

#: The page for addresses that do not exist.
MISSING: Final = "404.html"

ReportPages: TypeAlias = Callable[[Report, Content], Iterator[Page]]
ProjectPages: TypeAlias = Callable[[Report, ProjectReport], Iterator[Page]]


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the navigation."""

    section: str  #: of the pages that belong to it
    name: str
    path: str


LINKS: Final = (
    Link("projects", "Projects", "index.html"),
    Link("stages", "Stages", "stages/index.html"),
    Link("verify", "Verify", "verify/index.html"),
    Link("health", "Health", "health/index.html"),
    Link("data", "Data", "data/index.html"),
    Link("method", "Method", "method/index.html"),
)
#: Of reports about the whole network only.
NETWORK: Final = Link("network", "Network", "network/index.html")


def navigation(report: Report, content: Content) -> list[Link]:
    """Return the entries in their order: ours, then the maintainer's own pages by name."""
    network = [NETWORK] if report.config.angor.discover == "all" else []
    own = [Link(text.name, text.title, f"{text.name}/index.html") for text in own_pages.own_texts(content)]
    return [*LINKS, *network, *own]


def _downloads(report: Report, content: Content) -> Iterator[Page]:
    """Yield the page; among very many projects it leads to their own pages instead of listing their files."""
    yield Page(
        path="data/index.html",
        template="data.html",
        title="Downloads",
        section="data",
        description="Every number and every row behind it, as files.",
        values={
            "log": sorted(map(log_path, content.log)),
            "schemas": sorted(map(schema_path, content.schemas)),
            "projects": report.projects if len(report.projects) <= ROWS else (),
        },
    )


def _missing(_report: Report, _content: Content) -> Iterator[Page]:
    description = "There is no page at this address."
    yield Page(path=MISSING, template="404.html", title="Not here", description=description)


#: Makers of the pages about one project. To add a page: write its module and its template, name it here.
PROJECT_PAGES: Final[tuple[ProjectPages, ...]] = (project_page.pages, ledger_page.pages, changes_page.pages)
#: Makers of all other pages; `navigation` links what a reader should find from everywhere.
REPORT_PAGES: Final[tuple[ReportPages, ...]] = (
    portfolio_page.pages,
    stages_page.pages,
    network_page.pages,
    health_page.pages,
    sources_page.pages,
    verify_page.pages,
    method_page.pages,
    own_pages.pages,
    _downloads,
    _missing,
)


def render(
    report: Report, content: Content, *, fault: Callable[[str], None] | None = None
) -> Iterator[tuple[str, bytes]]:
    """Yield every file of the site, path and bytes; the same report and content give the same.

    A project whose pages cannot be made gets a short one and ends nothing, if there is somebody to tell:
    `fault` is told a sentence. A template that cannot be used is a fault of the whole site. Raise
    `LookupError` for a file of no kind: nobody would know with what to compare it.
    """
    with matplotlib_defaults():
        for files in _by_unit(report, content, fault):
            if strange := of_no_kind(files):
                msg = f"{', '.join(strange)}: of no kind that is declared in generator/pages/file_kinds.py"
                raise LookupError(msg)
            yield from files.items()


def _by_unit(
    report: Report, content: Content, fault: Callable[[str], None] | None
) -> Iterator[dict[str, bytes]]:
    numbers = Numbers({project.slug: project for project in report.projects}, report.prices)
    env = environment(content.templates, numbers)
    links, style = navigation(report, content), chart_style(content)

    def made(pages: Iterable[Page]) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for page in pages:
            found |= chart_files(page.folder, page.charts, style)
            found[page.path] = _html(env, page, report, links)
        return found

    yield style_files(content)
    yield data_files(report, content)
    yield stages_page.calendar_files(report)
    for project in report.projects:
        try:
            yield made(page for of_project in PROJECT_PAGES for page in of_project(report, project))
        except Exception as error:
            if fault is None or isinstance(error, TemplateError):
                raise
            yield made(_short(project))
            what = f"The pages of {project.slug} could not be made ({type(error).__name__})"
            fault(f"{what}: it has a short one instead, its figures stand; tell the makers of Sunlit")
    for of_report in REPORT_PAGES:
        yield made(of_report(report, content))


def _short(project: ProjectReport) -> Iterator[Page]:
    """Yield what stands in for a project's pages: where its numbers are, and none of its words."""
    for path in (f"p/{project.slug}/index.html", f"p/{project.slug}/ledger/index.html"):
        yield Page(path=path, template="short.html", title=project.slug, values={"project": project})


def _html(env: Environment, page: Page, report: Report, links: list[Link]) -> bytes:
    root = page.root
    if page.path == MISSING:  # served at any address: only absolute links work there
        root = urlsplit(report.base_url).path.rstrip("/") + "/"
    template = env.get_template(page.template)
    return template.render(page=page, report=report, root=root, navigation=links, **page.values).encode()
