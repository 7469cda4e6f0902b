"""The projects whose charts are read back."""

import pytest

from generator.report import ProjectReport, Report
from tests.support.fair import fair


@pytest.fixture(scope="session")
def report() -> Report:
    return fair().report()


@pytest.fixture(scope="session")
def well(report: Report) -> ProjectReport:
    return next(one for one in report.projects if one.slug == "well")


@pytest.fixture(scope="session")
def solar(report: Report) -> ProjectReport:
    return next(one for one in report.projects if one.slug == "solar")
