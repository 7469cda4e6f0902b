"""Everything that can be downloaded: figures, rows, the log, and what the site is made from."""

from collections.abc import Iterator

from generator.pages.files import input_files, log_path, schema_path
from generator.pages.list_pages import ROWS
from generator.pages.page import Content, Page
from generator.report import Report
from generator.sentence import say


def pages(report: Report, content: Content) -> Iterator[Page]:
    """Yield the page; among very many projects it leads to their own pages instead of listing their files."""
    yield Page(
        path="data/index.html",
        template="data.html",
        title=say("Downloads"),
        section="data",
        description=say("Every number and every row behind it, as files."),
        values={
            "inputs": sorted(input_files(content)),
            "log": sorted(map(log_path, content.log)),
            "schemas": sorted(map(schema_path, content.schemas)),
            "projects": report.projects if len(report.projects) <= ROWS else (),
        },
    )
