"""How long a run may ask: on the event loop's clock, which tests move."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Time in which a source may ask; without an end it takes what it takes."""

    begins_s: float  #: of the event loop's clock
    length_s: float | None = None

    @classmethod
    def of(cls, length_s: float | None) -> Self:
        """Begin now."""
        return cls(begins_s=asyncio.get_running_loop().time(), length_s=length_s)

    @property
    def half(self) -> Self:
        """The first half of it."""
        return type(self)(begins_s=self.begins_s, length_s=self.length_s and self.length_s / 2)

    @property
    def left_s(self) -> float | None:
        """Seconds that are left, none before zero; None without an end."""
        if self.length_s is None:
            return None
        return max(0.0, self.begins_s + self.length_s - asyncio.get_running_loop().time())

    async def wait_for(self, asking: Coroutine[Any, Any, None]) -> bool:
        """Await something; tell whether it ended in time. What did not is cancelled."""
        until = asyncio.timeout(self.left_s)
        try:
            async with until:
                await asking
        except TimeoutError:
            if not until.expired():
                raise
            return False
        return True
