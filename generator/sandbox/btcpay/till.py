"""New money on a running server: an invoice that somebody asks for is paid over Lightning a moment later.

Real servers need a payer; here one stands ready, so that a webhook can be tried without any money.
"""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from random import Random
from typing import Final

from generator.sandbox.btcpay.books import Books
from generator.sandbox.btcpay.chance import base58, bolt11, hash_text
from generator.sandbox.btcpay.courier import Courier
from generator.sandbox.btcpay.model import LIGHTNING, MSAT_PER_BTC, Invoice, Payment, PullPayment, btc
from generator.sandbox.btcpay.people import metadata
from generator.sandbox.btcpay.texts import Texts
from generator.sandbox.btcpay.webhooks import Event, Json

#: Seconds between an invoice and its payment.
MOMENT_S: Final = 2.0
_IN_BITCOIN: Final = {"BTC": Decimal(1), "SATS": Decimal(100_000_000)}
_SAT: Final = 1000  #: msat


@dataclass(slots=True, kw_only=True)
class Till:
    """Makes invoices in the server's books and pays them; tells the courier of each step."""

    books: Books
    courier: Courier
    dice: Random
    texts: Texts
    base: Callable[[], str]  #: address of the server
    _payers: set["asyncio.Task[None]"] = field(default_factory=set)

    def knows(self, currency: str) -> bool:
        """Tell whether there is a price for a currency."""
        return currency in _IN_BITCOIN or currency in self.books.prices

    def sell(self, store: str, price: Decimal, currency: str) -> Invoice:
        """Return a new invoice that is paid soon."""
        invoice = Invoice(
            id=base58(self.dice),
            store=store,
            created=self.courier.now(),
            currency=currency,
            price=price,
            rate=_IN_BITCOIN.get(currency) or self.books.prices[currency],
            rails=(LIGHTNING,),
            order=base58(self.dice),
            described="Donation",
        )
        self.books.invoices.put(invoice)
        self.courier.announce(self._event("InvoiceCreated", invoice))
        payer = asyncio.ensure_future(self._pay_later(invoice))
        self._payers.add(payer)
        payer.add_done_callback(self._payers.discard)
        return invoice

    def pay(self, invoice: Invoice) -> Invoice:
        """Pay an invoice in full, now."""
        payment = Payment(
            id=hash_text(self.dice),
            rail=LIGHTNING,
            amount_msat=max(1, int(invoice.asked * MSAT_PER_BTC) // _SAT) * _SAT,
            received=self.courier.now(),
            status="Settled",
            destination=bolt11(self.dice),
        )
        paid = replace(invoice, status="Settled", payments=(*invoice.payments, payment))
        self.books.invoices.put(paid)
        for event in self._paid(paid, payment):
            self.courier.announce(event)
        return paid

    def refund(self, invoice: Invoice) -> PullPayment:
        """Promise a payer's money back, as the backend's refund button does."""
        pull = PullPayment(
            id=base58(self.dice, 28),
            store=invoice.store,
            name=f"Refund {invoice.id}",
            refund=True,
            currency="BTC",
            amount=invoice.paid,
            starts=self.courier.now(),
        )
        self.books.pulls.append(pull)
        number = self.texts.own("pull.id", pull.id)
        self.courier.announce(self._event("InvoiceRefund", invoice, {"pullPaymentId": number}))
        return pull

    async def _pay_later(self, invoice: Invoice) -> None:
        await asyncio.sleep(MOMENT_S)
        self.pay(invoice)

    def _paid(self, invoice: Invoice, payment: Payment) -> Iterator[Event]:
        told: Json = {
            "afterExpiration": payment.received > invoice.expires,
            "paymentMethodId": payment.rail,
            "payment": {
                "id": payment.id,
                "receivedDate": payment.received,
                "value": btc(payment.amount_msat),
                "fee": btc(payment.fee_msat),
                "status": payment.status,
                "destination": payment.destination,
            },
        }
        yield self._event("InvoiceReceivedPayment", invoice, told)
        yield self._event("InvoiceProcessing", invoice, {"overPaid": False})
        yield self._event("InvoiceSettled", invoice, {"manuallyMarked": False, "overPaid": False})
        yield self._event("InvoicePaymentSettled", invoice, told)

    def _event(self, kind: str, invoice: Invoice, told: Json | None = None) -> Event:
        number = self.texts.own("invoice.id", invoice.id)
        subject: Json = {"invoiceId": number, "metadata": metadata(invoice, self.base(), self.texts)}
        return Event(kind=kind, store=invoice.store, at=self.courier.now(), told=told or {}, subject=subject)
