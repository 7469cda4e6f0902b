"""Every state of an invoice that can occur: how often it does, and what its donor did."""

from typing import Final

from generator.sandbox.btcpay.campaigns import DAY
from generator.sandbox.btcpay.donor import FRESH_S, MSAT_PER_SAT, Donor, Visit
from generator.sandbox.btcpay.model import CHAIN, Invoice


def _nothing(donor: Donor, invoice: Invoice) -> Invoice:
    del donor
    return invoice


def _in_full(donor: Donor, invoice: Invoice) -> Invoice:
    return donor.pay(invoice, donor.part(invoice, 100), after=donor.dice.randint(20, 880))


def _in_two(donor: Donor, invoice: Invoice) -> Invoice:
    first = donor.part(invoice, 60)
    begun = donor.pay(invoice, first, after=120, rail=CHAIN)
    return donor.pay(begun, donor.part(invoice, 100) - first, after=700, rail=CHAIN)


def _too_much(donor: Donor, invoice: Invoice) -> Invoice:
    return donor.pay(invoice, donor.part(invoice, donor.dice.randint(110, 170)), after=300, rail=CHAIN)


def _too_little(donor: Donor, invoice: Invoice) -> Invoice:
    return donor.pay(invoice, donor.part(invoice, donor.dice.randint(20, 70)), after=400, rail=CHAIN)


def _late(donor: Donor, invoice: Invoice) -> Invoice:
    return donor.pay(invoice, donor.part(invoice, 100), after=donor.dice.randint(901, 9 * DAY), rail=CHAIN)


def _rest_late(donor: Donor, invoice: Invoice) -> Invoice:
    first, late = donor.part(invoice, 40), donor.dice.randint(1000, 5 * DAY)
    begun = donor.pay(invoice, first, after=500, rail=CHAIN)
    return donor.pay(begun, donor.part(invoice, 100) - first, after=late, rail=CHAIN)


def _unconfirmed(donor: Donor, invoice: Invoice) -> Invoice:
    return donor.pay(invoice, donor.part(invoice, 100), after=50, rail=CHAIN, status="Processing")


def _too_little_unconfirmed(donor: Donor, invoice: Invoice) -> Invoice:
    return donor.pay(invoice, donor.part(invoice, 45), after=30, rail=CHAIN, status="Processing")


def _too_little_just_now(donor: Donor, invoice: Invoice) -> Invoice:
    return donor.pay(invoice, donor.part(invoice, 35), after=30, rail=CHAIN)


def _too_much_unconfirmed(donor: Donor, invoice: Invoice) -> Invoice:
    return donor.pay(invoice, donor.part(invoice, 130), after=50, rail=CHAIN, status="Processing")


def _replaced(donor: Donor, invoice: Invoice) -> Invoice:
    """Pay with too small a fee, and again with a larger one: the first payment is never confirmed."""
    first = donor.pay(invoice, donor.part(invoice, 100), after=100, rail=CHAIN, status="Invalid")
    return donor.pay(first, donor.part(invoice, 100), after=500, rail=CHAIN)


def _as_much_as_they_like(donor: Donor, invoice: Invoice) -> Invoice:
    return donor.pay(
        invoice, donor.dice.randint(1, 400) * 1000 * MSAT_PER_SAT, after=donor.dice.randint(20, 800)
    )


def _as_much_as_they_like_late(donor: Donor, invoice: Invoice) -> Invoice:
    return donor.pay(
        invoice,
        donor.dice.randint(1, 90) * 1000 * MSAT_PER_SAT,
        after=donor.dice.randint(901, DAY),
        rail=CHAIN,
    )


VISITS: Final = (
    Visit(status="Settled", additional="None", weight=50, act=_in_full),
    Visit(status="Settled", additional="None", weight=4, act=_in_two),
    Visit(status="Settled", additional="PaidOver", weight=4, act=_too_much),
    Visit(status="Settled", additional="Marked", weight=2, act=_nothing),
    Visit(status="Settled", additional="Marked", weight=1, act=_too_little),
    Visit(status="Settled", additional="Marked", weight=1, act=_late),
    Visit(status="Settled", additional="None", weight=6, act=_as_much_as_they_like, top_up=True),
    Visit(status="Expired", additional="None", weight=12, act=_nothing),
    Visit(status="Expired", additional="None", weight=2, act=_nothing, top_up=True),
    Visit(status="Expired", additional="PaidPartial", weight=3, act=_too_little),
    Visit(status="Expired", additional="PaidLate", weight=3, act=_late),
    Visit(status="Expired", additional="PaidLate", weight=1, act=_rest_late),
    Visit(status="Expired", additional="PaidLate", weight=1, act=_as_much_as_they_like_late, top_up=True),
    Visit(status="Invalid", additional="None", weight=1, act=_in_full),
    Visit(status="Invalid", additional="None", weight=1, act=_unconfirmed),
    Visit(status="Invalid", additional="PaidOver", weight=1, act=_too_much),
    Visit(status="Invalid", additional="Marked", weight=1, act=_in_full),
    Visit(status="Invalid", additional="Marked", weight=1, act=_nothing),
    Visit(status="New", additional="None", weight=1, act=_nothing, fresh=FRESH_S),
    Visit(status="New", additional="PaidPartial", weight=1, act=_too_little_just_now, fresh=FRESH_S),
    Visit(status="New", additional="PaidPartial", weight=1, act=_too_little_unconfirmed, fresh=FRESH_S),
    Visit(status="Processing", additional="None", weight=1, act=_unconfirmed, fresh=20 * 3600),
    Visit(status="Processing", additional="PaidOver", weight=1, act=_too_much_unconfirmed, fresh=20 * 3600),
    Visit(status="Settled", additional="None", weight=2, act=_replaced),
)
