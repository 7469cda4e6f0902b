"""`sunlit migrate --void-run`: a run with a wrong clock counts no more, and nothing that is true is lost."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from generator.cli import Exit, run
from generator.cli.verify_process import installation
from generator.config import parse
from generator.errors import LogError
from generator.places import VOIDS, btcpay_place, part_of_store
from generator.report import build
from generator.report.files.changes_json import encode_changes
from generator.snapshot import Line, Run, VoidedRun, Withdrawn, fold
from generator.store import append, load, snapshots
from generator.verify.folder_reader import read_folder
from generator.verify.log_check import read_log
from generator.verify.steps import verify
from tests.support.records import NOON, batch, entry
from tests.support.small_store import FUND, NOW, STORE, SmallStore, ago, config_text, look

REASON = "the clock of that machine was wrong"
BOUND = {"well": {"source": "pay", "app": FUND}}
PLACE = btcpay_place(STORE, part_of_store("crowdfund", FUND))
#: Days to 2090.
FAR = (datetime(2090, 1, 1, tzinfo=UTC) - NOW).days


@pytest.fixture
def till() -> SmallStore:
    small = SmallStore()
    small.fund()
    small.gift("0.001", at=ago(5))
    return small


@pytest.fixture
def folder(till: SmallStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with an honest run, one whose clock says 2090, and an honest one after it."""
    (tmp_path / "config.yaml").write_text(config_text({"pay": {}}, BOUND))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOK", "a token")
    log = tmp_path / "content/snapshots"
    look(log, {"pay": till}, BOUND)
    till.gift("0.002", at=ago(80))  # older than what a run reads again
    look(log, {"pay": till}, BOUND, days=FAR, full=True)
    till.gift("0.004", at=ago(1))
    look(log, {"pay": till}, BOUND, days=1)
    return tmp_path


def known_in(folder: Path) -> list[str]:
    return [known.id for known in load(folder / "content/snapshots").runs]


def test_what_only_the_voided_run_had_recorded_is_read_again(till: SmallStore, tmp_path: Path) -> None:
    log = tmp_path / "log"
    look(log, {"pay": till}, BOUND)
    till.gift("0.002", at=ago(80))  # older than what a run reads again
    look(log, {"pay": till}, BOUND, days=1, full=True)
    bad = load(log).runs[-1].id
    till.gift("0.004", at=ago(1))
    assert look(log, {"pay": till}, BOUND, days=2).figures["well/raised"][0] == 700_000
    append(log, batch(void(bad), hours=24 * 18), refresh_hours=24)
    assert bad not in load(log).times
    seen = look(log, {"pay": till}, BOUND, days=4)
    assert seen.figures["well/raised"][0] == 700_000
    assert f"Run {bad} was voided" in seen.said
    assert REASON in seen.said
    report = build(load(log), parse(config_text({"pay": {}}, BOUND)), demo=False)
    [told] = json.loads(encode_changes(report))["voids"]
    assert (told["run"], told["day"]) == (bad, f"{NOON + timedelta(hours=24 * 18):%Y-%m-%d}")
    assert REASON in told["said"]


