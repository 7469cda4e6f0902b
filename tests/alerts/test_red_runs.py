"""Runs that fail one after another: one issue for the report, opened, kept up to date and closed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from generator.alerts import Action, Deed, FailedJob, PastRun, RunIssue, plan_runs, read_run_issue, red_runs
from generator.cli import run as sunlit
from tests.support.github_api import github
from tests.support.github_repository import REPOSITORY, TOKEN, GitHub, Refused

START = datetime(2026, 3, 1, tzinfo=UTC)
ENDED = {"id": 1, "conclusion": "failure", "run_started_at": "2026-03-01T00:00:00Z"}
URL = "https://github.com/village/report/actions/runs/9"


def at(number: int) -> datetime:
    return START + timedelta(hours=6 * number)


def past(*conclusions: str) -> list[PastRun]:
    """Return runs that have ended, oldest given first."""
    runs = [PastRun(id=number, conclusion=word, at=at(number)) for number, word in enumerate(conclusions)]
    return runs[::-1]


def due(*conclusions: str, issues: tuple[RunIssue, ...] = (), now: str = "failure") -> list[Action]:
    number = len(conclusions)
    this = PastRun(id=number, conclusion=now, at=at(number))
    red = red_runs(FailedJob.PUBLISH, this, past(*conclusions), URL) if now == "failure" else None
    return list(plan_runs(red, issues, at(number), after_runs=2))


def issue(action: Action, *, is_open: bool = True) -> RunIssue:
    found = read_run_issue(1, action.body, is_open=is_open)
    assert found is not None
    return found


def test_it_is_opened_after_so_many_runs_and_kept_up_to_date() -> None:
    assert due("success") == []
    [opened] = due("success", "failure")
    assert (opened.deed, opened.title) == (
        Deed.OPEN,
        "The report is not published: recording or publishing fails",
    )
    assert "| since | 1 Mar 2026, 06:00 UTC |" in opened.body
    assert "| last good run | 1 Mar 2026, 00:00 UTC |" in opened.body
    assert f"[the run]({URL})" in opened.body
    assert due("success", "failure", issues=(issue(opened),)) == []
    [updated] = due("success", "failure", "failure", issues=(issue(opened),))
    assert (updated.deed, updated.number) == (Deed.UPDATE, 1)
    assert "| runs that failed since | 3 |" in updated.body


def test_runs_that_somebody_ended_count_for_nothing_and_the_first_of_all_may_fail() -> None:
    assert due("success", "cancelled", "skipped") == []
    [opened] = due("timed_out", "cancelled")
    assert "| last good run | none is known |" in opened.body


def test_a_run_that_succeeds_closes_it_with_how_long_it_took_and_says_so_once() -> None:
    [opened] = due("success", "failure")
    closed, said = due("success", "failure", "failure", now="success", issues=(issue(opened),))
    assert (closed.deed, said.deed) == (Deed.CLOSE, Deed.COMMENT)
    assert said.body == "A run succeeded, after 12 hours."
    assert due("success", now="success", issues=(issue(closed),)) == [], "who opens it again wants it open"


def test_what_a_person_closed_stays_closed_until_a_run_succeeded() -> None:
    [opened] = due("success", "failure")
    by_hand = issue(opened, is_open=False)
    assert due("success", "failure", "failure", issues=(by_hand,)) == []
    [again] = due("success", "failure", "success", "failure", issues=(by_hand,))
    assert again.deed is Deed.OPEN


@pytest.mark.parametrize(
    "first", ["", "<!-- sunlit:alert v1 run=7 class=publish since=yesterday -->", "hello"]
)
def test_what_others_wrote_is_none_of_ours(first: str) -> None:
    assert read_run_issue(1, f"{first}\n\ntext", is_open=True) is None


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a job whose configuration nobody can read, after one that failed as well."""
    (tmp_path / "config.yaml").write_text("version: 1\nsite: [unclosed\n")
    environment = {
        "GITHUB_TOKEN": TOKEN,
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_RUN_ID": "2",
        "GITHUB_WORKFLOW_REF": f"{REPOSITORY}/.github/workflows/publish.yml@refs/heads/main",
        "SNAPSHOT_RESULT": "failure",
        "PUBLISH_RESULT": "skipped",
        "DEPLOY_RESULT": "skipped",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return tmp_path


def alerted(job: Path, hub: GitHub, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("GITHUB_API_URL", hub.url)
    return sunlit(["alert", "--config", str(job / "config.yaml")])


def test_a_configuration_that_nobody_can_read_is_told_too(
    job: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = ENDED | {"event": "schedule"}
    with github(GitHub(runs=[ended])) as hub:
        assert alerted(job, hub, monkeypatch) == 0
        [opened] = hub.open_issues()
        assert opened["title"] == "The report is not published: asking the sources fails"
        assert opened["labels"] == [{"name": "sunlit"}]
        assert "| since | 1 Mar 2026, 00:00 UTC |" in opened["body"]
        before = len(hub.written)
        assert alerted(job, hub, monkeypatch) == 0
        assert len(hub.written) == before
        capsys.readouterr()
        hub.refuse("GET /actions/workflows", Refused(403, "Resource not accessible by integration"))
        assert alerted(job, hub, monkeypatch) == 0
        assert "give the job the right to read it" in capsys.readouterr().out


def test_pull_requests_are_no_runs_of_the_report(job: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = {
        "id": 1,
        "event": "pull_request",
        "conclusion": "failure",
        "run_started_at": "2026-03-01T00:00:00Z",
    }
    with github(GitHub(runs=[ended])) as hub:
        assert alerted(job, hub, monkeypatch) == 0
    assert hub.issues == []


def test_by_hand_a_configuration_that_nobody_can_read_is_an_error(
    job: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in FailedJob:
        monkeypatch.delenv(f"{name.name}_RESULT")
    with github() as hub:
        assert alerted(job, hub, monkeypatch) == 1
    assert hub.asked == []
