"""Refunds: completed payouts of pull payments that are named after an invoice; pure.

An invoice says nothing about its refunds. BTCPay names the pull payment of a
refund ``Refund <invoice id>``; money has left only when a payout is completed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from generator.ledger import Kind, Status
from generator.sources.btcpay.greenfield.values import moment, msat, number
from generator.sources.btcpay.greenfield.wire import Payout, PullPayment
from generator.sources.btcpay.movement import Movement, Stratum, month_of

COMPLETED: Final = "Completed"
_FINAL: Final = frozenset({COMPLETED, "Cancelled"})
_PREFIX: Final = "Refund"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """A completed payout and the invoice whose payer it went to."""

    payout: Payout = field(repr=False)
    invoice_id: str = field(repr=False)


def refunds_of(pulls: Iterable[PullPayment], payouts: Iterable[Payout]) -> Iterator[Refund]:
    """Yield the completed payouts of refunds; payouts of anything else are not backers' money."""
    invoices = {pull.id: invoice for pull in pulls if (invoice := _invoice_id(pull.name))}
    for payout in payouts:
        invoice_id = invoices.get(payout.pull_payment_id or "")
        if invoice_id and payout.state == COMPLETED:
            yield Refund(payout=payout, invoice_id=invoice_id)


def oldest_unfinished(pulls: Iterable[PullPayment], payouts: Iterable[Payout]) -> datetime | None:
    """Find the date of the oldest payout of a refund that may still be completed, None without one."""
    named = {pull.id for pull in pulls if _invoice_id(pull.name)}
    waiting = (payout for payout in payouts if payout.pull_payment_id in named and payout.state not in _FINAL)
    return min((at for payout in waiting if (at := moment(payout.date))), default=None)


def read_refund(refund: Refund, *, store: str, project: str, counts: Counter[str]) -> Iterator[Movement]:
    """Yield the movement of a refund of a project's invoice, or count in `counts` why there is none."""
    payout = refund.payout
    amount_msat, at = msat(number(payout.amount_out)), moment(payout.date)
    if not project:
        counts["foreign_refunds"] += 1
    elif not payout.rail:
        counts["other_coin_refunds"] += 1
    elif not amount_msat or at is None:
        counts["malformed_refunds"] += 1
    else:
        yield Movement(
            stratum=Stratum(project, Kind.REFUND, month_of(at), Status.CONFIRMED),
            private_id=f"{store}\0{payout.id}",
            rail=payout.rail,
            group="",
            amount_msat=amount_msat,
            at=at,
        )


def _invoice_id(name: str | None) -> str:
    match (name or "").split():
        case [prefix, invoice_id, *_] if prefix == _PREFIX and invoice_id.isascii() and invoice_id.isalnum():
            return invoice_id
        case _:
            return ""
