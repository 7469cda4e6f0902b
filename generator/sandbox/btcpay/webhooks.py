"""Webhooks of a server: who listens to what, what is sent, and what became of it; by BTCPay Server 2.4.1."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

Json = dict[str, object]

_OK: Final = 200
_REDIRECTS: Final = 300
#: What 1.0.7 calls otherwise.
_OLD_NAMES: Final = {"originalDeliveryId": "orignalDeliveryId", "paymentMethodId": "paymentMethod"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened in a store."""

    kind: str  #: such as ``InvoiceSettled``
    store: str
    at: int
    told: Json = field(default_factory=dict)  #: what this kind tells, before what all have
    subject: Json = field(default_factory=dict)  #: what it is about, after it: ids and metadata


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One try to tell a webhook about an event."""

    id: str
    original: str  #: id of the first try
    event: Event
    at: int  #: when the answer came, or none
    body: bytes
    code: int | None  #: None without an answer
    error: str | None = None

    @property
    def status(self) -> str:
        """Return BTCPay's word for how it ended."""
        if self.code is None:
            return "Failed"
        return "HttpSuccess" if _OK <= self.code < _REDIRECTS else "HttpError"

    def document(self) -> Json:
        """Return it as the list of deliveries has it."""
        return {
            "id": self.id,
            "timestamp": self.event.at,
            "deliveryTime": self.at,
            "httpCode": self.code,
            "errorMessage": self.error,
            "status": self.status,
        }


@dataclass(slots=True, kw_only=True)
class Webhook:
    """An address that wants to know."""

    id: str
    store: str
    url: str
    secret: str
    enabled: bool = True
    redelivers: bool = True
    old: bool = False  #: of a server of 1.0.7: other names, and no metadata
    everything: bool = True
    kinds: tuple[str, ...] = ()
    deliveries: list[Delivery] = field(default_factory=list)  #: oldest first

    def wants(self, event: Event) -> bool:
        """Tell whether it is told about an event."""
        return self.enabled and self.store == event.store and (self.everything or event.kind in self.kinds)

    def document(self, *, with_secret: bool = False) -> Json:
        """Return it as the API tells it; the secret is told when it is made, and never again."""
        secret = {"secret": self.secret} if with_secret else {}
        authorized = {"everything": self.everything, "specificEvents": list(self.kinds)}
        return {
            "id": self.id,
            "enabled": self.enabled,
            "automaticRedelivery": self.redelivers,
            "url": self.url,
            "authorizedEvents": authorized,
            **secret,
        }

    def body(self, event: Event, *, number: str, original: str) -> bytes:
        """Return the bytes of one try: indented JSON as the server writes it."""
        whole = {
            **event.told,
            "deliveryId": number,
            "webhookId": self.id,
            "originalDeliveryId": original,
            "isRedelivery": number != original,
            "type": event.kind,
            "timestamp": event.at,
            "storeId": event.store,
            **event.subject,
        }
        if self.old:
            whole = {_OLD_NAMES.get(name, name): value for name, value in whole.items() if name != "metadata"}
        return json.dumps(whole, indent=2, ensure_ascii=False).encode()

    def signature(self, body: bytes) -> str:
        """Return the header ``BTCPay-Sig``; without a secret the key is empty, as at BTCPay."""
        return "sha256=" + hmac.new(self.secret.encode(), body, hashlib.sha256).hexdigest()


@dataclass(slots=True)
class Webhooks:
    """All webhooks of a server."""

    _by_id: dict[str, Webhook] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Webhook]:
        """Yield them as they were made."""
        return iter(tuple(self._by_id.values()))

    def put(self, webhook: Webhook) -> None:
        """Add one, or change it."""
        self._by_id[webhook.id] = webhook

    def drop(self, webhook: Webhook) -> None:
        """Forget one and its deliveries."""
        del self._by_id[webhook.id]

    def current(self, number: str) -> Webhook | None:
        """Return one as it is now, None when it was dropped."""
        return self._by_id.get(number)

    def of(self, store: str) -> list[Webhook]:
        """Return those of a store."""
        return [webhook for webhook in self if webhook.store == store]

    def get(self, store: str, number: str) -> Webhook | None:
        """Return one of a store, None when it has none of this id."""
        found = self._by_id.get(number)
        return found if found and found.store == store else None
