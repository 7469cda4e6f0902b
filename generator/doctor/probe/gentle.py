"""Requests to one host, few and slow, whose answers of any status are looked at and never tried again."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

import httpx

from generator.sources.http import ACCEPT_CODING, AnswerTooLarge, read_body

#: Requests a host may be asked in one probe; some allow 700 an hour (public-servers.md 1.5).
MOST: Final = 20
#: More than any page of an address or list of a block's transactions.
_BODY_BYTES: Final = 8 * 2**20
LIMITED: Final = 429


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeLimits:
    """How slowly a host is asked, and the clock it is slow by."""

    pause_s: float = 1.0  #: between the beginnings of two requests to one host
    patience_s: float = 20.0  #: for one answer
    now: Callable[[], float] = time.monotonic  #: seconds
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer of any status."""

    status: int
    body: bytes
    media_type: str
    retry_after: str
    seconds: float

    @property
    def well(self) -> bool:
        """Tell whether it is a success that is no web page."""
        return self.status == httpx.codes.OK and not self.body.lstrip().startswith(b"<")

    @property
    def text(self) -> str:
        """The body as one short line, without the quotes that some servers put around text."""
        return self.body[:200].decode("ascii", "replace").strip().strip('"')


@dataclass(slots=True, kw_only=True)
class GentleHost:
    """One host; once it cannot be reached or limits us it is not asked again."""

    client: httpx.AsyncClient
    base_url: str
    pace: ProbeLimits = field(default_factory=ProbeLimits)
    asked: int = 0
    stopped: str = ""  #: why nothing more is asked, one phrase
    seconds: list[float] = field(default_factory=list)  #: of the answers
    limited: str = ""  #: how it refused for too many requests
    _next_at: float = 0.0

    @property
    def left(self) -> int:
        """How many more requests it may be asked."""
        return 0 if self.stopped else MOST - self.asked

    async def turn(self) -> bool:
        """Wait for our turn; False when nothing more is to be asked."""
        if self.left <= 0:
            return False
        if (wait_s := self._next_at - self.pace.now()) > 0:
            await self.pace.sleep(wait_s)
        self._next_at = self.pace.now() + self.pace.pause_s
        self.asked += 1
        return True

    async def ask(self, path: str, *, accept: str = "application/json") -> Reply | None:
        """Return the answer to a question; None where none came, it was refused, or no more is asked."""
        if not await self.turn():
            return None
        began = self.pace.now()
        try:
            async with asyncio.timeout(self.pace.patience_s):
                reply = await self._reply(path, accept, began)
        except (TimeoutError, httpx.TimeoutException):
            self.stopped = f"no answer within {self.pace.patience_s:g} s"
            return None
        except httpx.HTTPError as error:
            self.stopped = "cannot be reached" if self.asked == 1 else "broke the connection"
            self.stopped += f" ({type(error).__name__})"
            return None
        self.seconds.append(reply.seconds)
        if reply.status == LIMITED:
            until = f"asks to wait {reply.retry_after}" if reply.retry_after else "does not say for how long"
            self.limited = f"429 at request {self.asked}, and {until}"
            self.stopped = "refuses more requests for now"
            return None
        return reply

    async def _reply(self, path: str, accept: str, began: float) -> Reply:
        url, headers = self.base_url.rstrip("/") + path, {"Accept": accept, **ACCEPT_CODING}
        asked = self.client.stream(
            "GET", url, headers=headers, timeout=self.pace.patience_s, follow_redirects=False
        )
        async with asked as response:
            try:
                body = await read_body(response, _BODY_BYTES)
            except AnswerTooLarge:
                body = b""  # nothing that can be read
            return Reply(
                status=response.status_code,
                body=body,
                media_type=response.headers.get("content-type", ""),
                retry_after=response.headers.get("retry-after", ""),
                seconds=self.pace.now() - began,
            )
