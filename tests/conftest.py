"""A test whose tool is missing skips, honestly, on a laptop; in CI such a skip is a failure."""

import os
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

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


class Together(LoadScopeScheduling):  # type: ignore[misc, unused-ignore] -- pytest-xdist is not typed
    """Gives files, and the folders of `TOGETHER`, each to one worker as a whole."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0].removeprefix("tests/")
        folder = path.partition("/")[0]
        return folder if folder in TOGETHER else path


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:  # noqa: ANN401 -- as above
    """Let `Together` deal out the tests."""
    return Together(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest."""
    tests = Path(__file__).parent

    def rank(item: pytest.Item) -> int:
        names = [*item.path.relative_to(tests).parts[:-1], item.path.stem]
        return next((number for number, name in enumerate(FIRST) if name in names), len(FIRST))

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