def test_the_log_ends_today_again_and_its_lines_stay(folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*.jsonl")}
    *good, bad = known_in(folder)
    assert bad.startswith("2089")
    assert run(["migrate", "--void-run", bad, "--reason", REASON]) == Exit.DONE
    assert all(path.read_bytes().startswith(data) for path, data in before.items())
    assert known_in(folder)[:-1] == good
    assert load(folder / "content/snapshots").runs[-1].at < datetime.now(UTC) + timedelta(minutes=1)


def test_a_snapshot_refuses_a_log_that_lies_ahead_and_says_the_way_out(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = known_in(folder)[-1]
    for words in (["snapshot"], ["build"], ["migrate", "--redact", PLACE, "--reason", "why"]):
        assert run(words) == Exit.WRONG_USE
        assert f"`sunlit migrate --void-run {bad} --reason …`" in " ".join(capsys.readouterr().err.split())
    assert not list((folder / ".sunlit").rglob("*.jsonl"))


def test_the_site_and_verify_say_it_and_a_forged_void_is_red(folder: Path) -> None:
    bad = known_in(folder)[-1]
    assert run(["migrate", "--void-run", bad, "--reason", REASON]) == Exit.DONE
    assert run(["render"]) in (Exit.DONE, Exit.PARTLY)
    for page in ("index.html", "health/index.html"):
        assert f"Run {bad} was voided" in (folder / "output" / page).read_text()
    result = verify(read_folder(folder / "output"), installation())
    [told] = [check for check in result.checks if check.name == "runs-voided"]
    assert (result.failed, told.wanted) == ((), False)
    assert told.reason.startswith(f"the publisher voided 1 run, such as {bad}: {REASON}")


@pytest.mark.parametrize(
    ("name", "reason", "said"),
    [
        ("20260314T120000Z-nobody00", REASON, "the log has no run"),
        ("bad", "", "--void-run needs --reason"),
        ("voided", REASON, "was voided before; nothing is to be done"),
    ],
)
def test_what_cannot_be_voided_is_a_sentence(
    folder: Path, name: str, reason: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = known_in(folder)[-1]
    if name == "voided":
        assert run(["migrate", "--void-run", bad, "--reason", REASON]) == Exit.DONE
    before = {path: path.read_bytes() for path in folder.rglob("*.jsonl")}
    asked = bad if name in ("bad", "voided") else name
    assert run(["migrate", "--void-run", asked, "--reason", reason]) == Exit.WRONG_USE
    assert said in " ".join(capsys.readouterr().err.split())
    assert run(["migrate", "--void-run", asked, "--reason", reason, "--dry-run"]) == Exit.WRONG_USE
    assert {path: path.read_bytes() for path in folder.rglob("*.jsonl")} == before


def test_a_dry_run_writes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*.jsonl")}
    bad = known_in(folder)[-1]
    assert run(["migrate", "--void-run", bad, "--reason", REASON, "--dry-run"]) == Exit.DONE
    assert "Nothing was written" in capsys.readouterr().out
    assert {path: path.read_bytes() for path in folder.rglob("*.jsonl")} == before


def void(name: str) -> VoidedRun:
    return VoidedRun(id=name, source=VOIDS, reason=REASON)


def test_the_only_run_is_not_voided(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config.yaml").write_text(config_text({"pay": {}}, BOUND))
    monkeypatch.chdir(tmp_path)
    append(tmp_path / "content/snapshots", batch(entry("a")), refresh_hours=24)
    [only] = known_in(tmp_path)
    assert run(["migrate", "--void-run", only, "--reason", REASON]) == Exit.WRONG_USE
    assert known_in(tmp_path) == [only]


def test_two_bad_runs_are_voided_one_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config.yaml").write_text(config_text({"pay": {}}, BOUND))
    monkeypatch.chdir(tmp_path)
    log = tmp_path / "content/snapshots"
    for hours, name in ((0, "a"), (24 * 365 * 60, "b"), (24 * 365 * 61, "c")):
        append(log, batch(entry(name), hours=hours), refresh_hours=24)
    good, first, second = known_in(tmp_path)
    assert run(["migrate", "--void-run", second, "--reason", REASON]) == Exit.DONE
    assert known_in(tmp_path)[-1] == first
    assert run(["migrate", "--void-run", first, "--reason", REASON]) == Exit.DONE
    left = load(log)
    assert left.runs[0].id == good
    assert left.as_of is not None
    assert left.as_of < datetime.now(UTC) + timedelta(minutes=1)
    assert [record.id for record in left.records.values() if record.source != VOIDS] == ["a"]
    assert left.runs[-1].snapshot == snapshots(log)[-1].run.snapshot


def test_an_older_snapshot_is_read_without_the_run_and_its_own_is_refused(tmp_path: Path) -> None:
    for hours, record in ((0, entry("a")), (1, entry("a", 9_000)), (2, entry("b"))):
        append(tmp_path, batch(record, hours=hours), refresh_hours=24)
    good, bad, last = load(tmp_path).runs
    append(tmp_path, batch(void(bad.id), hours=3), refresh_hours=24)
    assert load(tmp_path, good.snapshot).of(type(entry("a"))) == (entry("a"),)
    assert load(tmp_path, last.snapshot).of(type(entry("a"))) == (entry("a"), entry("b"))
    with pytest.raises(LogError, match=rf"is of run {bad.id}, voided since \({REASON}\)"):
        load(tmp_path, bad.snapshot)
    with pytest.raises(LogError, match=f"run {bad.id} was voided .*: take a new snapshot"):
        append(tmp_path, batch(entry("z"), hours=1), refresh_hours=24)


def test_a_void_stands_whatever_later_lines_say(tmp_path: Path) -> None:
    for hours, record in ((0, entry("a")), (1, entry("b"))):
        append(tmp_path, batch(record, hours=hours), refresh_hours=24)
    bad = load(tmp_path).runs[-1].id
    append(tmp_path, batch(void(bad), hours=2), refresh_hours=24)
    back = Withdrawn(id=f"voided_run/{bad}", source=VOIDS, reason="never mind")
    append(tmp_path, batch(back, hours=3), refresh_hours=24)
    assert bad not in load(tmp_path).times
    files = {f"{path.parent.name}/{path.name}": path.read_bytes() for path in tmp_path.glob("*/*.jsonl")}
    [told] = [check for check in read_log(files).results if check.name == "runs-voided"]
    assert told.problems == (f"{back.id} is withdrawn, and a void stands",)
    append(tmp_path, batch(void("20260101T000000Z-nobody00"), hours=4), refresh_hours=24)
    files = {f"{path.parent.name}/{path.name}": path.read_bytes() for path in tmp_path.glob("*/*.jsonl")}
    [told] = [check for check in read_log(files).results if check.name == "runs-voided"]
    assert "run 20260101T000000Z-nobody00 is voided and not in the log" in told.problems


def test_a_fold_skips_the_run_and_keeps_what_it_voids_itself() -> None:
    lines = [
        Line(run="1", record=entry("a")),
        Line(run="2", record=entry("a", 5_000)),
        Line(run="2", record=Run(id="2", source="runs", at=NOON)),
        Line(run="3", record=void("2")),
    ]
    assert fold(lines).records[entry("a").key] == entry("a")
    assert fold(lines).runs == ()
    assert fold(lines[:3], {"2": void("2")}).records[entry("a").key] == entry("a")
    assert fold([*lines, Line(run="4", record=void("3"))]).records[entry("a").key] == entry("a")
