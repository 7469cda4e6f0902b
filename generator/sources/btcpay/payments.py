"""Invoices → movements of money, pure."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

import msgspec

from generator.ledger import NO_CURRENCY, UNKNOWN_STATUS, AtReceipt, Kind
from generator.sources.btcpay.greenfield.values import Number, currency_code, moment, month_at, msat, number
from generator.sources.btcpay.greenfield.wire import Invoice, Method, Payment
from generator.sources.btcpay.movement import (
    EXACT,
    MarkedSettled,
    Money,
    Movement,
    OtherCoinMovement,
    PlacePeriods,
    Stratum,
)
from generator.sources.btcpay.state_table import OPEN, treatment_of

#: Codes of invoices priced in bitcoin itself, and what one bitcoin is in them: they know no fiat value.
BITCOIN: Final = {"BTC": 1, "SATS": 100_000_000}


def read_invoice(
    invoice: Invoice, *, place: str, counts: Counter[str], periods: PlacePeriods | None = None
) -> Iterator[Money]:
    """Yield what an invoice says about money; count in `counts` what cannot be read."""
    month, payments = month_at(invoice.created_time), invoice.payments
    if not month:
        counts["malformed_invoices"] += 1
        return
    if all(payment.status == "Invalid" for _, payment in payments):  # replaced ones are no payment at all
        yield from _marked_settled(invoice, place, month)
    for method, payment in payments:
        if not method.rail:
            counts["other_coin_payments"] += 1
            yield _in_another_coin(invoice, method, payment, (place, month))
        elif movement := _movement(invoice, method, payment, (place, month)):
            if movement.stratum.reason == UNKNOWN_STATUS:
                counts["unknown_status_payments"] += 1
            yield _in_periods(movement, invoice, periods) if periods else movement
        else:
            counts["malformed_payments"] += 1


def _movement(invoice: Invoice, method: Method, payment: Payment, where: tuple[str, str]) -> Movement | None:
    (place, created_month), rail = where, method.rail
    value, at = number(payment.value), moment(payment.received_date)
    amount_msat = msat(value)
    if value is None or not amount_msat or at is None:
        return None
    late = payment.received_date > invoice.expiration_time
    treatment = treatment_of(invoice.state, payment.status, late=late)
    worth, currency = None, currency_code(invoice.currency)
    if currency and currency not in BITCOIN:
        net = net_value(value, payment.fee, method.rate)
        if net is not None and net >= 0:  # a fee above the payment leaves a worth that nobody knows
            worth = AtReceipt(currency=currency, amount_msat=amount_msat, value=net)
    return Movement(
        stratum=Stratum(place, Kind.PAYMENT, created_month, treatment.status, treatment.reason),
        # Lightning by either name is one rail: a payment hash is one payment
        private_id=f"{rail.removesuffix('URL')}\0{payment.id}",
        rail=rail,
        group=treatment.group,
        amount_msat=amount_msat,
        at=at,
        worth=worth,
    )


def _in_periods(movement: Movement, invoice: Invoice, periods: PlacePeriods) -> Movement:
    stratum = periods.of(movement.stratum, _created(invoice), movement.at)
    return msgspec.structs.replace(movement, stratum=stratum)


def _created(invoice: Invoice) -> datetime:
    """Say when an invoice was created whose month is known."""
    return datetime.fromtimestamp(invoice.created_time, UTC)


def _in_another_coin(
    invoice: Invoice, method: Method, payment: Payment, where: tuple[str, str]
) -> OtherCoinMovement:
    place, created_month = where
    amount = number(payment.value)
    return OtherCoinMovement(
        place=place,
        created_month=created_month,
        private_id=f"{method.safe_name}\0{method.coin}\0{payment.id}",
        coin=method.coin or NO_CURRENCY,
        rail=method.safe_name,
        status=treatment_of(invoice.state, payment.status, late=False).status,
        amount=amount if amount is not None and amount > 0 else None,
        at=moment(payment.received_date) or _created(invoice),
    )


def net_value(value: Decimal | None, fee: Number, rate: Number) -> Decimal | None:
    """Value a payment in its invoice's currency: (value - fee) times the invoice's own rate.

    The rule of `CrowdfundAppType` in BTCPay Server 2.4.1; None when a part is not a number.
    """
    paid, price = number(fee), number(rate)
    if value is None or paid is None or price is None or price <= 0:
        return None
    return EXACT.multiply(EXACT.subtract(value, paid), price)


def _marked_settled(invoice: Invoice, place: str, created_month: str) -> Iterator[MarkedSettled]:
    """Yield what an owner declared; a top-up says 0, which is no amount (btcpayserver#7322).

    Nor is a number of nobody knows what: two of these are no sum.
    """
    if invoice.state != ("Settled", "Marked"):
        return
    amount, currency = number(invoice.amount), currency_code(invoice.currency)
    yield MarkedSettled(
        place=place,
        amount=amount if currency and amount is not None and amount > 0 else None,
        currency=currency or NO_CURRENCY,
        at=_created(invoice),
        created_month=created_month,
    )


def open_since(invoices: Iterable[Invoice], at: datetime) -> datetime | None:
    """Say when the oldest invoice was created that may still change by itself; None for none."""
    now = at.timestamp()
    created = [
        invoice.created_time
        for invoice in invoices
        if invoice.status in OPEN or invoice.monitoring_expiration > now
    ]
    return earliest(*map(moment, created))


def earliest(*moments: datetime | None) -> datetime | None:
    """Choose the earliest of some times, None without any."""
    return min((moment for moment in moments if moment is not None), default=None)
