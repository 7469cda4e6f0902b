"""Our issues on GitHub: what stands, and the calls of a plan, one after another until one is refused."""

from collections.abc import Sequence
from typing import Final

import msgspec

from generator.alerts import Action, Deed, Issue, RunIssue, read_issue, read_run_issue, said_in
from generator.alerts.issue import LABEL
from generator.errors import SourceError
from generator.github.api import SOURCE, GitHubApi

#: Pages of issues that are read, of a hundred each, the newest first.
_PAGES: Final = 5
_PAGE: Final = 100
_RIGHT: Final = "issues: write"


class _Label(msgspec.Struct, frozen=True):
    name: str = ""


class _IssueRow(msgspec.Struct, frozen=True):
    number: int
    state: str
    body: str | None = None
    labels: list[_Label | str] = []
    pull_request: dict[str, object] | None = None


class _CommentRow(msgspec.Struct, frozen=True):
    body: str = ""


_ISSUE: Final = msgspec.json.Decoder(_IssueRow)
_ISSUES: Final = msgspec.json.Decoder(list[_IssueRow])
_COMMENTS: Final = msgspec.json.Decoder(list[_CommentRow])


async def read_issues(api: GitHubApi) -> tuple[list[Issue], list[RunIssue]]:
    """Return what earlier runs opened, about sources and about runs; of the open ones what was said below.

    They are known by their label, which nobody may set who may not sort issues, and by their first line.
    """
    found, about_runs = list[Issue](), list[RunIssue]()
    for page in range(1, _PAGES + 1):
        rows = await api.get(
            "/issues", _ISSUES, subject="issues", labels=LABEL, state="all", per_page=_PAGE, page=page
        )
        for row in rows:
            if row.pull_request is not None:
                continue
            body, is_open = row.body or "", row.state == "open"
            if issue := read_issue(row.number, body, is_open=is_open):
                found.append(await _with_comments(api, issue))
            elif about := read_run_issue(row.number, body, is_open=is_open):
                about_runs.append(about)
        if len(rows) < _PAGE:
            break
    return found, about_runs


async def _with_comments(api: GitHubApi, issue: Issue) -> Issue:
    if not issue.open:
        return issue
    path = f"/issues/{issue.number}/comments"
    rows = await api.get(path, _COMMENTS, subject="comments", per_page=_PAGE)
    return Issue(
        number=issue.number,
        key=issue.key,
        open=True,
        body=issue.body,
        said=said_in(row.body for row in rows),
    )


async def carry_out(api: GitHubApi, actions: Sequence[Action]) -> tuple[list[Action], str]:
    """Make the calls of a plan; return those that were made, and why the others were not, empty for none."""
    done: list[Action] = []
    try:
        if any(action.deed is Deed.OPEN for action in actions):
            await _make_label(api)
        for action in actions:
            await _call(api, action)
            done.append(action)
    except SourceError as error:
        return done, error.message
    return done, ""


async def _call(api: GitHubApi, action: Action) -> None:
    path = f"/issues/{action.number}"
    match action.deed:
        case Deed.OPEN:
            document: dict[str, object] = {"title": action.title, "body": action.body, "labels": [LABEL]}
            answer = await api.send("POST", "/issues", document, subject="a new issue", need=_RIGHT)
            await _keep_found(api, answer.decode(_ISSUE))
        case Deed.COMMENT:
            document = {"body": action.body}
            await api.send("POST", f"{path}/comments", document, subject="a comment", need=_RIGHT)
        case Deed.UPDATE:
            await api.send("PATCH", path, {"body": action.body}, subject="an issue", need=_RIGHT)
        case Deed.CLOSE:
            reason = "completed" if action.completed else "not_planned"
            document = {"body": action.body, "state": "closed", "state_reason": reason}
            await api.send("PATCH", path, document, subject="an issue", need=_RIGHT)


async def _make_label(api: GitHubApi) -> None:
    """Make the label, without which no later run would find what this one opens."""
    document = {"name": LABEL, "color": "b35900", "description": "Opened and closed by the runs of Sunlit"}
    try:
        await api.send("POST", "/labels", document, subject="the label of issues", need=_RIGHT)
    except SourceError as error:
        if getattr(error, "status", 0) != 422:  # noqa: PLR2004 -- it is there already
            raise


async def _keep_found(api: GitHubApi, row: _IssueRow) -> None:
    """Take an issue back whose label GitHub dropped without a word: each run would open it anew."""
    if LABEL in {label if isinstance(label, str) else label.name for label in row.labels}:
        return
    document = {"state": "closed", "state_reason": "not_planned"}
    await api.send("PATCH", f"/issues/{row.number}", document, subject="an issue", need=_RIGHT)
    dropped = f"GitHub dropped the label {LABEL} of issue {row.number}, which is closed again"
    raise SourceError(SOURCE, f"{dropped}: give the job {_RIGHT}")
