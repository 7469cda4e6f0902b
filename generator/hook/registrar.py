"""Registers the receiver with BTCPay, or says how to do it by hand.

There is no right to look at webhooks without the right to change them, so the key
for it is another one than the report's, used for this call alone.
Rules: BTCPay Server 2.4.1, ``/api/v1/stores/{store}/webhooks``.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Final

from generator.config import BTCPayServer
from generator.errors import Invalid
from generator.sources.btcpay.greenfield import Greenfield
from generator.sources.btcpay.greenfield.refusals import MODIFY_WEBHOOKS
from generator.sources.btcpay.greenfield.wire import Webhook

#: What money does, with the words of BTCPay's own page; names that every version since 1.2 knows.
EVENTS: Final = {
    "InvoiceReceivedPayment": "A new payment has been received",
    "InvoicePaymentSettled": "A payment has been settled",
    "InvoiceSettled": "An invoice has been settled",
    "InvoiceExpired": "An invoice has expired",
    "InvoiceInvalid": "An invoice became invalid",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredWebhook:
    """What was done in one store."""

    store: str
    updated: bool  #: a webhook of this address was there
    doubles: int = 0  #: others of the same address, left as they are


@dataclass(frozen=True, slots=True, kw_only=True)
class Registrar:
    """Speaks to one server with the key that the client of `api` carries.

    A second run changes the webhook of the same address instead of making another.
    """

    api: Greenfield  #: its server's `token_env` is the variable that messages name
    url: str  #: without a slash at its end; a webhook with one is the same
    secret: str = field(repr=False)

    async def beyond(self) -> tuple[str, ...]:
        """Ask what the key may do beyond changing webhooks of the listed stores; raise `SourceError`."""
        needed = {f"{MODIFY_WEBHOOKS}:{store}" for store in self.api.server.stores}
        return tuple(sorted(set(await self.api.permissions(MODIFY_WEBHOOKS)) - needed))

    async def register(self) -> AsyncIterator[RegisteredWebhook]:
        """Make or change the webhook of each store; raise `SourceError` with what to do next."""
        for store in self.api.server.stores:
            same = [
                webhook for webhook in await self.api.webhooks(store) if webhook.url.rstrip("/") == self.url
            ]
            written = await self.api.put_webhook(store, self._wish(), same[0].id if same else "")
            self._check(written, store)
            yield RegisteredWebhook(store=store, updated=bool(same), doubles=max(0, len(same) - 1))

    def _wish(self) -> dict[str, object]:
        return {
            "url": self.url,
            "enabled": True,
            "automaticRedelivery": True,
            "secret": self.secret,
            "authorizedEvents": {"everything": False, "specificEvents": list(EVENTS)},
        }

    def _check(self, written: Webhook, store: str) -> None:
        """Raise `Invalid` where the server made something else of it."""
        events = written.authorized_events
        listens = events.everything or set(EVENTS) <= set(events.specific_events)
        if written.url == self.url and written.enabled and listens:
            return
        http = self.api.http
        observed = f"{http.host} keeps something else than was asked"
        msg = f"webhooks of store {store}: {observed}: compare it in BTCPay"
        raise Invalid(http.source, msg)


def by_hand(server: BTCPayServer, url: str, secret_env: str) -> list[str]:
    """Tell in lines how to do the same on BTCPay's own pages."""
    stores = ", ".join(server.stores)
    return [
        f"1. Make a secret and keep it for the receiver: {secret_env}=$(openssl rand -hex 32)",
        f"2. On {server.url} choose the store ({stores}), then Settings, Webhooks, Create webhook.",
        f"3. Payload URL: {url}",
        f"4. Secret: the value of {secret_env}.",
        "5. Automatic redelivery: on. Enabled: on.",
        "6. Events, Send specific events:",
        *(f"     {words} ({name})" for name, words in EVENTS.items()),
        "7. Save. Repeat it for each store; then run `sunlit hook serve` with the secret set.",
    ]
