"""Every way an owner sends money out, as a table: refunds under all names, wages, what moved nothing.

By BTCPay's `PullPaymentHostedService.cs` and `UIPullPaymentController.cs`, and WooCommerce's
`AbstractGateway.php`. A payout's day is when it was claimed; nothing says when it was paid.
"""

import re
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from typing import Final

from generator.sandbox.btcpay.campaigns import DAY, Campaign
from generator.sandbox.btcpay.chance import address, base58, hash_text
from generator.sandbox.btcpay.deeds import CROWDFUND, REST, DeedKind, PaidPlace
from generator.sandbox.btcpay.model import CHAIN, MSAT_PER_BTC, Invoice, Payout, PullPayment, whole_sat_up
from generator.sandbox.btcpay.owners import Owner

TOP_UP: Final = "TOPUP"
WOO: Final = "WooCommerce"
_NAME_BYTES: Final = 50
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Payback:
    """One story. `title` names the pull payment: ``<id>`` and ``<order>`` of the invoice, ``<other>``.

    `row` is how a reader can link it: L2 by the id in the name, L3 by the order
    number, L4 not at all; empty for what is no refund.
    """

    name: str
    title: str  #: empty for a payout without pull payment
    row: str
    of: str = CROWDFUND  #: kind of place that was paid, or `WOO`
    state: str = "Completed"
    percent: tuple[int, ...] = (40,)  #: of what was paid, for each payout
    moved: bool = True  #: money really left, whatever the state says
    archived: bool = False
    proof: bool = True
    rail: str = CHAIN
    currency: str = "BTC"  #: of the pull payment
    days_ago: int = 5
    source: str = ""  #: ``metadata.source`` of the payout
    shared: bool = False  #: another paid invoice has the same order number

    def fits(self, campaign: Campaign, invoice: Invoice, now: int) -> bool:
        """Tell whether it can happen to a paid invoice: of the place, currency and age it is about."""
        old = invoice.payments[-1].received < now - (self.days_ago + 2) * DAY
        woo = WOO in dict(invoice.extra).get("posData", "")
        there = woo if self.of == WOO else campaign.slug.startswith(self.of) and not woo
        return old and there and self.currency in ("BTC", invoice.currency)


PAYBACKS: Final = (
    Payback("refund", "Refund <id>", "L2"),
    Payback("in German", "Rückerstattung <id>", "L2"),
    Payback("in Japanese", "<id>を返金", "L2"),
    Payback("in Turkish", "<id> İade", "L2"),
    Payback("in parts", "Refund <id>", "L2", percent=(10, 25)),
    Payback("limit in euros", "Refund <id>", "L2", percent=(10, 20), currency="EUR"),
    Payback("without proof", "Refund <id>", "L2", proof=False),
    Payback("on its way", "Refund <id>", "L2", state="InProgress", moved=False),
    Payback("never claimed", "Refund <id>", "L2", percent=(), moved=False),
    Payback("paid from a wallet 40 days ago", "Refund <id>", "L2", state="AwaitingPayment", days_ago=40),
    Payback("archived", "Refund <id>", "L2", archived=True),
    Payback("order number", "Refund of order <order>; broken", "L3", of=WOO),
    Payback("name cut", "Refund of order <order>; zerbrochen, leider schon übel", "L3", of=WOO),
    Payback("order number of two", "Refund of order <order>; twice", "L4", of=WOO, shared=True),
    Payback("by hand", "Sorry", "L4"),
    Payback("two ids", "Refund <id> <other>", "L4"),
    Payback("wages promised", "Salaries of March", "", of=REST),
    Payback("wages", "", "", of=REST, source="Payroll"),
    Payback("split", "", "", of=REST, source="Prism (ada@example.org)"),
    Payback("voucher topped up", "Vouchers", "", of=REST, percent=(-30,), moved=False, rail=TOP_UP),
)


def pay_back(owner: Owner, story: Payback, campaign: Campaign, invoice: Invoice, other: Invoice) -> None:
    """Let a story happen to an invoice of a campaign; `other` is one more of the kind."""
    books, dice = owner.books, owner.dice
    at, pull = books.now - story.days_ago * DAY, None
    if story.title:
        paid = invoice.paid if story.currency == "BTC" else (invoice.paid * invoice.rate).quantize(_CENT)
        pull = PullPayment(
            id=base58(dice, 28),
            store=invoice.store,
            name=_named(story.title, invoice, other.id),
            refund=True,
            currency=story.currency,
            amount=paid,
            starts=at - DAY,
            archived=story.archived,
        )
        books.pulls.append(pull)
    if story.shared:
        books.invoices.put(replace(other, order=invoice.order))
    for percent in story.percent:
        original, amount_msat = _amounts(story, invoice, percent)
        payout = Payout(
            id=base58(dice, 28),
            store=invoice.store,
            pull=pull.id if pull else "",
            rail=story.rail,
            destination=invoice.id if story.rail == TOP_UP else address(dice),
            amount_msat=amount_msat,
            original=original,
            currency=story.currency,
            at=at,
            state=story.state,
            proof=hash_text(dice) if story.proof and story.state == "Completed" else "",
            source=story.source,
        )
        books.payouts.append(payout)
        if story.moved and story.row:
            owner.note(DeedKind.REFUNDED, campaign.slug, campaign.place, payout)
        elif story.moved:
            owner.note(DeedKind.PAID_OUT, campaign.slug, PaidPlace(invoice.store), payout)


def _named(title: str, invoice: Invoice, other: str) -> str:
    """Return a pull payment's name, cut as WooCommerce cuts it: by bytes, even inside a letter."""
    words = {"id": invoice.id, "order": invoice.order, "other": other}
    name = re.sub("<(\\w+)>", lambda found: words[found[1]], title)
    return name.encode()[:_NAME_BYTES].decode(errors="replace") if "; " in title else name


def _amounts(story: Payback, invoice: Invoice, percent: int) -> tuple[Decimal, int]:
    """Return what is claimed, in the pull payment's currency, and msat sent: rounded up to whole satoshis."""
    coins = whole_sat_up(invoice.paid * percent / 100)
    original = coins
    if story.currency != "BTC":
        original = (coins * invoice.rate).quantize(_CENT, rounding=ROUND_CEILING)
        coins = whole_sat_up(original / invoice.rate)
    return original, int(coins * MSAT_PER_BTC)
