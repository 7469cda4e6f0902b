"""Invoices → movements of money, pure; movements carry private ids and never leave the source."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, localcontext
from typing import Final

from generator.ledger import Kind, Status
from generator.sources.btcpay.greenfield_types import (
    Invoice,
    Method,
    Payment,
    currency_code,
    moment,
    msat,
    number,
)
from generator.sources.btcpay.state_table import OPEN, UNKNOWN, cell_of

#: Codes of invoices priced in bitcoin itself, and what one bitcoin is in them: they know no fiat value.
BITCOIN: Final = {"BTC": 1, "SATS": 100_000_000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One payment or refund, before privacy is applied."""

    kind: Kind
    project: str  #: slug
    private_id: str = field(repr=False)  #: ``store ‖ 0 ‖ payment``; only its keyed hash may leave
    rail: str
    group: str
    status: Status
    reason: str = ""
    amount_msat: int
    at: datetime  #: when the server recorded it
    created_month: str  #: ``2026-03``, of the invoice's creation
    currency: str = ""  #: fiat of the invoice, empty when it was priced in bitcoin
    value: Decimal | None = None  #: net value at receipt, in `currency`


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """An invoice that its owner marked settled although no payment was seen."""

    project: str
    amount: Decimal
    currency: str
    at: datetime  #: creation of the invoice; when it was marked is not known
    created_month: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherCoin:
    """A payment in another coin or through a plugin: counted by month, never summed as bitcoin."""

    project: str
    created_month: str


Money = Movement | Promise | OtherCoin


def month_of(at: datetime) -> str:
    """Return the UTC month of a time: ``2026-03``."""
    return f"{at:%Y-%m}"


def read_invoice(invoice: Invoice, *, project: str, store: str, counts: Counter[str]) -> Iterator[Money]:
    """Yield what an invoice says about money; count in `counts` what cannot be read."""
    created = moment(invoice.created_time)
    if created is None:
        counts["malformed_invoices"] += 1
        return
    if not invoice.payments:
        yield from _promise(invoice, project, created, counts)
    for method, payment in invoice.payments:
        if not method.rail:
            counts["other_coin_payments"] += 1
            yield OtherCoin(project=project, created_month=month_of(created))
            continue
        movement = _movement(invoice, method, payment, (project, store, created))
        if movement is None:
            counts["malformed_payments"] += 1
            continue
        counts["unknown_statuses"] += movement.reason == UNKNOWN
        yield movement


def _movement(
    invoice: Invoice, method: Method, payment: Payment, where: tuple[str, str, datetime]
) -> Movement | None:
    project, store, created = where
    amount, at = msat(payment.value), moment(payment.received_date)
    if not amount or at is None:
        return None
    cell = cell_of(invoice.state, payment.status, late=payment.received_date > invoice.expiration_time)
    currency = currency_code(invoice.currency)
    value = None if currency in BITCOIN or not currency else net_value(method, payment)
    return Movement(
        kind=Kind.PAYMENT,
        project=project,
        private_id=f"{store}\0{payment.id}",
        rail=method.rail,
        group=cell.group,
        status=cell.status,
        reason=cell.reason,
        amount_msat=amount,
        at=at,
        created_month=month_of(created),
        currency=currency if value is not None else "",
        value=value,
    )


def net_value(method: Method, payment: Payment) -> Decimal | None:
    """Return a payment's value in its invoice's currency: (value - fee) times the invoice's own rate.

    The rule of `CrowdfundAppType` in BTCPay Server 2.4.1; None when a part is not a number.
    """
    value, fee, rate = number(payment.value), number(payment.fee), number(method.rate)
    if value is None or fee is None or rate is None or rate <= 0:
        return None
    with localcontext(prec=60):  # more digits than both factors have together
        return (value - fee) * rate


def _promise(invoice: Invoice, project: str, created: datetime, counts: Counter[str]) -> Iterator[Promise]:
    if invoice.state != ("Settled", "Marked"):
        return
    amount, currency = number(invoice.amount), currency_code(invoice.currency)
    if amount is None or amount < 0 or not currency:
        counts["malformed_declarations"] += 1
    elif amount > 0:
        yield Promise(
            project=project,
            amount=amount,
            currency=currency,
            at=created,
            created_month=month_of(created),
        )


def open_since(invoice: Invoice, at: datetime) -> datetime | None:
    """Return the creation of an invoice that may still change by itself, None for one that may not."""
    may_change = invoice.status in OPEN or invoice.monitoring_expiration > at.timestamp()
    return moment(invoice.created_time) if may_change else None


def earliest(*moments: datetime | None) -> datetime | None:
    """Return the earliest of some times, None without any."""
    return min((one for one in moments if one is not None), default=None)
