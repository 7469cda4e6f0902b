"""Invoices and their payment methods as Greenfield documents, by BTCPay Server 2.4.1.

Free texts go through `Texts`, so that a test can plant tokens in each.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from generator.sandbox.btcpay.coins import coin_of, rate_of, value_text
from generator.sandbox.btcpay.model import (
    CHAIN,
    LNURL,
    MINUTES_TO_PAY,
    MINUTES_WATCHED,
    MONERO,
    RAILS,
    Invoice,
    Payment,
    btc,
    in_currency,
    whole_sat_up,
)
from generator.sandbox.btcpay.people import full_url, metadata
from generator.sandbox.btcpay.texts import Texts

Json = dict[str, object]

#: status, additional → what an owner may still mark it as.
_MARKABLE: Final = {
    "New": ["Settled", "Invalid"],
    "Processing": ["Settled", "Invalid"],
    "Expired": ["Settled", "Invalid"],
    "Invalid": ["Settled"],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Writes documents for one server, as seen under one address."""

    base: str  #: scheme, host, port and path prefix
    texts: Texts

    def invoice(self, invoice: Invoice, *, with_methods: bool) -> Json:
        """Return one invoice; ``paymentMethods`` is empty unless asked for."""
        number = self.texts.own("invoice.id", invoice.id)
        return {
            "id": number,
            "storeId": invoice.store,
            "amount": _price(invoice),
            "paidAmount": in_currency(_paid_value(invoice), invoice.currency),
            "checkoutLink": f"{self.base}/i/{number}",
            "status": invoice.status,
            "additionalStatus": invoice.additional,
            "monitoringExpiration": invoice.watched_until,
            "expirationTime": invoice.expires,
            "createdTime": invoice.created,
            "availableStatusesForManualMarking": _markable(invoice),
            "archived": invoice.archived,
            "paymentMethods": self.methods(invoice) if with_methods else [],
            "type": "TopUp" if invoice.top_up else "Standard",
            "currency": invoice.currency,
            "metadata": metadata(invoice, self.base, self.texts),
            "checkout": self._checkout(invoice),
            "receipt": {"enabled": True, "showQR": True, "showPayments": True},
        }

    def methods(self, invoice: Invoice, *, accounted: bool = True) -> list[Json]:
        """Return every method the invoice offers, with the payments that came that way.

        Replaced payments are shown only to who asks for those that are not `accounted` as well.
        """
        return [self._method(invoice, rail, accounted=accounted) for rail in invoice.rails]

    def _checkout(self, invoice: Invoice) -> Json:
        say, back = self.texts.say, full_url(invoice.redirect, self.base)
        return {
            "speedPolicy": "MediumSpeed",
            "paymentMethods": list(invoice.rails),
            "defaultPaymentMethod": None,
            "expirationMinutes": MINUTES_TO_PAY,
            "monitoringMinutes": MINUTES_WATCHED,
            "paymentTolerance": 0.0,
            "redirectURL": say("invoice.checkout.redirectURL", invoice.id, back or None),
            "redirectAutomatically": None,
            "defaultLanguage": say("invoice.checkout.defaultLanguage", invoice.id, None),
            "lazyPaymentMethods": None,
        }

    def _method(self, invoice: Invoice, rail: str, *, accounted: bool) -> Json:
        every = [payment for payment in invoice.payments if payment.rail == rail]
        own = [payment for payment in every if payment.status != "Invalid"]
        destination = self._destination(invoice, rail, own)
        rate = rate_of(invoice, rail)
        due = (_price_of(invoice) - _paid_value(invoice)) / rate
        return {
            "activated": True,
            "destination": None if rail == LNURL else destination,
            "paymentLink": self._link(rail, destination, max(due, Decimal(0))),
            "rate": _plain(rate),
            "paymentMethodPaid": _coins(whole_sat_up(sum((payment.value for payment in own), Decimal(0)))),
            "totalPaid": _coins(whole_sat_up(_gross(invoice) / rate)),
            "due": _coins(whole_sat_up(due)),
            "amount": _coins(whole_sat_up(_price_of(invoice) / rate + _fees(invoice, rate))),
            "paymentMethodFee": "0",
            "payments": [self._payment(payment) for payment in (own if accounted else every)],
            "paymentMethodId": rail,
            "additionalData": self._details(invoice, rail, own),
            "currency": coin_of(invoice, rail),
        }

    def _destination(self, invoice: Invoice, rail: str, own: list[Payment]) -> str:
        if own:
            return self.texts.own("payment.destination", own[0].destination)
        return self.texts.text(f"method.destination.{rail}", invoice.id, invoice.prompt(rail))

    def _link(self, rail: str, destination: str, due: Decimal) -> str:
        if rail == CHAIN:
            return f"bitcoin:{destination}?amount={_coins(whole_sat_up(due))}"
        return f"{'monero' if rail == MONERO else 'lightning'}:{destination}"

    def _payment(self, payment: Payment) -> Json:
        return {
            "id": self.texts.own("payment.id", payment.id),
            "receivedDate": payment.received,
            "value": value_text(payment),
            "fee": btc(payment.fee_msat) if payment.fee_msat else "0",
            "status": payment.status,
            "destination": self.texts.own("payment.destination", payment.destination),
        }

    def _details(self, invoice: Invoice, rail: str, own: list[Payment]) -> Json:
        say, owner = self.texts.say, invoice.id
        if rail not in (*RAILS, MONERO):
            return {}
        if rail in (CHAIN, MONERO):
            return {
                "feeMode": "MultiplePaymentsOnly",
                "paymentMethodFeeRate": 2.5,
                "payjoinEnabled": False,
                "recommendedFeeRate": 2.5,
                "keyPath": say("method.additionalData.keyPath", owner, "0/17"),
                "accountDerivation": None,
            }
        paid_hash = self.texts.own("method.additionalData.paymentHash", own[0].id) if own else None
        lightning: Json = {
            "paymentHash": paid_hash,
            "preimage": say("method.additionalData.preimage", owner, None),
            "invoiceId": say("method.additionalData.invoiceId", owner, paid_hash),
            "nodeInfo": say("method.additionalData.nodeInfo", owner, None),
        }
        if rail != LNURL:
            return lightning
        return {
            "generatedBoltAmount": None,
            "bech32Mode": True,
            "providedComment": say(
                "method.additionalData.providedComment", owner, "keep going!" if own else None
            ),
            "consumedLightningAddress": say(
                "method.additionalData.consumedLightningAddress", owner, invoice.address or None
            ),
            "payRequest": None,
            **lightning,
        }


