"""Long proofs: all of each with `pytest --prove SEED`, a drawn sample without.

A test marked ``proof(N)`` has many cases, and an ordinary run draws N of them. One marked ``slow`` takes
seconds for what cheaper tests guard in parts: `make test` draws a fifth of all that are, but a run of one
folder, file or test leaves none out. What is drawn, and what
hypothesis draws, follows from the tree: the same code is always judged by the same sample, or a run could
be red by another draw than the run before it; each change of the code draws another one. A proof runs them
all, with what `in_full` chooses and hypothesis' profile ``many``. It remembers under pytest's cache
what passed, so that one which was interrupted goes on where it was; what is remembered counts for
the same seed and the same code only.
"""

import os
from collections import defaultdict
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

from tests.support.paths import ROOT, files_below

T = TypeVar("T")

# a busy machine is no failure: only wrong values are
settings.register_profile(
    "sunlit", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
# for a proof, or by `pytest --hypothesis-profile many`
settings.register_profile("many", settings.get_profile("sunlit"), max_examples=2000)
settings.load_profile("sunlit")

#: Set by the process that starts the workers, so that all of them draw the same.
SEED, PROVES = "SUNLIT_TEST_SEED", "SUNLIT_TEST_PROVES"
#: What a proof is about.
CODE = ("generator", "templates", "content", "tests", ".github", "requirements-dev.lock")


def seed() -> int:
    """Return the seed of this run's draws."""
    return int(os.environ[SEED])


def in_full(usual: T, full: T) -> T:
    """Return the value for an ordinary run, or for a proof."""
    return full if os.environ.get(PROVES) else usual


def seeds(usual: int, full: int) -> tuple[int, ...]:
    """Return the seeds of as many worlds of chance, the same ones in every process of this run."""
    dice = Random(seed())  # noqa: S311 -- worlds, no secrets
    return tuple(dice.randrange(1_000, 10**6) for _ in range(in_full(usual, full)))


def drawn(cases: Sequence[T], sample: int, name: str) -> list[T]:
    """Return a sample of cases in their order; `name` tells apart what draws."""
    dice = Random(f"{seed()} {name}")  # noqa: S311 -- a sample, no secret
    return [cases[place] for place in sorted(dice.sample(range(len(cases)), min(sample, len(cases))))]


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("proofs")
    group.addoption("--prove", type=int, metavar="SEED", help="run every case of each test marked proof")
    group.addoption("--draw", type=int, metavar="SEED", help="draw the samples of a former run again")


def pytest_configure(config: pytest.Config) -> None:
    proof, draw = config.getoption("--prove"), config.getoption("--draw")
    if proof is not None:
        os.environ |= {SEED: str(proof), PROVES: "1"}
        settings.load_profile("many")
        config.pluginmanager.register(Memory(config), "proofs")
    elif draw is not None or not hasattr(config, "workerinput"):
        os.environ[SEED] = str(int(code(), 16) % 10**6 if draw is None else draw)
    # hypothesis' plugin reads this later: what a conftest names is configured before what is installed
    if config.getoption("--hypothesis-seed") is None:
        config.option.hypothesis_seed = str(seed())
    # it also draws constants of modules that are loaded, and which are depends on what a worker ran before
    providers._get_local_constants = Constants


def pytest_report_header() -> str:
    return f"samples: drawn with --draw {seed()}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without --prove, leave out what the draw leaves out; hypothesis' and slow tests are proofs as well."""
    slow = sorted({item.nodeid.partition("[")[0] for item in items if item.get_closest_marker("slow")})
    for item in items:
        if is_hypothesis_test(getattr(item, "obj", None)) or item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.proof)
    if config.getoption("--prove") is not None:
        return
    cases = defaultdict[str, list[pytest.Item]](list)
    for item in items:
        if item.get_closest_marker("proof"):
            cases[item.nodeid.partition("[")[0]].append(item)
    whole = config.args == config.getini("testpaths")
    wanted = set(drawn(slow, len(slow) // 5, "slow") if whole else slow)
    left = {item for name, found in cases.items() for item in _left_out(name, found)}
    left |= {item for name in set(slow) - wanted for item in cases[name]}
    if left:
        config.hook.pytest_deselected(items=[item for item in items if item in left])
        items[:] = [item for item in items if item not in left]


def _left_out(name: str, cases: list[pytest.Item]) -> set[pytest.Item]:
    mark = cases[0].get_closest_marker("proof")
    return set(cases) - set(drawn(cases, *mark.args, name)) if mark and mark.args else set()


class Memory:
    """What of a proof has passed, one node id a line, in a file that is named by seed and code."""

    def __init__(self, config: pytest.Config) -> None:
        folder = getattr(config, "cache", None) and config.cache.mkdir("proofs")
        self.path = folder / f"{seed()}-{code()}.txt" if folder else Path(os.devnull)
        self.passed = set(self.path.read_text().splitlines()) if self.path.is_file() else set[str]()
        self.writes = not hasattr(config, "workerinput")

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Leave out what has passed."""
        done = [item for item in items if ungrouped(item.nodeid) in self.passed]
        if done:
            config.hook.pytest_deselected(items=done)
            items[:] = [item for item in items if ungrouped(item.nodeid) not in self.passed]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if self.writes and report.passed and report.when == "call":
            with self.path.open("a", encoding="utf-8") as file:
                file.write(f"{ungrouped(report.nodeid)}\n")


def ungrouped(nodeid: str) -> str:
    """Return a node id without the group of workers that pytest-xdist appends."""
    name, mark, group = nodeid.rpartition("@")
    return name if mark and "]" not in group else nodeid


def code(root: Path = ROOT) -> str:
    """Return a hash of what a proof is about."""
    found = sha256()
    for name in CODE:
        for path in files_below(root / name):
            found.update(f"{path.relative_to(root)}\0".encode())
            found.update(sha256(path.read_bytes()).digest())
    return found.hexdigest()[:16]
