"""A test whose tool is missing skips, honestly, on a laptop; in CI such a skip is a failure."""

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# a busy machine is no failure: only wrong values are
settings.register_profile("sunlit", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("sunlit")

TOOLS = ("browser", "faketime", "kernel", "node")
SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the reference material beside the repository, or skip with the reason."""
    if not SHARED.is_dir():
        pytest.skip("the reference material (../shared) is not beside this repository")
    return SHARED


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    wanted = [tool for tool in TOOLS if item.get_closest_marker(tool)]
    if report.skipped and wanted and os.environ.get("CI"):
        report.outcome = "failed"
        report.longrepr = (
            f"{item.nodeid} was skipped, but CI must have {' and '.join(wanted)}: {report.longrepr}"
        )
    return report
