"""The same snapshot gives the same bytes, wherever, whenever and by whomever it is rendered."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from generator import report, store
from generator.cli.site_paths import DEMO
from generator.ledger import Entry, Kind, Status
from generator.snapshot import Line, fold
from generator.store.log import lines_of
from tests.support.paths import ROOT
from tests.support.proving import seeds
from tests.support.whole_job import Done, site_of, with_edition

#: One world is enough: what could differ does not depend on who gave how much.
pytestmark = pytest.mark.parametrize("done", seeds(1, 1), indirect=True)

HOSTILE = (
    "lines.marker: o\nlines.linewidth: 9\nfont.family: cursive\npath.sketch: 5, 10, 2\naxes.grid: True\n"
    "axes.autolimit_mode: round_numbers\n"
)


def rendered(folder: Path, *before: str, **environment: str) -> dict[str, str]:
    """Render the demo's log in a folder with another environment; return sha256 by path.

    `before` is put before the command, such as ``faketime``.
    """
    (folder / "matplotlibrc").write_text(HOSTILE)
    outer = {name: value for name, value in os.environ.items() if name not in {"TZ", "LC_ALL", "LANG"}}
    command = [*before, sys.executable, "-m", "generator.cli", "render", "--demo"]
    done = subprocess.run(
        command,
        cwd=folder,
        env={**outer, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    site = folder / "output"
    return {
        str(path.relative_to(site)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(site.rglob("*"))
        if path.is_file()
    }


def demo(done: Done, place: Path) -> Path:
    """Return a folder with the demo's log."""
    shutil.copytree(done.log, place / DEMO / "snapshots")
    (place / DEMO / "config.yaml").write_text(done.config_text)
    return place


@pytest.fixture(scope="module")
def elsewhere(done: Done, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Render in a folder of another depth and name than the tests use."""
    place = tmp_path_factory.mktemp("another folder") / "with ünïcode" / "b"
    return rendered(demo(done, place), TZ="America/St_Johns", LC_ALL="de_DE.UTF-8", PYTHONHASHSEED="4242")


@pytest.mark.slow
def test_two_renders_in_different_surroundings_are_byte_identical(
    done: Done, elsewhere: dict[str, str], tmp_path: Path
) -> None:
    here = rendered(demo(done, tmp_path / "a"), TZ="Pacific/Kiritimati", LC_ALL="C", PYTHONHASHSEED="1")
    print(f"seed {done.seed}: {len(here)} files compared")
    assert here == elsewhere
    manifest = json.loads((tmp_path / "a" / "output" / "manifest.json").read_text())
    assert manifest["files"] == {path: digest for path, digest in here.items() if path != "manifest.json"}


@pytest.mark.slow
@pytest.mark.faketime
def test_the_date_of_the_machine_does_not_matter(
    done: Done, elsewhere: dict[str, str], tmp_path: Path
) -> None:
    if shutil.which("faketime") is None:
        pytest.skip("faketime is not on PATH: apt-get install faketime")
    moved = ("faketime", "2031-05-06 07:08:09")
    code = "import datetime; print(datetime.datetime.now().year)"
    year = subprocess.run([*moved, sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert year.stdout.strip() == "2031"
    assert rendered(demo(done, tmp_path / "a"), *moved) == elsewhere


def test_changing_one_entry_changes_the_site(done: Done) -> None:
    lines = [line for path, data in store.prefixes(done.log).items() for line in lines_of(path, data)]
    entry = next(
        line
        for line in lines
        if isinstance(line.record, Entry)
        and (line.record.kind, line.record.status) == (Kind.INVESTMENT, Status.CONFIRMED)
    )
    changed = msgspec.structs.replace(entry.record, amount_msat=entry.record.amount_msat + 1)
    moved = [Line(run=line.run, record=changed) if line is entry else line for line in lines]
    same, other = (
        site_of(with_edition(report.build(fold(each), done.config, demo=True)), done.log)
        for each in (lines, moved)
    )
    assert same == dict(done.files)
    assert other["figures.json"] != same["figures.json"]
    assert other["index.html"] != same["index.html"]
