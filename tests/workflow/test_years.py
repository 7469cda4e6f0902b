"""A report of fifty projects that is published four times a day stays small for years.

Packed as GitHub packs it: five years below 150 MB, log and site together. What a run sees is more than most
see: two investments with their evidence and four rows of stores in each. An ordinary run counts a month and
multiplies, for a log grows with what it holds; `make prove` makes all. What a run writes rests on no earlier
month, so each is appended to a log of its own: reading five years 7,200 times would show nothing here. Git
takes the commits by its own stream of them, which makes the same trees in minutes instead of an hour.
"""

import shutil
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from generator import store
from generator.ledger import Kind
from generator.snapshot import Record
from generator.snapshot.evidence import BranchRecord, HeaderRecord, TransactionRecord
from tests.support.proving import in_full
from tests.support.records import ANGOR, NOON, batch, entry, finding, rate

RUNS_A_DAY, PROJECTS, MONTHS = 4, 50, 60
DAYS = in_full(30, 30 * MONTHS)
#: The site of fifty projects, packed: there is one commit of it at any time.
SITE_MB, MOST_MB = 12, 150


def hexes(dice: Random, length: int) -> str:
    return dice.randbytes(length).hex()


def investment(dice: Random) -> list[Record]:
    """Return what one investment of three stages leaves in the log."""
    tx, block, place = hexes(dice, 32), hexes(dice, 32), f"angor:{dice.randrange(PROJECTS)}"
    hashes = tuple(hexes(dice, 32) for _ in range(12))
    outputs = [
        entry(
            f"{tx}:{number}",
            dice.randrange(10**6, 10**9),
            source=ANGOR,
            place=place,
            kind=Kind.INVESTMENT if number else Kind.FEE,
            evidence=(tx, block, f"{block}/{tx}"),
        )
        for number in range(4)
    ]
    return [
        *outputs,
        TransactionRecord(id=tx, source=ANGOR, hex=hexes(dice, 420)),
        HeaderRecord(id=block, source=ANGOR, height=dice.randrange(10**6), hex=hexes(dice, 80)),
        BranchRecord(id=f"{block}/{tx}", source=ANGOR, position=dice.randrange(4000), hashes=hashes),
        finding(f"stage-scripts/{tx}"),
        finding(f"inclusion/{tx}"),
    ]


def day_row(dice: Random, day: int) -> Record:
    """Return a day's row of a store, which a later run of the day says anew."""
    name = f"btcpay:{dice.randrange(PROJECTS)}/rest/{day}/BTC-CHAIN"
    return entry(name, dice.randrange(10**6, 10**9), rail="BTC-CHAIN", count=dice.randrange(1, 9))


def logs(recent: Path) -> Iterator[datetime]:
    """Append one run after another in `recent`, a log that begins anew with each month; yield each moment."""
    dice, month = Random(15), ""  # noqa: S311 -- a world, no secret
    for run in range(DAYS * RUNS_A_DAY):
        day = run // RUNS_A_DAY
        seen = [*investment(dice), *investment(dice), *(day_row(dice, day) for _ in range(4))]
        seen.append(rate((NOON + timedelta(days=day)).date().isoformat(), str(60000 + day)))
        now = batch(*seen, hours=run * 24 / RUNS_A_DAY)
        if month != (month := f"{now.at:%Y-%m}"):
            shutil.rmtree(recent, ignore_errors=True)
        assert store.append(recent, now, refresh_hours=24)
        yield now.at


def commits(recent: Path) -> Iterator[bytes]:
    """Yield a commit of each run, as `git fast-import` reads it: the files of its month that have grown."""
    said: dict[Path, bytes] = {}
    for at in logs(recent):
        yield f"commit refs/heads/main\ncommitter Sunlit <> {at.timestamp():.0f} +0000\ndata 0\n".encode()
        for path in sorted(recent.rglob("*.jsonl")):
            if (data := path.read_bytes()) != said.get(path):
                said[path] = data
                name = f"content/snapshots/{path.relative_to(recent).as_posix()}"
                yield f"M 644 inline {name}\ndata {len(data)}\n".encode() + data


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_five_years_of_four_runs_a_day_with_fifty_projects_stay_below_150_mb_packed(tmp_path: Path) -> None:
    git = ["git", "-C", str(tmp_path / "hub.git")]
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", git[-1]], check=True)
    with subprocess.Popen([*git, "fast-import", "--quiet"], stdin=subprocess.PIPE) as reader:
        assert reader.stdin
        reader.stdin.writelines(commits(tmp_path / "recent"))
    assert reader.returncode == 0
    # what was imported has no deltas yet: without -f they would not be looked for
    subprocess.run([*git, "repack", "-adfq"], check=True)
    subprocess.run([*git, "fsck", "--strict", "--no-dangling"], check=True)
    assert int(subprocess.check_output([*git, "rev-list", "--count", "main"])) == DAYS * RUNS_A_DAY
    packed = sum(path.stat().st_size for path in tmp_path.rglob("*.pack")) / 1e6
    years = packed * MONTHS * 30 / DAYS
    print(f"{DAYS} days: {packed:.2f} MB packed; five years: {years:.1f} MB, and {SITE_MB} MB for the site")
    assert 1 < years + SITE_MB < MOST_MB
