"""Asks for a rebuild: GitHub's dispatches, or a build on this machine."""

import asyncio
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx
import stamina

from generator.config import HookConfig
from generator.sources.http import ACCEPT_CODING, AnswerTooLarge, FailedTry, backoff, read_body, retry_after

#: The name that `publish.yml` listens to.
EVENT: Final = "funding-changed"
_VERSION: Final = "2022-11-28"
_MOST_WAIT_S: Final = 120.0
#: What GitHub asks for where it names no time.
_LIMITED_WAIT_S: Final = 60.0
#: Of an answer, which is a few words.
_BODY_BYTES: Final = 64 * 2**10
#: Seconds that a build here has to end when the receiver stops.
_LAST_BREATH_S: Final = 1.0
_PASSING: Final = frozenset({408, 429, 500, 502, 503, 504})
_WHY: Final = {
    401: "GitHub does not know the token in {token}: it is wrong or has expired; make another one",
    403: "the token in {token} may not start workflows of {repository}: give it the right Actions, write",
    404: "there is no {what} in {repository} for the token in {token}: check name, workflow and token",
    422: "GitHub refuses it: {workflow} on {ref} must exist and listen to workflow_dispatch",
}


class NotDispatched(Exception):
    """No rebuild was asked for; the message says who must act."""


@dataclass(slots=True, kw_only=True)
class Dispatcher:
    """Asks GitHub; its client carries no header of its own."""

    hook: HookConfig
    token: str = field(repr=False)
    client: httpx.AsyncClient
    attempts: int = 5
    wait_initial_s: float = 2.0

    async def __call__(self, *, full: bool) -> None:
        """Ask once, again after passing failures, for a `full` read or a usual one; raise `NotDispatched`."""
        tries = stamina.retry_context(
            on=backoff,
            attempts=self.attempts,
            timeout=None,
            wait_initial=self.wait_initial_s,
            wait_max=_MOST_WAIT_S,
        )
        try:
            async for attempt in tries:
                with attempt:
                    await self._once(full=full)
        except FailedTry as error:
            tries_made = f"{self.attempts} tries ({error})"
            msg = f"GitHub did not take the dispatch after {tries_made}; the schedule rebuilds"
            raise NotDispatched(msg) from None

    async def _once(self, *, full: bool) -> None:
        path, body = self._question(full=full)
        headers = {
            "Accept": "application/vnd.github+json",
            **ACCEPT_CODING,
            "Authorization": f"Bearer {self.token}",
            "X-GitHub-Api-Version": _VERSION,
        }
        try:
            asked = self.client.stream("POST", self.hook.api + path, json=body, headers=headers)
            async with asked as answer:
                said = await read_body(answer, _BODY_BYTES)
        except (httpx.TransportError, httpx.DecodingError, AnswerTooLarge) as error:
            raise FailedTry(type(error).__name__) from error
        if answer.is_success:
            return
        if answer.status_code == 403 and b"rate limit" in said:  # noqa: PLR2004 -- no lack of rights
            wait_s = retry_after(answer.headers)
            limited = "is over a rate limit"
            raise FailedTry(limited, _LIMITED_WAIT_S if wait_s is None else min(wait_s, _MOST_WAIT_S))
        if answer.status_code in _PASSING or "retry-after" in answer.headers:
            wait_s = retry_after(answer.headers)
            status = f"answered {answer.status_code}"
            raise FailedTry(status, None if wait_s is None else min(wait_s, _MOST_WAIT_S))
        if answer.status_code == 422 and full:  # noqa: PLR2004 -- a workflow of one's own may know no mode
            await self._once(full=False)
            return
        raise NotDispatched(self._why(answer.status_code))

    def _question(self, *, full: bool) -> tuple[str, dict[str, object]]:
        base, mode = f"/repos/{self.hook.repository}", {"mode": "full"}
        if self.hook.action == "repository_dispatch":
            return f"{base}/dispatches", {"event_type": EVENT} | ({"client_payload": mode} if full else {})
        path = f"{base}/actions/workflows/{self.hook.workflow}/dispatches"
        return path, {"ref": self.hook.ref} | ({"inputs": mode} if full else {})

    def _why(self, status: int) -> str:
        hook = self.hook
        what = "repository" if hook.action == "repository_dispatch" else hook.workflow
        reason = _WHY.get(status, f"GitHub answered {status}")
        return reason.format(
            token=hook.token_env, repository=hook.repository, what=what, workflow=hook.workflow, ref=hook.ref
        )


async def build_here(config: Path, *, full: bool) -> None:
    """Run `sunlit build` with a configuration; raise `NotDispatched` when it publishes nothing."""
    command = [sys.executable, "-m", "generator.cli", "build", "--config", str(config), *["--full"] * full]
    process = await asyncio.create_subprocess_exec(*command)
    try:
        code = await process.wait()
    except asyncio.CancelledError:  # the receiver stops, and nobody would hear of its end
        process.terminate()
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), _LAST_BREATH_S)
        raise
    if code not in (0, 3):
        msg = f"`sunlit build` ended with exit code {code}; its own messages say why"
        raise NotDispatched(msg)
