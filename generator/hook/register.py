"""Registers the receiver with BTCPay, or says how to do it by hand.

There is no right to look at webhooks without the right to change them, so the key
for it is another one than the report's, used for this call alone.
Rules: BTCPay Server 2.4.1, ``/api/v1/stores/{store}/webhooks``.
"""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from typing import Final, TypeVar

import httpx
import msgspec

from generator.config import BTCPayServer
from generator.errors import Invalid, Unavailable
from generator.sources.btcpay.refusals import EXPLAINED, MODIFY_WEBHOOKS, refusal
from generator.sources.http import Answer, Http

T = TypeVar("T")
#: What money does, with the words of BTCPay's own page; names that every version since 1.2 knows.
EVENTS: Final = {
    "InvoiceReceivedPayment": "A new payment has been received",
    "InvoicePaymentSettled": "A payment has been settled",
    "InvoiceSettled": "An invoice has been settled",
    "InvoiceExpired": "An invoice has expired",
    "InvoiceInvalid": "An invoice became invalid",
}


class _Events(msgspec.Struct, frozen=True, rename="camel"):
    everything: bool = False
    specific_events: tuple[str, ...] = tuple(EVENTS)


class _Webhook(msgspec.Struct, frozen=True, rename="camel"):
    id: str = ""
    url: str = ""
    enabled: bool = True
    automatic_redelivery: bool = True
    authorized_events: _Events = _Events(specific_events=())


class _Key(msgspec.Struct, frozen=True):
    permissions: tuple[str, ...] = ()


_WEBHOOK: Final = msgspec.json.Decoder(_Webhook)
_WEBHOOKS: Final = msgspec.json.Decoder(tuple[_Webhook, ...])
_KEY: Final = msgspec.json.Decoder(_Key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """What was done in one store."""

    store: str
    updated: bool  #: a webhook of this address was there
    doubles: int = 0  #: others of the same address, left as they are


@dataclass(frozen=True, slots=True, kw_only=True)
class Registrar:
    """Speaks to one server with the key that `client` carries; `key_env` is named in messages.

    A second run changes the webhook of the same address instead of making another.
    """

    server: BTCPayServer
    client: httpx.AsyncClient
    key_env: str
    url: str
    secret: str = field(repr=False)

    async def beyond(self) -> tuple[str, ...]:
        """Return what the key may do beyond changing webhooks of the listed stores; raise `SourceError`."""
        answer = await self._http().get("/api/v1/api-keys/current", subject="the key", accept=EXPLAINED)
        held = self._read(answer, _KEY).permissions
        needed = {f"{MODIFY_WEBHOOKS}:{store}" for store in self.server.stores}
        return tuple(sorted(set(held) - needed))

    async def register(self) -> AsyncIterator[Registered]:
        """Make or change the webhook of each store; raise `SourceError` with what to do next."""
        for store in self.server.stores:
            yield await self._in(store)

    async def _in(self, store: str) -> Registered:
        path, subject = f"/api/v1/stores/{store}/webhooks", f"webhooks of store {store}"
        answer = await self._http().get(path, subject=subject, accept=EXPLAINED)
        same = [one for one in self._read(answer, _WEBHOOKS) if one.url == self.url]
        if same:
            written = await self._write("PUT", f"{path}/{same[0].id}", subject)
        else:
            written = await self._write("POST", path, subject)
        self._check(written, subject)
        return Registered(store=store, updated=bool(same), doubles=max(0, len(same) - 1))

    def _wish(self) -> dict[str, object]:
        return {
            "url": self.url,
            "enabled": True,
            "automaticRedelivery": True,
            "secret": self.secret,
            "authorizedEvents": {"everything": False, "specificEvents": list(EVENTS)},
        }

    async def _write(self, method: str, path: str, subject: str) -> _Webhook:
        """Send the wish once: a POST that is sent again could make a second webhook."""
        http = self._http()
        try:
            response = await self.client.request(
                method, self.server.url.rstrip("/") + path, json=self._wish(), follow_redirects=False
            )
        except httpx.TransportError as error:
            msg = f"{subject}: {http.host}: {type(error).__name__}; run it again, it makes no second webhook"
            raise Unavailable(http.source, msg) from None
        answer = Answer(
            source=http.source,
            subject=subject,
            host=http.host,
            status=response.status_code,
            content=response.content,
            content_type=response.headers.get("content-type", ""),
        )
        return self._read(answer, _WEBHOOK)

    def _read(self, answer: Answer, decoder: "msgspec.json.Decoder[T]") -> T:
        if not 200 <= answer.status < 300:  # noqa: PLR2004 -- 2xx is the word for success
            server = self.server.model_copy(update={"token_env": self.key_env})
            raise refusal(answer, server, MODIFY_WEBHOOKS)
        return answer.decode(decoder)

    def _check(self, written: _Webhook, subject: str) -> None:
        """Raise `Invalid` where the server made something else of it."""
        listens = set(EVENTS) <= set(written.authorized_events.specific_events)
        if written.url == self.url and written.enabled and (listens or written.authorized_events.everything):
            return
        msg = f"{subject}: {self._http().host} keeps something else than was asked: compare it in BTCPay"
        raise Invalid(self._http().source, msg)

    def _http(self) -> Http:
        return Http(client=self.client, source=f"btcpay-{self.server.id}", base_url=self.server.url)


def by_hand(server: BTCPayServer, url: str, secret_env: str, *, others: Iterable[str] = ()) -> list[str]:
    """Return the steps that do the same on BTCPay's own pages, as lines."""
    stores = ", ".join((*server.stores, *others))
    return [
        f"1. Make a secret and keep it for the receiver: {secret_env}=$(openssl rand -hex 32)",
        f"2. On {server.address} choose the store ({stores}), then Settings, Webhooks, Create webhook.",
        f"3. Payload URL: {url}",
        f"4. Secret: the value of {secret_env}.",
        "5. Automatic redelivery: on. Enabled: on.",
        "6. Events, Send specific events:",
        *(f"     {words} ({name})" for name, words in EVENTS.items()),
        "7. Save. Repeat it for each store; then run `sunlit hook serve` with the secret set.",
    ]
