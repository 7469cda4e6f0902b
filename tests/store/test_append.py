"""The log on disk: nothing lost, nothing doubled, nothing edited, and nothing written without news."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import LockHeld, LogError
from generator.snapshot import Outcome, Record, Run, decode, snapshot_id
from generator.store import append, load, prefixes, read_batch, snapshots, write_batch
from generator.store.appending import locked
from tests.support.paths import ROOT
from tests.support.records import ANGOR, NOON, PAY, asked, batch, entry, finding, gone, project, rate


def put(root: Path, *records: Record, hours: float = 0, **other: object) -> bool:
    return append(root, batch(*records, hours=hours, **other), refresh_hours=24)


def tree(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()
    }


def rows(root: Path) -> list[str]:
    """Return every record line of the log that is not a run record."""
    return [
        row
        for path in sorted(root.glob("*/*.jsonl"))
        if path.parent.name != "runs"
        for row in path.read_text().splitlines()[1:]
    ]


def test_a_first_append_writes_headed_files_by_source_and_month_of_observation(tmp_path: Path) -> None:
    assert put(tmp_path, entry("a", source=PAY), finding("f"), project())
    assert sorted(tree(tmp_path)) == ["angor/2026-03.jsonl", "btcpay-pay/2026-03.jsonl", "runs/2026-03.jsonl"]
    heading, first, second = (tmp_path / PAY / "2026-03.jsonl").read_text().splitlines()
    assert heading == '{"month":"2026-03","schema":2,"source":"btcpay-pay"}'
    run = "20260314T120000Z-e3b0c442"
    assert [json.loads(row)["run"] for row in (first, second)] == [run, run]
    assert [json.loads(row)["record"]["type"] for row in (first, second)] == ["entry", "project"]
    known = load(tmp_path)
    assert set(known.records) == {("entry", PAY, "a"), ("finding", ANGOR, "f"), ("project", PAY, "well")}
    assert known.as_of == NOON


def test_the_run_record_vouches_for_lengths_and_hashes_and_names_only_changed_files(tmp_path: Path) -> None:
    put(tmp_path, entry("a"), finding("f"))
    put(tmp_path, entry("b"), hours=1)
    first, second = (snapshot.run for snapshot in snapshots(tmp_path))
    assert [state.path for state in first.files] == ["angor/2026-03.jsonl", "btcpay-pay/2026-03.jsonl"]
    assert [state.path for state in second.files] == ["btcpay-pay/2026-03.jsonl", "runs/2026-03.jsonl"]
    states = {state.path: state for state in (*first.files, *second.files)}
    assert second.snapshot == snapshot_id(states.values())
    assert states["btcpay-pay/2026-03.jsonl"].length == len(tree(tmp_path)["btcpay-pay/2026-03.jsonl"])


def test_an_old_snapshot_is_read_as_prefixes(tmp_path: Path) -> None:
    put(tmp_path, entry("a"))
    old = load(tmp_path)
    whole = tree(tmp_path)
    put(tmp_path, entry("a", 2_000), gone(project()), hours=30)
    put(tmp_path, entry("b"), hours=24 * 40)
    assert prefixes(tmp_path, old.runs[-1].snapshot) == whole
    assert load(tmp_path, old.runs[-1].snapshot) == old
    assert len(load(tmp_path).records) == 2
    with pytest.raises(LogError, match=r"no snapshot 'feed' among 3 run records"):
        load(tmp_path, "feed")


def test_a_second_run_inside_the_window_writes_nothing(tmp_path: Path) -> None:
    put(tmp_path, entry("a"))
    before = tree(tmp_path)
    assert not put(tmp_path, hours=23)
    assert not put(tmp_path, entry("a"), rate("2026-03-15"), hours=23.9)  # today's rate waits for company
    assert tree(tmp_path) == before
    assert put(tmp_path, rate("2026-03-15"), hours=24)
    assert len(load(tmp_path).runs) == 2
    assert ("rate", "rates", "EUR/2026-03-15") in load(tmp_path).records


def test_the_rate_of_an_earlier_day_is_news_and_a_recorded_one_is_never_replaced(tmp_path: Path) -> None:
    put(tmp_path, entry("a"))
    assert put(tmp_path, rate("2026-03-01", "50000"), hours=1)
    assert not put(tmp_path, rate("2026-03-01", "99999"), hours=2)
    assert len(rows(tmp_path)) == 2


def test_a_source_that_goes_down_or_comes_back_is_news_once(tmp_path: Path) -> None:
    down = (asked(ANGOR, Outcome.UNAVAILABLE, "no relay answered"), asked())
    put(tmp_path, entry("a"))
    assert put(tmp_path, hours=1, asked=down)
    assert not put(tmp_path, hours=2, asked=down)
    assert put(tmp_path, hours=3)
    assert [run.asked[0].outcome for run in load(tmp_path).runs] == ["ok", "unavailable", "ok"]


def test_another_reason_of_a_failure_is_recorded_and_the_same_one_is_not(tmp_path: Path) -> None:
    put(tmp_path, entry("a"))
    reasons = ("answered 503", "answered 503", "does not accept the key (401)")
    wrote = [
        put(tmp_path, hours=hours, asked=(asked(outcome=Outcome.UNAVAILABLE, message=why),))
        for hours, why in enumerate(reasons, 1)
    ]
    assert wrote == [True, False, True]
    assert load(tmp_path).runs[-1].asked[0].message == "does not accept the key (401)"


def test_appending_a_batch_again_changes_nothing(tmp_path: Path) -> None:
    first = batch(entry("a"), entry("b"))
    append(tmp_path, first, refresh_hours=24)
    put(tmp_path, entry("a", 5_000), gone(entry("b")), hours=1)
    before = tree(tmp_path)
    assert not append(tmp_path, first, refresh_hours=24)
    assert tree(tmp_path) == before


def test_an_older_batch_is_appended_and_the_newer_observation_stands(tmp_path: Path) -> None:
    older = batch(entry("a", 1_000), entry("only-older"), salt="one")
    newer = batch(entry("a", 2_000), entry("only-newer"), hours=1, salt="two")
    append(tmp_path, newer, refresh_hours=24)
    assert append(tmp_path, older, refresh_hours=24)
    known = load(tmp_path)
    assert {entry.id: entry.amount_msat for entry in known.of(type(entry("x")))} == {
        "a": 2_000,
        "only-newer": 1_000,
        "only-older": 1_000,
    }
    assert known.as_of == newer.at
    assert load(tmp_path, known.runs[-1].snapshot) == known  # the last run vouches for the older lines too
    before = tree(tmp_path)
    assert not append(tmp_path, older, refresh_hours=24)
    assert not append(tmp_path, newer, refresh_hours=24)
    assert tree(tmp_path) == before


def test_an_older_batch_never_reopens_a_finished_month(tmp_path: Path) -> None:
    put(tmp_path, entry("march"))
    put(tmp_path, entry("april"), hours=24 * 20)
    march = (tmp_path / PAY / "2026-03.jsonl").read_bytes()
    put(tmp_path, entry("late"), hours=24)
    assert (tmp_path / PAY / "2026-03.jsonl").read_bytes() == march
    assert load(tmp_path).seen["entry", PAY, "late"].startswith("20260315")


KEYS = st.sampled_from(["a", "b", "c"])
WORD = st.one_of(
    st.builds(entry, KEYS, st.integers(1, 3)),
    st.builds(lambda name: gone(entry(name)), KEYS),
    st.builds(lambda name: entry(name, source=ANGOR), KEYS),
)
BATCHES = st.lists(st.tuples(st.lists(WORD, max_size=4), st.integers(0, 24 * 80)), min_size=1, max_size=6)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(BATCHES, st.randoms(use_true_random=False))
def test_files_only_grow_and_finished_months_stand_still(
    tmp_path_factory: pytest.TempPathFactory, words: list[tuple[list[Record], int]], chance: object
) -> None:
    root = tmp_path_factory.mktemp("log")
    batches = [batch(*said, hours=hours, salt=str(n)) for n, (said, hours) in enumerate(words)]
    chance.shuffle(batches)  # type: ignore[attr-defined] -- hypothesis gives a random.Random
    for brought in batches:
        before, newest = tree(root), max((name[-13:-6] for name in tree(root)), default="")
        append(root, brought, refresh_hours=24)
        after = tree(root)
        assert all(after[name].startswith(data) for name, data in before.items())
        assert all(after[name] == data for name, data in before.items() if name[-13:-6] < newest)
        assert not append(root, brought, refresh_hours=24)
        assert len(set(rows(root))) == len(rows(root))
        assert [taken.run.snapshot for taken in snapshots(root)][-1] == load(root).runs[-1].snapshot


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(BATCHES)
def test_no_line_is_ever_doubled_however_often_batches_come_again(
    tmp_path_factory: pytest.TempPathFactory, words: list[tuple[list[Record], int]]
) -> None:
    root = tmp_path_factory.mktemp("log")
    batches = [batch(*said, hours=hours, salt=str(n)) for n, (said, hours) in enumerate(words)]
    for _ in range(sum(len(brought.records) for brought in batches) + 2):
        changed = [append(root, brought, refresh_hours=24) for brought in batches]
        assert len(set(rows(root))) == len(rows(root))
    assert not any(changed)


def test_a_run_cut_off_before_its_record_is_unseen_and_then_taken_in(tmp_path: Path) -> None:
    put(tmp_path, entry("a"))
    runs = (tmp_path / "runs" / "2026-03.jsonl").read_bytes()
    cut = batch(entry("b"), finding("f"), hours=1)
    append(tmp_path, cut, refresh_hours=24)
    (tmp_path / "runs" / "2026-03.jsonl").write_bytes(runs)  # killed before the last file was replaced
    (tmp_path / ANGOR / ".2026-03.jsonl.tmp").write_bytes(b'{"half')
    assert set(load(tmp_path).records) == {("entry", PAY, "a")}
    assert put(tmp_path, entry("b"), hours=2)  # no other news: the lines are there, the record is missing
    assert set(load(tmp_path).records) == {("entry", PAY, "a"), ("entry", PAY, "b"), ("finding", ANGOR, "f")}
    assert len(rows(tmp_path)) == 3
    assert not list(tmp_path.rglob("*.tmp"))
    assert load(tmp_path).runs[-1].at == NOON + timedelta(hours=2)


def test_lines_of_a_run_cut_off_while_its_clock_lay_ahead_are_never_taken_in(tmp_path: Path) -> None:
    put(tmp_path, entry("a"))
    runs = (tmp_path / "runs" / "2026-03.jsonl").read_bytes()
    ahead = batch(entry("b"), hours=24 * 365 * 60)
    append(tmp_path, ahead, refresh_hours=24)
    (tmp_path / "runs" / "2086-02.jsonl").unlink()  # killed before its record was written
    (tmp_path / "runs" / "2026-03.jsonl").write_bytes(runs)
    before = tree(tmp_path)
    with pytest.raises(LogError, match=f"ends with lines of run {ahead.run}, which was cut off") as refused:
        put(tmp_path, entry("c"), hours=1)
    print(refused.value)
    assert "git checkout" in str(refused.value)
    assert tree(tmp_path) == before
    assert set(load(tmp_path).records) == {("entry", PAY, "a")}
    (tmp_path / PAY / "2086-02.jsonl").unlink()  # the log from its last commit
    assert put(tmp_path, entry("c"), hours=1)


def test_a_killed_writer_leaves_a_readable_log(tmp_path: Path) -> None:
    put(tmp_path, entry("a"))
    write_batch(tmp_path / "batch", batch(*(entry(f"n{n}") for n in range(50)), finding("f"), hours=1))
    code = (
        "import os, sys; from pathlib import Path; import generator.store.appending as a\n"
        "def dying(path, data, whole=a.write_whole):\n"
        "    if path.parent.name == 'runs': os.kill(os.getpid(), 9)\n"
        "    whole(path, data)\n"
        "a.write_whole = dying\n"
        "from generator.store import read_batch\n"
        "a.append(Path(sys.argv[1]), read_batch(Path(sys.argv[1], 'batch')), refresh_hours=24)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    died = subprocess.run([sys.executable, "-c", code, str(tmp_path)], env=environment, check=False)
    assert died.returncode == -9
    assert len(load(tmp_path).records) == 1
    assert append(tmp_path, read_batch(tmp_path / "batch"), refresh_hours=24)
    assert len(load(tmp_path).records) == 52
    assert len(rows(tmp_path)) == 52


def test_one_writer_at_a_time_and_the_message_names_the_holder(tmp_path: Path) -> None:
    with locked(tmp_path), pytest.raises(LockHeld, match=rf"process {os.getpid()} is writing this log"):
        put(tmp_path, entry("a"))
    assert put(tmp_path, entry("a"))
    assert not (tmp_path / ".lock").exists()


def test_a_changed_line_is_refused_by_reader_and_writer(tmp_path: Path) -> None:
    put(tmp_path, entry("a"))
    path = tmp_path / PAY / "2026-03.jsonl"
    path.write_bytes(path.read_bytes().replace(b"1000", b"9000"))
    said = r"btcpay-pay/2026-03.jsonl: its first \d+ bytes are not what a run recorded: it was changed"
    with pytest.raises(LogError, match=said):
        load(tmp_path)
    with pytest.raises(LogError, match=said):
        put(tmp_path, entry("b"), hours=1)
    path.unlink()
    with pytest.raises(LogError, match=said):
        load(tmp_path)


def test_a_changed_run_record_is_refused(tmp_path: Path) -> None:
    put(tmp_path, entry("a"))
    path = tmp_path / "runs" / "2026-03.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"length":', b'"length":1'))
    with pytest.raises(LogError, match="does not match its own list of files"):
        load(tmp_path)


def test_a_file_under_another_name_is_refused(tmp_path: Path) -> None:
    put(tmp_path, entry("a"))
    (tmp_path / ANGOR).mkdir()
    (tmp_path / ANGOR / "2026-03.jsonl").write_bytes((tmp_path / PAY / "2026-03.jsonl").read_bytes())
    with pytest.raises(LogError, match=r"its first line is that of btcpay-pay/2026-03\.jsonl"):
        put(tmp_path, entry("b"), hours=1)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"network": "main"}, "money on regtest, this run money on main"),
        ({"demo": True}, "money on regtest, this run a demo on regtest"),
    ],
)
def test_a_log_is_of_one_network_and_demos_stay_out(
    tmp_path: Path, other: dict[str, object], said: str
) -> None:
    put(tmp_path, entry("a"))
    with pytest.raises(LogError, match=said):
        put(tmp_path, entry("b"), hours=1, **other)


def test_no_log_is_nothing_known(tmp_path: Path) -> None:
    assert load(tmp_path / "none").records == {}
    assert prefixes(tmp_path / "none") == {}


def test_every_line_is_canonical(tmp_path: Path) -> None:
    put(tmp_path, entry("b"), entry("a"), finding("ä"))
    for data in tree(tmp_path).values():
        assert data.endswith(b"\n")
        for row in data.decode().splitlines():
            assert row == json.dumps(
                json.loads(row), sort_keys=True, separators=(",", ":"), ensure_ascii=False
            )
    _, lines = decode("x", tree(tmp_path)["runs/2026-03.jsonl"])
    assert all(isinstance(line.record, Run) for line in lines)
