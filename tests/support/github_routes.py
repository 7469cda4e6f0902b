"""What each request to GitHub does to a repository, and how its answer differs from the example."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from tests.support.github_document import Json, operation
from tests.support.github_repository import REPOSITORY, GitHub, Refused

BASE: Final = "/repos/{owner}/{repo}"
#: A public repository; the description's own example lacks the language that it requires.
STANDING: Final[Json] = {
    "full_name": REPOSITORY,
    "default_branch": "main",
    "private": False,
    "has_issues": True,
    "language": None,
}


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One request: words of its path, its body, its query."""

    words: list[str]
    told: Json
    query: dict[str, list[str]]

    def one(self, name: str, default: str) -> str:
        """Return a parameter of the query."""
        return self.query.get(name, [default])[0]


Told = tuple[int, object]
Respond = Callable[[GitHub, Ask], Told]


def _list_issues(hub: GitHub, ask: Ask) -> Told:
    state, creator = ask.one("state", "open"), ask.one("creator", "")
    wanted = {name for name in ask.one("labels", "").split(",") if name}
    return 200, [
        row
        for row in reversed(hub.issues)
        if state in ("all", row["state"])
        and creator in ("", row["user"]["login"])
        and wanted <= {label["name"] for label in row["labels"]}
        and (hub.repository.get("has_issues", True) or "pull_request" in row)
    ]


def _create_issue(hub: GitHub, ask: Ask) -> Told:
    _with_issues(hub)
    names = [] if hub.labels_need_push else ask.told.get("labels", [])
    hub.labels += [name for name in names if name not in hub.labels]
    row = hub.add_issue(title=ask.told["title"], body=ask.told.get("body", ""), labels=names)
    return 201, row


def _with_issues(hub: GitHub) -> None:
    if not hub.repository.get("has_issues", True):
        raise Refused(410, "Issues has been disabled in this repository.")


def _issue(hub: GitHub, ask: Ask) -> Json:
    _with_issues(hub)
    number = int(ask.words[5])
    if not 1 <= number <= len(hub.issues):
        raise Refused(404, "Not Found")
    return hub.issues[number - 1]


def _show_issue(hub: GitHub, ask: Ask) -> Told:
    return 200, _issue(hub, ask)


def _update_issue(hub: GitHub, ask: Ask) -> Told:
    row = _issue(hub, ask)
    for name in ("title", "body", "state", "state_reason"):
        row[name] = ask.told.get(name, row[name])
    if "labels" in ask.told and not hub.labels_need_push:
        row["labels"] = [{"name": name} for name in ask.told["labels"]]
    row["updated_at"] = hub.stamp()
    row["closed_at"] = hub.stamp() if row["state"] == "closed" else None
    return 200, row


def _list_comments(hub: GitHub, ask: Ask) -> Told:
    _issue(hub, ask)
    return 200, hub.comments.get(int(ask.words[5]), [])


def _comment(hub: GitHub, ask: Ask) -> Told:
    row = _issue(hub, ask)
    said = {"id": 1, "body": ask.told["body"], "user": {"login": hub.who}, "created_at": hub.stamp()}
    hub.comments.setdefault(row["number"], []).append(said)
    row["comments"] += 1
    return 201, said


def _create_label(hub: GitHub, ask: Ask) -> Told:
    if ask.told["name"] in hub.labels:
        raise Refused(422, "Validation Failed")
    hub.labels.append(ask.told["name"])
    return 201, {"name": ask.told["name"]}


def _pages(hub: GitHub, _ask: Ask) -> Told:
    if hub.pages is None:
        raise Refused(404, "Not Found")
    return 200, {"cname": None, "custom_404": False, "public": True} | hub.pages


def _build_pages(hub: GitHub, ask: Ask) -> Told:
    _pages(hub, ask)
    hub.builds.append({"status": "queued", "error": {"message": None}, "created_at": hub.stamp()})
    return 201, {"status": "queued"}


def _latest_build(hub: GitHub, _ask: Ask) -> Told:
    if hub.pages is None or not hub.builds:
        raise Refused(404, "Not Found")
    return 200, hub.builds[-1]


def _workflow(hub: GitHub, ask: Ask) -> Told:
    if ask.words[6] not in hub.workflows:
        raise Refused(404, "Not Found")
    return 200, {"path": f".github/workflows/{ask.words[6]}"} | hub.workflows[ask.words[6]]


def _list_workflows(hub: GitHub, _ask: Ask) -> Told:
    rows = [{"path": f".github/workflows/{name}"} | row for name, row in hub.workflows.items()]
    return 200, {"total_count": len(rows), "workflows": [_example_of("workflows", row) for row in rows]}


