"""How tests are chosen, ordered and dealt out; what a skip means in CI."""

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

TESTS = Path(__file__).parent
#: Folders whose files share what is costly to make, so that one worker runs them all.
TOGETHER = ("job", "verify", "browser")
#: What takes longest begins first, so that no worker is left alone with it at the end.
FIRST = (
    "browser",
    "job",
    "verify",
    "test_docs",
    "cli",
    "test_scale",
    "workflow",
    "test_thousand",
    "test_world",
    "test_sandbox",
    "test_wheel",
    "test_indexer_quirks",
    "test_refresh",
    "test_absence",
    "test_server",
    "sandbox",
    "test_javascript",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest; give each file, and each folder of `TOGETHER`, to one worker."""
    for item in items:
        path = item.path.relative_to(TESTS)
        group = path.parts[0] if path.parts[0] in TOGETHER else path.with_suffix("").as_posix()
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    names = item.path.relative_to(TESTS).with_suffix("").parts
    return next((number for number, name in enumerate(FIRST) if name in names), len(FIRST))


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
