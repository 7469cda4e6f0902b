"""An event loop whose clock stands while there is work and skips waiting: time-outs without seconds.

Client and server of a test share this loop over real sockets. The clock goes on
only when neither has anything to do, and then by exactly the time to the next
timer. So a loaded machine cannot make an honest relay look slow, and waiting a
minute for a silent one costs nothing.
"""

import asyncio
import os
import selectors
import socket
from typing import Any

#: Real seconds without any traffic before the clock skips: what the kernel may need to deliver.
_QUIET_S = 0.03


class _Skipping(selectors.DefaultSelector):  # type: ignore[misc, valid-type, unused-ignore]
    """A selector that tells how long it would have slept instead of sleeping."""

    skipped_s = 0.0
    threads = False  #: whether one was ever started, which may have an answer soon

    def select(self, timeout: float | None = None) -> Any:  # noqa: ANN401 -- the base class's own
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        ready = super().select(None if timeout is None else _QUIET_S if self._speaks else 0)
        if not ready and timeout is not None:
            self.skipped_s += timeout
        return ready

    @property
    def _speaks(self) -> bool:
        """Whether anything can come: from a thread, or over a connection; nobody can call who is not here."""
        return self.threads or any(not _listens(key.fd) for key in self.get_map().values())


def _listens(descriptor: int) -> bool:
    with socket.socket(fileno=os.dup(descriptor)) as found:
        return found.family == socket.AF_UNIX or bool(
            found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
        )


class SkippingLoop(asyncio.SelectorEventLoop):
    """asyncio with a clock that counts waiting alone."""

    def __init__(self) -> None:
        self._skips = _Skipping()
        super().__init__(self._skips)

    def time(self) -> float:
        """Return seconds waited so far; work takes none."""
        return self._skips.skipped_s

    def run_in_executor(self, *arguments: Any) -> Any:  # noqa: ANN401 -- the base class's own
        """Run something in a thread, which is waited for in real time."""
        self._skips.threads = True
        return super().run_in_executor(*arguments)

    def advance(self, seconds: float) -> None:
        """Let time go by, such as what a slow answer takes."""
        self._skips.skipped_s += seconds


#: For anyio's pytest plugin: ``@pytest.mark.parametrize("anyio_backend", [SKIPPING])`` or a fixture.
SKIPPING = ("asyncio", {"loop_factory": SkippingLoop})