def _runs(hub: GitHub, ask: Ask) -> Told:
    _workflow(hub, ask)
    event, most = ask.one("event", ""), int(ask.one("per_page", "30"))
    rows = [row for row in hub.runs if event in ("", row["event"])]
    shown = [_example_of("workflow_runs", row) for row in rows[:most]]
    return 200, {"total_count": len(rows), "workflow_runs": shown}


def _example_of(what: str, changes: Json) -> object:
    """Return an item of the description's example of a list, changed."""
    path = f"{BASE}/actions/workflows" + ("/publish.yml/runs" if what == "workflow_runs" else "")
    found = operation("GET", path.format(owner="o", repo="r"))
    assert found is not None
    return found.item(what, changes)


def _dispatch_workflow(hub: GitHub, ask: Ask) -> Told:
    found = _workflow(hub, ask)[1]
    if isinstance(found, dict) and found["state"] != "active":
        raise Refused(422, "Cannot trigger a 'workflow_dispatch' on a disabled workflow")
    hub.dispatches.append({"workflow": ask.words[6]} | ask.told)
    return 204, None


def _dispatch(hub: GitHub, ask: Ask) -> Told:
    hub.dispatches.append(ask.told)
    return 204, None


def _named(names: list[str]) -> Json:
    at = "2026-01-01T00:00:00Z"
    rows = [{"name": name, "created_at": at, "updated_at": at} for name in names]
    return {"total_count": len(names), "secrets": rows}


def _environment_secrets(hub: GitHub, ask: Ask) -> Told:
    if ask.words[5] not in hub.environments:
        raise Refused(404, "Not Found")
    return 200, _named(hub.environments[ask.words[5]])


def _branch(hub: GitHub, ask: Ask) -> Told:
    if ask.words[5] not in hub.branches:
        raise Refused(404, "Branch not found")
    return 200, {"name": ask.words[5]} | hub.branches[ask.words[5]]


ANSWERS: Final[Mapping[str, Respond]] = {
    f"GET {BASE}": lambda hub, _: (200, STANDING | hub.repository),
    f"GET {BASE}/issues": _list_issues,
    f"POST {BASE}/issues": _create_issue,
    f"GET {BASE}/issues/{{issue_number}}": _show_issue,
    f"PATCH {BASE}/issues/{{issue_number}}": _update_issue,
    f"GET {BASE}/issues/{{issue_number}}/comments": _list_comments,
    f"POST {BASE}/issues/{{issue_number}}/comments": _comment,
    f"GET {BASE}/labels": lambda hub, _: (200, [{"name": name} for name in hub.labels]),
    f"POST {BASE}/labels": _create_label,
    f"GET {BASE}/pages": _pages,
    f"POST {BASE}/pages/builds": _build_pages,
    f"GET {BASE}/pages/builds/latest": _latest_build,
    f"GET {BASE}/actions/workflows": _list_workflows,
    f"GET {BASE}/actions/workflows/{{workflow_id}}": _workflow,
    f"GET {BASE}/actions/workflows/{{workflow_id}}/runs": _runs,
    f"POST {BASE}/actions/workflows/{{workflow_id}}/dispatches": _dispatch_workflow,
    f"POST {BASE}/dispatches": _dispatch,
    f"GET {BASE}/actions/secrets": lambda hub, _: (200, _named(hub.secrets)),
    f"GET {BASE}/environments/{{environment_name}}/secrets": _environment_secrets,
    f"GET {BASE}/actions/permissions": lambda hub, _: (200, hub.permissions),
    f"GET {BASE}/actions/permissions/workflow": lambda hub, _: (200, hub.default_rights),
    f"GET {BASE}/rules/branches/{{branch}}": lambda hub, ask: (200, hub.rules.get(ask.words[6], [])),
    f"GET {BASE}/branches/{{branch}}": _branch,
}

#: The right that an operation needs; what is not here, everybody may read.
NEEDS: Final[Mapping[str, str]] = {
    f"POST {BASE}/issues": "issues",
    f"PATCH {BASE}/issues/{{issue_number}}": "issues",
    f"POST {BASE}/issues/{{issue_number}}/comments": "issues",
    f"POST {BASE}/labels": "issues",
    f"GET {BASE}/pages": "pages",
    f"POST {BASE}/pages/builds": "pages",
    f"GET {BASE}/pages/builds/latest": "pages",
    f"POST {BASE}/dispatches": "contents",
    f"POST {BASE}/actions/workflows/{{workflow_id}}/dispatches": "actions",
    f"GET {BASE}/actions/secrets": "secrets",
    f"GET {BASE}/environments/{{environment_name}}/secrets": "environments",
    f"GET {BASE}/actions/permissions": "administration",
    f"GET {BASE}/actions/permissions/workflow": "administration",
}
