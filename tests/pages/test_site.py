"""The site as a whole: which files there are, and that the same report gives the same bytes."""

from pathlib import Path

import pytest

from generator import inputs, pages
from generator.report import Report
from tests.pages.fair import fair

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def report() -> Report:
    return fair().report()


@pytest.fixture(scope="session")
def content() -> pages.Content:
    return pages.Content(templates=inputs.templates(ROOT), pages=inputs.pages(ROOT))


def test_each_project_has_its_page(report: Report, content: pages.Content) -> None:
    files = pages.render(report, content)
    assert {f"p/{one.slug}/index.html" for one in report.projects} < files.keys()
    assert {"index.html", "figures.json", "data/ledger.csv", "style.css"} < files.keys()


def test_the_same_report_gives_the_same_bytes(report: Report, content: pages.Content) -> None:
    assert pages.render(report, content) == pages.render(fair().report(), content)
