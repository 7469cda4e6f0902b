"""The projects whose charts are read back."""

import pytest

from generator.report import ProjectReport, Report
from tests.support.fair import fair


@pytest.fixture(scope="session")
def report() -> Report:
    return fair().report()


@pytest.fixture(scope="session")
def well(report: Report) -> ProjectReport:
    return next(project for project in report.projects if project.slug == "well")


@pytest.fixture(scope="session")
def solar(report: Report) -> ProjectReport:
    return next(project for project in report.projects if project.slug == "solar")
