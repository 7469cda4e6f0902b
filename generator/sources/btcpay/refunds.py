"""What ties a pull payment to the invoice that it pays back; pure.

An invoice says nothing about its refunds. BTCPay names the pull payment of a refund
``Refund <invoice id>``, in the language of its backend: ``{0}を返金``, ``{0} İade``
(18 packs, and owners edit them). So the words play no part: an id in the name that
the store knows is the link. WooCommerce names the order instead, which is weaker and
must agree in all else. Nothing is ever tied by its amount or its time.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from generator.sources.btcpay.greenfield.payout_rows import PullPayment
from generator.sources.btcpay.greenfield.values import number
from generator.sources.btcpay.greenfield.wire import Invoice
from generator.sources.btcpay.order_pages import PageKind, page_at
from generator.sources.btcpay.payments import BITCOIN

BY_ID: Final = "by invoice id"
BY_ORDER: Final = "by order number"
#: An id as BTCPay makes them (base58 of 16 random bytes), bounded by anything that can be in none.
_ID: Final = re.compile(r"(?<![0-9A-Za-z])[1-9A-HJ-NP-Za-km-z]{16,22}(?![0-9A-Za-z])")
#: WooCommerce cuts ``<words> <order number>; <reason>`` to so many bytes, even inside a letter.
_CUT: Final = 50
_REASON: Final = "; "
#: What a cut may have shortened: ``1042`` would be read as order ``10``.
_SHORTENED: Final = re.compile(r"[!-~]+\Z")
_ORDER: Final = re.compile(r"[0-9A-Za-z_-]+")


def ids_in(name: str | None) -> tuple[str, ...]:
    """Find what may be ids of invoices in a pull payment's name, each once, in their order."""
    return tuple(dict.fromkeys(_ID.findall(name or "")))


def orders_in(name: str | None) -> tuple[str, ...]:
    """Find what may be an order number in a name that WooCommerce may have written; none in any other.

    Languages without spaces write it between their letters (``注文1042の返金; …``), shops after a sign.
    """
    text = name or ""
    words, reason, _ = f"{text} ".partition(_REASON)  # which may be empty
    cut = len(text.rstrip("\ufffd").encode()) in range(_CUT - 3, _CUT + 1)
    if not reason:
        words = _SHORTENED.sub("", text) if cut else ""
    found = [*words.split(), *_ORDER.findall(words)]
    return tuple(dict.fromkeys(word for word in found if any(map(str.isdigit, word))))


def ordered_invoice(pull: PullPayment, order: str, found: Iterable[Invoice]) -> Invoice | None:
    """Choose the one invoice that a shop's refund of an order can be of; None where anything contradicts."""
    named = (invoice for invoice in found if invoice.metadata.order_id == order and _by_a_shop(invoice))
    paid = [invoice for invoice in named if invoice.payments]
    if len(paid) != 1 or not paid[0].metadata.by_woocommerce:
        return None
    [invoice] = paid
    limit = number(pull.amount)
    if limit is None or pull.starts_at is None or pull.starts_at < invoice.created_time:
        return None
    most = _worth(invoice, (pull.currency or "").upper())
    return invoice if most is not None and limit <= most else None


def _by_a_shop(invoice: Invoice) -> bool:
    """Tell whether a shop made an invoice: what a payer of an app or a button writes makes none doubtful."""
    page = page_at(invoice.metadata.order_url).kind
    return page is PageKind.OTHER or (page is PageKind.NONE and invoice.metadata.by_woocommerce)


def _worth(invoice: Invoice, currency: str) -> Decimal | None:
    """Say how much an invoice was of, in its own currency, or paid in bitcoin; None in any other."""
    amount, own = number(invoice.amount), invoice.currency.upper()
    if currency == own:
        return amount
    if currency != "BTC":
        return None
    values = [number(payment.value) for method, payment in invoice.payments if method.rail]
    paid = sum((value for value in values if value is not None), Decimal(0))
    return max(paid, amount / BITCOIN[own]) if amount is not None and own in BITCOIN else paid
