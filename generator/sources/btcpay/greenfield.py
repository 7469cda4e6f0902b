"""The questions we ask a BTCPay server: one method a route, typed answers or a `SourceError`.

Always the store form of a route (it exists in all versions and gives real
404s). No right to change anything is needed; without one, webhooks cannot be seen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

import msgspec

from generator.config import BTCPayServer
from generator.sources.btcpay import greenfield_types
from generator.sources.btcpay.listing import Invoices, Longest, Span
from generator.sources.btcpay.paging import TAKE
from generator.sources.btcpay.refusals import (
    EXPLAINED,
    MODIFY_WEBHOOKS,
    VIEW_INVOICES,
    VIEW_PAYOUTS,
    VIEW_PULL_PAYMENTS,
    VIEW_SETTINGS,
    refusal,
)
from generator.sources.btcpay.webhook_deliveries import Attempt, WebhookState
from generator.sources.http import Http, HttpAnswer, Param

T = TypeVar("T")


class _Key(msgspec.Struct, frozen=True):
    permissions: tuple[str, ...] = ()


_KEY: Final = msgspec.json.Decoder(_Key)
_WEBHOOK: Final = msgspec.json.Decoder(WebhookState)
_WEBHOOKS: Final = msgspec.json.Decoder(tuple[WebhookState, ...])
_ATTEMPTS: Final = msgspec.json.Decoder(tuple[Attempt, ...])


def authorization(token: str) -> dict[str, str]:
    """Return the header that a client for a BTCPay server must send."""
    return {"Authorization": f"token {token}"}


@dataclass(frozen=True, slots=True)
class Greenfield:
    """Asks one server."""

    server: BTCPayServer
    http: Http
    take: int = TAKE
    longest: Longest = field(default_factory=Longest)

    def invoices(self, store: str, span: Span, *, term: str = "") -> "Invoices":
        """Return a reader of all invoices created in a span, archived ones too, with their payments.

        `term` is a search term, matched by the server as a prefix.
        """
        return Invoices(api=self, store=store, span=span, term=term)

    async def page(self, store: str, params: dict[str, Param]) -> tuple[greenfield_types.Invoice, ...]:
        """Return one page of a store's invoices."""
        answer = await self._get(f"/stores/{store}/invoices", _of(store), VIEW_INVOICES, params)
        unknown = greenfield_types.unknown_fields(answer.content)
        self.http.counts["unknown_fields"] = max(self.http.counts["unknown_fields"], unknown)
        return answer.decode(greenfield_types.INVOICES)

    async def methods(self, store: str, invoice_id: str) -> tuple[greenfield_types.Method, ...]:
        """Return the payment methods of one invoice, as every version tells them."""
        subject = f"payment methods of an invoice of store {store}"
        path = f"/stores/{store}/invoices/{invoice_id}/payment-methods"
        return (await self._get(path, subject, VIEW_INVOICES)).decode(greenfield_types.METHODS)

    async def invoice(self, store: str, invoice_id: str) -> greenfield_types.Invoice | None:
        """Return one invoice, None when the store has none of this id."""
        answer = await self.http.get(
            f"/api/v1/stores/{store}/invoices/{invoice_id}",
            subject=f"an invoice of store {store}",
            accept=EXPLAINED,
        )
        if answer.status == 404:  # noqa: PLR2004 -- the store form answers it for an unknown invoice only
            return None
        return self._sure(answer, VIEW_INVOICES).decode(greenfield_types.INVOICE)

    async def crowdfund(self, app: str) -> greenfield_types.Crowdfund:
        """Return the settings of a crowdfund app; any key may read them."""
        answer = await self._get(f"/apps/crowdfund/{app}", f"crowdfund {app}", VIEW_INVOICES)
        return answer.decode(greenfield_types.CROWDFUND)

    async def payouts(
        self, store: str
    ) -> tuple[tuple[greenfield_types.PullPayment, ...], tuple[greenfield_types.Payout, ...]]:
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
        return pulls.decode(greenfield_types.PULL_PAYMENTS), payouts.decode(greenfield_types.PAYOUTS)

    async def rates(self, store: str, pairs: Iterable[str]) -> tuple[greenfield_types.StoreRate, ...]:
        """Return current prices by a store's rules, for pairs such as ``BTC_EUR``."""
        params: dict[str, Param] = {"currencyPair": list(pairs)}
        answer = await self._get(f"/stores/{store}/rates", f"rates of store {store}", VIEW_SETTINGS, params)
        return answer.decode(greenfield_types.STORE_RATES)

    async def permissions(self, need: str = VIEW_INVOICES) -> tuple[str, ...]:
        """Return what the key may do; the answer holds the key itself too, which is not kept."""
        return (await self._get("/api-keys/current", "permissions of the key", need)).decode(_KEY).permissions

    async def webhooks(self, store: str) -> tuple[WebhookState, ...]:
        """Return a store's webhooks; only a key that may change them may see them."""
        subject = f"webhooks of store {store}"
        answer = await self._get(f"/stores/{store}/webhooks", subject, MODIFY_WEBHOOKS)
        return answer.decode(_WEBHOOKS)

    async def deliveries(self, store: str, webhook_id: str, most: int) -> tuple[Attempt, ...]:
        """Return the latest tries of a webhook, newest first."""
        path = f"/stores/{store}/webhooks/{webhook_id}/deliveries"
        subject = f"deliveries of a webhook of store {store}"
        return (await self._get(path, subject, MODIFY_WEBHOOKS, {"count": most})).decode(_ATTEMPTS)

    async def put_webhook(self, store: str, wish: Mapping[str, object], webhook_id: str = "") -> WebhookState:
        """Make a webhook, or change one, and return what the server made of it; asked once."""
        path = f"/api/v1/stores/{store}/webhooks"
        method, place = ("PUT", f"{path}/{webhook_id}") if webhook_id else ("POST", path)
        answer = await self.http.send(method, place, wish, subject=f"webhooks of store {store}")
        return self._sure(answer, MODIFY_WEBHOOKS).decode(_WEBHOOK)

    async def _get(
        self, path: str, subject: str, need: str, params: dict[str, Param] | None = None
    ) -> HttpAnswer:
        answer = await self.http.get(f"/api/v1{path}", subject=subject, params=params, accept=EXPLAINED)
        return self._sure(answer, need)

    def _sure(self, answer: HttpAnswer, need: str) -> HttpAnswer:
        if answer.status // 100 != 2:  # noqa: PLR2004 -- 2xx is the word for success
            raise refusal(answer, self.server, need)
        return answer


def _of(store: str) -> str:
    return f"invoices of store {store}"
