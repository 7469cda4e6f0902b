"""One HTTP reader for every source: limits, patience, and errors that say who must act.

It never follows a redirect, so no secret header can travel to another host.
Messages are made of our own words, the host and the caller's subject; an
answer's body, its headers and the address's path never enter them.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Final, TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec
import stamina

from generator.errors import Invalid, Unavailable

T = TypeVar("T")
Param = str | int | bool | Sequence[str]

for _chatty in ("httpx", "httpcore", "stamina"):
    # they log addresses and headers, which can name an invoice, and retries, which are counted
    logging.getLogger(_chatty).setLevel(logging.ERROR)

#: Answers that a later try may turn into better ones (RFC 9110 and what proxies do).
PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
#: Answers that only the maintainer can change.
REFUSED: Final = frozenset({401, 403, 407, 451})


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpLimits:
    """How long and how much one request may take; seconds and bytes."""

    attempts: int = 4
    request_s: float = 30.0  #: one try, from connecting to the last byte
    deadline_s: float = 120.0  #: all tries and the waits between them
    wait_initial_s: float = 0.5  #: doubles with each try, plus up to as much jitter
    wait_max_s: float = 20.0
    body_bytes: int = 64 * 2**20  #: after decompression
    concurrency: int = 4  #: requests at a time to this host


class _Again(Exception):
    """One try failed in a way that a later one may not."""

    def __init__(self, observed: str, wait_s: float | None = None) -> None:
        super().__init__(observed)
        self.observed = observed
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """A complete answer: its status and body, and whom to name when it is wrong."""

    source: str
    subject: str
    host: str
    status: int
    content: bytes
    date: str = ""  #: the server's clock, as the header says it
    content_type: str = ""

    def invalid(self, *parts: str) -> Invalid:
        """Return the error for this answer: what was seen, then what was expected or is to be done."""
        return Invalid(self.source, f"{self.subject}: {self.host} {'; '.join(parts)}")

    def decode(self, decoder: msgspec.json.Decoder[T]) -> T:
        """Return the body as JSON of the decoder's type; raise `Invalid`, quoting nothing of the body."""
        self._refuse_page("JSON")
        try:
            return decoder.decode(self.content)
        except msgspec.ValidationError as error:
            observed = f"sent JSON of another shape ({error})"
            raise self.invalid(observed, "is the server's version supported?") from None
        except RecursionError:
            observed = f"sent JSON nested deeper than any answer is ({len(self.content)} bytes)"
            raise self.invalid(observed, "is this the right server?") from None
        except (msgspec.DecodeError, UnicodeDecodeError):
            observed = f"sent JSON that is damaged or cut off ({len(self.content)} bytes)"
            raise self.invalid(observed, "the next run asks again") from None

    def text(self) -> str:
        """Return a short plain-text body without surrounding space; raise `Invalid` for anything else."""
        self._refuse_page("plain text")
        try:
            return self.content.decode("ascii").strip()
        except UnicodeDecodeError:
            observed = "sent text that is not ASCII"
            raise self.invalid(observed, "the next run asks again") from None

    def _refuse_page(self, wanted: str) -> None:
        body = self.content.strip()
        if not body:
            observed = f"answered {self.status} with nothing"
            raise self.invalid(observed, f"expected {wanted}")
        if body.startswith(b"<") or self.content_type.startswith("text/html"):
            step = f"expected {wanted}: check the address, and that no login page or proxy stands before it"
            observed = f"answered {self.status} with a web page"
            raise self.invalid(observed, step)


