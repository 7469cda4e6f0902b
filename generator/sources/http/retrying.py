"""How long and how often one request is tried, and which failures are tried again."""

from collections.abc import AsyncIterable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final

import httpx
import stamina

from generator.errors import Invalid, Unavailable

#: Statuses that a later try may turn into better ones (RFC 9110 and what proxies do).
PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
#: Statuses of what stands before a server that is gone.
GONE: Final = frozenset({525, 526, 530})
#: Statuses that only the maintainer can change.
REFUSED: Final = frozenset({401, 403, 407, 451})
#: Seconds that a server may ask us to wait where another can be asked instead.
_LONG_S: Final = 20.0
_TOO_OFTEN: Final = 429
_BROKEN: Final = 500
#: Those of a question that was too much for a server, or for what stands before it.
HEAVY: Final = frozenset({500, 502, 504, 524})


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

    def longest_wait_s(self, *, replaceable: bool) -> float:
        """Return how long a server may ask us to wait, less where another can be asked instead."""
        return min(_LONG_S, self.deadline_s) if replaceable else self.deadline_s


class UnclearFailure(Unavailable):
    """The server failed at this question; whether it answers others is not known."""


class QuestionFailed(Unavailable):
    """The server answers others, and fails at this question whenever it is asked."""


class AnswerBeyondBounds(Invalid):
    """The answer is longer than any that is read, or packed in a way that was not asked for."""


class QuestionRefused(Invalid):
    """The server answers this question with a status that is no answer."""


#: What messages say where there was no connection, of relays too.
UNREACHED: Final = ("cannot connect", "cannot reach the proxy")


class FailedTry(Exception):
    """One try failed in a way that a later one may not."""

    tries_of_many: int | None = None  #: after which another server is asked, where there is one
    means: type[Unavailable] = Unavailable  #: what it is when nobody tries again

    def __init__(self, observed: str, wait_s: float | None = None) -> None:
        super().__init__(observed)
        self.observed = observed
        self.wait_s = wait_s  #: what the server asks us to wait


class RefusedForNow(FailedTry):
    """The server answers nobody as often as we asked."""


class TooHeavy(FailedTry):
    """The server took too long, or failed as servers do that were asked for too much: less may come."""


class BadStatus(FailedTry):
    """The server, or what stands before it, answered that it cannot answer."""

    means = UnclearFailure


class TooHeavyStatus(BadStatus, TooHeavy):
    """It said so as servers do that were asked for too much."""


class BrokenAnswer(TooHeavy):
    """The server failed at this question, which it does not need to do at others."""

    tries_of_many = 2
    means = QuestionFailed


class NoAnswer(FailedTry):
    """Nothing came within the time of one try."""

    tries_of_many = 1


class SlowAnswer(NoAnswer, TooHeavy):
    """The question was taken, and nothing came within the time of one try."""

    means = UnclearFailure


class AnswerTooLarge(TooHeavy):
    """More bytes came than are allowed; so they would again."""

    def __init__(self, most: int) -> None:
        super().__init__(f"sent more than the {most} bytes allowed")


def tries(
    limits: HttpLimits, *, shrinkable: bool = False, replaceable: bool = False
) -> AsyncIterable[stamina.Attempt]:
    """Yield the attempts of one request; the waits between them double, or are what the server asks for.

    A `shrinkable` question that was too heavy is not tried again as it is. Where the server is
    `replaceable`, one that hangs or is broken at this question is not asked as often as one that is alone:
    some answer 500 for one address for ever (public-servers.md 1.6).
    """
    failures = 0

    def again(error: Exception) -> bool | float:
        nonlocal failures
        failures += 1
        enough = error.tries_of_many if replaceable and isinstance(error, FailedTry) else None
        if (shrinkable and isinstance(error, TooHeavy)) or (enough and failures >= enough):
            return False
        return backoff(error)

    return stamina.retry_context(
        on=again,
        attempts=limits.attempts,
        timeout=None,  # `Http` ends at the deadline, which waiting for a turn puts off
        wait_initial=limits.wait_initial_s,
        wait_max=limits.wait_max_s,
        wait_jitter=limits.wait_initial_s,
    )


def backoff(error: Exception) -> bool | float:
    """Tell stamina whether to try again: after a `FailedTry`, and after how many seconds if it says so."""
    if not isinstance(error, FailedTry) or isinstance(error, AnswerTooLarge):
        return False
    return True if error.wait_s is None else error.wait_s


def failure_of(status: int) -> type[FailedTry]:
    """Tell what a passing status is a sign of."""
    if status == _TOO_OFTEN:
        return RefusedForNow
    if status == _BROKEN:
        return BrokenAnswer
    return TooHeavyStatus if status in HEAVY else BadStatus


def failed_try(error: Exception, limits: HttpLimits, proxy: str = "") -> FailedTry:
    """Say what happened to a connection in our own words; a reason is quoted only of one never made.

    Where a `proxy` (host and port) stands between, it is the one that was not reached; what comes from
    behind it is not about it.

    Servers, and what stands before them, also break one off when an answer is too much for them.
    """
    if isinstance(error, httpx.ProxyError):
        return FailedTry(f"the proxy {proxy} does not lead there ({str(error)[:120]})")
    if proxy and isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout)) and "[SSL" not in str(error):
        return FailedTry(f"{UNREACHED[1]} {proxy} ({str(error)[:120] or 'no answer'})")
    if isinstance(error, httpx.ConnectError):
        if "WRONG_VERSION_NUMBER" in str(error):
            return FailedTry("no TLS is spoken there: is its address http://, or its port another")
        return FailedTry(f"{UNREACHED[0]} ({str(error)[:120] or 'no reason given'})")
    if isinstance(error, (TimeoutError, httpx.TimeoutException)):
        slow = isinstance(error, (TimeoutError, httpx.ReadTimeout))
        return (SlowAnswer if slow else NoAnswer)(f"no answer within {limits.request_s:g} s")
    heavy = isinstance(error, (httpx.ReadError, httpx.RemoteProtocolError))
    return (TooHeavy if heavy else FailedTry)(f"the connection broke ({type(error).__name__})")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds a ``Retry-After`` header asks for, None without one.

    A date is compared with the answer's own ``Date``, so our clock plays no part.
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        wait = parsedate_to_datetime(text) - parsedate_to_datetime(headers.get("date", ""))
    except (TypeError, ValueError, OverflowError):
        return None
    return max(0.0, wait.total_seconds())
