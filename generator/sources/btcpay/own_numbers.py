"""The number BTCPay itself shows for a crowdfund, and why it is not ours; pure.

BTCPay ignores what came late or was priced in another currency, and counts
what its owner declared; both numbers are right by their own rule.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from typing import Final

from generator.ledger import Status
from generator.snapshot import Difference, OwnNumber
from generator.sources.btcpay.bound_project import BoundProject
from generator.sources.btcpay.greenfield.values import currency_code, moment, msat, number
from generator.sources.btcpay.greenfield.wire import Crowdfund, Invoice, Method, Payment
from generator.sources.btcpay.movement import EXACT, month_of
from generator.sources.btcpay.payments import BITCOIN, net_value
from generator.sources.btcpay.state_table import treatment_of

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

    _sums: dict[tuple[str, str], _Sums] = field(default_factory=dict)  #: by slug and month of creation

    def take(self, project: BoundProject, invoice: Invoice) -> None:
        """Take in an invoice of a crowdfund; others have no number of BTCPay's."""
        app, created = project.crowdfund, moment(invoice.created_time)
        currency = currency_code(app.target_currency) if app else ""
        if app is None or created is None or not currency:
            return
        name = (project.slug, month_of(created))
        if name not in self._sums:
            self._sums[name] = _Sums(currency)
        sums = self._sums[name]
        with localcontext(EXACT):
            if project.period_at is not None and created < project.period_at:
                _add_earlier(sums, invoice)
                return
            sums.contributors += invoice.status in ("Settled", "Processing")
            if currency_code(invoice.currency) == currency:
                _add(sums, app, invoice)
            else:
                _add_otherwise_priced(sums, invoice)

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
    capped = app.enforce_target_amount and invoice.status == "New"
    if capped:
        sums.pending += number(invoice.amount) or _NOTHING
    if (
        not invoice.is_paid
        and invoice.state == ("Settled", "Marked")
        and (declared := number(invoice.amount))
    ):
        sums.raised += declared
        sums.differ("declared", declared)
    for method, payment in invoice.payments:
        net = _net(method, payment)
        ours = _counted(invoice, method, payment, sums.currency, net)
        theirs = _NOTHING if capped else _shown(sums, invoice, payment, net)
        sums.raised += theirs
        sums.counted += ours
        if theirs != ours:
            why = _why(invoice, method, payment, capped=capped, both=bool(ours and theirs))
            sums.differ(why, theirs - ours)


def _add_otherwise_priced(sums: _Sums, invoice: Invoice) -> None:
    """Add an invoice that BTCPay leaves out for its currency; ours has a value here only in bitcoin."""
    counted = [paid for paid in invoice.payments if _is_counted(invoice, *paid)]
    if not counted:
        return
    ours = _NOTHING
    if sums.currency in BITCOIN:
        ours = sum((_in_bitcoin(payment, sums.currency) for _, payment in counted), _NOTHING)
    sums.counted += ours
    sums.differ("currency", -ours)


def _add_earlier(sums: _Sums, invoice: Invoice) -> None:
    """Add an invoice from before the page began anew: ours alone."""
    if currency_code(invoice.currency) != sums.currency and sums.currency not in BITCOIN:
        return
    for method, payment in invoice.payments:
        ours = _counted(invoice, method, payment, sums.currency, _net(method, payment))
        sums.counted += ours
        if ours:
            sums.differ("period", -ours)


def _shown(sums: _Sums, invoice: Invoice, payment: Payment, net: Decimal) -> Decimal:
    """Return what the page counts of a payment as raised; what it counts as pending is added here."""
    by_hand = invoice.state == ("Settled", "Marked")
    if invoice.state == ("Invalid", "Marked") or not (_in_time(invoice, payment) or by_hand):
        return _NOTHING
    if payment.status == "Processing":
        sums.pending += net
    return net if payment.status == "Settled" else _NOTHING


def _in_time(invoice: Invoice, payment: Payment) -> bool:
    return payment.received_date <= invoice.expiration_time


def _is_counted(invoice: Invoice, method: Method, payment: Payment) -> bool:
    """Tell whether a payment is part of our raised."""
    treatment = treatment_of(invoice.state, payment.status, late=False)
    readable = bool(msat(number(payment.value))) and moment(payment.received_date) is not None
    return bool(method.rail) and readable and treatment.status is Status.CONFIRMED


def _counted(invoice: Invoice, method: Method, payment: Payment, currency: str, net: Decimal) -> Decimal:
    """Return what we count: the net value at receipt, and all of it where the goal is in bitcoin."""
    if not _is_counted(invoice, method, payment):
        return _NOTHING
    return _in_bitcoin(payment, currency) if currency in BITCOIN else net


def _net(method: Method, payment: Payment) -> Decimal:
    return net_value(number(payment.value), payment.fee, method.rate) or _NOTHING


def _in_bitcoin(payment: Payment, currency: str) -> Decimal:
    return (number(payment.value) or _NOTHING) * BITCOIN[currency]


def _why(invoice: Invoice, method: Method, payment: Payment, *, capped: bool, both: bool) -> str:
    if both:
        return "fee"
    if capped:
        return "cap"
    if not method.rail:
        return "coin"
    return "other" if _in_time(invoice, payment) else "late"
