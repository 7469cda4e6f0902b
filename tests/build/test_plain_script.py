"""The plain script that the benchmarks measure against makes the same kinds of files, and as many."""

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from benchmarks import world
from benchmarks.script.report import FEW
from generator.cli import Exit, run
from tests.build.built_site import tree
from tests.support.paths import ROOT


def kinds(paths: Iterable[str]) -> Counter[str]:
    """Return how many files there are of each kind: alike but in project, month and number of a page."""
    slug = re.compile(r"^(p|badge)/[^/]+|^(embed/)(fund-\d+)")
    varying = re.compile(r"\d{4}-\d{2}|(?<=/)\d+(?=/)")
    return Counter(varying.sub("N", slug.sub(r"\1\2X", path)) for path in paths)


@pytest.mark.parametrize("projects", [4, FEW + 2])
def test_the_script_makes_the_kinds_of_files_of_the_product_and_as_many(
    projects: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.make(tmp_path, projects, 120)
    monkeypatch.chdir(tmp_path)
    assert run(["render", "--jobs", "1"]) == Exit.DONE
    command = [sys.executable, "-m", "benchmarks.script.report", str(tmp_path), str(tmp_path / "script")]
    subprocess.run(command, cwd=ROOT, check=True)
    ours, script = kinds(tree("output")), kinds(tree("script"))
    assert set(ours) == set(script)
    # A chart of a project at the edge of being drawn may be in one of them only.
    assert {kind: (ours[kind], script[kind]) for kind in ours if abs(ours[kind] - script[kind]) > 1} == {}
