"""The plain script that the benchmarks measure against makes the same kinds of files, and as many."""

import csv
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from lxml import etree

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


def movements(site: Path) -> list[tuple[str, str, str]]:
    """Return path, id and amount of each row of a ledger that is there to be downloaded."""
    return sorted(
        (str(path.relative_to(site)), row["id"], row["amount_msat"])
        for path in site.rglob("ledger*.csv")
        for row in csv.DictReader(path.read_text().splitlines())
    )


def marks(drawing: Path) -> int:
    """Return what a drawing of matplotlib shows beside axes, their ground and their words."""
    axes = [group for group in etree.parse(drawing).iter() if group.get("id", "").startswith("axes_")]
    names = [child.get("id", "") for group in axes for child in group]
    shown = [name for name in names if not name.startswith(("matplotlib.axis", "text", "legend"))]
    return len(shown) - _GROUND * len(axes)


#: The ground of axes and the four lines around it.
_GROUND = 5


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
    script_site = tmp_path / "script"
    assert movements(script_site) == movements(tmp_path / "output")
    drawings = [path for path in script_site.rglob("*.svg") if path.with_suffix(".csv").is_file()]
    shown = {str(path.relative_to(script_site)): marks(path) for path in drawings}
    print(f"{len(drawings)} drawings with {sum(shown.values())} marks")
    assert {path for path, count in shown.items() if count < 1} == set()
