"""The whole site: report, charts and content become files."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from jinja2 import Environment

from generator.charts import by_source, funding, missing_days
from generator.charts.chart import Chart, defaults
from generator.charts.term_changes import terms
from generator.pages import (
    calendar,
    changes_page,
    health_page,
    ledger_page,
    method_page,
    network_page,
    own_pages,
    portfolio_page,
    project_page,
    stages_page,
    verify_page,
)
from generator.pages.content import Content
from generator.pages.environment import environment
from generator.pages.files import chart_files, data_files, style, style_files
from generator.pages.numbers import Numbers
from generator.pages.page import Page
from generator.report.model import ProjectReport, Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What is drawn once and stands both in pages and in files of its own."""

    calendar: stages_page.Calendar
    months: Chart | None
    total: Chart | None  #: capital of all projects over time
    by_source: Chart | None
    health: Chart | None


def render(report: Report, content: Content) -> dict[str, bytes]:
    """Return every file of the site by its path; the same report and content give the same bytes."""
    with defaults():
        return _files(report, content)


def _files(report: Report, content: Content) -> dict[str, bytes]:
    env = environment(content.templates, Numbers({one.slug: one for one in report.projects}, report.prices))
    drawn = Drawn(
        calendar=stages_page.Calendar.of(report),
        months=network_page.chart(report),
        total=funding.of_portfolio(report),
        by_source=by_source.sources(report),
        health=missing_days.strip(report),
    )
    files = {**style_files(content), **data_files(report, content)}
    files[stages_page.CALENDAR] = calendar.ics(report, drawn.calendar.coming)
    palette = style(content)
    files |= chart_files("stages", filter(None, [drawn.calendar.chart]), palette)
    files |= chart_files("network", filter(None, [drawn.months]), palette)
    files |= chart_files("sources", filter(None, [drawn.by_source]), palette)
    extra = [(name, title) for name, title, _ in own_pages.own_pages(content)]
    files |= chart_files("health", filter(None, [drawn.health]), palette)
    for one in report.projects:
        charts, strip = (
            project_page.charts(one, report.as_of, report.prices.currencies),
            terms(one, report.as_of),
        )
        files |= chart_files(f"p/{one.slug}", filter(None, [*charts, strip]), palette)
        for page in _of_project(report, one, charts, strip):
            files[page.path] = _html(env, page, report, extra)
    for page in (*_of_all(report, content, drawn), *own_pages.pages(report, content, files)):
        files[page.path] = _html(env, page, report, extra)
    return dict(sorted(files.items()))


def _of_project(
    report: Report, one: ProjectReport, charts: list[Chart], strip: Chart | None
) -> Iterator[Page]:
    yield project_page.page(report, one, charts)
    yield from ledger_page.pages(report, one)
    if changes_page.has_page(report, one):
        yield changes_page.page(report, one, strip)


def _of_all(report: Report, content: Content, drawn: Drawn) -> Iterator[Page]:
    """Yield every page about more than one project that states figures or rows."""
    yield from portfolio_page.pages(report, drawn.total, drawn.by_source)
    yield from stages_page.pages(report, drawn.calendar)
    yield from network_page.pages(report, drawn.months, drawn.total, list(drawn.calendar.coming))
    yield health_page.page(report, drawn.health)
    yield verify_page.page(report)
    yield method_page.page(report, content)


def _html(env: Environment, page: Page, report: Report, extra: list[tuple[str, str]]) -> bytes:
    root = page.root
    if page.path == "404.html":  # served at any address: only absolute links work there
        root = urlsplit(report.base_url).path.rstrip("/") + "/"
    text = env.get_template(page.template).render(
        page=page, report=report, root=root, extra=extra, **page.values
    )
    return text.encode()
