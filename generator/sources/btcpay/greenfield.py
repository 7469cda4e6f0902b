"""The questions we ask a BTCPay server: one method a route, typed answers or a `SourceError`.

Always the store form of a route (it exists in all versions and gives real
404s), never a route that needs a right to change anything.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

import msgspec

from generator.config.model import BTCPayServer
from generator.sources.btcpay import wire
from generator.sources.btcpay.paging import Listing, walk
from generator.sources.btcpay.refusals import (
    EXPLAINED,
    VIEW_INVOICES,
    VIEW_PAYOUTS,
    VIEW_PULL_PAYMENTS,
    VIEW_SETTINGS,
    refusal,
)
from generator.sources.http import Answer, Http, Param

T = TypeVar("T")

#: Bitcoin's genesis block, as Unix seconds: nothing was invoiced before.
GENESIS: Final = 1_231_006_505
_AT_ONCE: Final = 16  #: so that a server that fails is not asked thousands of times more
#: States in which no payment can be attached, so an old server need not be asked.
_EMPTY: Final = frozenset({("New", "None"), ("Expired", "None")})


def authorization(token: str) -> dict[str, str]:
    """Return the header that a client for a BTCPay server must send."""
    return {"Authorization": f"token {token}"}


@dataclass(frozen=True, slots=True)
class Greenfield:
    """Asks one server."""

    server: BTCPayServer
    http: Http

    async def invoices(
        self, store: str, *, until: datetime, since: datetime | None = None, term: str = ""
    ) -> Listing:
        """Return all invoices created in a span, archived ones too, with their payments.

        `term` is a search term, matched by the server as a prefix.
        """
        subject = f"invoices of store {store}"
        fixed: dict[str, Param] = {"includePaymentMethods": True, "includeArchived": True}
        if term:
            fixed["textSearch"] = term

        async def fetch(first: int, last: int, skip: int, take: int) -> tuple[wire.Invoice, ...]:
            params = {**fixed, "startDate": first, "endDate": last, "skip": skip, "take": take}
            answer = await self._get(f"/stores/{store}/invoices", subject, VIEW_INVOICES, params)
            self.http.counts["unknown_fields"] = max(
                self.http.counts["unknown_fields"], wire.unknown_fields(answer.content)
            )
            return answer.decode(wire.INVOICES)

        first = int(since.timestamp()) if since else GENESIS
        listing = await walk(fetch, since=first, until=int(until.timestamp()))
        await self._fill(store, listing)
        return listing

    async def invoice(self, store: str, invoice_id: str) -> wire.Invoice | None:
        """Return one invoice, None when the store has none of this id."""
        answer = await self.http.get(
            f"/api/v1/stores/{store}/invoices/{invoice_id}",
            subject=f"an invoice of store {store}",
            accept=EXPLAINED,
        )
        if answer.status == 404:  # noqa: PLR2004 -- the store form answers it for an unknown invoice only
            return None
        return self._sure(answer, VIEW_INVOICES).decode(wire.INVOICE)

    async def crowdfund(self, app: str) -> wire.Crowdfund:
        """Return the settings of a crowdfund app; any key may read them."""
        answer = await self._get(f"/apps/crowdfund/{app}", f"crowdfund {app}", VIEW_INVOICES)
        return answer.decode(wire.CROWDFUND)

    async def payouts(self, store: str) -> tuple[tuple[wire.PullPayment, ...], tuple[wire.Payout, ...]]:
        """Return all pull payments and payouts of a store."""
        pulls = await self._get(
            f"/stores/{store}/pull-payments",
            f"pull payments of store {store}",
            VIEW_PULL_PAYMENTS,
            {"includeArchived": True},
        )
        payouts = await self._get(
            f"/stores/{store}/payouts", f"payouts of store {store}", VIEW_PAYOUTS, {"includeCancelled": False}
        )
        return pulls.decode(wire.PULL_PAYMENTS), payouts.decode(wire.PAYOUTS)

    async def rates(self, store: str, pairs: Iterable[str]) -> tuple[wire.StoreRate, ...]:
        """Return current prices by a store's rules, for pairs such as ``BTC_EUR``."""
        params: dict[str, Param] = {"currencyPair": list(pairs)}
        answer = await self._get(f"/stores/{store}/rates", f"rates of store {store}", VIEW_SETTINGS, params)
        return answer.decode(wire.STORE_RATES)

    async def _fill(self, store: str, listing: Listing) -> None:
        """Ask a server before 2.3.6, which ignores ``includePaymentMethods``, for each invoice's payments."""
        bare = [invoice for invoice in listing.invoices.values() if _is_bare(invoice)]
        self.http.counts["asked_singly"] += len(bare)
        subject = f"payment methods of an invoice of store {store}"

        async def fill(invoice: wire.Invoice) -> wire.Invoice:
            path = f"/stores/{store}/invoices/{invoice.id}/payment-methods"
            answer = await self._get(path, subject, VIEW_INVOICES)
            return msgspec.structs.replace(invoice, payment_methods=answer.decode(wire.METHODS))

        for start in range(0, len(bare), _AT_ONCE):
            listing.add(await asyncio.gather(*map(fill, bare[start : start + _AT_ONCE])))

    async def _get(
        self, path: str, subject: str, need: str, params: dict[str, Param] | None = None
    ) -> Answer:
        answer = await self.http.get(f"/api/v1{path}", subject=subject, params=params, accept=EXPLAINED)
        return self._sure(answer, need)

    def _sure(self, answer: Answer, need: str) -> Answer:
        if answer.status in EXPLAINED:
            raise refusal(answer, self.server, need)
        return answer


def _is_bare(invoice: wire.Invoice) -> bool:
    """Tell whether an invoice that may hold money was listed without the payment methods it offers."""
    if invoice.payment_methods or not invoice.checkout.payment_methods:
        return False
    paid = wire.number(invoice.paid_amount)
    return invoice.state not in _EMPTY or bool(paid)
