"""Owners of stores: they pay back, promise to, change their minds, and pay other people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from typing import Final

from generator.sandbox.btcpay.books import Books
from generator.sandbox.btcpay.campaigns import DAY, Campaign
from generator.sandbox.btcpay.chance import address, base58, bolt11, hash_text
from generator.sandbox.btcpay.deeds import Deed, DeedKind, Deeds, PaidPlace
from generator.sandbox.btcpay.model import CHAIN, LIGHTNING, MSAT_PER_BTC, RAILS, Invoice, Payout, PullPayment

#: What became of a refund; only the completed ones moved money.
STATES: Final = ("Completed", "Cancelled", "InProgress", "Completed", "AwaitingApproval", "AwaitingPayment")
#: How a backend of BTCPay names a refund, by its language.
REFUND_NAMES: Final = (
    "Refund {}",
    "Rückerstattung {}",
    "{}を返金",
    "Remboursement {}",
    "{} İade",
    "Возврат {}",
)
_SAT: Final = 1000  #: msat
_EIGHT: Final = Decimal("0.00000001")


@dataclass(slots=True)
class Owner:
    """Writes pull payments and payouts into the books and notes completed refunds."""

    dice: Random
    books: Books
    deeds: Deeds

    def refund(self, campaign: Campaign, invoice: Invoice, state: str) -> None:
        """Give part of a payment back, in one payout, or in two when it is completed."""
        name = REFUND_NAMES[sum(map(ord, invoice.id)) % len(REFUND_NAMES)].format(invoice.id)
        pull = self._promise(name, invoice, refund=True, tidy=state not in ("Completed", "InProgress"))
        state = "Cancelled" if pull.archived else state  # archiving cancels what is not paid
        amount_msat = invoice.payments[0].amount_msat * self.dice.randint(20, 90) // 100
        rail = self.dice.choice((CHAIN, LIGHTNING))
        parts = (amount_msat // 3, amount_msat - amount_msat // 3) if state == "Completed" else (amount_msat,)
        for part_msat in parts:
            payout = self._pay(pull, rail, part_msat, state)
            if state == "Completed":
                self.note(DeedKind.REFUNDED, campaign.slug, campaign.place, payout)

    def spend(self, invoice: Invoice) -> None:
        """Pay somebody who is no donor; that is no refund, however the promise is called."""
        for name in ("Salaries of March", "Refunds for the printer"):
            payout = self._pay(self._promise(name, invoice), CHAIN, 2_000_000 * _SAT, "Completed")
            self.note(DeedKind.PAID_OUT, "", PaidPlace(invoice.store), payout)

    def note(self, kind: DeedKind, slug: str, place: PaidPlace, payout: Payout) -> None:
        """Note that a payout moved money."""
        at = datetime.fromtimestamp(payout.at, UTC)
        sent_msat = payout.amount_msat or 0
        self.deeds.note(
            Deed(kind=kind, project=slug, place=place, at=at, amount_msat=sent_msat, rail=payout.rail)
        )

    def _promise(
        self, name: str, invoice: Invoice, *, refund: bool = False, tidy: bool = False
    ) -> PullPayment:
        pull = PullPayment(
            id=base58(self.dice, 28),
            store=invoice.store,
            name=name,
            refund=refund,
            currency="BTC",
            amount=invoice.paid.quantize(_EIGHT),
            starts=min(self.books.now, invoice.payments[-1].received + self.dice.randint(3600, 20 * DAY)),
            archived=self.dice.random() < 0.3 and tidy,  # noqa: PLR2004 -- owners tidy up
        )
        self.books.pulls.append(pull)
        return pull

    def _pay(self, pull: PullPayment, rail: str, amount_msat: int, state: str) -> Payout:
        whole_msat = max(1, amount_msat // _SAT) * _SAT if rail == CHAIN else max(1, amount_msat)
        payout = Payout(
            id=base58(self.dice, 28),
            store=pull.store,
            pull=pull.id,
            rail=rail,
            destination=address(self.dice) if rail == CHAIN else bolt11(self.dice),
            amount_msat=None if state == "AwaitingApproval" else whole_msat,
            original=Decimal(whole_msat) / MSAT_PER_BTC,
            currency="BTC",
            at=min(self.books.now, pull.starts + self.dice.randint(60, 3 * DAY)),
            state=state,
            proof=hash_text(self.dice) if state == "Completed" else "",
        )
        self.books.payouts.append(payout)
        return payout


def refundable(invoices: Sequence[Invoice]) -> list[Invoice]:
    """Return invoices whose payer may want money back: settled, by payments in bitcoin."""
    return [
        invoice
        for invoice in invoices
        if invoice.payments
        and invoice.status == "Settled"
        and invoice.payments[0].rail in RAILS
        and invoice.payments == invoice.accounted
    ]
