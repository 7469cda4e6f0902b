"""A test whose tool is missing skips, honestly, on a laptop; in CI such a skip is a failure."""

import os
import sys
from collections.abc import Generator

import pytest

#: A server with real money; a wheel of py-bitcoinkernel for a Python that its release does not know.
MAY_LACK = ("remote", "kernel") if sys.version_info >= (3, 14) else ("remote",)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Make every skip a failure in CI, which has all that tests need but what `MAY_LACK` names."""
    report = yield
    if (
        report.skipped
        and not hasattr(report, "wasxfail")
        and os.environ.get("CI")
        and not any(map(item.get_closest_marker, MAY_LACK))
    ):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, but CI has all that tests need: {report.longrepr}"
    return report
