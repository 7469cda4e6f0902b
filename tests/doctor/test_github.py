"""`sunlit doctor --github` against GitHub's API: each state with its code, its fix and a link."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from generator.cli import Exit, run
from generator.doctor.github_schedule import lateness
from tests.support.github_api import github
from tests.support.github_repository import ADMIN, REPOSITORY, TOKEN, UNAVAILABLE, GitHub

CONFIG = """version: 1
site: {title: Village, base_url: "https://village.github.io/report"}
network: main
sources:
  btcpay:
    - {id: pay, url: "https://pay.example.org", token_env: BTCPAY_TOKEN, stores: ["9xA1"]}
"""
WELL = {
    "status": "built",
    "build_type": "legacy",
    "cname": None,
    "source": {"branch": "gh-pages", "path": "/"},
    "html_url": "https://village.github.io/report/",
    "https_enforced": True,
}


def now(**ago: float) -> str:
    return (datetime.now(UTC) - timedelta(**ago)).strftime("%Y-%m-%dT%H:%M:%SZ")


def healthy() -> GitHub:
    return GitHub(
        pages=dict(WELL),
        repository={"pushed_at": now(hours=3)},
        runs=[{"event": "schedule", "run_started_at": now(hours=2)}],
        environments={"funding": ["BTCPAY_TOKEN"]},
        branches={"main": {"protected": False}, "gh-pages": {"protected": False}},
    )


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "config.yaml").write_text(CONFIG)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/config").write_text(
        f'[core]\n\tbare = false\n[remote "origin"]\n\turl = git@github.com:{REPOSITORY}.git\n\tfetch = x\n'
    )
    monkeypatch.chdir(tmp_path)
    for name in ("GITHUB_REPOSITORY", "GH_TOKEN", "GITHUB_SERVER_URL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


Look = Callable[..., tuple[int, dict[str, list[dict[str, str]]]]]


@pytest.fixture
def look(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Look:
    """Return what looks at a repository, and gives the exit code and the findings by code."""
    assert folder == Path.cwd()

    def looked(hub: GitHub, token: str = ADMIN) -> tuple[int, dict[str, list[dict[str, str]]]]:
        monkeypatch.setenv("GITHUB_TOKEN", token)
        monkeypatch.setenv("GITHUB_API_URL", hub.url)
        capsys.readouterr()
        code = run(["doctor", "--github", "--json"])
        found: dict[str, list[dict[str, str]]] = {}
        for row in json.loads(capsys.readouterr().out):
            found.setdefault(row["code"].removeprefix("github-"), []).append(row)
        return code, found

    return looked


def test_all_is_well(look: Look) -> None:
    with github(healthy()) as hub:
        code, found = look(hub)
    assert code == Exit.DONE
    assert {row["level"] for rows in found.values() for row in rows} == {"ok"}
    assert set(found) == {
        "repository",
        "pages",
        "domain",
        "workflow",
        "schedule",
        "branch",
        "actions",
        "secret",
    }
    assert hub.written == []


def _pages(**changes: object) -> dict[str, object]:
    return {"pages": WELL | changes}


@pytest.mark.parametrize(
    ("changes", "code", "level", "said", "link"),
    [
        ({"pages": None}, "pages", "error", "not switched on", "/settings/pages"),
        (
            _pages(build_type="workflow"),
            "pages-source",
            "error",
            "artifacts of a workflow",
            "/settings/pages",
        ),
        (
            _pages(source={"branch": "main", "path": "/docs"}),
            "pages-source",
            "error",
            "main /docs",
            "/settings/pages",
        ),
        (_pages(status="errored"), "pages-build", "error", "its last build failed", "/settings/pages"),
        (_pages(https_enforced=False), "pages-https", "warning", "without https", "/settings/pages"),
        (
            _pages(cname="well.example"),
            "domain",
            "warning",
            "at well.example, site.base_url says",
            "/settings/pages",
        ),
        ({"workflows": {}}, "workflow", "error", "no such workflow", "/actions/workflows/publish.yml"),
        (
            {"workflows": {"publish.yml": {"state": "disabled_inactivity"}}},
            "workflow",
            "error",
            "60 days without activity",
            "/actions/workflows/publish.yml",
        ),
        (
            {"repository": {"pushed_at": now(days=50)}},
            "workflow-quiet",
            "warning",
            "nobody pushed for 50 days",
            "/actions/workflows/publish.yml",
        ),
        ({"runs": []}, "schedule", "warning", "no scheduled run", "/actions/workflows/publish.yml"),
        (
            {"runs": [{"event": "schedule", "run_started_at": now(days=5)}]},
            "schedule",
            "warning",
            "began 5 days ago",
            "/actions/workflows/publish.yml",
        ),
        (
            {"rules": {"main": [{"type": "deletion"}, {"type": "required_signatures"}]}},
            "branch",
            "error",
            "signed commits",
            "/settings/rules",
        ),
        (
            {"rules": {"gh-pages": [{"type": "non_fast_forward"}]}},
            "branch",
            "error",
            "force-pushes",
            "/settings/rules",
        ),
        (
            {"branches": {"main": {"protected": True}}},
            "branch",
            "warning",
            "only an administrator",
            "/settings/rules",
        ),
        ({"environments": {}}, "secret", "error", "config.yaml names it", "/settings/secrets/actions"),
        ({"permissions": {"enabled": False}}, "actions", "error", "switched off", "/settings/actions"),
        (
            {"permissions": {"enabled": True, "allowed_actions": "local_only"}},
            "actions",
            "error",
            "own may run",
            "/settings/actions",
        ),
        ({"repository": {"archived": True}}, "repository", "error", "archived", "/settings"),
        ({"repository": {"has_issues": False}}, "issues", "warning", "no alert", "/settings"),
    ],
)
def test_what_is_not_well_has_a_fix_and_a_link(
    look: Look, changes: dict[str, object], code: str, level: str, said: str, link: str
) -> None:
    hub = healthy()
    for name, value in changes.items():
        setattr(hub, name, value)
    with github(hub):
        ended, found = look(hub)
    (row,) = [row for row in found[code] if row["level"] != "ok"]
    assert row["level"] == level
    assert said in row["observed"]
    assert row["fix"]
    assert row["link"] == f"https://github.com/{REPOSITORY}{link}"
    assert ended == (Exit.WRONG_USE if level == "error" else Exit.DONE)


@pytest.mark.parametrize(
    ("token", "unseen"),
    [("", {"Pages", "Actions", "secrets"}), (TOKEN, {"Actions", "secrets"})],
)
def test_what_a_token_may_not_see_is_said_and_the_rest_is_looked_at(
    look: Look, token: str, unseen: set[str]
) -> None:
    with github(healthy()) as hub:
        code, found = look(hub, token)
    assert {row["subject"] for row in found["not-seen"]} == unseen
    assert all("read" in row["fix"] for row in found["not-seen"])
    assert {"workflow", "schedule", "branch"} <= set(found)
    assert code == Exit.DONE


def test_a_wrong_token_and_no_network_are_one_finding(look: Look) -> None:
    with github(healthy()) as hub:
        code, found = look(hub, "ghp_unknown")
        assert set(found) == {"unreachable"}
        assert "not known to GitHub" in found["unreachable"][0]["observed"]
        hub.refuse("GET /pages", UNAVAILABLE, times=9)
        _, found = look(hub)
        assert [row["subject"] for row in found["not-seen"]] == ["Pages"]
    code, found = look(GitHub(url="http://127.0.0.1:9"))
    assert (code, set(found)) == (Exit.DONE, {"unreachable"})


def test_without_a_repository_it_says_how_to_name_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / ".git/config").unlink()
    assert run(["doctor", "--github"]) == Exit.WRONG_USE
    assert "--repository owner/name" in capsys.readouterr().err
    assert run(["doctor", "--github", "--probe"]) == Exit.WRONG_USE


@pytest.mark.parametrize(
    ("cron", "minutes"),
    [
        ("47 2,8,14,20 * * *", 33),
        ("0 * * * *", 20),
        ("50 23 * * *", 570),
        ("*/10 * * * *", None),
        ("47 2 * * 1", None),
        ("99 2 * * *", None),
        ("nonsense", None),
    ],
)
def test_lateness_is_from_the_last_time_of_the_schedule(cron: str, minutes: int | None) -> None:
    late = lateness(datetime(2026, 3, 2, 9, 20, tzinfo=UTC), [cron])
    assert late == (None if minutes is None else timedelta(minutes=minutes))
