"""What a job on GitHub shows: every outcome in its summary, failures first, and annotations that are ours."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

from generator.cli import run
from generator.cli.exit_codes import Exit
from generator.cli.job_summary import MOST, add_summary, annotations
from generator.cli.snapshot_summary import silence
from generator.cli.terminal import Terminal
from generator.errors import Problem
from generator.snapshot import Outcome
from generator.snapshot.batch import Batch
from generator.store import append
from generator.text_format import age_text
from tests.alerts.runs import DOWN, OK, REFUSED, STORE
from tests.alerts.runs import run as recorded

CONFIG = f"""version: 1
site: {{title: Village, base_url: "https://village.github.io/report"}}
network: main
sources:
  btcpay:
    - {{id: pay, url: "https://pay.example.org", token_env: BTCPAY_TOKEN, stores: ["{STORE}"]}}
projects: [{{slug: well, btcpay: {{source: pay, store: "{STORE}"}}}}]
"""
BROKEN = CONFIG.replace("network: main", "network: moon").replace("title:", "titel:")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a configuration, in a job on GitHub."""
    (tmp_path / "config.yaml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://github.com")
    monkeypatch.setenv("GITHUB_REPOSITORY", "village/report")
    monkeypatch.setenv("GITHUB_SHA", "abc123")
    return tmp_path


def log(folder: Path, *outcomes: Outcome, message: str | None = None) -> None:
    for number, outcome in enumerate(outcomes):
        one = recorded(number, outcome, message=message if outcome is not OK else None)
        batch = Batch(run=one.id, at=one.at, network="main", asked=one.asked[:1], records=())
        append(folder / "content/snapshots", batch, refresh_hours=24, failures=5)


def summary(folder: Path) -> str:
    return (folder / "summary.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "words",
    [
        ["build"],
        ["build", "--offline"],
        ["render"],
        ["snapshot", "--batch", "batch.jsonl"],
        ["append", "batch.jsonl"],
    ],
)
def test_a_broken_configuration_is_told_whole_with_links_and_annotations(
    folder: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "config.yaml").write_text(BROKEN)
    assert run(words) == Exit.WRONG_USE
    told = summary(folder)
    assert told.startswith("## Sunlit stopped: nothing is published, and what was published stands\n")
    assert "[config.yaml, line 3](https://github.com/village/report/blob/abc123/config.yaml#L3)" in told
    assert (
        told.count("\n- ")
        == len(re.findall(r"^::error file=config\.yaml,line=\d+", capsys.readouterr().out, re.MULTILINE))
        >= 2
    )


def test_a_secret_that_is_missing_and_a_batch_that_is_refused_are_told(folder: Path) -> None:
    assert run(["snapshot", "--batch", "batch.jsonl"]) == Exit.WRONG_USE
    assert "BTCPAY\\_TOKEN" in summary(folder)
    (folder / "batch.jsonl").write_text("no batch\n")
    assert run(["append", "batch.jsonl"]) == Exit.WRONG_USE
    assert "batch.jsonl" in summary(folder)


def test_failures_come_first_with_since_when_what_to_do_and_the_line(folder: Path) -> None:
    log(folder, OK, DOWN, DOWN, REFUSED)
    assert run(["render"]) == Exit.PARTLY
    told = summary(folder)
    assert told.index("### To look at") < told.index("| source |")
    (item,) = [row for row in told.splitlines() if row.startswith("- **BTCPay pay.example.org")]
    assert "reports a change that is not believed** since 1 Mar 2026, 06:00 UTC, in 3 recorded runs" in item
    assert "Look at the artifact `quarantine`" in item
    assert "[config.yaml, line 6](https://github.com/village/report/blob/abc123/config.yaml#L6)" in item
    before = told
    assert run(["render"]) == Exit.PARTLY  # nothing changed: it is said again
    assert summary(folder) == before * 2


def test_words_of_others_are_no_markup_and_no_command(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log(folder, OK, DOWN, message="x\n::error::all is lost @village ![](https://evil.example/p) | ##[error]y")
    assert run(["render"]) == Exit.PARTLY
    printed = capsys.readouterr()
    assert not re.search(r"^\s*::|##\[", printed.out + printed.err, re.MULTILINE)
    row = next(line for line in summary(folder).splitlines() if line.startswith("| BTCPay"))
    assert row.endswith("| `x ::error::all is lost @village ![](https://evil.example/… \\| ##[error]y` |")


def test_no_more_annotations_than_github_shows_and_the_last_counts_the_rest() -> None:
    many = [Problem(file="a,b:c.yaml", path="", message=f"100 % wrong\n{n}", line=n) for n in range(1, 13)]
    found = list(annotations(many))
    assert len(found) == 10
    assert found[0] == "::error file=a%2Cb%3Ac.yaml,line=1,col=1::100 %25 wrong%0A1"
    assert found[-1] == "::error file=a%2Cb%3Ac.yaml::and 3 more: `sunlit check` prints them all"
    assert len(list(annotations(many[:10]))) == 10


def test_a_summary_is_no_longer_than_github_shows(tmp_path: Path) -> None:
    terminal = Terminal(summary=tmp_path / "summary.md")
    for _ in range(3):
        add_summary(terminal, "a line of ünïcode\n" * 30_000)
    data = (tmp_path / "summary.md").read_bytes()
    assert MOST - 1_000 < len(data) <= MOST
    assert data.decode().rstrip().endswith("The log of the job has it.")


def test_check_prints_annotations_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "config.yaml").write_text(BROKEN)
    assert run(["check", "--github"]) == Exit.WRONG_USE
    rows = capsys.readouterr().out.splitlines()
    assert rows
    assert all(row.startswith("::") for row in rows)
    told = summary(folder)
    assert told.startswith("## What `sunlit check` found\n")
    assert told.count("\n- ") == len(rows)
    assert run(["check", "--json"]) == Exit.WRONG_USE
    assert len(json.loads(capsys.readouterr().out)) == len(rows)


@pytest.mark.parametrize(
    ("days", "refresh", "told"), [(1, 24, False), (65, 24, True), (3, 24, True), (3, 48, False)]
)
def test_a_schedule_that_was_off_is_told_by_the_next_run(days: int, refresh: int, *, told: bool) -> None:
    last = recorded(0, OK)
    [*said] = silence([last], last.at + timedelta(days=days), refresh)
    assert bool(said) is told
    assert not told or said[0].startswith(
        f"No run was recorded for {age_text(timedelta(days=days))}, since 1 Mar 2026"
    )
    assert list(silence([], last.at, refresh)) == []
