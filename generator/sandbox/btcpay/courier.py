"""Tells webhooks what happened, as BTCPay Server 2.4.1 does: in order, one at a time, again after failures.

What waits is in memory alone: a restart of the server loses it.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Final

import httpx

from generator.sandbox.btcpay.chance import base58
from generator.sandbox.btcpay.webhooks import Delivery, Event, Webhook, Webhooks

#: Seconds between tries.
DELAYS_S: Final = (10, 60, *(600,) * 6)
_PATIENCE_S: Final = 100.0  #: what .NET's client waits for an answer
#: Answers after which it tries again, with all of 500 and above.
_PASSING: Final = frozenset({408, 429})
_BROKEN: Final = 500


@dataclass(frozen=True, slots=True)
class _Letter:
    event: Event
    number: str  #: id of its first try
    original: str  #: the delivery that it repeats, else the same


@dataclass(slots=True, kw_only=True)
class Courier:
    """Sends from the event loop it is called in, whose clock times the tries.

    `now` is the server's clock in Unix seconds, `reach` makes a client for one try.
    """

    webhooks: Webhooks
    dice: Random
    now: Callable[[], int]
    reach: Callable[[], httpx.AsyncClient] = httpx.AsyncClient
    _letters: dict[str, deque[_Letter]] = field(default_factory=dict)
    _runs: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)

    def announce(self, event: Event) -> None:
        """Queue an event for every webhook that wants it."""
        for webhook in self.webhooks:
            if webhook.wants(event):
                number = base58(self.dice)
                self._queue(webhook, _Letter(event, number, number))

    def repeat(self, webhook: Webhook, delivery: Delivery) -> str:
        """Queue a delivery once more; return the id of the new one."""
        number = base58(self.dice)
        self._queue(webhook, _Letter(delivery.event, number, delivery.original))
        return number

    def forget(self) -> None:
        """Lose what waits, as a restart does."""
        for run in self._runs.values():
            run.cancel()
        self._runs.clear()
        self._letters.clear()

    async def idle(self) -> None:
        """Wait until everything was told, or given up."""
        while running := [run for run in self._runs.values() if not run.done()]:
            await asyncio.wait(running)

    def _queue(self, webhook: Webhook, letter: _Letter) -> None:
        self._letters.setdefault(webhook.id, deque()).append(letter)
        if (run := self._runs.get(webhook.id)) is None or run.done():
            self._runs[webhook.id] = asyncio.ensure_future(self._run(webhook.id))

    async def _run(self, number: str) -> None:
        waiting = self._letters[number]
        while waiting:
            await self._tell(number, waiting.popleft())

    async def _tell(self, number: str, letter: _Letter) -> None:
        """Try until it is taken, refused for good, or given up; the webhook may change meanwhile."""
        name = letter.number
        for delay_s in (*DELAYS_S, None):
            if (webhook := self.webhooks.current(number)) is None:
                return
            delivery = await self._once(webhook, letter.event, name, letter.original)
            if delay_s is None or not webhook.redelivers or not _passes(delivery.code):
                return
            await asyncio.sleep(delay_s)
            name = base58(self.dice)

    async def _once(self, webhook: Webhook, event: Event, number: str, original: str) -> Delivery:
        body = webhook.body(event, number=number, original=original)
        headers = {"Content-Type": "application/json", "BTCPay-Sig": webhook.signature(body)}
        code, error = None, None
        try:
            async with self.reach() as client:
                answer = await client.post(webhook.url, content=body, headers=headers, timeout=_PATIENCE_S)
            code = answer.status_code
            error = None if answer.is_success else f"HTTP Error Code {code}"
        except httpx.HTTPError as failure:
            error = type(failure).__name__
        delivery = Delivery(
            id=number, original=original, event=event, at=self.now(), body=body, code=code, error=error
        )
        webhook.deliveries.append(delivery)
        return delivery


def _passes(code: int | None) -> bool:
    """Tell whether a failure may pass by itself (since 2.3.4; earlier versions repeat after any)."""
    return code is None or code >= _BROKEN or code in _PASSING
