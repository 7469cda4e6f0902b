"""Requests to one server: paced, tried again while that may help, limited, never redirected."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

from generator.errors import Invalid, Unavailable
from generator.sources.http.bounded_body import ACCEPT_CODING, read_body
from generator.sources.http.http_answer import HttpAnswer
from generator.sources.http.pacing import HostPace, most_refusals
from generator.sources.http.retrying import (
    GONE,
    PASSING,
    REFUSED,
    AnswerBeyondBounds,
    AnswerTooLarge,
    FailedTry,
    HttpLimits,
    QuestionFailed,
    QuestionRefused,
    RefusedForNow,
    TooHeavy,
    UnclearFailure,
    failed_try,
    failure_of,
    retry_after,
    tries,
)
from generator.sources.http.way_out import place_of, proxy_of

Param = str | int | bool | Sequence[str]
#: One request; entering it sends it.
_Exchange = AbstractAsyncContextManager[httpx.Response]

for _chatty in ("httpx", "httpcore", "stamina"):
    # they log addresses and headers, which can name an invoice, and retries, which are counted
    logging.getLogger(_chatty).setLevel(logging.ERROR)


@dataclass(slots=True, kw_only=True)
class Http:
    """Reads from one server with a given client; counts requests and retries."""

    client: httpx.AsyncClient
    source: str  #: name for messages, such as ``btcpay-main``
    base_url: str  #: may carry a path prefix; joined as text
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    limits: HttpLimits = field(default_factory=HttpLimits)
    #: that the client goes through, empty for none; None: what the environment says
    proxy: str | None = field(default=None, repr=False)
    then: str = "the next run asks again"  #: what comes after a question that nobody answered
    counts: Counter[str] = field(default_factory=Counter)  #: ``requests``, ``retries``
    pace: HostPace = field(default_factory=HostPace)
    #: tells whether another server can be asked the same
    replaceable: Callable[[], bool] = field(default=lambda: False, repr=False)
    _turns: asyncio.Semaphore = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._turns = asyncio.Semaphore(self.limits.concurrency)
        self.pace.rest_initial_s, self.pace.rest_max_s = self.limits.wait_initial_s, self.limits.wait_max_s

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
        if self.pace.dead:
            raise self._unavailable(subject, "it did not answer its first question")
        try:
            async with self._turns, asyncio.timeout(self.limits.deadline_s) as deadline:
                answer = await self._patiently(
                    lambda: self._in_turn(
                        lambda: self._exchange("GET", path, params=params), subject, deadline
                    ),
                    subject,
                    shrinkable=shrinkable,
                )
        except TimeoutError as error:
            raise self._unavailable(subject, f"no answer within {self.limits.deadline_s:g} s") from error
        if answer.status // 100 == 2 or answer.status in accept:  # noqa: PLR2004 -- 2xx is the word for success
            return answer
        if answer.status in REFUSED:
            raise QuestionFailed(self.source, f"{subject}: {self.host} refused the request ({answer.status})")
        observed = f"{subject}: {self.host} answered {answer.status}; expected 200"
        raise (UnclearFailure if answer.status in GONE else QuestionRefused)(self.source, observed)

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
        self, ask: Callable[[], Awaitable[HttpAnswer]], subject: str, *, shrinkable: bool
    ) -> HttpAnswer:
        try:
            async for attempt in tries(self.limits, shrinkable=shrinkable, replaceable=self.replaceable()):
                with attempt:
                    self.counts["retries"] += attempt.num > 1
                    return await ask()
        except FailedTry as failure:
            if shrinkable and isinstance(failure, TooHeavy):
                raise
            if isinstance(failure, AnswerTooLarge):
                raise self._beyond(subject, failure.observed) from None
            error = self._unavailable(subject, failure.observed)
            raise failure.means(error.source, error.message) from failure.__cause__
        raise AssertionError  # pragma: no cover -- stamina yields at least one attempt or raises

    async def _in_turn(
        self, make: Callable[[], _Exchange], subject: str, deadline: asyncio.Timeout
    ) -> HttpAnswer:
        """Ask at the host's pace until it answers or is a ban; waiting for a turn is not held against it."""
        clock, refusals = asyncio.get_running_loop().time, 0
        at_first = self.pace.refusals
        while True:
            while (wait := self.pace.wait_s(clock())) > 0:
                if wait >= self.limits.deadline_s:
                    raise self._unavailable(subject, "asked us to wait longer than this run waits")
                if self._banned() and self.pace.refusals > at_first:  # so that not each has to find out
                    raise self._unavailable(subject, "answered 429")
                deadline.reschedule((deadline.when() or 0) + wait)
                await asyncio.sleep(wait)
            self.counts["requests"] += 1
            sent_at = clock()
            try:
                answer = await self._once(make(), subject)
            except RefusedForNow as refusal:
                self.pace.refused(clock(), sent_at=sent_at, asked_s=refusal.wait_s)
                refusals += 1
                error = self._refused(subject, refusal, refusals)
                if error is not None:
                    raise error from None
                self.counts["retries"] += 1
            else:
                self.pace.answered(clock(), sent_at=sent_at)
                return answer

    def _refused(self, subject: str, refusal: RefusedForNow, refusals: int) -> Unavailable | None:
        """Return the error of a refusal that nobody waits after: of a ban, or of this question alone.

        Some servers refuse a long history like too many requests, and answer others (public-servers.md 1.5).
        """
        error = self._unavailable(subject, refusal.observed)
        if self._banned():
            return error
        alone = refusals >= most_refusals(replaceable=self.replaceable())
        return QuestionFailed(error.source, error.message) if alone else None

    def _banned(self) -> bool:
        return self.pace.banned(replaceable=self.replaceable())

    async def _once(self, exchange: _Exchange, subject: str) -> HttpAnswer:
        try:
            async with asyncio.timeout(self.limits.request_s), exchange as response:
                return await self._read(response, subject)
        except (TimeoutError, httpx.TransportError) as error:
            proxy = proxy_of(self.base_url) if self.proxy is None else place_of(self.proxy)
            raise failed_try(error, self.limits, proxy) from error
        except httpx.InvalidURL as error:
            raise self._invalid(subject, f"is no address ({error})") from error
        except httpx.DecodingError as error:
            raise self._beyond(subject, f"sent a body that cannot be decompressed ({error})") from error

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
            headers={"Accept": "application/json", **ACCEPT_CODING, **self.headers},
            timeout=self.limits.request_s,
            follow_redirects=False,
        )

    async def _read(self, response: httpx.Response, subject: str) -> HttpAnswer:
        self.pace.heard = True
        if response.status_code in PASSING:
            observed = f"answered {response.status_code}"
            raise failure_of(response.status_code)(observed, self._asked_wait(response, subject))
        if response.has_redirect_location:
            raise self._moved(response, subject)
        return HttpAnswer(
            source=self.source,
            subject=subject,
            host=self.host,
            status=response.status_code,
            content=await read_body(response, self.limits.body_bytes),
            content_type=response.headers.get("content-type", ""),
            date=response.headers.get("date", ""),
        )

    def _asked_wait(self, response: httpx.Response, subject: str) -> float | None:
        wait_s = retry_after(response.headers)
        if wait_s is not None and wait_s >= self.limits.longest_wait_s(replaceable=self.replaceable()):
            observed = f"answered {response.status_code} and asks to wait {wait_s:.0f} s"
            raise self._unavailable(subject, f"{observed}, longer than this run waits")
        return wait_s

    def _unavailable(self, subject: str, observed: str, then: str = "") -> Unavailable:
        return Unavailable(self.source, f"{subject}: {self.host}: {observed}; {then or self.then}")

    def _invalid(self, subject: str, observed: str) -> Invalid:
        return Invalid(self.source, f"{subject}: {self.host} {observed}")

    def _beyond(self, subject: str, observed: str) -> AnswerBeyondBounds:
        return AnswerBeyondBounds(self.source, f"{subject}: {self.host} {observed}")

    def _moved(self, response: httpx.Response, subject: str) -> Invalid:
        target = urlsplit(response.headers["location"])
        where = f"{target.scheme}://{target.hostname}" if target.hostname else "another path"
        step = "redirects are not followed: put the final address in the configuration"
        return self._invalid(subject, f"redirects to {where}; {step}")
