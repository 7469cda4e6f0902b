"""When a rebuild is asked for: at once for the first event, then once for all that came meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Trigger:
    """Asks for one rebuild at once, and for one more after each `debounce_s` in which something came.

    Times are of the event loop, whose clock tests move. One dispatch runs at a
    time; one that fails counts as made, because the dispatcher tries again itself
    and the schedule is there.
    """

    dispatch: Callable[[], Awaitable[None]]
    debounce_s: float
    asked: int = 0  #: dispatches
    _waiting: bool = False
    _running: asyncio.Task[None] | None = field(default=None)
    _closing: asyncio.Event = field(default_factory=asyncio.Event)

    def offer(self) -> None:
        """Say that something came."""
        self._waiting = True
        if self._running is None or self._running.done():
            self._running = asyncio.ensure_future(self._run())

    async def close(self, within_s: float = 5.0) -> None:
        """Ask now for what still waits, then stop; one that takes longer than `within_s` is given up."""
        self._closing.set()
        if self._running is None:
            return
        _, unfinished = await asyncio.wait([self._running], timeout=within_s)
        for task in unfinished:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _run(self) -> None:
        while self._waiting:
            self._waiting = False
            self.asked += 1
            await self.dispatch()
            if not self._closing.is_set():
                await self._pause()

    async def _pause(self) -> None:
        try:
            await asyncio.wait_for(self._closing.wait(), self.debounce_s)
        except TimeoutError:
            return
