"""What a Greenfield server sends, as far as we read it, and how its numbers are read.

The structs name only fields that are needed; everything else of an answer is
dropped while it is decoded. Decimals arrive as text or as JSON numbers and are
kept exact; 1.x servers name some keys and rails otherwise.
"""

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

import msgspec

from generator.money import MAX_MSAT, MSAT_PER_BTC

#: A decimal as sent: text, whole number, or a `Decimal` made of the number's own digits.
Number = object

#: Rails whose value is bitcoin. Anything else is another coin or a plugin and is never summed.
RAILS: Final = ("BTC-CHAIN", "BTC-LN", "BTC-LNURL")
#: Names of the same rails in answers of 1.x servers.
LEGACY_RAILS: Final = {
    "BTC": "BTC-CHAIN",
    "BTC_BTCLike": "BTC-CHAIN",
    "BTC-BTCLike": "BTC-CHAIN",
    "BTC-OnChain": "BTC-CHAIN",
    "BTC-LightningNetwork": "BTC-LN",
    "BTC_LightningLike": "BTC-LN",
    "BTC_OffChain": "BTC-LN",
    "BTC-LNURLPAY": "BTC-LNURL",
    "BTC_LNURLPAY": "BTC-LNURL",
}
#: Genesis: nothing was paid before.
_FIRST: Final = datetime(2009, 1, 3, tzinfo=UTC)
_LAST: Final = datetime(2100, 1, 1, tzinfo=UTC)
#: More digits than any price or amount has; beyond, arithmetic could round silently.
_DIGITS: Final = 24


class Payment(msgspec.Struct, frozen=True, rename="camel"):
    """One payment received by one method of an invoice."""

    id: str
    received_date: int
    value: Number
    status: str
    fee: Number = "0"


class Method(msgspec.Struct, frozen=True, rename="camel"):
    """One way in which an invoice could be paid, with the payments that came that way."""

    payment_method_id: str | None = None
    payment_method: str | None = None  #: the same in 1.x
    currency: str | None = None
    crypto_code: str | None = None  #: the same in 1.x
    rate: Number = None  #: price of one unit of the method's currency, in the invoice's currency
    payments: tuple[Payment, ...] = ()

    @property
    def rail(self) -> str:
        """Return the current name of the method, empty for one that is not ours to know."""
        name = self.payment_method_id or self.payment_method or ""
        name = LEGACY_RAILS.get(name, name)
        return name if name in RAILS and self.coin == "BTC" else ""

    @property
    def coin(self) -> str:
        """Return the code of the coin that is paid, such as ``BTC``."""
        return (self.currency or self.crypto_code or "BTC").upper()


class Metadata(msgspec.Struct, frozen=True, rename="camel"):
    """The fields of an invoice's metadata we look at, to attribute it; never kept."""

    order_url: object = None
    order_id: object = None
    payment_request_id: object = None


class Checkout(msgspec.Struct, frozen=True, rename="camel"):
    """Which methods an invoice offers; tells an old server from an unpaid invoice."""

    payment_methods: tuple[str, ...] | None = ()


class Invoice(msgspec.Struct, frozen=True, rename="camel"):
    """One invoice of a store."""

    id: str
    status: str
    additional_status: str
    created_time: int
    expiration_time: int
    currency: str
    monitoring_expiration: int = 0
    amount: Number = None
    paid_amount: Number = None
    archived: bool = False
    metadata: Metadata = Metadata()
    checkout: Checkout = Checkout()
    payment_methods: tuple[Method, ...] = ()

    @property
    def state(self) -> tuple[str, str]:
        """Return status and additional status."""
        return (self.status, self.additional_status)

    @property
    def payments(self) -> tuple[tuple[Method, Payment], ...]:
        """Return every payment with its method."""
        return tuple((method, payment) for method in self.payment_methods for payment in method.payments)


class Crowdfund(msgspec.Struct, frozen=True, rename="camel"):
    """The settings of a crowdfund app; its texts, goal and dates are public by purpose."""

    id: str
    store_id: str
    title: str | None = None
    tagline: str | None = None
    description: str | None = None
    target_currency: str | None = None
    target_amount: Number = None
    enforce_target_amount: bool = False
    start_date: int | None = None
    end_date: int | None = None
    reset_every: str = "Never"
    reset_every_amount: int = 1


