"""Donors: each visit makes an invoice, may pay it, and notes what it did."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from typing import Final

from generator.sandbox.btcpay.campaigns import BITCOIN, DAY, Campaign, Market
from generator.sandbox.btcpay.chance import address, base58, bolt11, hash_text
from generator.sandbox.btcpay.coins import COUNTED, asked_in, coin_of, rate_of
from generator.sandbox.btcpay.crowdfund_page import page_of
from generator.sandbox.btcpay.deeds import Deed, DeedKind, Deeds, Standing
from generator.sandbox.btcpay.model import CHAIN, MSAT_PER_BTC, Invoice, Payment, PaymentStatus
from generator.sandbox.btcpay.people import email

_PRICES: Final = {
    "EUR": ("5", "10.00", "21", "25.00", "50.00", "12.34", "100", "250.00"),
    "USD": ("5", "21.00", "60", "34.56", "150.00"),
    "SATS": ("1000", "5000", "21000.00000", "50000", "100000", "333333"),
    "BTC": ("0.00050000", "0.001", "0.00210000", "0.00432100"),
}
MSAT_PER_SAT: Final = 1000
_SECOND_FEE_MSAT: Final = 250 * MSAT_PER_SAT
#: A visit that lasts is over this long before the world's end; one that is going on began after it.
_SETTLES: Final = 14 * DAY
FRESH_S: Final = 13 * 60


@dataclass(slots=True)
class Donor:
    """Visits campaigns one after the other; dice, market and books are its world."""

    dice: Random
    market: Market
    now: int
    deeds: Deeds
    _last: int = 0

    def visit(
        self,
        campaign: Campaign,
        visit: "Visit",
        *,
        at: int | None = None,
        dress: Callable[[Invoice], Invoice] | None = None,
    ) -> Invoice:
        """Make one invoice in the state of a visit and note the deeds behind it.

        `at` is its creation (by chance without), `dress` what its way of paying leaves on it.
        """
        invoice = self._arrive(campaign, visit, self._time(campaign, visit) if at is None else at)
        invoice = dress(invoice) if dress else invoice
        invoice = visit.act(self, invoice)
        invoice = replace(invoice, status=visit.status, additional=visit.additional)
        if mail := email(invoice):
            invoice = replace(invoice, terms=(*invoice.terms, mail))
        self.note(invoice, campaign)
        if campaign.slug and campaign.app:
            self.deeds.pages.setdefault(campaign.slug, page_of(campaign.app, self.now)).visit(invoice)
        return invoice

    def pay(
        self,
        invoice: Invoice,
        amount_msat: int,
        *,
        after: int,
        rail: str = "",
        status: PaymentStatus = "Settled",
    ) -> Invoice:
        """Pay an invoice `after` seconds; a second payment on chain carries the merchant's fee."""
        rail = rail or self.dice.choice(invoice.rails)
        earlier = [payment for payment in invoice.accounted if payment.rail == CHAIN]
        number, destination = hash_text(self.dice), bolt11(self.dice)
        if rail == CHAIN:
            number = f"{number}-{self.dice.randint(0, 3)}"
            destination = earlier[0].destination if earlier else address(self.dice)
        else:
            amount_msat += self.dice.randint(0, MSAT_PER_SAT - 1)  # a wallet's own rounding
        payment = Payment(
            id=number,
            rail=rail,
            amount_msat=amount_msat + (_SECOND_FEE_MSAT if earlier else 0),
            fee_msat=_SECOND_FEE_MSAT if earlier else 0,
            received=invoice.created + after,
            status=status,
            destination=destination,
        )
        return replace(invoice, payments=(*invoice.payments, payment))

    def pay_by(self, invoice: Invoice, rail: str) -> Invoice:
        """Pay an invoice in full by a rail that a plugin brings, and by no other."""
        payment = Payment(
            id=hash_text(self.dice),
            rail=rail,
            amount_msat=asked_in(invoice, rail),
            received=invoice.created + 60,
            status="Settled",
            destination=address(self.dice),
        )
        return replace(invoice, rails=(CHAIN, rail), payments=(payment,))

    def part(self, invoice: Invoice, percent: int) -> int:
        """Return a part of what an invoice asks, in msat of whole satoshis, never nothing."""
        return max(1, int(invoice.asked * MSAT_PER_BTC) * percent // 100 // MSAT_PER_SAT) * MSAT_PER_SAT

    def _arrive(self, campaign: Campaign, visit: "Visit", created: int) -> Invoice:
        currency = self.dice.choice(campaign.currencies)
        price = Decimal(0) if visit.top_up else Decimal(self.dice.choice(_PRICES[currency]))
        return Invoice(
            id=base58(self.dice),
            store=campaign.store,
            created=created,
            currency=currency,
            price=price,
            rate=self.market.price(currency, created),
            rails=campaign.rails,
            top_up=visit.top_up,
            archived=not visit.fresh and self.dice.random() < 0.06,  # noqa: PLR2004 -- a few in a hundred
            order=base58(self.dice),
            order_page=campaign.page,
            terms=campaign.terms,
            described=campaign.app.title if campaign.app else "Donation",
        )

    def _time(self, campaign: Campaign, visit: "Visit") -> int:
        """Return when a visit begins: mostly early in a campaign, some in one second, some at midnight."""
        if visit.fresh:
            return self.now - self.dice.randint(60, visit.fresh)
        if self._last >= campaign.starts and self.dice.random() < 0.03:  # noqa: PLR2004 -- a few in a hundred
            return self._last
        span = self.now - _SETTLES - campaign.starts
        self._last = campaign.starts + int(span * self.dice.random() ** 1.4)
        if self.dice.random() < 0.05:  # noqa: PLR2004 -- a few in a hundred pay after midnight
            self._last += DAY - self._last % DAY - 300
        return self._last

    def note(self, invoice: Invoice, campaign: Campaign) -> None:
        """Note what happened; what is paid in other coins apart, if it settled."""
        fiat = "" if invoice.currency in BITCOIN else invoice.currency
        verdict = (invoice.status, invoice.additional)
        for payment in invoice.accounted:
            counted = payment.rail in COUNTED
            if not counted and payment.status != "Settled":
                continue
            standing = Standing.CONFIRMED if payment.status == "Settled" else Standing.PENDING
            self.deeds.note(
                Deed(
                    kind=DeedKind.PAID if counted else DeedKind.OTHER_COIN,
                    project=campaign.slug,
                    place=campaign.place,
                    at=datetime.fromtimestamp(payment.received, UTC),
                    standing=Standing.REJECTED if verdict == ("Invalid", "Marked") else standing,
                    amount_msat=payment.amount_msat,
                    rail=payment.rail,
                    outcome=_outcome(invoice, payment),
                    made=datetime.fromtimestamp(invoice.created, UTC),
                    currency=fiat if counted else coin_of(invoice, payment.rail),
                    value=payment.net * rate_of(invoice, payment.rail) if fiat else None,
                )
            )
        if verdict == ("Settled", "Marked") and not invoice.accounted and invoice.price:
            self.deeds.note(
                Deed(
                    kind=DeedKind.DECLARED,
                    project=campaign.slug,
                    place=campaign.place,
                    at=datetime.fromtimestamp(invoice.created, UTC),
                    currency=invoice.currency,
                    value=invoice.price,
                )
            )


def _outcome(invoice: Invoice, payment: Payment) -> str:
    if invoice.additional not in ("None", "PaidLate"):
        return invoice.additional
    return "late" if payment.received > invoice.expires else "on time"


Act = Callable[[Donor, Invoice], Invoice]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One way a visit can go: the state its invoice ends in, how often, and what the donor does."""

    status: str
    additional: str
    weight: int
    act: Act
    top_up: bool = False
    fresh: int = 0  #: began at most so many seconds before the world's end; 0 for long ago
