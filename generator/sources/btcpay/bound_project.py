"""A place that a project is bound to, which invoices are its own, and what a run learns of it beside money.

An invoice of a crowdfund, a point of sale or a payment request shows it twice:
the server finds it by a search term, and its order page or request is the
right one. The term alone would not do: it is matched as a prefix, and whoever
creates an invoice may choose search terms.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from generator.config import BTCPayBinding
from generator.sources.btcpay.greenfield.wire import Crowdfund, Invoice
from generator.sources.btcpay.payments import earliest, open_since

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


@dataclass(slots=True, kw_only=True)
class BoundProject:
    """One project with its binding; grows while its invoices are read."""

    place: str  #: what the log calls it
    binding: BTCPayBinding
    crowdfund: Crowdfund | None = None
    period_at: datetime | None = None  #: since when a crowdfund that begins anew counts for its page
    refused: bool = False  #: the crowdfund's settings could not be read
    gone: bool = False  #: the server has no such crowdfund any more
    complete: bool = True
    open_since: datetime | None = None  #: creation of the oldest invoice that may still change by itself
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def term(self) -> str:
        """The search term of the project's invoices, empty for a whole store."""
        return term_of(self.binding)

    def claims(self, invoice: Invoice) -> bool:
        """Tell whether an invoice that the server listed for this project is really its own."""
        return is_of(invoice, self.binding)

    def note(self, invoices: Sequence[Invoice], at: datetime) -> None:
        """Count invoices of this project, and remember since when one is open as of `at`."""
        self.counts["invoices"] += len(invoices)
        self.open_since = earliest(self.open_since, *(open_since(invoice, at) for invoice in invoices))