@dataclass(slots=True, kw_only=True)
class Http:
    """Reads from one server with a given client; counts requests and retries."""

    client: httpx.AsyncClient
    source: str  #: name for messages, such as ``btcpay-main``
    base_url: str  #: may carry a path prefix; joined as text
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    limits: HttpLimits = field(default_factory=HttpLimits)
    counts: Counter[str] = field(default_factory=Counter)  #: ``requests``, ``retries``
    _turns: asyncio.Semaphore = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._turns = asyncio.Semaphore(self.limits.concurrency)

    @property
    def host(self) -> str:
        """Return host and port, without credentials and path."""
        parts = urlsplit(self.base_url)
        return (parts.hostname or "") + (f":{parts.port}" if parts.port else "")

    async def get(
        self,
        path: str,
        *,
        subject: str,
        params: Mapping[str, Param] | None = None,
        accept: Iterable[int] = (),
    ) -> HttpAnswer:
        """Return a 2xx answer, or one whose status is in `accept`.

        `subject` says in words what is asked; it appears in messages, so it
        must not name what is private. Raise `Unavailable` when the server
        cannot be reached, refuses us or stays busy, `Invalid` for the rest.
        """
        try:
            async with self._turns, asyncio.timeout(self.limits.deadline_s):
                answer = await self._patiently(path, params, subject)
        except TimeoutError:
            raise self._gone(subject, f"no answer within {self.limits.deadline_s:g} s") from None
        if answer.status // 100 == 2 or answer.status in accept:  # noqa: PLR2004 -- 2xx is the word for success
            return answer
        if answer.status in REFUSED:
            msg = f"{subject}: {self.host} refused the request ({answer.status})"
            raise Unavailable(self.source, msg)
        observed = f"answered {answer.status}"
        raise answer.invalid(observed, "expected 200")

    async def send(self, method: str, path: str, document: object, *, subject: str) -> HttpAnswer:
        """Send a document once, whatever happens, and return the answer of any status but a passing one.

        What changes something is not repeated: whoever asks again must be able to see what was done.
        Raise `Unavailable` and `Invalid` as `get` does.
        """
        self.counts["requests"] += 1
        try:
            return await self._once(path, None, subject, method=method, document=document)
        except _Again as error:
            raise self._gone(subject, error.observed, "run it again") from error.__cause__

    async def _patiently(self, path: str, params: Mapping[str, Param] | None, subject: str) -> HttpAnswer:
        limits = self.limits
        tries = stamina.retry_context(
            on=_backoff,
            attempts=limits.attempts,
            timeout=limits.deadline_s,
            wait_initial=limits.wait_initial_s,
            wait_max=limits.wait_max_s,
            wait_jitter=limits.wait_initial_s,
        )
        try:
            async for attempt in tries:
                with attempt:
                    self.counts["requests"] += 1
                    self.counts["retries"] += attempt.num > 1
                    return await self._once(path, params, subject)
        except _Again as error:
            raise self._gone(subject, error.observed) from error.__cause__
        raise AssertionError  # pragma: no cover -- stamina yields at least one attempt or raises

    async def _once(
        self,
        path: str,
        params: Mapping[str, Param] | None,
        subject: str,
        *,
        method: str = "GET",
        document: object = None,
    ) -> HttpAnswer:
        stream = self._stream(path, params, method, document)
        try:
            async with asyncio.timeout(self.limits.request_s), stream as response:
                if response.status_code in PASSING:
                    observed = f"answered {response.status_code}"
                    raise _Again(observed, self._asked_wait(response, subject))
                if response.has_redirect_location:
                    raise self._moved(response, subject)
                return HttpAnswer(
                    source=self.source,
                    subject=subject,
                    host=self.host,
                    status=response.status_code,
                    content=await self._body(response, subject),
                    content_type=response.headers.get("content-type", ""),
                    date=response.headers.get("date", ""),
                )
        except (TimeoutError, httpx.TimeoutException) as error:
            observed = f"no answer within {self.limits.request_s:g} s"
            raise _Again(observed) from error
        except httpx.ConnectError as error:
            observed = f"cannot connect ({str(error)[:120] or 'no reason given'})"
            raise _Again(observed) from error
        except httpx.TransportError as error:
            observed = f"the connection broke ({type(error).__name__})"
            raise _Again(observed) from error
        except httpx.DecodingError as error:
            raise self._wrong(subject, "sent a body that cannot be decompressed") from error

    def _stream(
        self, path: str, params: Mapping[str, Param] | None, method: str, document: object
    ) -> AbstractAsyncContextManager[httpx.Response]:
        # a path may have a query of its own, and httpx drops it for an empty `params`
        query = {name: _plain(value) for name, value in params.items()} if params else None
        return self.client.stream(
            method,
            self.base_url.rstrip("/") + path,
            params=query,
            json=document,
            headers={"Accept": "application/json", **self.headers},
            timeout=self.limits.request_s,
            follow_redirects=False,
        )

    async def _body(self, response: httpx.Response, subject: str) -> bytes:
        parts: list[bytes] = []
        size = 0
        async for part in response.aiter_bytes():
            size += len(part)
            if size > self.limits.body_bytes:
                raise self._wrong(subject, f"sent more than the {self.limits.body_bytes} bytes allowed")
            parts.append(part)
        return b"".join(parts)

    def _asked_wait(self, response: httpx.Response, subject: str) -> float | None:
        wait_s = retry_after(response.headers)
        if wait_s is not None and wait_s >= self.limits.deadline_s:
            observed = f"answered {response.status_code} and asks to wait {wait_s:.0f} s"
            raise self._gone(subject, f"{observed}, longer than this run waits")
        return wait_s

    def _gone(self, subject: str, observed: str, then: str = "the next run asks again") -> Unavailable:
        return Unavailable(self.source, f"{subject}: {self.host}: {observed}; {then}")

    def _wrong(self, subject: str, observed: str) -> Invalid:
        return Invalid(self.source, f"{subject}: {self.host} {observed}")

    def _moved(self, response: httpx.Response, subject: str) -> Invalid:
        target = urlsplit(response.headers["location"])
        where = f"{target.scheme}://{target.hostname}" if target.hostname else "another path"
        step = "redirects are not followed: put the final address in the configuration"
        return self._wrong(subject, f"redirects to {where}; {step}")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds a ``Retry-After`` header asks for, None without one.

    A date is compared with the answer's own ``Date``, so our clock plays no part.
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        wait = parsedate_to_datetime(text) - parsedate_to_datetime(headers.get("date", ""))
    except (TypeError, ValueError):
        return None
    return max(0.0, wait.total_seconds())


def _backoff(error: Exception) -> bool | float:
    if not isinstance(error, _Again):
        return False
    return True if error.wait_s is None else error.wait_s


def _plain(value: Param) -> str | list[str]:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (int, str)) else list(value)
