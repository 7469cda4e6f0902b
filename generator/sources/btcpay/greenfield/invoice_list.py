"""All invoices of a store with their payments, from a server of any version.

A server from 2.3.6 on tells payments in the list. An older one ignores that
wish: then each invoice that can hold money is asked about singly, a few at a
time, and the list is read again, for what changed in between would mix two states.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from generator.errors import Invalid
from generator.sources.btcpay.greenfield.bad_rows import BadInvoice
from generator.sources.btcpay.greenfield.client import Greenfield
from generator.sources.btcpay.greenfield.paging import Disordered, Pager
from generator.sources.btcpay.greenfield.values import GENESIS, number
from generator.sources.btcpay.greenfield.wire import Invoice
from generator.sources.http import TooHeavy

_AT_ONCE: Final = 16  #: so that a server that fails is not asked thousands of times more
_LOOKS: Final = 4  #: times an invoice that changes while we look is looked at
#: States in which no payment can be attached, so an old server need not be asked.
_EMPTY: Final = frozenset({("New", "None"), ("Expired", "None")})


@dataclass(slots=True, kw_only=True)
class InvoiceList:
    """Reads all invoices of one store, archived ones too, with their payments, page by page."""

    api: Greenfield
    store: str
    since: datetime | None  #: creation of the oldest, None for since the beginning
    until: datetime  #: creation of the newest; both seconds are inside
    term: str = ""  #: search term, matched by the server as a prefix
    with_methods: bool = True  #: False where ids and marks are enough
    complete: bool = True  #: known after the last page

    async def pages(self) -> AsyncIterator[Sequence[Invoice]]:
        """Yield every invoice of the span once, each in one of the states it has during the run."""
        pager = Pager(fetch=self._fetch, size=self.api.size, largest=self.api.longest_page)
        http = self.api.http
        try:
            async for page in pager.pages(*self._seconds):
                yield await self._filled(page) if self.with_methods else page
        except Disordered as error:
            msg = f"invoices of store {self.store}: {http.host} sent {error}"
            step = "does a proxy or plugin change what is asked?"
            raise Invalid(http.source, f"{msg}; {step}") from None
        self.api.longest_page = max(self.api.longest_page, pager.largest)
        self.complete &= pager.complete
        http.counts["doubled_invoices"] += pager.doubled

    @property
    def _seconds(self) -> tuple[int, int]:
        return int(self.since.timestamp()) if self.since else GENESIS, int(self.until.timestamp())

    async def _fetch(self, first: int, last: int, skip: int, take: int) -> tuple[Invoice, ...]:
        term = {"textSearch": self.term} if self.term else {}
        whole = {"includePaymentMethods": self.with_methods, "includeArchived": True}
        window = {"startDate": first, "endDate": last, "skip": skip, "take": take}
        size, clock = self.api.size, asyncio.get_running_loop().time
        began = clock()
        try:
            page = await self.api.page(self.store, {**whole, **term, **window}, shrinkable=size.may_shrink)
        except TooHeavy:
            size.failed(clock() - began)
            self.api.http.counts["retries"] += 1
            raise
        size.came(clock() - began)
        self.complete &= not any(isinstance(invoice, BadInvoice) and invoice.anywhere for invoice in page)
        return page

    async def _filled(self, page: Sequence[Invoice]) -> Sequence[Invoice]:
        """Add the payments that an old server did not list."""
        found = {invoice.id: invoice for invoice in page}
        bare = [invoice for invoice in page if _is_bare(invoice) and not isinstance(invoice, BadInvoice)]
        if not bare:
            return page
        for _ in range(_LOOKS):
            for start in range(0, len(bare), _AT_ONCE):
                filled = await asyncio.gather(*map(self._with_methods, bare[start : start + _AT_ONCE]))
                found |= {invoice.id: invoice for invoice in filled}
            bare = await self._changed(bare)
            if not bare:
                return list(found.values())
        self.api.http.counts["restless_invoices"] += len(bare)
        return list(found.values())

    async def _with_methods(self, invoice: Invoice) -> Invoice:
        self.api.http.counts["asked_singly"] += 1
        methods = await self.api.methods(self.store, invoice.id)
        return msgspec.structs.replace(invoice, payment_methods=methods)

    async def _changed(self, page: Sequence[Invoice]) -> list[Invoice]:
        """Ask the list again for some invoices, and return those whose state is another one by now."""
        times = [invoice.created_time for invoice in page]
        first, last = self._seconds
        take = len(page) + self.api.size.now
        again = await self._fetch(max(first, min(times)), min(last, max(times) + 1), 0, take)
        now = {invoice.id: invoice for invoice in again}
        return [now[old.id] for old in page if old.id in now and now[old.id].state != old.state]


def _is_bare(invoice: Invoice) -> bool:
    """Tell whether an invoice that may hold money was listed without the payment methods it offers."""
    if invoice.payment_methods or not invoice.checkout.payment_methods:
        return False
    return invoice.state not in _EMPTY or bool(number(invoice.paid_amount))
