"""The questions we ask a BTCPay server: one method a route, typed answers or a `SourceError`.

Always the store form of a route (it exists in all versions and gives real
404s). No right to change anything is needed; without one, webhooks cannot be seen.
"""

import ssl
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final
from urllib.parse import urlsplit

import httpx
import msgspec

from generator.config import BTCPayServer
from generator.errors import Invalid
from generator.sources.btcpay.greenfield import bad_rows, refusals, wire
from generator.sources.btcpay.greenfield.page_size import PageSize
from generator.sources.btcpay.greenfield.payout_rows import (
    PAYOUTS,
    PULL_PAYMENTS,
    Payout,
    PullPayment,
    each_row,
)
from generator.sources.http import Http, HttpAnswer, Param, TooHeavy
from generator.unreadable import UNREADABLE

#: Keys of an invoice by version 2.4.1; more than these mean a newer server.
_INVOICE_FIELDS: Final = frozenset({*(field.encode_name for field in msgspec.structs.fields(wire.Invoice)), *(
    "storeId", "checkoutLink", "availableStatusesForManualMarking", "type", "receipt",
)})  # fmt: skip
_KEYS: Final = msgspec.json.Decoder(tuple[dict[str, msgspec.Raw], ...])


def authorization(token: str) -> dict[str, str]:
    """Make the header that a client for a BTCPay server must send with every question."""
    return {"Authorization": f"token {token}"}


def transport(server: BTCPayServer, authority: str | None = None) -> httpx.AsyncBaseTransport:
    """Open the way to a server; `authority` is the PEM text of its `ca_file`.

    The environment's proxies are not used: a key goes where the configuration says.
    """
    return httpx.AsyncHTTPTransport(verify=_trust(authority, verify=server.verify), proxy=server.proxy)


@cache
def _trust(authority: str | None, *, verify: bool) -> ssl.SSLContext:
    context = httpx.create_ssl_context(trust_env=False)
    if authority is not None:
        context.load_verify_locations(cadata=authority)
    if not verify:  # the configuration allows it for private addresses and onion hosts only
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


