"""Requests to one server and its answers: tried again while that may help, limited, never redirected.

What is wrong with an answer is the server's, so `Invalid`.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Final, TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec

from generator.errors import Invalid, Unavailable
from generator.sources.http.retrying import (
    HEAVY,
    PASSING,
    FailedTry,
    HttpLimits,
    TooHeavy,
    TooLarge,
    failed_try,
    retry_after,
    tries,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """Status and body, and whom to name when they are wrong."""

    source: str
    subject: str
    host: str
    status: int
    content: bytes
    date: str = ""  #: the server's clock, as the header says it
    content_type: str = ""

    def invalid(self, *parts: str) -> Invalid:
        """Make this answer's error of parts: what was seen, then what was expected or is to be done."""
        return Invalid(self.source, f"{self.subject}: {self.host} {'; '.join(parts)}")

    def decode(self, decoder: msgspec.json.Decoder[T]) -> T:
        """Read the body as JSON of the decoder's type; raise `Invalid`, quoting nothing of the body."""
        self._refuse_page("JSON")
        size = f"{len(self.content)} bytes"
        try:
            return decoder.decode(self.content)
        except msgspec.ValidationError as error:
            observed, step = f"sent JSON of another shape ({error})", "is the server's version supported?"
        except RecursionError:
            observed = f"sent JSON nested deeper than any answer is ({size})"
            step = "is this the right server?"
        except (msgspec.DecodeError, UnicodeDecodeError):
            observed, step = f"sent JSON that is damaged or cut off ({size})", "the next run asks again"
        raise self.invalid(observed, step)

    def text(self) -> str:
        """Read a short ASCII body without surrounding space; raise `Invalid` for anything else."""
        self._refuse_page("plain text")
        try:
            return self.content.decode("ascii").strip()
        except UnicodeDecodeError:
            observed = "sent text that is not ASCII"
            raise self.invalid(observed, "the next run asks again") from None

    def _refuse_page(self, wanted: str) -> None:
        body = self.content.strip()
        if not body:
            observed, step = f"answered {self.status} with nothing", f"expected {wanted}"
        elif body.startswith(b"<") or self.content_type.startswith("text/html"):
            step = f"expected {wanted}: check the address, and that no login page or proxy stands before it"
            observed = f"answered {self.status} with a web page"
        else:
            return
        raise self.invalid(observed, step)


Param = str | int | bool | Sequence[str]
#: One request; entering it sends it.
_Exchange = AbstractAsyncContextManager[httpx.Response]

for _chatty in ("httpx", "httpcore", "stamina"):
    # they log addresses and headers, which can name an invoice, and retries, which are counted
    logging.getLogger(_chatty).setLevel(logging.ERROR)

