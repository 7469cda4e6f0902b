"""The number BTCPay itself shows for a crowdfund, and why it is not ours; pure.

BTCPay ignores what came late or was priced in another currency, and counts
what its owner declared; both numbers are right by their own rule.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from typing import Final

from generator.ledger import Status
from generator.snapshot import Difference, OwnNumber
from generator.sources.btcpay.attribution import Reading
from generator.sources.btcpay.greenfield_types import (
    Crowdfund,
    Invoice,
    Method,
    Payment,
    currency_code,
    moment,
    msat,
    number,
)
from generator.sources.btcpay.payments import BITCOIN, month_of, net_value
from generator.sources.btcpay.state_table import cell_of

_PRECISION: Final = 60  #: digits of a sum of values; none is ever rounded
_NOTHING: Final = Decimal(0)


@dataclass(slots=True)
class _Sums:
    """What one month of creation brings to a crowdfund's page, and to ours."""

    currency: str
    raised: Decimal = _NOTHING
    pending: Decimal = _NOTHING
    contributors: int = 0
    counted: Decimal = _NOTHING
    differences: dict[str, tuple[Decimal, int]] = field(default_factory=dict)

    def differ(self, reason: str, value: Decimal) -> None:
        before = self.differences.get(reason, (_NOTHING, 0))
        self.differences[reason] = (before[0] + value, before[1] + 1)


@dataclass(slots=True)
class OwnNumbers:
    """Adds invoices up as `CrowdfundAppType` of BTCPay Server 2.4.1 does, month by month."""

    _sums: dict[tuple[str, str], _Sums] = field(default_factory=lambda: defaultdict(lambda: _Sums("")))

    def take(self, reading: Reading, invoice: Invoice) -> None:
        """Take in an invoice of a crowdfund; others have no number of BTCPay's."""
        app, created = reading.crowdfund, moment(invoice.created_time)
        currency = currency_code(app.target_currency) if app else ""
        if app is None or created is None or not currency:
            return
        name = (reading.project.slug, month_of(created))
        sums = self._sums.setdefault(name, _Sums(currency))
        with localcontext(prec=_PRECISION):
            if reading.period_at is None or created >= reading.period_at:
                sums.contributors += invoice.status in ("Settled", "Processing")
                _add(sums, app, invoice)
            else:
                _add_earlier(sums, invoice)

    def records(self, source: str) -> Iterator[OwnNumber]:
        """Yield the numbers of each project and month that has any."""
        for (slug, month), sums in sorted(self._sums.items()):
            differences = tuple(
                Difference(reason=reason, value=value, count=count)
                for reason, (value, count) in sorted(sums.differences.items())
            )
            if sums.raised or sums.pending or sums.contributors or sums.counted or differences:
                yield OwnNumber(
                    id=f"{slug}/{month}",
                    source=source,
                    project=slug,
                    created_month=month,
                    currency=sums.currency,
                    raised=sums.raised,
                    pending=sums.pending,
                    contributors=sums.contributors,
                    counted=sums.counted,
                    differences=differences,
                )


def _add(sums: _Sums, app: Crowdfund, invoice: Invoice) -> None:
    if currency_code(invoice.currency) != sums.currency:
        _add_otherwise_priced(sums, invoice)
        return
    capped = app.enforce_target_amount and invoice.status == "New"
    if capped:
        sums.pending += number(invoice.amount) or _NOTHING
    if (
        not invoice.payments
        and invoice.state == ("Settled", "Marked")
        and (declared := number(invoice.amount))
    ):
        sums.raised += declared
        sums.differ("declared", declared)
    for method, payment in invoice.payments:
        ours = _counted(invoice, method, payment, sums.currency)
        theirs = _NOTHING if capped else _shown(sums, invoice, method, payment)
        sums.raised += theirs
        sums.counted += ours
        if theirs != ours:
            sums.differ(
                _why(invoice, method, payment, capped=capped, both=bool(ours and theirs)), theirs - ours
            )


def _add_otherwise_priced(sums: _Sums, invoice: Invoice) -> None:
    """Add an invoice that BTCPay leaves out for its currency; ours has a value here only in bitcoin."""
    if any(_is_counted(invoice, *one) for one in invoice.payments):
        ours = sum((_counted(invoice, *one, sums.currency) for one in invoice.payments), _NOTHING)
        counted = ours if sums.currency in BITCOIN else _NOTHING
        sums.counted += counted
        sums.differ("currency", -counted)


def _add_earlier(sums: _Sums, invoice: Invoice) -> None:
    """Add an invoice from before the page began anew: ours alone."""
    same = currency_code(invoice.currency) == sums.currency or sums.currency in BITCOIN
    for method, payment in invoice.payments:
        ours = _counted(invoice, method, payment, sums.currency) if same else _NOTHING
        sums.counted += ours
        if ours:
            sums.differ("period", -ours)


def _shown(sums: _Sums, invoice: Invoice, method: Method, payment: Payment) -> Decimal:
    """Return what the page counts of a payment as raised; what it counts as pending is added here."""
    by_hand = invoice.state == ("Settled", "Marked")
    if invoice.state == ("Invalid", "Marked") or not (_in_time(invoice, payment) or by_hand):
        return _NOTHING
    value = net_value(method, payment) or _NOTHING
    if payment.status == "Processing":
        sums.pending += value
    return value if payment.status == "Settled" else _NOTHING


def _in_time(invoice: Invoice, payment: Payment) -> bool:
    return payment.received_date <= invoice.expiration_time


def _is_counted(invoice: Invoice, method: Method, payment: Payment) -> bool:
    """Tell whether a payment is part of our raised."""
    cell = cell_of(invoice.state, payment.status, late=False)
    readable = bool(msat(payment.value)) and moment(payment.received_date) is not None
    return bool(method.rail) and readable and cell.status is Status.CONFIRMED


def _counted(invoice: Invoice, method: Method, payment: Payment, currency: str) -> Decimal:
    """Return what we count: the net value at receipt, and all of it where the goal is in bitcoin."""
    if not _is_counted(invoice, method, payment):
        return _NOTHING
    if currency in BITCOIN:
        return (number(payment.value) or _NOTHING) * BITCOIN[currency]
    return net_value(method, payment) or _NOTHING


def _why(invoice: Invoice, method: Method, payment: Payment, *, capped: bool, both: bool) -> str:
    if both:
        return "fee"
    if capped:
        return "cap"
    if not method.rail:
        return "coin"
    return "other" if _in_time(invoice, payment) else "late"
