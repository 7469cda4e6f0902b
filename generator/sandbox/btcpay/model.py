"""What a BTCPay server knows: stores, crowdfunds, invoices, payments, refunds; plain values.

Amounts of bitcoin are integer millisatoshis, prices and rates are `Decimal`,
times are Unix seconds, as the server sends them.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal
from typing import Final, Literal

CHAIN: Final = "BTC-CHAIN"
LIGHTNING: Final = "BTC-LN"
LNURL: Final = "BTC-LNURL"
#: What counts as bitcoin. Anything else is another coin, or whatever a plugin calls its own.
RAILS: Final = (CHAIN, LIGHTNING, LNURL)
MONERO: Final = "XMR-CHAIN"
PLUGIN: Final = "BTC-ARKADE"

MSAT_PER_BTC: Final = 10**11
MINUTES_TO_PAY: Final = 15
MINUTES_WATCHED: Final = 1440
_EIGHT: Final = Decimal("0.00000001")
#: Digits behind the point by which a server rounds ``paidAmount``; 2 for all others.
_DIGITS: Final = {"SATS": 0, "JPY": 0, "BTC": 8}

#: "Invalid" is what a replaced payment becomes: no list shows it any more.
PaymentStatus = Literal["Settled", "Processing", "Invalid"]


def btc(amount_msat: int) -> str:
    """Return bitcoin as a server writes them: 8 decimals, 11 where millisatoshis ask for it."""
    whole, rest = divmod(abs(amount_msat), MSAT_PER_BTC)
    text = f"{whole}.{rest:011d}"[: -3 if rest % 1000 == 0 else None]
    return f"-{text}" if amount_msat < 0 else text


def whole_sat_up(coins: Decimal) -> Decimal:
    """Return an amount rounded up to 8 decimals, as amounts due are."""
    return coins.quantize(_EIGHT, rounding=ROUND_CEILING)


def in_currency(value: Decimal, currency: str) -> str:
    """Return an amount with as many decimals as its currency has."""
    return str(value.quantize(Decimal(1).scaleb(-_DIGITS.get(currency, 2)), rounding=ROUND_HALF_EVEN))


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money received by one method of an invoice."""

    id: str
    rail: str
    amount_msat: int  #: of the rail's coin
    fee_msat: int = 0  #: part of it that the merchant charged as network fee
    received: int
    status: PaymentStatus
    destination: str

    @property
    def value(self) -> Decimal:
        """Return the amount in coins."""
        return Decimal(self.amount_msat) / MSAT_PER_BTC

    @property
    def net(self) -> Decimal:
        """Return the amount without the fee, in coins."""
        return Decimal(self.amount_msat - self.fee_msat) / MSAT_PER_BTC


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """A request for money, and what came."""

    id: str
    store: str
    created: int
    currency: str
    price: Decimal  #: 0 for a top-up that nobody paid
    rate: Decimal  #: price of one bitcoin in `currency` when the invoice was made
    rails: tuple[str, ...]
    status: str = "New"
    additional: str = "None"
    top_up: bool = False
    archived: bool = False
    payments: tuple[Payment, ...] = ()
    order: str = ""
    order_page: str = ""  #: path behind the server's address, such as ``/apps/<id>/crowdfund``
    terms: tuple[str, ...] = ()  #: additional search terms
    request: str = ""  #: id of the payment request it pays
    perk: str = ""
    described: str = ""
    redirect: str = ""  #: page that the payer is sent back to, a path like `order_page`
    mail: str = ""  #: the address the payer gave; empty for the usual one
    address: str = ""  #: Lightning address that was paid
    extra: tuple[tuple[str, str], ...] = ()  #: further metadata

    @property
    def expires(self) -> int:
        """Return the last second to pay in time."""
        return self.created + 60 * MINUTES_TO_PAY

    @property
    def watched_until(self) -> int:
        """Return until when the server waits for confirmations."""
        return self.expires + 60 * MINUTES_WATCHED

    @property
    def paid(self) -> Decimal:
        """Return what all payments brought, net, in bitcoin."""
        return sum((payment.net for payment in self.accounted), Decimal(0))

    @property
    def accounted(self) -> tuple[Payment, ...]:
        """Return the payments that were not replaced."""
        return tuple(payment for payment in self.payments if payment.status != "Invalid")

    @property
    def asked(self) -> Decimal:
        """Return the price in bitcoin, rounded up as the server does."""
        return whole_sat_up(self.price / self.rate)

    @property
    def indexed(self) -> tuple[str, ...]:
        """Return the rows that ``textSearch`` compares from their beginning, letter by letter.

        By `InvoiceRepository.cs` and `PaymentService.cs`; rows are cut to 512 characters.
        """
        made = datetime.fromtimestamp(self.created, UTC)
        paid = [text for payment in self.payments for text in (payment.id, payment.destination)]
        prompts = [text for rail in self.rails for text in (self.prompt(rail), f"{self.asked:f}")]
        price = () if self.top_up else (str(self.price),)
        rows = (self.id, self.order, self.store, self.mail, f"{made:%m/%d/%Y %H:%M:%S}", *price)
        return tuple(row[:512] for row in (*rows, *prompts, *paid, *self.terms) if row)

    def prompt(self, rail: str) -> str:
        """Return where this method asks to be paid to, before anybody did."""
        return f"bcrt1q{self.id.lower()}" if rail == CHAIN else f"lnbcrt1p{self.id.lower()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowdfund:
    """A crowdfund app."""

    id: str
    store: str
    name: str
    title: str
    tagline: str
    description: str
    created: int
    starts: int
    ends: int | None
    currency: str
    target: Decimal | None
    picture: str = ""  #: address of its main image
    reset: tuple[int, str] | None = None  #: begins anew after so many Hour, Day, Month or Year
    enabled: bool = True
    archived: bool = False

    @property
    def page(self) -> str:
        """Return the path of its public page, where its invoices come from."""
        return f"/apps/{self.id}/crowdfund"

    @property
    def term(self) -> str:
        """Return the search term under which its invoices are filed."""
        return f"crowdfund-app_{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A store."""

    id: str
    name: str
    currency: str
    rails: tuple[str, ...] = (CHAIN, LIGHTNING)
    archived: bool = False  #: tidied away in the list of stores, and nothing else


@dataclass(frozen=True, slots=True, kw_only=True)
class PullPayment:
    """A promise of money out; a refund is one."""

    id: str
    store: str
    name: str
    currency: str
    amount: Decimal
    starts: int
    refund: bool = False  #: BTCPay made it for an invoice, whose id is in the name
    archived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Payout:
    """Money on its way out for a pull payment, or gone if `state` is Completed."""

    id: str
    store: str
    pull: str  #: id of the pull payment, empty for a payout without one
    rail: str
    destination: str
    amount_msat: int | None  #: None before it is approved; below zero for money into a pull payment
    original: Decimal
    currency: str
    at: int
    state: str
    proof: str = ""
    source: str = "Refund of an order"  #: what made it, as it says itself
