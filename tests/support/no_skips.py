"""A test whose tool is missing skips, honestly, on a laptop; in CI such a skip is a failure."""

import os
from collections.abc import Generator

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Make every skip a failure in CI, which has all that tests need but a server with real money."""
    report = yield
    if (
        report.skipped
        and not hasattr(report, "wasxfail")
        and os.environ.get("CI")
        and not item.get_closest_marker("remote")
    ):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, but CI has all that tests need: {report.longrepr}"
    return report
