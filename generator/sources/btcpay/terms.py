"""Search terms: what BTCPay files an invoice under, and whether a payer can be why it is found; pure."""

from typing import Final

from generator.sources.btcpay.greenfield.wire import Invoice

REQUESTS: Final = "PAY_REQUEST_"  #: how the order id of every payment request begins


def term_of(kind: str, name: str) -> str:
    """Name the search term of an app or payment request; a request's is also its order id."""
    return f"{REQUESTS}{name}" if kind == "request" else f"{kind}-app_{name}"


def explained(invoice: Invoice, term: str) -> bool:
    """Tell whether a payer's own text can be why an invoice is listed under a term, which is a prefix."""
    order, buyer = invoice.metadata.order_id, invoice.metadata.buyer_email
    return (isinstance(order, str) and order.startswith(term)) or (
        isinstance(buyer, str) and buyer.startswith(term)
    )
