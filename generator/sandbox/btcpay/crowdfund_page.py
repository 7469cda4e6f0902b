"""What the sandbox's own crowdfund pages show, added up visit by visit as BTCPay Server adds up."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction

from generator.sandbox.btcpay.coins import COUNTED, rate_of
from generator.sandbox.btcpay.model import Crowdfund, Invoice, Payment
from generator.sandbox.btcpay.periods import begun_by

#: What one bitcoin is where the goal is in bitcoin; elsewhere money of another currency has no value.
_UNITS = {"BTC": 1, "SATS": 100_000_000}


@dataclass(slots=True)
class CrowdfundPage:
    """One page's numbers in its goal's currency, and where a report that counts every coin differs."""

    currency: str
    since: int = 0  #: Unix seconds: invoices made before are of an earlier period, which the page forgot
    raised: Fraction = Fraction()
    pending: Fraction = Fraction()
    contributors: int = 0
    reported: Fraction = Fraction()  #: what a report counts of the same invoices
    reasons: dict[str, tuple[Fraction, int]] = field(default_factory=dict)

    def visit(self, invoice: Invoice) -> None:
        """Count one visitor's invoice."""
        same = invoice.currency == self.currency
        arrived = [self._own(invoice, payment) for payment in invoice.accounted if _counts(invoice, payment)]
        valued = arrived if same or self.currency in _UNITS else []
        if invoice.created < self.since:
            for own in valued:
                self.reported += own
                self._differ("period", -own)
            return
        self.contributors += invoice.status in ("Settled", "Processing")
        if same:
            self._visit_now(invoice)
        elif arrived:
            self.reported += sum(valued)
            self._differ("currency", -sum(valued, Fraction()))

    def _visit_now(self, invoice: Invoice) -> None:
        by_hand = (invoice.status, invoice.additional) == ("Settled", "Marked")
        if by_hand and not invoice.accounted and invoice.price:
            self.raised += Fraction(invoice.price)
            self._differ("declared", Fraction(invoice.price))
        for payment in invoice.accounted if not _refused(invoice) else ():
            net = Fraction(payment.net * rate_of(invoice, payment.rail))
            seen = net if by_hand or payment.received <= invoice.expires else Fraction()
            if payment.status == "Processing":
                self.pending += seen
                continue
            own = self._own(invoice, payment)
            self.reported += own
            self.raised += seen
            if seen != own:
                self._differ("fee" if seen and own else "late" if own else "coin", seen - own)

    def _own(self, invoice: Invoice, payment: Payment) -> Fraction:
        """Return what a report counts of a payment: net, and all of the coin where the goal is in bitcoin."""
        if payment.rail not in COUNTED:
            return Fraction()
        if self.currency in _UNITS:
            return Fraction(payment.value) * _UNITS[self.currency]
        return Fraction(payment.net * invoice.rate)

    def _differ(self, reason: str, by: Fraction) -> None:
        before = self.reasons.get(reason, (Fraction(), 0))
        self.reasons[reason] = (before[0] + by, before[1] + 1)


def _counts(invoice: Invoice, payment: Payment) -> bool:
    """Tell whether a report counts a payment: settled, in bitcoin, and not refused by the owner."""
    return payment.status == "Settled" and payment.rail in COUNTED and not _refused(invoice)


def _refused(invoice: Invoice) -> bool:
    return (invoice.status, invoice.additional) == ("Invalid", "Marked")


def page_of(app: Crowdfund, now: int) -> CrowdfundPage:
    """Return the page of a crowdfund that nobody has visited yet."""
    begun = begun_by(app, datetime.fromtimestamp(now, UTC))
    return CrowdfundPage(currency=app.currency, since=int(begun[-1].timestamp()) if begun else 0)
