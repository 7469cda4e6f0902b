"""A project that is bound to a server, and what a run learns of it that is not money."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from generator.config import BTCPayBinding
from generator.sources.btcpay.attribution import is_of, term_of
from generator.sources.btcpay.greenfield.wire import Crowdfund, Invoice
from generator.sources.btcpay.payments import earliest, open_since


@dataclass(slots=True, kw_only=True)
class BoundProject:
    """One project with its binding; grows while its invoices are read."""

    slug: str
    binding: BTCPayBinding
    stores: tuple[str, ...]  #: where its invoices are looked for: one, or all where the app's is not known
    crowdfund: Crowdfund | None = None
    period_at: datetime | None = None  #: since when a crowdfund that begins anew counts for its page
    refused: bool = False  #: the crowdfund's settings could not be read
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
