"""The server that stands for GitHub answers as GitHub's own description says, and refuses as GitHub does."""

import httpx
import pytest

from tests.support.github_api import github
from tests.support.github_document import document
from tests.support.github_repository import ADMIN, BROKEN, LIMITED, REPOSITORY, TOKEN, GitHub
from tests.support.github_routes import ANSWERS

BASE = f"/repos/{REPOSITORY}"
NAMES = {
    "issue_number": "1",
    "workflow_id": "publish.yml",
    "environment_name": "funding",
    "branch": "main",
    "owner": "village",
    "repo": "report",
}
BODIES = {
    "/issues": {"title": "t"},
    "/labels": {"name": "other"},
    "/comments": {"body": "b"},
    "/dispatches": {"event_type": "funding-changed"},
    "/publish.yml/dispatches": {"ref": "main"},
}


def ask(hub: GitHub, method: str, path: str, token: str = TOKEN, **more: object) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.request(method, f"{hub.url}{BASE}{path}", headers=headers, **more)  # type: ignore[arg-type]


def test_every_described_operation_is_answered() -> None:
    described = {
        f"{method.upper()} {path}" for path, methods in document()["paths"].items() for method in methods
    }
    assert set(ANSWERS) == described


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_holds_against_the_description(name: str) -> None:
    method, path = name.format(**NAMES).split(" ")
    path = path.removeprefix(BASE)
    hub = GitHub(builds=[{"status": "built"}], runs=[{"event": "schedule"}], secrets=["A"])
    hub.rules["main"] = [{"type": "deletion"}]
    hub.add_issue(title="t", labels=["sunlit"])
    body = next((body for end, body in reversed(BODIES.items()) if path.endswith(end)), None)
    with github(hub):
        found = ask(
            hub, method, path, ADMIN, **({} if method == "GET" else {"json": body or {}} if body else {})
        )
    assert found.status_code in (200, 201, 204), found.text  # its body was held against the schema there


@pytest.mark.parametrize(
    ("token", "method", "path", "status", "said"),
    [
        ("", "GET", "/pages", 401, "Requires authentication"),
        ("ghs_wrong", "GET", "", 401, "Bad credentials"),
        (TOKEN, "GET", "/actions/secrets", 403, "Resource not accessible by integration"),
        (TOKEN, "GET", "/actions/workflows/other.yml", 404, "Not Found"),
        (TOKEN, "GET", "/pages/builds/latest", 404, "Not Found"),
        ("", "GET", "/issues", 200, ""),
    ],
)
def test_it_refuses_as_github_does(token: str, method: str, path: str, status: int, said: str) -> None:
    with github() as hub:
        found = ask(hub, method, path, token)
    assert found.status_code == status
    assert said in found.text


def test_a_request_that_the_description_does_not_know_is_kept() -> None:
    with pytest.raises(AssertionError, match="no field colour"), github() as hub:
        ask(hub, "POST", "/labels", json={"name": "sunlit", "colour": "f00"})


def test_issues_off_limits_and_faults_are_planned() -> None:
    with github(GitHub(repository={"has_issues": False})) as hub:
        assert ask(hub, "POST", "/issues", json={"title": "t"}).status_code == 410
    with github(GitHub(most_writes=1)) as hub:
        hub.refuse("GET /pages", BROKEN)
        assert ask(hub, "GET", "/pages").status_code == 500
        assert ask(hub, "GET", "/pages").status_code == 200
        assert ask(hub, "POST", "/issues", json={"title": "t"}).status_code == 201
        limited = ask(hub, "POST", "/issues", json={"title": "t"})
        assert (limited.status_code, limited.headers["retry-after"]) == (LIMITED.status, "60")


def test_a_list_comes_in_pages() -> None:
    hub = GitHub()
    for number in range(3):
        hub.add_issue(title=str(number), labels=["sunlit"])
    with github(hub):
        first = ask(hub, "GET", "/issues?labels=sunlit&per_page=2")
        assert [row["title"] for row in first.json()] == ["2", "1"]
        assert [row["title"] for row in httpx.get(first.links["next"]["url"]).json()] == ["0"]
