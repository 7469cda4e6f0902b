"""What a server's books said at an earlier time, so that a log can grow as it would have."""

from dataclasses import replace
from typing import Final

from generator.sandbox.btcpay.books import Books, Shelf
from generator.sandbox.btcpay.campaigns import DAY
from generator.sandbox.btcpay.model import CHAIN, Invoice, Payment

_CONFIRMS: Final = 3600  #: seconds until a payment on chain is settled
_MARKED: Final = 3 * DAY  #: after the last event, when an owner marks an invoice by hand


def books_at(books: Books, at: int) -> Books:
    """Return what a server knew at a time before the end of its world."""
    seen = (invoice_at(invoice, at, end=books.now) for invoice in books.invoices)
    return Books(
        now=at,
        stores=books.stores,
        crowdfunds=books.crowdfunds,
        tills=books.tills,
        invoices=Shelf(invoice for invoice in seen if invoice),
        pulls=[pull for pull in books.pulls if pull.starts <= at],
        payouts=[payout for payout in books.payouts if payout.at <= at],
        prices=books.prices,
    )


def invoice_at(invoice: Invoice, at: int, *, end: int) -> Invoice | None:
    """Return an invoice as it stood; None before it was made, and as it is at the `end` of the world."""
    if invoice.created > at:
        return None
    if at >= min(end, _settled_at(invoice)):
        return invoice
    came = tuple(_payment_at(payment, at) for payment in invoice.payments if payment.received <= at)
    before = replace(invoice, payments=came, archived=False)
    status, additional = _state_at(before, at)
    return replace(before, status=status, additional=additional)


def _settled_at(invoice: Invoice) -> int:
    """Return when an invoice reached its last state."""
    last = max((payment.received + _CONFIRMS for payment in invoice.payments), default=invoice.expires)
    if invoice.additional == "Marked":
        return max(last, invoice.expires) + _MARKED
    return invoice.watched_until if invoice.status == "Invalid" else max(last, invoice.expires)


def _payment_at(payment: Payment, at: int) -> Payment:
    young = payment.rail == CHAIN and payment.received + _CONFIRMS > at
    return replace(payment, status="Processing") if young and payment.status == "Settled" else payment


def _state_at(invoice: Invoice, at: int) -> tuple[str, str]:
    came, expired = invoice.accounted, at > invoice.expires
    if not came:
        return ("Expired" if expired else "New", "None")
    if not invoice.top_up and invoice.paid < invoice.asked:
        return ("Expired" if expired else "New", "PaidPartial")
    if any(payment.received > invoice.expires for payment in came):
        return ("Expired", "PaidLate")
    over = "PaidOver" if not invoice.top_up and invoice.paid > invoice.asked else "None"
    waiting = any(payment.status == "Processing" for payment in came)
    return ("Processing" if waiting else "Settled", over)
