"""The journal of a run: whole lines count, a killed run is taken up once, one that goes on is left alone."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from generator.errors import LockHeld, LogError
from generator.snapshot import Outcome
from generator.snapshot.batch import KILLED, Batch
from generator.store import append, journal, load, read_batch, take_up
from generator.store.appending import locked
from tests.support.paths import ROOT
from tests.support.records import ANGOR, NOON, batch, finding, project

BEGUN = Batch(run="20260314T120000Z-1", at=NOON, network="regtest")


def left(folder: Path, *parts: tuple[str, ...], begun: Batch = BEGUN, cut: int = 0) -> Path:
    """Leave a journal as a killed run does, each part with findings of these names."""
    path = folder / f"{begun.run}.jsonl"
    with journal(path, begun) as add:
        for names in parts:
            add([finding(name) for name in names], 7)
    if cut:
        path.write_bytes(path.read_bytes()[:-cut])
    return path


def taken(folder: Path, log: Path) -> list[str]:
    return take_up(folder, log, network="regtest", refresh_hours=24)


def names(log: Path) -> list[str]:
    return [key[2] for key in load(log).records]


@pytest.mark.parametrize("cut", [0, 1, 5, 40])
def test_whole_lines_count_and_a_cut_last_line_does_not(tmp_path: Path, cut: int) -> None:
    found = read_batch(left(tmp_path, ("a", "b"), ("c",), cut=cut))
    assert [record.id for record in found.records] == ["a", "b", "c"][: 2 if cut else 3]
    assert (found.run, found.tip_height) == (BEGUN.run, 7)
    [asked] = found.asked
    assert (asked.source, asked.outcome, asked.message) == (ANGOR, Outcome.UNAVAILABLE, KILLED)


def test_later_parts_stand(tmp_path: Path) -> None:
    path = tmp_path / "j"
    with journal(path, BEGUN) as add:
        add([project(ANGOR, "old")], 1)
        add([project(ANGOR, "new")], 2)
    found = read_batch(path)
    assert (found.records, found.tip_height) == ((project(ANGOR, "new"),), 2)


def test_a_killed_run_is_taken_up_once_as_the_run_that_it_was(tmp_path: Path) -> None:
    folder, log = tmp_path / "journal", tmp_path / "log"
    path = left(folder, ("a",), ("b",), cut=3)
    data = path.read_bytes()
    assert taken(folder, log) == [BEGUN.run]
    assert names(log) == ["a"]
    assert [run.id for run in load(log).runs] == [BEGUN.run]
    assert not path.exists()
    path.write_bytes(data)  # killed again, between appending and removing
    assert taken(folder, log) == []
    assert len(load(log).runs) == 1
    assert not path.exists()


def test_a_journal_of_an_earlier_run_does_not_undo_a_later_one(tmp_path: Path) -> None:
    folder, log = tmp_path / "journal", tmp_path / "log"
    path = folder / f"{BEGUN.run}.jsonl"
    with journal(path, BEGUN) as add:
        add([project(ANGOR, "old")], 1)
    append(log, batch(project(ANGOR, "new"), hours=1), refresh_hours=24)
    assert taken(folder, log) == [BEGUN.run]
    assert project(ANGOR, "new") in load(log).records.values()


def test_a_run_that_goes_on_is_left_alone(tmp_path: Path) -> None:
    folder, log = tmp_path / "journal", tmp_path / "log"
    path = folder / f"{BEGUN.run}.jsonl"
    with journal(path, BEGUN) as add:
        add([finding("a")], None)
        assert taken(folder, log) == []
        assert path.exists()
    assert taken(folder, log) == [BEGUN.run]


def test_while_another_writes_the_log_the_journal_stays(tmp_path: Path) -> None:
    folder, log = tmp_path / "journal", tmp_path / "log"
    path = left(folder, ("a",))
    with locked(log), pytest.raises(LockHeld):
        taken(folder, log)
    assert path.exists()


def test_what_is_no_news_or_not_ours_is_said_or_left(tmp_path: Path) -> None:
    folder, log = tmp_path / "journal", tmp_path / "log"
    empty = left(folder)
    assert not empty.exists()  # nothing was read
    cut = left(folder, ("a",))
    cut.write_bytes(cut.read_bytes()[:10])  # killed before its first line was whole
    assert taken(folder, log) == []
    assert not cut.exists()
    elsewhere = left(folder, ("a",), begun=Batch(run="x", at=NOON, network="main"))
    assert taken(folder, log) == []
    assert elsewhere.exists()
    damaged = left(folder, ("a",))
    damaged.write_bytes(damaged.read_bytes().replace(b'"finding"', b'"rumour"'))
    with pytest.raises(LogError, match=rf"{damaged.name}:2: not a batch .*; remove this file"):
        taken(folder, log)


KILLS_ITSELF = """
import os, signal, sys
from pathlib import Path
from generator.store import journal
from tests.store.test_journal import BEGUN
from tests.support.records import finding
with journal(Path(sys.argv[1]), BEGUN) as add:
    add([finding("a")], None)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_process_that_is_killed_leaves_what_it_had_read(tmp_path: Path) -> None:
    folder, log = tmp_path / "journal", tmp_path / "log"
    path = folder / f"{BEGUN.run}.jsonl"
    done = subprocess.run(
        [sys.executable, "-c", KILLS_ITSELF, str(path)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    assert taken(folder, log) == [BEGUN.run]
    assert names(log) == ["a"]
