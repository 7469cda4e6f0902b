"""A repository on GitHub as it stands: what tests change, what requests did, and what GitHub refuses with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from tests.support.github_document import Json

BOT: Final = "github-actions[bot]"
REPOSITORY: Final = "village/report"
#: What the jobs of a workflow get, all rights of theirs together; and what a maintainer may make.
TOKEN, ADMIN = "ghs_" + "W" * 36, "github_pat_" + "A" * 22


class Refused(Exception):
    """An answer that is no success: status, message, headers."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.headers = status, message, dict(headers or {})


LIMITED: Final = Refused(
    403, "You have exceeded a secondary rate limit. Please wait a few minutes.", {"Retry-After": "60"}
)
TOO_OFTEN: Final = Refused(429, "API rate limit exceeded for installation.", {"Retry-After": "60"})
UNAVAILABLE: Final = Refused(503, "Service unavailable")
BROKEN: Final = Refused(500, "Server Error")


@dataclass(slots=True)
class Planned:
    """A refusal of the requests that begin with `start` (method and path), `times` times."""

    start: str
    refusal: Refused
    times: int = 1


@dataclass(kw_only=True)
class GitHub:
    """One repository as it stands: what tests change, and what requests did."""

    repository: Json = field(default_factory=dict)  #: overrides of what ``GET`` says of it
    #: Overrides of what ``GET /pages`` says; None: Pages are not enabled.
    pages: Json | None = field(default_factory=lambda: {"status": "built", "build_type": "legacy"})
    builds: list[Json] = field(default_factory=list)  #: newest last; each is answered as it is then
    workflows: dict[str, Json] = field(default_factory=lambda: {"publish.yml": {"state": "active"}})
    runs: list[Json] = field(default_factory=list)  #: of workflows, newest first; with ``path`` of the file
    secrets: list[str] = field(default_factory=list)
    environments: dict[str, list[str]] = field(default_factory=lambda: {"funding": []})  #: names of secrets
    permissions: Json = field(default_factory=lambda: {"enabled": True, "allowed_actions": "all"})
    default_rights: Json = field(default_factory=lambda: {"default_workflow_permissions": "read"})
    rules: dict[str, list[Json]] = field(default_factory=dict)  #: by branch
    branches: dict[str, Json] = field(default_factory=lambda: {"main": {"protected": False}})
    issues: list[Json] = field(default_factory=list)  #: oldest first, pull requests among them
    comments: dict[int, list[Json]] = field(default_factory=dict)  #: by issue
    labels: list[str] = field(default_factory=list)
    dispatches: list[Json] = field(default_factory=list)
    tokens: dict[str, set[str]] = field(
        default_factory=lambda: {
            TOKEN: {"issues", "pages", "contents", "actions"},
            ADMIN: {"issues", "pages", "contents", "actions", "secrets", "environments", "administration"},
        }
    )
    who: str = BOT  #: who acts with a token
    labels_need_push: bool = False  #: labels of who may not push are dropped without a word
    most_writes: int | None = None  #: after which everything is over the secondary limit
    planned: list[Planned] = field(default_factory=list)
    now: datetime = datetime(2026, 3, 1, tzinfo=UTC)
    url: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)  #: method and path, in order
    strange: list[str] = field(default_factory=list)

    @property
    def written(self) -> list[tuple[str, str]]:
        """What was asked that changes something."""
        return [(method, path) for method, path in self.asked if method != "GET"]

    def open_issues(self) -> list[Json]:
        """Return the open issues that are no pull requests."""
        return [row for row in self.issues if row["state"] == "open" and "pull_request" not in row]

    def refuse(self, start: str, refusal: Refused, times: int = 1) -> None:
        """Refuse requests whose ``METHOD /path`` begins so; paths from after the repository."""
        self.planned.append(Planned(start, refusal, times))

    def stamp(self) -> str:
        """Return the moment as GitHub writes it."""
        return self.now.strftime("%Y-%m-%dT%H:%M:%SZ")

    def add_issue(self, *, title: str, body: str = "", labels: list[str], by: str = "") -> Json:
        """Add an issue as somebody opens it, and return it."""
        number = len(self.issues) + 1
        row: Json = {
            "number": number,
            "title": title,
            "body": body,
            "state": "open",
            "state_reason": None,
            "labels": [{"name": name} for name in labels],
            "user": {"login": by or self.who},
            "html_url": f"https://gitself.com/{REPOSITORY}/issues/{number}",
            "created_at": self.stamp(),
            "updated_at": self.stamp(),
            "closed_at": None,
            "comments": 0,
            "locked": False,
        }
        self.issues.append(row)
        return row