@dataclass(slots=True)
class Greenfield:
    """Asks one server; `need` in a method is the right that a refusal says is lacking."""

    server: BTCPayServer
    http: Http
    size: PageSize = field(default_factory=PageSize)  #: invoices asked for at once
    longest_page: int = 0  #: the most invoices the server ever gave at once
    _compared: bool = False  #: whether the keys of its invoices were compared with those we know

    @property
    def prefix(self) -> str:
        """The path of the server's own address, empty without one."""
        return urlsplit(self.server.url).path

    async def page(
        self, store: str, params: dict[str, Param], *, shrinkable: bool = False
    ) -> tuple[wire.Invoice, ...]:
        """Ask for one page of a store's invoices; count keys that a newer server brought, once.

        A `shrinkable` question raises `TooHeavy` as `Http.get` does.
        """
        path, subject = f"/stores/{store}/invoices", f"invoices of store {store}"
        answer = await self.get(path, subject, params=params, shrinkable=shrinkable)
        if shrinkable and _is_cut_off(answer.content):
            msg = "sent a list that is cut off"
            raise TooHeavy(msg)
        page = bad_rows.rows_of(answer, wire.INVOICES, wire.Invoice, bad_rows.invoice)
        if page and not self._compared:  # a server writes every invoice alike, and this reads a page again
            self._compared = True
            self.http.counts["unknown_fields"] = _unknown_fields(answer.content)
        return _with_times(page, last) if isinstance(last := params.get("endDate"), int) else page

    async def methods(self, store: str, invoice_id: str) -> tuple[wire.Method, ...]:
        """Ask for the payment methods of one invoice, which every version tells."""
        path = f"/stores/{store}/invoices/{invoice_id}/payment-methods"
        answer = await self.get(path, f"payment methods of an invoice of store {store}")
        return bad_rows.rows_of(answer, wire.METHODS, wire.Method, bad_rows.method)

    async def invoice(self, store: str, invoice_id: str) -> wire.Invoice | None:
        """Ask for one invoice; None when the store has none of this id."""
        answer = await self.http.get(
            f"/api/v1/stores/{store}/invoices/{invoice_id}",
            subject=f"an invoice of store {store}",
            accept=refusals.EXPLAINED,
        )
        if answer.status == 404:  # noqa: PLR2004 -- the store form answers it for an unknown invoice only
            return None
        return self._sure(answer, refusals.VIEW_INVOICES).decode(wire.INVOICE)

    async def ordered(self, store: str, order: str) -> tuple[wire.Invoice, ...]:
        """Ask for the invoices of one order number, with their payments."""
        asked: dict[str, Param] = {"orderId": order, "includeArchived": True, "includePaymentMethods": True}
        return await self.page(store, asked)

    async def crowdfund(self, app: str) -> wire.Crowdfund:
        """Ask for the settings of a crowdfund app; any key may read them since 2.0.5."""
        return (await self.get(f"/apps/crowdfund/{app}", f"crowdfund {app}")).decode(wire.CROWDFUND)

    async def point_of_sale(self, app: str) -> wire.PointOfSale:
        """Ask for a point of sale app; any key may read it since 2.0.5."""
        return (await self.get(f"/apps/pos/{app}", f"point of sale {app}")).decode(wire.POINT_OF_SALE)

    async def find_request(self, request: str, term: str) -> None:
        """Ask the listed stores for a payment request, or an invoice under its `term`, until one has any.

        Raise the refusal of the first store that may have it, else that of the last.
        """
        path, subject = f"payment-requests/{request}", f"payment request {request}"
        error: refusals.AppNotFound | refusals.NotAllowed | None = None
        for store in self.server.stores:
            try:
                await self.get(f"/stores/{store}/{path}", subject, refusals.VIEW_REQUESTS)
            except (refusals.AppNotFound, refusals.NotAllowed) as refused:
                if await self.page(store, {"textSearch": term, "take": 1, "includeArchived": True}):
                    return
                error = error if isinstance(error, refusals.NotAllowed) else refused
            else:
                return
        if error:
            raise error

    async def payouts(self, store: str) -> tuple[tuple[PullPayment, ...], tuple[Payout, ...]]:
        """Ask for all pull payments of a store, archived ones too, and all payouts."""
        answer = await self.get(
            f"/stores/{store}/pull-payments",
            f"pull payments of store {store}",
            refusals.VIEW_PULL_PAYMENTS,
            params={"includeArchived": True},
        )
        pulls = each_row(answer, PULL_PAYMENTS, PullPayment)
        answer = await self.get(
            f"/stores/{store}/payouts",
            f"payouts of store {store}",
            refusals.VIEW_PAYOUTS,
            params={"includeCancelled": False},
        )
        return pulls, each_row(answer, PAYOUTS, Payout)

    async def rates(self, store: str, pairs: Iterable[str]) -> tuple[wire.StoreRate, ...]:
        """Ask for current prices by a store's rules, for pairs such as ``BTC_EUR``."""
        params: dict[str, Param] = {"currencyPair": list(pairs)}
        answer = await self.get(
            f"/stores/{store}/rates", f"rates of store {store}", refusals.VIEW_SETTINGS, params=params
        )
        return answer.decode(wire.STORE_RATES)

    async def version(self) -> str:
        """Ask for the server's version; empty where the key may not know it, or it is no version."""
        try:
            return (await self.get("/server/info", "version of the server")).decode(wire.SERVER_INFO).version
        except (refusals.NotAllowed, Invalid):
            return ""

    async def permissions(self, need: str = refusals.VIEW_INVOICES) -> tuple[str, ...]:
        """Ask what the key may do, as ``permission`` or ``permission:store``."""
        answer = await self.get("/api-keys/current", "permissions of the key", need)
        return answer.decode(wire.KEY_RIGHTS).permissions

    async def webhooks(self, store: str) -> tuple[wire.Webhook, ...]:
        """Ask for a store's webhooks; only a key that may change them may see them."""
        answer = await self.get(
            f"/stores/{store}/webhooks", f"webhooks of store {store}", refusals.MODIFY_WEBHOOKS
        )
        return answer.decode(wire.WEBHOOKS)

    async def deliveries(self, store: str, webhook_id: str, most: int) -> tuple[wire.DeliveryAttempt, ...]:
        """Ask for the latest tries of a webhook, newest first."""
        path = f"/stores/{store}/webhooks/{webhook_id}/deliveries"
        subject = f"deliveries of a webhook of store {store}"
        answer = await self.get(path, subject, refusals.MODIFY_WEBHOOKS, params={"count": most})
        return answer.decode(wire.DELIVERY_ATTEMPTS)

    async def put_webhook(self, store: str, wish: Mapping[str, object], webhook_id: str = "") -> wire.Webhook:
        """Make a webhook, or change one, and return what the server made of it; asked once."""
        path = f"/api/v1/stores/{store}/webhooks"
        method, place = ("PUT", f"{path}/{webhook_id}") if webhook_id else ("POST", path)
        answer = await self.http.send(method, place, wish, subject=f"webhooks of store {store}")
        return self._sure(answer, refusals.MODIFY_WEBHOOKS).decode(wire.WEBHOOK)

    async def get(
        self,
        path: str,
        subject: str,
        need: str = refusals.VIEW_INVOICES,
        *,
        params: dict[str, Param] | None = None,
        shrinkable: bool = False,
    ) -> HttpAnswer:
        """Ask ``/api/v1`` + `path`; raise the error of a refusal, which names `subject` and `need`."""
        answer = await self.http.get(
            f"/api/v1{path}", subject=subject, params=params, accept=refusals.EXPLAINED, shrinkable=shrinkable
        )
        return self._sure(answer, need)

    def _sure(self, answer: HttpAnswer, need: str) -> HttpAnswer:
        if answer.status // 100 != 2:  # noqa: PLR2004 -- 2xx is the word for success
            raise refusals.refusal(answer, self.server, need)
        return answer


def _with_times(page: Sequence[wire.Invoice], last: int) -> tuple[wire.Invoice, ...]:
    """Give a bad invoice without a time that of the one before it, or behind it: lists are in order.

    Alone in its page it gets the `last` second that was asked for.
    """
    times = [invoice.created_time for invoice in page]
    if all(times):
        return tuple(page)
    before = next(filter(None, times), last)
    found = []
    for invoice in page:
        before = invoice.created_time or before
        found.append(msgspec.structs.replace(invoice, created_time=before))
    return tuple(found)


def _is_cut_off(page: bytes) -> bool:
    """Tell whether a list begins and does not end: a proxy without buffers has closed on it."""
    return not page.rstrip().endswith(b"]") and page.lstrip().startswith(b"[")


def _unknown_fields(page: bytes) -> int:
    """Count the different keys that the invoices of a page have and we never heard of; 0 for no page."""
    try:
        invoices = _KEYS.decode(page)
    except UNREADABLE:
        return 0
    return len(set[str]().union(*invoices) - _INVOICE_FIELDS)
