"""One relay, asked for everything some filters want, with how that ended."""

import asyncio
import socket
import ssl
from collections.abc import Sequence
from typing import Any, Final

from websockets.asyncio.client import connect
from websockets.exceptions import (
    ConnectionClosed,
    InvalidMessage,
    InvalidStatus,
    ProxyError,
    WebSocketException,
)

from generator.protocol.nostr import Filter
from generator.sources.http import proxy_of
from generator.sources.relays.login import Login
from generator.sources.relays.paging import Paging
from generator.sources.relays.questions import fitting
from generator.sources.relays.reading import Ending, ReadingEnded, RelayLimits, RelayReading
from generator.sources.relays.relay_words import printable, status_text

_WAITING: Final = 2  #: messages that wait to be looked at; each may be as large as any
#: Reasons of a CLOSED (NIP-01) that are meant for us and not for the question.
_ENOUGH: Final = ("rate-limited:", "blocked:")
_REFUSALS: Final = 3  #: questions that a relay refuses before it is left
TOO_BIG: Final = 1009  # RFC 6455 section 7.4.1


async def read_relay(
    url: str,
    filters: Sequence[Filter],
    limits: RelayLimits,
    *,
    place: tuple[str, int] | None = None,
    secret: bytes | None = None,
) -> RelayReading:
    """Ask one relay for everything the filters want; never raises for what a relay does.

    `place` is the address and port to connect to, where they are not those of the url; with a
    `secret` of 32 bytes a relay that wants it gets a login (NIP-42).
    """
    reading = RelayReading(url=url)
    login = Login(url=url, secret=secret)
    try:
        async with asyncio.timeout(limits.total_s), _connection(url, limits, place) as connection:
            reading.ending = Ending.TIMEOUT
            pagings = [
                Paging(
                    connection=connection,
                    wanted=wanted,
                    reading=reading,
                    limits=limits,
                    name=f"q{number}",
                    login=login,
                )
                for number, wanted in enumerate(fitting(filters, limits.question_bytes))
            ]
            await _ask_all(pagings)
            reading.ending, reading.detail = _ending(reading)
    except ReadingEnded as end:
        reading.ending, reading.detail = end.ending, end.detail
    except TimeoutError:
        opened = reading.ending is Ending.TIMEOUT
        reading.ending = Ending.TIMEOUT
        reading.detail = "stopped answering" if opened else "did not open a connection in time"
    except ConnectionClosed as error:
        reading.ending, reading.detail = _broken(error, limits)
    except (OSError, WebSocketException, ImportError) as error:
        proxy = "" if place else proxy_of(url)
        reading.ending, reading.detail = Ending.REFUSED, _refusal(error, proxy)
    return reading


async def _ask_all(pagings: Sequence[Paging]) -> None:
    """Put every question, also after some that the relay refuses by themselves; raise the first refusal."""
    refused: list[Exception] = []
    for paging in pagings:
        try:
            await paging.run()
        except (ReadingEnded, TimeoutError, ConnectionClosed) as end:
            closed = isinstance(end, ReadingEnded) and end.ending is Ending.CLOSED
            if not closed or any(word in str(end) for word in _ENOUGH):
                raise (refused or [end])[0] from None
            refused.append(end)
            if len(refused) == _REFUSALS:
                break
    if refused:
        raise refused[0]


def _broken(error: ConnectionClosed, limits: RelayLimits) -> tuple[Ending, str]:
    """Return how a connection ended that was open, with the relay's own reason if it gave one."""
    if error.sent is not None and error.sent.code == TOO_BIG:
        return Ending.FLOOD, f"sent a message larger than {limits.message_bytes} bytes"
    reason = printable(error.rcvd.reason) if error.rcvd else ""
    said = f", saying “{reason}”" if reason else ""
    return Ending.DROPPED, f"closed the connection before the end{said}"


def _refusal(error: Exception, proxy: str) -> str:
    """Return why there is no connection: the relay's HTTP status where it gave one, or what a `proxy` did."""
    if proxy and (why := _proxy_refusal(error, proxy)):
        return why
    if isinstance(error, InvalidStatus):
        wait = printable(error.response.headers.get("Retry-After", ""))
        until = f" and asks to wait {wait}{' s' if wait.isdigit() else ''}" if wait else ""
        return f"answered {status_text(error.response.status_code)} instead of opening a connection{until}"
    if isinstance(error, InvalidMessage):
        return "hung up before it answered, or what it answered is not HTTP"
    if isinstance(error, socket.gaierror):
        return "cannot connect: its name is not found"
    return f"cannot connect: {type(error).__name__}"


def _proxy_refusal(error: Exception, proxy: str) -> str:
    if isinstance(error, ImportError):
        return f"cannot connect: the SOCKS proxy {proxy} needs the package python-socks; install it"
    if isinstance(error, ProxyError):
        return f"the proxy {proxy} does not lead there"
    if isinstance(error, OSError) and not isinstance(error, ssl.SSLError):
        return f"cannot reach the proxy {proxy} ({type(error).__name__})"
    return ""


def _ending(reading: RelayReading) -> tuple[Ending, str]:
    if reading.counts["unpaged"]:
        return Ending.UNPAGED, "its pages are not the newest events before a time"
    if not reading.counts["gaps"]:
        return Ending.COMPLETE, ""
    alone = "it gives one event a page, so that no page proves an end" if reading.largest_page == 1 else ""
    return Ending.SAME_SECOND, alone


class DirectConnection(connect):
    """Follows no redirect, which could lead to any host of any network."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        """Take the answer for what it is."""
        return exc


def _connection(url: str, limits: RelayLimits, place: tuple[str, int] | None) -> connect:
    connect_to: dict[str, Any] = {"host": place[0], "port": place[1], "proxy": None} if place else {}
    return DirectConnection(
        url,
        open_timeout=limits.open_s,
        max_size=limits.message_bytes,
        max_queue=_WAITING,
        close_timeout=1,
        **connect_to,
    )
