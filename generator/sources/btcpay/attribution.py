"""Which project an invoice belongs to; pure.

A crowdfund's invoice shows it twice: the server finds it by the app's search
term, and its order page is the app's. The term alone would not do: it is
matched as a prefix, and whoever creates an invoice may choose search terms.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from generator.config.model import ProjectConfig
from generator.sources.btcpay.paging import Listing
from generator.sources.btcpay.wire import Crowdfund, Invoice


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one project's questions brought: its invoices as the server claims them."""

    project: ProjectConfig
    store: str
    listing: Listing
    crowdfund: Crowdfund | None = None

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

    owners: dict[tuple[str, str], Reading]  #: (store, invoice id) → the first project that claims it
    twice: Counter[tuple[str, str]]  #: (slug that counts, slug that also claims) → invoices
    foreign: int  #: listed by the search term, but of another order page

    def of(self, reading: Reading) -> Iterator[Invoice]:
        """Yield the invoices that count for a project."""
        for (_, number), owner in self.owners.items():
            if owner is reading:
                yield reading.listing.invoices[number]


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


def claim(readings: Iterable[Reading]) -> Claims:
    """Give each invoice to the first project, in the order of the configuration, that claims it."""
    claims = Claims(owners={}, twice=Counter(), foreign=0)
    for reading in readings:
        for invoice in reading.listing.invoices.values():
            if not reading.claims(invoice):
                claims.foreign += 1
                continue
            owner = claims.owners.setdefault((reading.store, invoice.id), reading)
            if owner is not reading:
                claims.twice[owner.project.slug, reading.project.slug] += 1
    return claims
