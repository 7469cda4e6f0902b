"""Which project an invoice belongs to; pure.

An invoice of a crowdfund, a point of sale or a payment request shows it twice:
the server finds it by a search term, and its order page or request is the
right one. The term alone would not do: it is matched as a prefix, and whoever
creates an invoice may choose search terms.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from generator.config import BTCPayBinding, ProjectConfig
from generator.sources.btcpay.greenfield_types import Crowdfund, Invoice
from generator.sources.btcpay.marks import Marks

_REQUEST: Final = "PAY_REQUEST_"
#: What may follow a point of sale's page: how it is shown.
_VIEWS: Final = frozenset({"static", "cart", "light", "print"})


@dataclass(slots=True, kw_only=True)
class Reading:
    """What one project's questions brought, as far as it is not money."""

    project: ProjectConfig
    stores: tuple[str, ...]  #: where its invoices are looked for: one, or all where the app's is not known
    crowdfund: Crowdfund | None = None
    period_at: datetime | None = None  #: since when a crowdfund that begins anew counts for its page
    refused: bool = False  #: the crowdfund's settings could not be read
    complete: bool = True
    open_since: datetime | None = None  #: creation of the oldest invoice that may still change by itself
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def kind(self) -> str:
        """Return what the project's money is given to, ``store`` for all of a store."""
        return self.project.btcpay.kind if self.project.btcpay else ""

    @property
    def term(self) -> str:
        """Return the search term of the project's invoices, empty for a whole store."""
        return term_of(self.project.btcpay) if self.project.btcpay else ""

    def claims(self, invoice: Invoice) -> bool:
        """Tell whether an invoice that the server listed for this project is really its own."""
        return self.project.btcpay is not None and is_of(invoice, self.project.btcpay)


@dataclass(slots=True)
class Claims:
    """Every invoice with the one project that counts it, and who else claimed it."""

    twice: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(slug that counts, slug that also claims) → invoices."""
    foreign: int = 0  #: listed by the search term, but of another order page
    _owners: dict[str, list[tuple[Reading, Marks]]] = field(default_factory=dict)  #: by store

    def take(self, reading: Reading, store: str, invoice: Invoice) -> bool:
        """Tell whether an invoice counts for a project: for the first that claims it, and once.

        Projects are read in the order of the configuration.
        """
        if not reading.claims(invoice):
            self.foreign += 1
            return False
        owner = self.owner(store, invoice.id)
        if owner is None:
            self._marks(store, reading).add(invoice.id)
            return True
        if owner is not reading:
            self.twice[owner.project.slug, reading.project.slug] += 1
        return False

    def owner(self, store: str, invoice_id: str) -> Reading | None:
        """Return the project that counts an invoice, None for one that nobody claimed."""
        return next((one for one, marks in self._owners.get(store, ()) if invoice_id in marks), None)

    def _marks(self, store: str, reading: Reading) -> Marks:
        owners = self._owners.setdefault(store, [])
        if not owners or owners[-1][0] is not reading:
            owners.append((reading, Marks()))
        return owners[-1][1]


def term_of(binding: BTCPayBinding) -> str:
    """Return the search term under which BTCPay files what a project is bound to."""
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
            view = page.rpartition("/")
            return page.endswith(f"/apps/{pos}/pos") or (
                view[0].endswith(f"/apps/{pos}/pos") and view[2] in _VIEWS
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
