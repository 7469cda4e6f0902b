"""The routes of Greenfield that change something: webhooks, and an invoice to try them with."""

from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Final
from urllib.parse import urlsplit

import msgspec

from generator.sandbox.btcpay.chance import base58
from generator.sandbox.btcpay.keys import CREATE_INVOICE, MODIFY_WEBHOOKS
from generator.sandbox.btcpay.routes import Answer, Missing, Question
from generator.sandbox.btcpay.search import BadQuery
from generator.sandbox.btcpay.webhooks import Delivery, Webhook

NO_WEBHOOK: Final = ("webhook-not-found", "The webhook was not found")
NO_DELIVERY: Final = ("webhookdelivery-not-found", "The webhook delivery was not found")


class _Events(msgspec.Struct, frozen=True, rename="camel"):
    everything: bool = True
    specific_events: tuple[str, ...] = ()


class _Wish(msgspec.Struct, frozen=True, rename="camel"):
    """What is asked of a webhook; what is left out is the default, also on a change."""

    url: str = ""
    enabled: bool = True
    automatic_redelivery: bool = True
    secret: str | None = None
    authorized_events: _Events = _Events()


class _Order(msgspec.Struct, frozen=True):
    amount: str | float | None = None
    currency: str = ""


_WISH: Final = msgspec.json.Decoder(_Wish)
_ORDER: Final = msgspec.json.Decoder(_Order)


def _list(question: Question) -> object:
    return [webhook.document() for webhook in question.till.courier.webhooks.of(question.path["store"])]


def _make(question: Question) -> object:
    wish = _wish(question)
    dice = question.till.dice
    webhook = _changed(
        Webhook(id=base58(dice), store=question.path["store"], url="", secret=wish.secret or base58(dice)),
        wish,
    )
    question.till.courier.webhooks.put(webhook)
    return webhook.document(with_secret=True)


def _one(question: Question) -> object:
    return _found(question).document()


def _change(question: Question) -> object:
    wish = _wish(question)
    changed = _changed(_found(question), wish)
    question.till.courier.webhooks.put(changed)
    return changed.document()


def _drop(question: Question) -> object:
    question.till.courier.webhooks.drop(_found(question))
    return {}


def _changed(webhook: Webhook, wish: _Wish) -> Webhook:
    return replace(
        webhook,
        url=wish.url,
        secret=wish.secret or webhook.secret,
        enabled=wish.enabled,
        redelivers=wish.automatic_redelivery,
        everything=wish.authorized_events.everything,
        kinds=wish.authorized_events.specific_events,
    )


def _deliveries(question: Question) -> object:
    newest_first = _found(question).deliveries[::-1]
    count = question.names.get("count", "")
    return [
        delivery.document()
        for delivery in (newest_first[: int(count)] if count.isdecimal() else newest_first)
    ]


def _delivery(question: Question) -> object:
    return _told(question).document()


def _request(question: Question) -> object:
    return msgspec.Raw(_told(question).body)


def _again(question: Question) -> object:
    return question.till.courier.repeat(_found(question), _told(question))


def _sell(question: Question) -> object:
    try:
        order = _ORDER.decode(question.body)
        price = Decimal(str(order.amount))
    except (msgspec.DecodeError, InvalidOperation):
        raise BadQuery(("amount", "The amount is not a number")) from None
    currency = order.currency.upper() or question.books.stores[question.path["store"]].currency
    if not question.till.knows(currency):
        raise BadQuery(("currency", "Invalid currency"))
    return question.desk.invoice(
        question.till.sell(question.path["store"], price, currency), with_methods=False
    )


def _wish(question: Question) -> _Wish:
    try:
        wish = _WISH.decode(question.body)
    except msgspec.DecodeError:
        raise BadQuery(("", "The body is not a webhook")) from None
    if not (urlsplit(wish.url).scheme and urlsplit(wish.url).netloc):
        raise BadQuery(("url", "The url is not a valid absolute uri"))
    return wish


def _found(question: Question) -> Webhook:
    found = question.till.courier.webhooks.get(question.path["store"], question.path["webhook"])
    if found is None:
        raise Missing(*NO_WEBHOOK)
    return found


def _told(question: Question) -> Delivery:
    number = question.path["delivery"]
    found = next((sent for sent in _found(question).deliveries if sent.id == number), None)
    if found is None:
        raise Missing(*NO_DELIVERY)
    return found


_WEBHOOKS: Final = "/stores/{store}/webhooks"
_WEBHOOK: Final = f"{_WEBHOOKS}/{{webhook}}"
_DELIVERY: Final = f"{_WEBHOOK}/deliveries/{{delivery}}"
#: (method, path below ``/api/v1``) → (right it needs, answer); there is no right to look at webhooks only
TRADE: Final[dict[tuple[str, str], tuple[str, Answer]]] = {
    ("GET", _WEBHOOKS): (MODIFY_WEBHOOKS, _list),
    ("POST", _WEBHOOKS): (MODIFY_WEBHOOKS, _make),
    ("GET", _WEBHOOK): (MODIFY_WEBHOOKS, _one),
    ("PUT", _WEBHOOK): (MODIFY_WEBHOOKS, _change),
    ("DELETE", _WEBHOOK): (MODIFY_WEBHOOKS, _drop),
    ("GET", f"{_WEBHOOK}/deliveries"): (MODIFY_WEBHOOKS, _deliveries),
    ("GET", _DELIVERY): (MODIFY_WEBHOOKS, _delivery),
    ("GET", f"{_DELIVERY}/request"): (MODIFY_WEBHOOKS, _request),
    ("POST", f"{_DELIVERY}/redeliver"): (MODIFY_WEBHOOKS, _again),
    ("POST", "/stores/{store}/invoices"): (CREATE_INVOICE, _sell),
}
