"""What a Greenfield server sends, as far as we read it.

The structs name only fields that are needed; everything else of an answer is
dropped while it is decoded. 1.x servers name some keys and rails otherwise:
the properties `rail` and `coin` make these differences end here.
"""

from decimal import Decimal
from typing import Annotated, Final

import msgspec

from generator.sources.btcpay.greenfield.rails import bitcoin_rail, rail_name
from generator.sources.btcpay.greenfield.values import Number, coin_code, value_at

#: Letters of an id or another word; an old payment of Lightning has its whole invoice as id.
LONGEST_WORD: Final = 10_000
Word = Annotated[str, msgspec.Meta(max_length=LONGEST_WORD)]


class Payment(msgspec.Struct, frozen=True, rename="camel"):
    """One payment received by one method of an invoice."""

    id: Word
    received_date: int
    value: Number
    status: Word
    fee: Number = "0"


class Method(msgspec.Struct, frozen=True, rename="camel"):
    """One way in which an invoice could be paid, with the payments that came that way."""

    payment_method_id: Word | None = None
    payment_method: Word | None = None  #: the same in 1.x
    currency: Word | None = None
    crypto_code: Word | None = None  #: the same in 1.x
    rate: Number = None  #: price of one unit of the method's currency, in the invoice's currency
    payments: tuple[Payment, ...] = ()
    additional_data: msgspec.Raw = msgspec.Raw()  #: of the rail; read only where it decides something

    @property
    def by_address(self) -> bool:
        """Tell whether a Lightning address of the store was paid."""
        return isinstance(value_at(self.additional_data, "consumedLightningAddress"), str)

    @property
    def rail(self) -> str:
        """The current name of the method; empty when its value is not bitcoin."""
        return bitcoin_rail(self.payment_method_id or self.payment_method, self.currency or self.crypto_code)

    @property
    def safe_name(self) -> str:
        """What the method is called, whatever it carries."""
        return rail_name(self.payment_method_id or self.payment_method)

    @property
    def coin(self) -> str:
        """Code of the coin that is paid, such as ``USDt``; empty where the server names none."""
        return coin_code(self.currency or self.crypto_code)


class Metadata(msgspec.Struct, frozen=True, rename="camel"):
    """The fields of an invoice's metadata we look at, to attribute it; never kept.

    Whoever made the invoice wrote them, and some the payer: each may be of any JSON type.
    """

    order_url: object = None
    order_id: object = None
    buyer_email: object = None
    payment_request_id: object = None
    pos_data: msgspec.Raw = msgspec.Raw()

    @property
    def by_woocommerce(self) -> bool:
        """Tell whether the plugin for WooCommerce made the invoice: its data is an object, or one as text."""
        return value_at(self.pos_data, "WooCommerce") is not None


class Checkout(msgspec.Struct, frozen=True, rename="camel"):
    """Which methods an invoice offers (tells an old server from an unpaid invoice); where it leads."""

    payment_methods: tuple[Word, ...] | None = ()
    redirect_url: object = msgspec.field(name="redirectURL", default=msgspec.UNSET)


class Invoice(msgspec.Struct, frozen=True, rename="camel"):
    """One invoice of a store."""

    id: Word
    status: Word
    additional_status: Word
    created_time: int
    expiration_time: int
    currency: Word
    monitoring_expiration: int = 0
    amount: Number = None
    paid_amount: Number = None
    archived: bool = False
    metadata: Metadata = Metadata()
    checkout: Checkout = Checkout()
    payment_methods: tuple[Method, ...] = ()

    @property
    def state(self) -> tuple[str, str]:
        """Status and additional status, such as ``Settled`` and ``PaidLate``."""
        return (self.status, self.additional_status)

    @property
    def payments(self) -> list[tuple[Method, Payment]]:
        """Every payment with the method it came by."""
        return [(method, payment) for method in self.payment_methods for payment in method.payments]


class PointOfSale(msgspec.Struct, frozen=True, rename="camel"):
    """A point of sale app: that there is one, and whose; what it sells is nobody's business here."""

    store_id: Word


class Crowdfund(msgspec.Struct, frozen=True, rename="camel"):
    """The settings of a crowdfund app; its texts, goal and dates are public by purpose."""

    id: Word
    store_id: Word
    title: str | None = None
    tagline: str | None = None
    description: str | None = None
    main_image_url: str | None = None
    target_currency: Word | None = None
    target_amount: Number = None
    enforce_target_amount: bool = False
    start_date: int | None = None
    end_date: int | None = None
    reset_every: Word = "Never"
    reset_every_amount: int = 1
    archived: bool | None = None


class StoreRate(msgspec.Struct, frozen=True, rename="camel"):
    """A price by the store's rules."""

    currency_pair: Word
    rate: Number = None


class KeyRights(msgspec.Struct, frozen=True):
    """What an API key may do; the answer holds the key itself too, which is not read."""

    permissions: tuple[Word, ...] = ()


class WebhookEvents(msgspec.Struct, frozen=True, rename="camel"):
    """What a webhook is told of."""

    everything: bool = False
    specific_events: tuple[Word, ...] = ()


class Webhook(msgspec.Struct, frozen=True, rename="camel"):
    """A webhook of a store."""

    id: Word
    url: str
    enabled: bool = True
    authorized_events: WebhookEvents = WebhookEvents()


class DeliveryAttempt(msgspec.Struct, frozen=True, rename="camel"):
    """One try of a delivery, as ``…/webhooks/{id}/deliveries`` lists it; `timestamp` is of the event."""

    timestamp: int
    status: Word
    delivery_time: int | None = None  #: since 2.3.4


class ServerInfo(msgspec.Struct, frozen=True):
    """What a server says of itself to any key."""

    version: Word = ""


class StoreSettings(msgspec.Struct, frozen=True):
    """The settings of a store."""

    archived: bool = False


INVOICES: Final = msgspec.json.Decoder(tuple[Invoice, ...], float_hook=Decimal)
METHODS: Final = msgspec.json.Decoder(tuple[Method, ...], float_hook=Decimal)
INVOICE: Final = msgspec.json.Decoder(Invoice, float_hook=Decimal)
CROWDFUND: Final = msgspec.json.Decoder(Crowdfund, float_hook=Decimal)
POINT_OF_SALE: Final = msgspec.json.Decoder(PointOfSale)
STORE_RATES: Final = msgspec.json.Decoder(tuple[StoreRate, ...], float_hook=Decimal)
KEY_RIGHTS: Final = msgspec.json.Decoder(KeyRights)
WEBHOOK: Final = msgspec.json.Decoder(Webhook)
WEBHOOKS: Final = msgspec.json.Decoder(tuple[Webhook, ...])
DELIVERY_ATTEMPTS: Final = msgspec.json.Decoder(tuple[DeliveryAttempt, ...])
SERVER_INFO: Final = msgspec.json.Decoder(ServerInfo)
STORE_SETTINGS: Final = msgspec.json.Decoder(StoreSettings)
