"""The number BTCPay itself shows for a crowdfund, and why it is not ours; pure.

BTCPay ignores what came late or was priced in another currency, and counts
what its owner declared; both numbers are right by their own rule.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from typing import Final

import msgspec

from generator.ledger import Status
from generator.snapshot import Difference, OwnNumber
from generator.sources.btcpay.greenfield.values import currency_code, is_moment, month_at, msat, number
from generator.sources.btcpay.greenfield.wire import Crowdfund, Invoice, Method, Payment
from generator.sources.btcpay.movement import EXACT
from generator.sources.btcpay.payments import BITCOIN, net_value
from generator.sources.btcpay.state_table import treatment_of
from generator.sources.btcpay.store_place import StorePlace

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

    _sums: dict[tuple[str, str], _Sums] = field(default_factory=dict)  #: by place and month of creation

    def take(self, project: StorePlace, invoices: Iterable[Invoice]) -> None:
        """Take in invoices of a crowdfund; others have no number of BTCPay's."""
        app = project.crowdfund
        currency = currency_code(app.target_currency) if app else ""
        if app is None or not currency:
            return
        since = project.period_at.timestamp() if project.period_at else 0
        with localcontext(EXACT):
            for invoice in invoices:
                if month := month_at(invoice.created_time):
                    sums = self._sums.get((project.place, month))
                    if sums is None:
                        sums = self._sums[project.place, month] = _Sums(currency)
                    _add(sums, app, invoice, earlier=invoice.created_time < since)

    def records(self, source: str) -> Iterator[OwnNumber]:
        """Yield the numbers of each project and month that has any."""
        for (place, month), sums in sorted(self._sums.items()):
            differences = tuple(
                Difference(reason=reason, value=value, count=count)
                for reason, (value, count) in sorted(sums.differences.items())
            )
            if sums.raised or sums.pending or sums.contributors or sums.counted or differences:
                yield OwnNumber(
                    id=f"{place}/{month}",
                    source=source,
                    place=place,
                    created_month=month,
                    currency=sums.currency,
                    raised=sums.raised,
                    pending=sums.pending,
                    contributors=sums.contributors,
                    counted=sums.counted,
                    differences=differences,
                )


class _Paid(msgspec.Struct, frozen=True, gc=False):
    """One payment as both rules see it, theirs and ours."""

    status: str
    in_time: bool
    ours_to_know: bool  #: bitcoin by a rail that we know
    counted: bool  #: part of our raised
    value: Decimal  #: in the coin
    net: Decimal  #: in the invoice's currency, where that is the goal's

    def counted_in(self, currency: str) -> Decimal:
        """Value what we count: net at receipt, and all of the coin where the goal is in bitcoin."""
        if not self.counted:
            return _NOTHING
        return self.value * BITCOIN[currency] if currency in BITCOIN else max(self.net, _NOTHING)


def _paid(invoice: Invoice, method: Method, payment: Payment, *, same: bool) -> _Paid:
    value, known = number(payment.value), bool(method.rail)
    confirmed = treatment_of(invoice.state, payment.status, late=False).status is Status.CONFIRMED
    return _Paid(
        status=payment.status,
        in_time=payment.received_date <= invoice.expiration_time,
        ours_to_know=known,
        counted=known and confirmed and is_moment(payment.received_date) and bool(msat(value)),
        value=value or _NOTHING,
        net=(net_value(value, payment.fee, method.rate) if same else None) or _NOTHING,
    )


def _add(sums: _Sums, app: Crowdfund, invoice: Invoice, *, earlier: bool) -> None:
    """Add an invoice; one from before the page began anew is `earlier`."""
    same = currency_code(invoice.currency) == sums.currency
    payments = [
        _paid(invoice, method, payment, same=same)
        for method in invoice.payment_methods
        for payment in method.payments
    ]
    if earlier:
        if same or sums.currency in BITCOIN:
            _add_earlier(sums, payments)
        return
    sums.contributors += invoice.status in ("Settled", "Processing")
    if same:
        _add_current(sums, app, invoice, payments)
    else:
        _add_otherwise_priced(sums, payments)


def _add_current(sums: _Sums, app: Crowdfund, invoice: Invoice, payments: Sequence[_Paid]) -> None:
    capped = app.enforce_target_amount and invoice.status == "New"
    if capped:
        sums.pending += number(invoice.amount) or _NOTHING
    unpaid = all(paid.status == "Invalid" for paid in payments)
    if unpaid and invoice.state == ("Settled", "Marked") and (declared := number(invoice.amount)):
        sums.raised += declared
        sums.differ("declared", declared)
    for paid in payments:
        ours = paid.counted_in(sums.currency)
        theirs = _NOTHING if capped else _shown(sums, invoice, paid)
        sums.raised += theirs
        sums.counted += ours
        if theirs != ours:
            fee = theirs and paid.counted  # also one above the payment, which BTCPay subtracts
            sums.differ("fee" if fee else "cap" if capped else _left_out(paid), theirs - ours)


def _add_otherwise_priced(sums: _Sums, payments: Sequence[_Paid]) -> None:
    """Add an invoice that BTCPay leaves out for its currency; ours has a value here only in bitcoin."""
    if any(paid.counted for paid in payments):
        ours = _NOTHING
        if sums.currency in BITCOIN:
            ours = sum((paid.counted_in(sums.currency) for paid in payments), _NOTHING)
        sums.counted += ours
        sums.differ("currency", -ours)


def _add_earlier(sums: _Sums, payments: Sequence[_Paid]) -> None:
    """Add an invoice from before the page began anew: ours alone."""
    for paid in payments:
        ours = paid.counted_in(sums.currency)
        sums.counted += ours
        if ours:
            sums.differ("period", -ours)


def _shown(sums: _Sums, invoice: Invoice, paid: _Paid) -> Decimal:
    """Value what the page counts of a payment as raised; what it counts as pending is added here."""
    by_hand = invoice.state == ("Settled", "Marked")
    if invoice.state == ("Invalid", "Marked") or not (paid.in_time or by_hand):
        return _NOTHING
    if paid.status == "Processing":
        sums.pending += paid.net
    return paid.net if paid.status == "Settled" else _NOTHING


def _left_out(paid: _Paid) -> str:
    if not paid.ours_to_know:
        return "coin"
    return "other" if paid.in_time else "late"
