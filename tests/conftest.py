"""How tests are ordered and dealt out; the plugins say which are left out and what a skip means."""

import contextlib
import gc
import importlib
from functools import cache
from pathlib import Path

import pytest

from tests.support.paths import files_below

pytest_plugins = [
    "tests.support.store_sums",
    "tests.support.pages_read_once",
    "tests.support.no_skips",
    "tests.support.proving",
    "tests.support.live",
]
TESTS = Path(__file__).parent
#: What takes longest begins first, so that no worker is left alone with it at the end.
FIRST = (
    # each makes something that others share, and meanwhile would wait for
    "browser/test_demo",
    "job/test_determinism",
    "verify/test_forged_fields",
    "browser/test_pages",
    # these share nothing
    "workflow/test_install",
    "cli/test_commands",
    "sandbox/test_world",
    "workflow",
    "sources/btcpay/test_server",
    "test_wheel",
    "test_docs",
    "test_running",
    "config/test_check",
    "test_verify",
    "hostile",
    "test_sandbox",
    "browser",
    "job",
    "verify",
    "build",
    "cli",
    "test_thousand",
    "test_scale",
    "test_many_projects",
    "test_indexer_quirks",
    "test_refresh",
    "test_absence",
    "test_resumed",
    "sandbox",
    "hook",
    "test_doctor",
    "test_javascript",
    "worlds",
    "test_wrong",
    "test_street",
    "test_network",
    "test_privacy",
    "test_changing",
    "test_moderation",
    "test_bad_input",
    "forgeries",
)
# what is imported and collected stays to the end: looking for waste among it takes a third of collecting
gc.disable()


def pytest_collection_finish() -> None:
    """Let waste be looked for again, among what tests make alone."""
    gc.enable()
    gc.freeze()
    gc.set_threshold(20_000)  # half the time of reading all code is such looking


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Let each worker of a whole run import its share of the files first: then it finds the others compiled.

    All begin at the same moment, so that in a fresh clone each one would compile all of them.
    """
    worker = getattr(session.config, "workerinput", None)
    if worker is None or session.config.args != session.config.getini("testpaths"):
        return
    number = int(worker["workerid"].removeprefix("gw"))
    files = [file for file in files_below(TESTS) if file.match("test_*.py")]
    for file in files[number :: worker["workercount"]]:
        with contextlib.suppress(Exception, pytest.skip.Exception):  # collection says what is wrong with it
            importlib.import_module(".".join(file.relative_to(TESTS.parent).with_suffix("").parts))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest; each file is dealt out whole, since its tests share what is costly to make."""
    items.sort(key=lambda item: _rank(item.path))


@cache
def _rank(file: Path) -> int:
    path = f"/{file.relative_to(TESTS).with_suffix('').as_posix()}/"
    return next((number for number, name in enumerate(FIRST) if f"/{name}/" in path), len(FIRST))
