"""`sunlit alert` against GitHub's API: what it does there, and that no refusal stops a job."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from generator import store
from generator.cli import run as sunlit
from generator.snapshot import run_id
from generator.snapshot.batch import Batch
from tests.alerts.runs import DOWN, EVERY, OK, PAY, START, config, run
from tests.support.github_api import github
from tests.support.github_repository import (
    LIMITED,
    REPOSITORY,
    TOKEN,
    TOO_OFTEN,
    UNAVAILABLE,
    GitHub,
    Refused,
)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return the configuration of a folder whose log has one good run and two that failed."""
    (tmp_path / "config.yaml").write_text(
        "version: 1\nsite: {title: Village}\nnetwork: main\nsources:\n  btcpay:\n"
        '    - {id: pay, url: "https://pay.example.org", token_env: BTCPAY_TOKEN, stores: ["9xA1"]}\n'
    )
    for number, outcome in enumerate((OK, DOWN, DOWN)):
        record(tmp_path, number, run(number, outcome).asked[:1])
    return tmp_path / "config.yaml"


def record(root: Path, number: int, asked: tuple[object, ...]) -> None:
    at = START + timedelta(hours=EVERY * number)
    batch = Batch(run=run_id(at, str(number)), at=at, network="main", asked=asked, records=())  # type: ignore[arg-type]
    assert store.append(root / "content/snapshots", batch, refresh_hours=24, failures=2)


def alert(site: Path, hub: GitHub, monkeypatch: pytest.MonkeyPatch, *words: str, token: str = TOKEN) -> int:
    for name, value in (("TOKEN", token), ("REPOSITORY", REPOSITORY), ("API_URL", hub.url)):
        monkeypatch.setenv(f"GITHUB_{name}", value)
    return sunlit(["alert", "--config", str(site), *words])


def test_it_opens_updates_and_closes(
    site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with github() as hub:
        assert alert(site, hub, monkeypatch, "--dry-run") == 0
        assert hub.written == []
        assert alert(site, hub, monkeypatch) == 0
        (issue,) = hub.open_issues()
        assert issue["labels"] == [{"name": "sunlit"}]
        assert "config.yaml#L6" in issue["body"]
        before = len(hub.written)
        assert alert(site, hub, monkeypatch) == 0
        assert len(hub.written) == before
        record(site.parent, 3, run(3, OK).asked[:1])
        assert alert(site, hub, monkeypatch, "--json") == 0
    assert hub.open_issues() == []
    assert hub.issues[0]["state_reason"] == "completed"
    assert hub.comments[1][0]["body"].endswith("It answers again, after 12 hours.")
    printed = capsys.readouterr().out
    assert "would open (" in printed
    assert "The issues on GitHub say what the log says." in printed
    assert [row["deed"] for row in json.loads(printed[printed.index("{") :])["done"]] == ["comment", "close"]


@pytest.mark.parametrize(
    ("start", "refusal", "said"),
    [
        ("GET /issues", TOO_OFTEN, "longer than this run waits"),
        ("GET /issues", Refused(301, "Moved", {"Location": "https://other.example/"}), "redirects"),
        ("GET /issues", Refused(404, "Not Found"), "there is none in village/report"),
        (
            "POST /labels",
            Refused(403, "Resource not accessible by integration"),
            "the right to issues: write",
        ),
        ("POST /issues", Refused(410, "Issues has been disabled in this repository."), "switched off"),
        ("POST /issues", LIMITED, "asked too often"),
        ("POST /issues", UNAVAILABLE, "answered 503"),
        ("POST /issues", Refused(422, "Validation Failed"), "GitHub answered 422"),
    ],
)
def test_a_refusal_is_one_line_and_the_next_run_makes_up_for_it(
    site: Path,
    start: str,
    refusal: Refused,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with github() as hub:
        hub.refuse(start, refusal, times=1)
        assert alert(site, hub, monkeypatch) == 0
        (line,) = capsys.readouterr().out.splitlines()
        assert line.startswith("Not told on GitHub: ")
        assert said in line
        assert hub.issues == []
        assert alert(site, hub, monkeypatch) == 0
        assert len(hub.open_issues()) == 1


@pytest.mark.parametrize(("token", "said"), [("", "401"), ("ghs_unknown", "not known to GitHub")])
def test_a_token_that_is_missing_or_wrong_is_said(
    site: Path, token: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with github() as hub:
        assert alert(site, hub, monkeypatch, token=token) == 0
    printed = capsys.readouterr().out
    assert said in printed or "the token in GITHUB_TOKEN" in printed
    assert "ghs_unknown" not in printed


def test_github_that_is_away_stops_nothing(
    site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert alert(site, GitHub(url="http://127.0.0.1:9"), monkeypatch) == 0
    assert "cannot connect" in capsys.readouterr().out


def test_what_strangers_write_is_not_taken_for_ours(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with github() as hub:
        key = f"<!-- sunlit:alert v1 source={PAY} class=unavailable since=2 stale=no -->"
        forged = hub.add_issue(title="forged", body=key, labels=[], by="stranger")
        forged["state"] = "closed"
        request = hub.add_issue(title="a pull request", body=key, labels=["sunlit"])
        request["pull_request"] = {"url": None, "html_url": None, "diff_url": None, "patch_url": None}
        assert alert(site, hub, monkeypatch) == 0
    assert [issue["number"] for issue in hub.open_issues()] == [3]


def test_an_issue_whose_label_was_dropped_is_taken_back(
    site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with github(GitHub(labels_need_push=True)) as hub:
        assert alert(site, hub, monkeypatch) == 0
    assert hub.open_issues() == []
    assert "dropped the label sunlit" in capsys.readouterr().out


def test_the_shipped_defaults_are_those_of_the_documentation() -> None:
    assert config().alerts.model_dump() == {"issues": True, "after_runs": 2}


def test_failed_runs_are_recorded_until_an_alert_has_enough_of_them(tmp_path: Path) -> None:
    log = tmp_path / "log"
    batches = [
        Batch(run=one.id, at=one.at, network="main", asked=one.asked[:1], records=())
        for one in (run(number, DOWN) for number in range(3))
    ]
    assert [store.append(log, batch, refresh_hours=24, failures=2) for batch in batches] == [
        True,
        True,
        False,
    ]