class PullPayment(msgspec.Struct, frozen=True, rename="camel"):
    """A promise of money out; a refund's is named after its invoice."""

    id: str
    name: str | None = None


class Payout(msgspec.Struct, frozen=True, rename="camel"):
    """Money that leaves for a pull payment."""

    id: str
    date: int
    state: str
    pull_payment_id: str | None = None
    payout_method_id: str | None = None
    payout_currency: str | None = None
    payout_amount: Number = None
    payment_method: str | None = None  #: the method in 1.x
    crypto_code: str | None = None  #: the currency in 1.x
    payment_method_amount: Number = None  #: the amount in 1.x

    @property
    def rail(self) -> str:
        """Return the id of the method that the money leaves by."""
        return self.payout_method_id or self.payment_method or ""

    @property
    def coin(self) -> str:
        """Return the code of the coin that leaves."""
        return (self.payout_currency or self.crypto_code or "BTC").upper()

    @property
    def amount_out(self) -> Number:
        """Return how much leaves, as sent."""
        return self.payment_method_amount if self.payout_amount is None else self.payout_amount


class StoreRate(msgspec.Struct, frozen=True, rename="camel"):
    """A price by the store's rules."""

    currency_pair: str
    rate: Number = None


class Problem(msgspec.Struct, frozen=True, rename="camel"):
    """The body of a refusal; its message is not read, because it may quote what we sent."""

    code: str = ""
    missing_permission: str = ""


INVOICES: Final = msgspec.json.Decoder(tuple[Invoice, ...], float_hook=Decimal)
METHODS: Final = msgspec.json.Decoder(tuple[Method, ...], float_hook=Decimal)
INVOICE: Final = msgspec.json.Decoder(Invoice, float_hook=Decimal)
CROWDFUND: Final = msgspec.json.Decoder(Crowdfund, float_hook=Decimal)
PULL_PAYMENTS: Final = msgspec.json.Decoder(tuple[PullPayment, ...])
PAYOUTS: Final = msgspec.json.Decoder(tuple[Payout, ...], float_hook=Decimal)
STORE_RATES: Final = msgspec.json.Decoder(tuple[StoreRate, ...], float_hook=Decimal)
PROBLEM: Final = msgspec.json.Decoder(Problem)


def number(value: Number) -> Decimal | None:
    """Return a sent decimal exactly; None for text, size or precision that no amount has."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    if isinstance(value, str) and not (value.isascii() and len(value) <= 2 * _DIGITS):
        return None
    try:
        found = Decimal(value)
    except InvalidOperation:
        return None
    digits, exponent = found.as_tuple()[1:]
    if not isinstance(exponent, int) or len(digits) > _DIGITS or abs(found.adjusted()) > _DIGITS:
        return None
    return found


def msat(value: Number) -> int | None:
    """Return a sent number of bitcoin in millisatoshis; None for what no payment can be."""
    found = number(value)
    if found is None:
        return None
    amount = found * MSAT_PER_BTC
    if amount != amount.to_integral_value() or not 0 <= amount <= MAX_MSAT:
        return None
    return int(amount)


def moment(seconds: int) -> datetime | None:
    """Return Unix seconds as aware UTC; None before bitcoin's first block or after this century."""
    if not _FIRST.timestamp() <= seconds < _LAST.timestamp():
        return None
    return datetime.fromtimestamp(seconds, UTC)


def currency_code(text: str | None) -> str:
    """Return a currency code that is safe to publish (letters only, such as EUR or SATS), else empty."""
    code = (text or "").upper()
    return code if code.isascii() and code.isalpha() and 3 <= len(code) <= 4 else ""  # noqa: PLR2004 -- ISO 4217, SATS, USDT


#: Keys of an invoice by version 2.4.1; more than these mean a newer server.
INVOICE_FIELDS: Final = frozenset({*(field.encode_name for field in msgspec.structs.fields(Invoice)), *(
    "storeId", "checkoutLink", "availableStatusesForManualMarking", "type", "receipt",
)})  # fmt: skip
_KEYS: Final = msgspec.json.Decoder(tuple[dict[str, msgspec.Raw], ...])


def unknown_fields(page: bytes) -> int:
    """Return how many different keys the invoices of a page have that we never heard of; 0 for no page."""
    try:
        invoices = _KEYS.decode(page)
    except msgspec.DecodeError:
        return 0
    return len({key for invoice in invoices for key in invoice} - INVOICE_FIELDS)
