"""What the sandbox's own crowdfund pages show, added up visit by visit as BTCPay Server adds up."""

from dataclasses import dataclass, field
from fractions import Fraction

from generator.sandbox.btcpay.model import Crowdfund, Invoice

#: What one bitcoin is where the goal is in bitcoin; elsewhere money of another currency has no value.
_UNITS = {"BTC": 1, "SATS": 100_000_000}


@dataclass(slots=True)
class CrowdfundPage:
    """One page's numbers in its goal's currency, and where a report that counts every coin differs."""

    currency: str
    raised: Fraction = Fraction()
    pending: Fraction = Fraction()
    contributors: int = 0
    reported: Fraction = Fraction()  #: what a report counts of the same invoices
    reasons: dict[str, tuple[Fraction, int]] = field(default_factory=dict)

    def visit(self, invoice: Invoice) -> None:
        """Count one visitor's invoice."""
        self.contributors += invoice.status in ("Settled", "Processing")
        by_hand = (invoice.status, invoice.additional) == ("Settled", "Marked")
        refused = (invoice.status, invoice.additional) == ("Invalid", "Marked")
        arrived = [payment for payment in invoice.accounted if payment.status == "Settled" and not refused]
        if invoice.currency != self.currency:
            if arrived:
                coins = sum((Fraction(payment.value) for payment in arrived), Fraction()) * _UNITS.get(
                    self.currency, 0
                )
                self.reported += coins
                self._differ("currency", -coins)
            return
        if by_hand and not invoice.accounted and invoice.price:
            self.raised += Fraction(invoice.price)
            self._differ("declared", Fraction(invoice.price))
        rate = Fraction(invoice.rate)
        for payment in invoice.accounted:
            net, gross = Fraction(payment.net) * rate, Fraction(payment.value) * rate
            reported = gross if self.currency in _UNITS else net
            seen = not refused and (by_hand or payment.received <= invoice.expires)
            if payment.status == "Processing":
                self.pending += net if seen else 0
            elif not refused:
                self.reported += reported
                self.raised += net if seen else 0
                if not seen:
                    self._differ("late", -reported)
                elif net != reported:
                    self._differ("fee", net - reported)

    def _differ(self, reason: str, by: Fraction) -> None:
        before = self.reasons.get(reason, (Fraction(), 0))
        self.reasons[reason] = (before[0] + by, before[1] + 1)


def page_of(app: Crowdfund) -> CrowdfundPage:
    """Return the page of a crowdfund that nobody has visited yet."""
    return CrowdfundPage(currency=app.currency)
