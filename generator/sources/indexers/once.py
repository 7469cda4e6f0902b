"""Answers that cannot change, asked once: whoever asks while the question is under way shares its answer."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from generator.errors import SourceError

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


@dataclass(slots=True)
class Once(Generic[K, T]):
    """Questions by what they are about; one that fails is asked again by the next."""

    most: int | None = None  #: of answers that are kept, None for all
    _asked: dict[K, asyncio.Future[T]] = field(default_factory=dict)

    async def get(self, key: K, ask: Callable[[], Awaitable[T]]) -> T:
        """Return the answer about a key; raise the `SourceError` of the question that all wait for."""
        task = self._asked.get(key)
        if task is None:
            task = self._asked[key] = asyncio.ensure_future(ask())
            if self.most is not None and len(self._asked) > self.most:
                del self._asked[next(iter(self._asked))]
        try:
            return await task
        except SourceError:
            self._asked.pop(key, None)
            raise
