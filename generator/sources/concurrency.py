"""Asking many things at once and leaving nothing running behind."""

import asyncio
from collections.abc import Awaitable, Iterable
from typing import TypeVar

T = TypeVar("T")


async def all_of(asking: Iterable[Awaitable[T]]) -> list[T]:
    """Await everything, to the end, then raise the first error; no request is left running behind."""
    answers = await asyncio.gather(*asking, return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return [answer for answer in answers if not isinstance(answer, BaseException)]
