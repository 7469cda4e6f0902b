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
from generator.cli.site_folder import DEMO
from generator.snapshot import Line, fold
from generator.store.log import lines_of
from tests.support.paths import ROOT
from tests.support.whole_job import Done, site_of

#: One world is enough: what could differ does not depend on who gave how much.
pytestmark = pytest.mark.parametrize("done", [1], indirect=True)

HOSTILE = (
    "lines.marker: o\nlines.linewidth: 9\nfont.family: cursive\npath.sketch: 5, 10, 2\naxes.grid: True\n"
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


@pytest.fixture
def folders(done: Done, tmp_path: Path) -> tuple[Path, Path]:
    """Return two folders with the same demo log, of different depth and name."""
    places = (tmp_path / "a", tmp_path / "another folder" / "with ünïcode" / "b")
    for place in places:
        shutil.copytree(done.log, place / DEMO / "snapshots")
        (place / DEMO / "config.yaml").write_text(done.config_text)
    return places


def test_two_renders_in_different_surroundings_are_byte_identical(
    done: Done, folders: tuple[Path, Path]
) -> None:
    one = rendered(folders[0], TZ="Pacific/Kiritimati", LC_ALL="C", PYTHONHASHSEED="1")
    other = rendered(folders[1], TZ="America/St_Johns", LC_ALL="de_DE.UTF-8", PYTHONHASHSEED="4242")
    print(f"seed {done.seed}: {len(one)} files compared")
    assert one == other
    manifest = json.loads((folders[0] / "output" / "manifest.json").read_text())
    assert manifest["files"] == {path: digest for path, digest in one.items() if path != "manifest.json"}


@pytest.mark.faketime
def test_the_date_of_the_machine_does_not_matter(folders: tuple[Path, Path]) -> None:
    if shutil.which("faketime") is None:
        pytest.skip("faketime is not on PATH: apt-get install faketime")
    moved = ("faketime", "2031-05-06 07:08:09")
    code = "import datetime; print(datetime.datetime.now().year)"
    year = subprocess.run([*moved, sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert year.stdout.strip() == "2031"
    assert rendered(folders[0], *moved) == rendered(folders[1])


def test_changing_one_entry_changes_the_site(done: Done) -> None:
    lines = [line for path, data in store.prefixes(done.log).items() for line in lines_of(path, data)]
    entry = next(line for line in lines if line.record.__struct_config__.tag == "entry")
    changed = msgspec.structs.replace(entry.record, amount_msat=entry.record.amount_msat + 1)
    moved = [Line(run=line.run, record=changed) if line is entry else line for line in lines]
    same = site_of(report.build(fold(lines), done.config, demo=True), done.log)
    other = site_of(report.build(fold(moved), done.config, demo=True), done.log)
    assert same == dict(done.files)
    assert other["figures.json"] != same["figures.json"]
    assert other["index.html"] != same["index.html"]
