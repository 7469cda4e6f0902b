"""The same report and content give the same bytes, wherever and whenever they are rendered."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT

SCRIPT = """
import hashlib, sys, warnings
from pathlib import Path
from generator import inputs, pages
from tests.support.fair import fair
root = Path(sys.argv[1])
it = fair()
if sys.argv[2:]:
    it.pay("bounty", "2025-10-03", 1)
content = pages.Content(templates=inputs.templates(root), pages=inputs.pages(root))
files = dict(sorted(pages.render(it.report(), content)))
whole = hashlib.sha256()
for path, data in files.items():
    whole.update(path.encode() + b"\\0" + data + b"\\0")
print(len(files), whole.hexdigest())
"""
#: What a reader's own settings could do to a chart.
HOSTILE_RC = """
lines.marker: o
lines.linewidth: 9
lines.drawstyle: steps-mid
lines.solid_capstyle: round
font.size: 30
font.family: monospace
text.usetex: True
text.parse_math: True
path.simplify: True
path.sketch: 10, 100, 2
svg.hashsalt: x
axes.unicode_minus: False
axes.autolimit_mode: round_numbers
figure.dpi: 300
patch.linewidth: 5
hatch.linewidth: 3
timezone: Asia/Tokyo
"""


def rendered(folder: Path, *extra: str, **environment: str) -> str:
    env = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", str(folder)), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(ROOT), *extra],
        cwd=folder,
        env=env | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> str:
    return rendered(tmp_path_factory.mktemp("plain"), TZ="UTC", LC_ALL="C.UTF-8", PYTHONHASHSEED="1")


@pytest.mark.slow
@pytest.mark.proof(1)
@pytest.mark.parametrize(
    ("zone", "locale", "seed"),
    [
        ("Pacific/Kiritimati", "de_DE.UTF-8", "2"),
        ("America/St_Johns", "C", "3"),
        ("Asia/Kathmandu", "ar_EG.UTF-8", "random"),
    ],
)
def test_the_bytes_depend_on_nothing_outside(
    tmp_path: Path, plain: str, zone: str, locale: str, seed: str
) -> None:
    (tmp_path / "matplotlibrc").write_text(HOSTILE_RC)
    there = rendered(tmp_path, TZ=zone, LC_ALL=locale, PYTHONHASHSEED=seed)
    print(plain.strip(), "==", there.strip())
    assert there == plain


@pytest.mark.slow
def test_one_more_row_changes_the_bytes(tmp_path: Path, plain: str) -> None:
    assert rendered(tmp_path, "changed", TZ="UTC", LC_ALL="C.UTF-8", PYTHONHASHSEED="1") != plain
