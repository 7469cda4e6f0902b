"""Pages that the maintainer writes in Markdown, the page of downloads, and the one for what is not there."""

from collections.abc import Iterator, Mapping

from generator.pages.clean import prose
from generator.pages.content import Content
from generator.pages.lists import ROWS
from generator.pages.page import Page
from generator.report.model import Report

#: Names whose text stands on a page of ours rather than on one of its own.
INSIDE = ("method",)


def own_pages(content: Content) -> Iterator[tuple[str, str, str]]:
    """Yield name, title and text of each page of the maintainer's; the first heading is its title."""
    for name, text in sorted(content.pages.items()):
        if name in INSIDE or not text.strip():
            continue
        first, _, rest = text.strip().partition("\n")
        has_title = first.startswith("# ")
        yield (
            name,
            first[2:].strip() if has_title else name.replace("-", " ").capitalize(),
            rest if has_title else text,
        )


def pages(report: Report, content: Content, files: Mapping[str, bytes]) -> Iterator[Page]:
    """Yield the pages of text, the page of downloads and the one for addresses that do not exist."""
    for name, title, text in own_pages(content):
        yield Page(
            path=f"{name}/index.html",
            template="page.html",
            title=title,
            section=name,
            description=title,
            values={"prose": prose(text)},
        )
    yield Page(
        path="data/index.html",
        template="data.html",
        title="Downloads",
        section="data",
        description="Every number and every row behind it, as files.",
        values={
            "log": sorted(path for path in files if path.startswith("data/snapshots/")),
            "schemas": sorted(path for path in files if path.startswith("data/schema/")),
            "projects": report.projects if len(report.projects) <= ROWS else (),
            "has_findings": "data/findings.json" in files,
        },
    )
    yield Page(
        path="404.html",
        template="404.html",
        title="Not here",
        description="There is no page at this address.",
    )
