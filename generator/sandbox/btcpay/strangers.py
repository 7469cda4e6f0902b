"""Invoices that belong to no reported campaign, however much some of them look like it."""

from dataclasses import replace
from decimal import Decimal
from typing import Final

from generator.sandbox.btcpay.campaigns import Campaign, rival_of
from generator.sandbox.btcpay.chance import address, hash_text
from generator.sandbox.btcpay.donor import Donor
from generator.sandbox.btcpay.model import CHAIN, Invoice, Payment
from generator.sandbox.btcpay.visits import VISITS

_MSAT_PER_COIN: Final = 10**11


def lookalikes(donor: Donor, campaign: Campaign) -> list[Invoice]:
    """Return paid invoices of the same store that a careless reader would count for a crowdfund."""
    rival = rival_of(campaign)
    paid = VISITS[0]
    foreign = replace(rival, app=None)

    def made() -> Invoice:
        return donor.visit(foreign, paid)

    return [
        donor.visit(rival, paid),  # another crowdfund, whose id begins like ours
        replace(made(), terms=campaign.terms),  # a search term that somebody chose, and no order page
        replace(made(), terms=campaign.terms, order_page=f"{campaign.page}-2"),
        replace(made(), terms=campaign.terms, order_page=f"https://shop.example.org{campaign.page}/../cart"),
        replace(made(), order=campaign.terms[0]),  # an order number that looks like the term
        replace(made(), order_page=campaign.page),  # the order page, and not filed under the crowdfund
        replace(made(), terms=("pos-app_till",), described="Coffee"),
    ]


def in_another_coin(donor: Donor, campaign: Campaign, rail: str) -> Invoice:
    """Return an invoice of a campaign that was paid by a rail that is not ours: in no bitcoin figure."""
    invoice = replace(donor.visit(replace(campaign, currencies=("EUR",)), VISITS[7]), archived=False)
    payment = Payment(
        id=hash_text(donor.dice),
        rail=rail,
        amount_msat=_MSAT_PER_COIN // 5,
        received=invoice.created + 60,
        status="Settled",
        destination=address(donor.dice),
    )
    rails = (CHAIN, rail)
    return replace(invoice, status="Settled", price=Decimal("30.00"), rails=rails, payments=(payment,))
