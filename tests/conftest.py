"""A test whose tool is missing skips, honestly, on a laptop; in CI such a skip is a failure."""

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# a busy machine is no failure: only wrong values are
settings.register_profile("sunlit", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# for a night: `pytest --hypothesis-profile many`
settings.register_profile("many", settings.get_profile("sunlit"), max_examples=2000)
settings.load_profile("sunlit")

TOOLS = ("browser", "faketime", "kernel", "node")
SHARED = Path(__file__).parents[2] / "shared"


#: Folders whose files share what is costly to make, so that one worker runs them all.
TOGETHER = ("job", "verify", "browser")
#: What takes longest begins first, so that no worker is left alone with it at the end.
FIRST = (
    "browser",
    "job",
    "verify",
    "test_docs",
    "cli",
    "test_btcpay_scale",
    "workflow",
    "test_thousand",
    "test_world",
    "test_sandbox",
    "test_wheel",
    "sandbox",
    "test_javascript",
)


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist writes the groups into the tests' names
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Name the group of tests that stay on one worker, and begin with the longest."""
    tests = Path(__file__).parent

    def rank(item: pytest.Item) -> int:
        names = [*item.path.relative_to(tests).parts[:-1], item.path.stem]
        return next((number for number, name in enumerate(FIRST) if name in names), len(FIRST))

    for item in items:
        path = item.path.relative_to(tests)
        group = path.parts[0] if path.parts[0] in TOGETHER else path.as_posix()
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=rank)


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
