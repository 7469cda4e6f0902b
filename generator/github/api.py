"""Questions to GitHub, and what it refuses, in sentences that say who must act."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final, TypeVar

import msgspec

from generator.errors import SourceError
from generator.github.access import TOKEN_ENV, Access
from generator.sources.clients import open_clients
from generator.sources.http import Http, HttpAnswer, HttpLimits
from generator.sources.http.http_client import Param

T = TypeVar("T")

SOURCE: Final = "github"
_HEADERS: Final = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
#: A job waits for an answer, and not for a limit to pass: the next run asks again.
_LIMITS: Final = HttpLimits(
    attempts=3, request_s=15, deadline_s=40, wait_max_s=5, body_bytes=8 * 2**20, concurrency=2
)
_REFUSALS: Final = frozenset({400, 401, 403, 404, 409, 410, 422})
_WHY: Final[Mapping[int, str]] = {
    401: f"the token in {TOKEN_ENV} is not known to GitHub, or has expired: give the job a valid one",
    404: "there is none in {repository}, or the token may not see it",
    410: "issues are switched off in {repository}: switch them on under Settings → General → Features",
}


class _Said(msgspec.Struct, frozen=True):
    message: str = ""


_SAID: Final = msgspec.json.Decoder(_Said)


class GitHubRefusal(SourceError):
    """GitHub answered that it will not; `status` tells why."""

    def __init__(self, subject: str, status: int, why: str) -> None:
        super().__init__(SOURCE, f"{subject}: {why}")
        self.status = status


class GitHubApi:
    """Asks about one repository."""

    def __init__(self, access: Access, http: Http) -> None:
        self.access = access
        self._http = http

    async def get(self, path: str, decoder: "msgspec.json.Decoder[T]", *, subject: str, **params: Param) -> T:
        """Return what stands at a path below the repository; raise `GitHubRefusal`, or `SourceError`."""
        answer = await self._http.get(self._path(path), subject=subject, params=params, accept=_REFUSALS)
        self._refuse(answer, need="read it")
        return answer.decode(decoder)

    async def send(self, method: str, path: str, document: object, *, subject: str, need: str) -> HttpAnswer:
        """Send a change once, for the right `need`; raise as `get` does."""
        answer = await self._http.send(method, self._path(path), document, subject=subject)
        self._refuse(answer, need=need)
        return answer

    def _path(self, path: str) -> str:
        return f"/repos/{self.access.repository}{path}"

    def _refuse(self, answer: HttpAnswer, *, need: str) -> None:
        if answer.status // 100 == 2:  # noqa: PLR2004 -- success
            return
        status = answer.status
        why = _WHY.get(status, f"GitHub answered {status}").format(repository=self.access.repository)
        if status == 403:  # noqa: PLR2004 -- a right that is missing, or a limit
            why = (
                "GitHub was asked too often: the next run asks again"
                if "rate limit" in _message(answer).lower()
                else f"the token may not: give the job the right to {need}"
            )
        raise GitHubRefusal(answer.subject, status, why)


def _message(answer: HttpAnswer) -> str:
    try:
        return _SAID.decode(answer.content).message
    except msgspec.DecodeError:
        return ""


@asynccontextmanager
async def open_github(access: Access, limits: HttpLimits = _LIMITS) -> AsyncIterator[GitHubApi]:
    """Yield what asks about a repository; the token goes to the API's own address alone."""
    headers = _HEADERS | ({"Authorization": f"Bearer {access.token}"} if access.token else {})
    async with open_clients({}) as clients:
        client = await clients.public()
        yield GitHubApi(
            access, Http(client=client, source=SOURCE, base_url=access.api, headers=headers, limits=limits)
        )
