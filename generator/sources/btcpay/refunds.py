"""Refunds: completed payouts of pull payments whose name holds an invoice's id; pure.

An invoice says nothing about its refunds. BTCPay names the pull payment of a refund
``Refund <invoice id>``, in the language of its backend: ``{0}を返金``, ``{0} İade``
(18 packs, and owners edit them). So the words play no part: an id in the name that
the store knows is the link. Money has left only when a payout is completed.
"""

import re
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
#: An id as BTCPay makes them (base58 of 16 random bytes), bounded by anything that can be in none.
_ID: Final = re.compile(r"(?<![0-9A-Za-z])[1-9A-HJ-NP-Za-km-z]{16,22}(?![0-9A-Za-z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """A completed payout, and what may be the id of the invoice whose payer it went to."""

    payout: Payout = field(repr=False)
    candidates: tuple[str, ...] = field(repr=False)  #: ids in the pull payment's name


def refunds_of(pulls: Iterable[PullPayment], payouts: Iterable[Payout]) -> Iterator[Refund]:
    """Yield completed payouts that may be refunds: by a name without an id nobody was paid back."""
    named = {pull.id: ids for pull in pulls if (ids := ids_in(pull.name))}
    for payout in payouts:
        candidates = named.get(payout.pull_payment_id or "")
        if candidates and payout.state == COMPLETED:
            yield Refund(payout=payout, candidates=candidates)


def oldest_unfinished(pulls: Iterable[PullPayment], payouts: Iterable[Payout]) -> datetime | None:
    """Find the date of the oldest payout of a refund that may still be completed, None without one."""
    named = {pull.id for pull in pulls if ids_in(pull.name)}
    waiting = (payout for payout in payouts if payout.pull_payment_id in named and payout.state not in _FINAL)
    return min((at for payout in waiting if (at := moment(payout.date))), default=None)


def read_refund(refund: Refund, *, place: str, counts: Counter[str]) -> Iterator[Movement]:
    """Yield the movement of a refund of a place's invoice, or count in `counts` why there is none."""
    payout = refund.payout
    amount_msat, at = msat(number(payout.amount_out)), moment(payout.date)
    if not place:
        counts["foreign_refunds"] += 1
    elif not payout.rail:
        counts["other_coin_refunds"] += 1
    elif not amount_msat or at is None:
        counts["malformed_refunds"] += 1
    else:
        yield Movement(
            stratum=Stratum(place, Kind.REFUND, month_of(at), Status.CONFIRMED),
            private_id=f"payout\0{payout.id}",
            rail=payout.rail,
            group="",
            amount_msat=amount_msat,
            at=at,
        )


def ids_in(name: str | None) -> tuple[str, ...]:
    """Find what may be ids of invoices in a pull payment's name, each once, in their order."""
    return tuple(dict.fromkeys(_ID.findall(name or "")))
