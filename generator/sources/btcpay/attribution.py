"""Whether an invoice belongs to what a project is bound to; pure.

An invoice of a crowdfund, a point of sale or a payment request shows it twice:
the server finds it by a search term, and its order page or request is the
right one. The term alone would not do: it is matched as a prefix, and whoever
creates an invoice may choose search terms.
"""

from typing import Final
from urllib.parse import urlsplit

from generator.config import BTCPayBinding
from generator.sources.btcpay.greenfield.wire import Invoice

_REQUEST: Final = "PAY_REQUEST_"
#: What may follow a point of sale's page: how it is shown.
_VIEWS: Final = frozenset({"static", "cart", "light", "print"})


def term_of(binding: BTCPayBinding) -> str:
    """Name the search term under which BTCPay files a binding's invoices; empty for a whole store."""
    match binding:
        case BTCPayBinding(app=str(app)):
            return f"crowdfund-app_{app}"
        case BTCPayBinding(pos=str(pos)):
            return f"pos-app_{pos}"
        case BTCPayBinding(payment_request=str(request)):
            return f"{_REQUEST}{request}"
        case _:
            return ""


def is_of(invoice: Invoice, binding: BTCPayBinding) -> bool:
    """Tell whether an invoice names what a project is bound to, beside the term it was found by."""
    match binding:
        case BTCPayBinding(app=str(app)):
            return _order_page(invoice).endswith(f"/apps/{app}/crowdfund")
        case BTCPayBinding(pos=str(pos)):
            page = _order_page(invoice)
            before, _, view = page.rpartition("/")
            return page.endswith(f"/apps/{pos}/pos") or (
                before.endswith(f"/apps/{pos}/pos") and view in _VIEWS
            )
        case BTCPayBinding(payment_request=str(request)):
            named = invoice.metadata.payment_request_id
            return named == request if named else invoice.metadata.order_id == f"{_REQUEST}{request}"
        case _:
            return True


def _order_page(invoice: Invoice) -> str:
    url = invoice.metadata.order_url
    if not isinstance(url, str):
        return ""
    try:
        return urlsplit(url).path.rstrip("/")
    except ValueError:
        return ""