#: Statuses that only the maintainer can change.
REFUSED: Final = frozenset({401, 403, 407, 451})


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
        """Host and port, without credentials and path."""
        parts = urlsplit(self.base_url)
        return (parts.hostname or "") + (f":{parts.port}" if parts.port else "")

    async def get(
        self,
        path: str,
        *,
        subject: str,
        params: Mapping[str, Param] | None = None,
        accept: Iterable[int] = (),
        shrinkable: bool = False,
    ) -> HttpAnswer:
        """Return a 2xx answer, or one whose status is in `accept`.

        `subject` says in words what is asked; it appears in messages, so it
        must not name what is private. Raise `Unavailable` when the server
        cannot be reached, refuses us or stays busy, `Invalid` for the rest. With
        `shrinkable`, raise `TooHeavy` at once where a smaller question may do.
        """
        try:
            async with self._turns, asyncio.timeout(self.limits.deadline_s):
                answer = await self._patiently(
                    lambda: self._exchange("GET", path, params=params), subject, shrinkable=shrinkable
                )
        except TimeoutError as error:
            raise self._unavailable(subject, f"no answer within {self.limits.deadline_s:g} s") from error
        if answer.status // 100 == 2 or answer.status in accept:  # noqa: PLR2004 -- 2xx is the word for success
            return answer
        if answer.status in REFUSED:
            raise Unavailable(self.source, f"{subject}: {self.host} refused the request ({answer.status})")
        observed = f"answered {answer.status}"
        raise answer.invalid(observed, "expected 200")

    async def send(self, method: str, path: str, document: object, *, subject: str) -> HttpAnswer:
        """Send a document once, whatever happens, and return the answer of any status but a passing one.

        What changes something is not repeated: whoever asks again must be able to see what was done.
        Raise `Unavailable` and `Invalid` as `get` does.
        """
        self.counts["requests"] += 1
        try:
            return await self._once(self._exchange(method, path, document=document), subject)
        except FailedTry as failure:
            raise self._unavailable(subject, failure.observed, "run it again") from failure.__cause__

    async def _patiently(
        self, make: Callable[[], _Exchange], subject: str, *, shrinkable: bool
    ) -> HttpAnswer:
        try:
            async for attempt in tries(self.limits, shrinkable=shrinkable):
                with attempt:
                    self.counts["requests"] += 1
                    self.counts["retries"] += attempt.num > 1
                    return await self._once(make(), subject)
        except FailedTry as failure:
            if shrinkable and isinstance(failure, TooHeavy):
                raise
            if isinstance(failure, TooLarge):
                raise self._invalid(subject, failure.observed) from None
            raise self._unavailable(subject, failure.observed) from failure.__cause__
        raise AssertionError  # pragma: no cover -- stamina yields at least one attempt or raises

    async def _once(self, exchange: _Exchange, subject: str) -> HttpAnswer:
        try:
            async with asyncio.timeout(self.limits.request_s), exchange as response:
                return await self._read(response, subject)
        except (TimeoutError, httpx.TransportError) as error:
            raise failed_try(error, self.limits) from error
        except httpx.DecodingError as error:
            raise self._invalid(subject, "sent a body that cannot be decompressed") from error

    def _exchange(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Param] | None = None,
        document: object = None,
    ) -> _Exchange:
        # a path may have a query of its own, and httpx drops it for an empty `params`
        return self.client.stream(
            method,
            self.base_url.rstrip("/") + path,
            params=params or None,
            json=document,
            headers={"Accept": "application/json", **self.headers},
            timeout=self.limits.request_s,
            follow_redirects=False,
        )

    async def _read(self, response: httpx.Response, subject: str) -> HttpAnswer:
        if response.status_code in PASSING:
            observed = f"answered {response.status_code}"
            failed = TooHeavy if response.status_code in HEAVY else FailedTry
            raise failed(observed, self._asked_wait(response, subject))
        if response.has_redirect_location:
            raise self._moved(response, subject)
        return HttpAnswer(
            source=self.source,
            subject=subject,
            host=self.host,
            status=response.status_code,
            content=await self._body(response),
            content_type=response.headers.get("content-type", ""),
            date=response.headers.get("date", ""),
        )

    async def _body(self, response: httpx.Response) -> bytes:
        parts: list[bytes] = []
        size = 0
        async for part in response.aiter_bytes():
            size += len(part)
            if size > self.limits.body_bytes:
                raise TooLarge(self.limits.body_bytes)
            parts.append(part)
        return b"".join(parts)

    def _asked_wait(self, response: httpx.Response, subject: str) -> float | None:
        wait_s = retry_after(response.headers)
        if wait_s is not None and wait_s >= self.limits.deadline_s:
            observed = f"answered {response.status_code} and asks to wait {wait_s:.0f} s"
            raise self._unavailable(subject, f"{observed}, longer than this run waits")
        return wait_s

    def _unavailable(self, subject: str, observed: str, then: str = "the next run asks again") -> Unavailable:
        return Unavailable(self.source, f"{subject}: {self.host}: {observed}; {then}")

    def _invalid(self, subject: str, observed: str) -> Invalid:
        return Invalid(self.source, f"{subject}: {self.host} {observed}")

    def _moved(self, response: httpx.Response, subject: str) -> Invalid:
        target = urlsplit(response.headers["location"])
        where = f"{target.scheme}://{target.hostname}" if target.hostname else "another path"
        step = "redirects are not followed: put the final address in the configuration"
        return self._invalid(subject, f"redirects to {where}; {step}")
