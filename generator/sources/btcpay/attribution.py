"""Which project an invoice belongs to; pure.

A crowdfund's invoice shows it twice: the server finds it by the app's search
term, and its order page is the app's. The term alone would not do: it is
matched as a prefix, and whoever creates an invoice may choose search terms.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from generator.config.model import ProjectConfig
from generator.sources.btcpay.marks import Marks
from generator.sources.btcpay.wire import Crowdfund, Invoice


@dataclass(slots=True, kw_only=True)
class Reading:
    """What one project's questions brought, as far as it is not money."""

    project: ProjectConfig
    stores: tuple[str, ...]  #: where its invoices are looked for: one, or all where the app's is not known
    crowdfund: Crowdfund | None = None
    refused: bool = False  #: the crowdfund's settings could not be read
    complete: bool = True
    open_since: datetime | None = None  #: creation of the oldest invoice that may still change by itself
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def app(self) -> str:
        """Return the id of the project's crowdfund, empty for a whole store."""
        return (self.project.btcpay.app or "") if self.project.btcpay else ""

    def claims(self, invoice: Invoice) -> bool:
        """Tell whether an invoice that the server listed for this project is really its own."""
        return not self.app or is_of_app(invoice, self.app)


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


def term_of(app: str) -> str:
    """Return the search term under which BTCPay files a crowdfund's invoices."""
    return f"crowdfund-app_{app}" if app else ""


def is_of_app(invoice: Invoice, app: str) -> bool:
    """Tell whether an invoice's order page is the crowdfund page of an app."""
    url = invoice.metadata.order_url
    if not isinstance(url, str):
        return False
    try:
        path = urlsplit(url).path
    except ValueError:
        return False
    return path.rstrip("/").endswith(f"/apps/{app}/crowdfund")
