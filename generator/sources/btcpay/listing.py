"""All invoices of a store with their payments, from a server of any version.

A server from 2.3.6 on tells payments in the list. An older one ignores that
wish: then each invoice that can hold money is asked about singly, a few at a
time, and the list is read again, for what changed in between would mix two states.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

import msgspec

from generator.errors import Invalid
from generator.sources.btcpay import greenfield_types
from generator.sources.btcpay.paging import Disordered, Walk
from generator.sources.http import Http, Param

#: Bitcoin's genesis block, as Unix seconds: nothing was invoiced before.
GENESIS: Final = 1_231_006_505
_AT_ONCE: Final = 16  #: so that a server that fails is not asked thousands of times more
_LOOKS: Final = 4  #: times an invoice that changes while we look is looked at
#: States in which no payment can be attached, so an old server need not be asked.
_EMPTY: Final = frozenset({("New", "None"), ("Expired", "None")})

State = tuple[str, str]


@dataclass(slots=True)
class Longest:
    """The longest page a server ever gave in this run."""

    rows: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From when to when invoices were created, both seconds inside; None for since the beginning."""

    since: datetime | None = None
    until: datetime

    @property
    def seconds(self) -> tuple[int, int]:
        """Return both ends as Unix seconds."""
        return int(self.since.timestamp()) if self.since else GENESIS, int(self.until.timestamp())


class Api(Protocol):
    """What is asked of a server here."""

    @property
    def http(self) -> Http:
        """Return the reader, for its counts and its name in messages."""

    @property
    def longest(self) -> Longest:
        """Return what is known about the server's pages."""

    @property
    def take(self) -> int:
        """Return how many invoices a page should have."""

    async def page(self, store: str, params: dict[str, Param]) -> tuple[greenfield_types.Invoice, ...]:
        """Return one page of a store's invoices."""

    async def methods(self, store: str, invoice_id: str) -> tuple[greenfield_types.Method, ...]:
        """Return the payment methods of one invoice."""


@dataclass(slots=True, kw_only=True)
class Invoices:
    """Reads the invoices of one store, page by page; `complete` is known after the last."""

    api: Api
    store: str
    span: Span
    term: str = ""
    complete: bool = True
    counts: Counter[str] = field(init=False)

    def __post_init__(self) -> None:
        self.counts = self.api.http.counts

    async def pages(self) -> AsyncIterator[Sequence[greenfield_types.Invoice]]:
        """Yield every invoice of the span once, each in one of the states it has during the run."""
        walk = Walk(fetch=self._fetch, take=self.api.take, largest=self.api.longest.rows)
        try:
            async for page in walk.pages(*self.span.seconds):
                yield await self._filled(page)
        except Disordered as error:
            msg = f"invoices of store {self.store}: {self.api.http.host} sent {error}"
            step = "does a proxy or plugin change what is asked?"
            raise Invalid(self.api.http.source, f"{msg}; {step}") from None
        self.api.longest.rows = max(self.api.longest.rows, walk.largest)
        self.complete = walk.complete
        self.counts["doubled_invoices"] += walk.doubled

    async def _fetch(
        self, first: int, last: int, skip: int, take: int
    ) -> tuple[greenfield_types.Invoice, ...]:
        params: dict[str, Param] = {"includePaymentMethods": True, "includeArchived": True}
        if self.term:
            params["textSearch"] = self.term
        return await self.api.page(
            self.store, {**params, "startDate": first, "endDate": last, "skip": skip, "take": take}
        )

    async def _filled(self, page: Sequence[greenfield_types.Invoice]) -> Sequence[greenfield_types.Invoice]:
        """Return a page with the payments that an old server did not list."""
        found = {invoice.id: invoice for invoice in page}
        bare = [invoice for invoice in page if _is_bare(invoice)]
        for _ in range(_LOOKS):
            if not bare:
                return list(found.values())
            for start in range(0, len(bare), _AT_ONCE):
                chunk = bare[start : start + _AT_ONCE]
                found |= {one.id: one for one in await asyncio.gather(*map(self._asked, chunk))}
            now = await self._states(bare)
            bare = [now[one.id] for one in bare if one.id in now and now[one.id].state != one.state]
        self.counts["restless_invoices"] += len(bare)
        return list(found.values())

    async def _asked(self, invoice: greenfield_types.Invoice) -> greenfield_types.Invoice:
        self.counts["asked_singly"] += 1
        methods = await self.api.methods(self.store, invoice.id)
        return msgspec.structs.replace(invoice, payment_methods=methods)

    async def _states(self, page: Sequence[greenfield_types.Invoice]) -> dict[str, greenfield_types.Invoice]:
        """Return invoices as the list shows them now."""
        times = [invoice.created_time for invoice in page]
        first, last = self.span.seconds
        take = len(page) + self.api.take
        again = await self._fetch(max(first, min(times)), min(last, max(times) + 1), 0, take)
        return {invoice.id: invoice for invoice in again}


def _is_bare(invoice: greenfield_types.Invoice) -> bool:
    """Tell whether an invoice that may hold money was listed without the payment methods it offers."""
    if invoice.payment_methods or not invoice.checkout.payment_methods:
        return False
    paid = greenfield_types.number(invoice.paid_amount)
    return invoice.state not in _EMPTY or bool(paid)
