"""The whole site: report, charts and content become files."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from jinja2 import Environment

from generator.charts.chart import Chart
from generator.charts.terms import terms
from generator.pages import changes, ledger, method, portfolio, project, texts, verify
from generator.pages.content import Content
from generator.pages.environment import environment
from generator.pages.files import chart_files, data_files, style, style_files
from generator.pages.numbers import Numbers
from generator.pages.page import Page
from generator.report.model import Report


def render(report: Report, content: Content) -> dict[str, bytes]:
    """Return every file of the site by its path; the same report and content give the same bytes."""
    env = environment(content.templates, Numbers({one.slug: one for one in report.projects}, report.prices))
    drawn = {one.slug: project.charts(one, report.as_of) for one in report.projects}
    strips = {one.slug: terms(one, report.as_of) for one in report.projects}
    files = {**style_files(content), **data_files(report, content)}
    palette = style(content)
    for slug, charts in drawn.items():
        strip = strips[slug]
        files |= chart_files(slug, [*charts, strip] if strip else charts, palette)
    extra = [(name, title) for name, title, _ in texts.own_pages(content)]
    for page in (*pages(report, content, drawn, strips), *texts.pages(report, content, files)):
        files[page.path] = _html(env, page, report, extra)
    return dict(sorted(files.items()))


def pages(
    report: Report, content: Content, drawn: dict[str, list[Chart]], strips: dict[str, Chart | None]
) -> Iterator[Page]:
    """Yield every page that states figures or rows."""
    yield portfolio.page(report)
    for one in report.projects:
        yield project.page(report, one, drawn[one.slug])
        yield from ledger.pages(report, one)
        yield changes.page(report, one, strips[one.slug])
    yield verify.page(report)
    yield method.page(report, content)


def _html(env: Environment, page: Page, report: Report, extra: list[tuple[str, str]]) -> bytes:
    root = page.root
    if page.path == "404.html":  # served at any address: only absolute links work there
        root = urlsplit(report.base_url).path.rstrip("/") + "/"
    text = env.get_template(page.template).render(
        page=page, report=report, root=root, extra=extra, **page.values
    )
    return text.encode()
