"""How many connections the receiver holds and for how long: one that brings nothing shuts nobody out.

uvicorn bounds neither their number nor the time that a request takes to come; the size of a
request's head is h11's to bound.
"""

import asyncio
import socket
import sys
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, cast

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from generator.hook.repetition import Repetition, collected

#: Connections at once, of which each may hold a file and a megabyte; behind a proxy there are a few.
MOST_CONNECTIONS: Final = 256
#: Seconds from connecting, or from the last answer, until the next answer has been taken.
REQUEST_S: Final = 30.0
#: The part of them taken in one turn of the event loop: a few turns pass until what came first is
#: answered, and so many newer ones may not make it the oldest of all.
_A_TURN: Final = 8
#: Connections that wait in the kernel for their turn.
_QUEUE: Final = 4_096
#: Seconds in which requests that are under way at the end may still be answered.
_LAST_ANSWERS_S: Final = 2


@dataclass(slots=True, kw_only=True)
class Connections:
    """Those open, the one that has been waiting longest for its next answer first."""

    most: int
    request_s: float
    say: Repetition
    _open: "dict[BoundedConnection, asyncio.TimerHandle]" = field(default_factory=dict)

    def opened(self, connection: "BoundedConnection") -> None:
        """Take one in; close the oldest that has sent no whole request if there are too many."""
        self.begun(connection)
        if len(self._open) > self.most:
            # who sent all of it is about to be answered
            oldest = next((each for each in self._open if not each.is_whole), connection)
            self._cut(oldest, f"more than {self.most} connections at once: the oldest without a request")

    def begun(self, connection: "BoundedConnection") -> None:
        """Give one its time anew."""
        self.closed(connection)
        late = f"no whole request within {self.request_s:g} s: the connection"
        self._open[connection] = connection.loop.call_later(self.request_s, self._cut, connection, late)

    def closed(self, connection: "BoundedConnection") -> None:
        """Forget one."""
        timer = self._open.pop(connection, None)
        if timer is not None:
            timer.cancel()

    def end(self) -> None:
        """Close those that have sent no whole request."""
        for connection in [each for each in self._open if not each.is_whole]:
            self._cut(connection, "the receiver stops: a connection without a whole request")

    def _cut(self, connection: "BoundedConnection", why: str) -> None:
        self.closed(connection)
        connection.transport.abort()
        self.say(f"{why} was closed")


class BoundedConnection(H11Protocol):
    """One connection, with a deadline for each request from its first byte to its answer's last."""

    def __init__(self, *arguments: Any, connections: Connections, **named: Any) -> None:  # noqa: ANN401 -- uvicorn's
        super().__init__(*arguments, **named)
        self._all = connections

    @property
    def is_whole(self) -> bool:
        """Whether a whole request came that is not answered yet."""
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.more_body and not cycle.response_complete

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        super().connection_made(cast("asyncio.Transport", transport))
        self._all.opened(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._all.closed(self)
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        if not self.transport.is_closing():
            self._all.begun(self)
        super().on_response_complete()


def _most_files() -> int | None:
    """Return how many files and connections this process may have open, None where nothing bounds it."""
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415 -- not there on Windows

    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return None if files == resource.RLIM_INFINITY else files


class BoundedServer(uvicorn.Server):
    """A server of one application that no number of connections stops, fills or floods the log of."""

    def __init__(
        self,
        application: ASGIApp,
        say: Repetition,
        *,
        most: int = MOST_CONNECTIONS,
        request_s: float = REQUEST_S,
    ) -> None:
        if (files := _most_files()) is not None:
            most = min(most, max(1, files // 4))
        self._connections = Connections(most=most, request_s=request_s, say=say)
        protocol = partial(BoundedConnection, connections=self._connections)
        self._say = say
        super().__init__(
            uvicorn.Config(
                application,
                http=cast("type[asyncio.Protocol]", protocol),
                ws="none",
                log_config=None,
                access_log=False,
                backlog=max(1, most // _A_TURN),
                timeout_graceful_shutdown=_LAST_ANSWERS_S,
            )
        )

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer until a signal comes."""
        with collected(self._say, "uvicorn.error", "asyncio"):
            await super().serve(sockets)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End in bounded time: what is still on its way comes again, because nobody answered it."""
        self._connections.end()
        await super().shutdown(sockets)
        self._say.close()  # here, because the signal that was caught is raised again after this

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen; asyncio has one number for a turn and for the queue."""
        await super().startup(sockets)
        for listener in sockets or ():
            listener.listen(_QUEUE)