def _markable(invoice: Invoice) -> list[str]:
    if invoice.additional == "Marked":
        return ["Invalid"] if invoice.status == "Settled" else ["Settled"]
    return _MARKABLE.get(invoice.status, [])


def _price(invoice: Invoice) -> str:
    """Return the price; a top-up's is the value of its first payment, if that came in time."""
    if not invoice.top_up:
        return str(invoice.price)
    first = invoice.accounted[0] if invoice.accounted else None
    if first is None or first.received > invoice.expires:
        return "0"
    return in_currency(first.value * invoice.rate, invoice.currency)


def _price_of(invoice: Invoice) -> Decimal:
    """Return what is asked, in the invoice's currency; a top-up asks for whatever came."""
    return _paid_value(invoice) if invoice.top_up else invoice.price


def _paid_value(invoice: Invoice) -> Decimal:
    """Return what came, net, in the invoice's currency."""
    return sum((payment.net * rate_of(invoice, payment.rail) for payment in invoice.accounted), Decimal(0))


def _gross(invoice: Invoice) -> Decimal:
    """Return what came, with network fees, in the invoice's currency."""
    return sum((payment.value * rate_of(invoice, payment.rail) for payment in invoice.accounted), Decimal(0))


def _fees(invoice: Invoice, rate: Decimal) -> Decimal:
    """Return the network fees added to the price, in a coin of this rate."""
    return (_gross(invoice) - _paid_value(invoice)) / rate


def _coins(amount: Decimal) -> str:
    return f"{amount:f}" if amount else "0"


def _plain(number: Decimal) -> str:
    return f"{number:f}"
