"""Pull payments and payouts, of which some are not as any version sends them; pure."""

from collections.abc import Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Final, TypeVar

import msgspec

from generator.errors import Invalid
from generator.sources.btcpay.greenfield.bad_rows import ROWS
from generator.sources.btcpay.greenfield.rails import bitcoin_rail, rail_name
from generator.sources.btcpay.greenfield.values import Number, coin_code
from generator.sources.http import HttpAnswer
from generator.unreadable import UNREADABLE

#: Method of a payout that is money into its pull payment, since 2.0.
TOP_UP: Final = "TOPUP"


class PullPayment(msgspec.Struct, frozen=True, rename="camel"):
    """A promise of money out; a refund's is named after its invoice. A name may hold personal data."""

    id: str
    name: str | None = None
    currency: str | None = None
    amount: Number = None  #: its limit, in `currency`
    starts_at: int | None = None
    archived: bool = False  #: since 1.6.8 no answer shows its payouts any more


class PayoutProof(msgspec.Struct, frozen=True):
    """Says that a payout names its transaction; which one is not kept, a store has very many."""


class PayoutMaker(msgspec.Struct, frozen=True):
    """Says what made a payout."""

    source: object = None


class Payout(msgspec.Struct, frozen=True, rename="camel"):
    """Money that leaves for a pull payment, or without one; to whom is not read."""

    id: str
    date: int
    state: str
    pull_payment_id: str | None = None
    payout_method_id: str | None = None
    payout_currency: str | None = None
    payout_amount: Number = None
    original_currency: str | None = None  #: of what was claimed; in 1.x it is the pull payment's
    original_amount: Number = None
    amount: Number = None  #: the same in 1.x
    payment_proof: PayoutProof | str | None = None  #: None where the owner only says that it was sent
    metadata: PayoutMaker | str | None = None
    payment_method: str | None = None  #: the method in 1.x
    crypto_code: str | None = None  #: the currency in 1.x
    payment_method_amount: Number = None  #: the amount in 1.x

    @property
    def rail(self) -> str:
        """The current name of the method; empty when what leaves is not bitcoin."""
        return bitcoin_rail(
            self.payout_method_id or self.payment_method, self.payout_currency or self.crypto_code
        )

    @property
    def tops_up(self) -> bool:
        """Tell whether this is money into a pull payment, whose amount is below zero."""
        return (self.payout_method_id or "").upper() == TOP_UP

    @property
    def other_rail(self) -> str:
        """What the method is called where what leaves is not bitcoin; else empty."""
        if self.rail or (self.tops_up and self.coin in ("", "BTC")):
            return ""
        return rail_name(self.payout_method_id or self.payment_method)

    @property
    def coin(self) -> str:
        """Code of the coin that leaves; empty where the server names none."""
        return coin_code(self.payout_currency or self.crypto_code)

    @property
    def made_by(self) -> str:
        """What made it, in its own words; empty where it does not say."""
        made_by = self.metadata.source if isinstance(self.metadata, PayoutMaker) else None
        return made_by if isinstance(made_by, str) else ""

    @property
    def amount_out(self) -> Number:
        """How much leaves, in the coin's unit."""
        return self.payment_method_amount if self.payout_amount is None else self.payout_amount


T = TypeVar("T", PullPayment, Payout)

PULL_PAYMENTS: Final = msgspec.json.Decoder(tuple[PullPayment, ...])
PAYOUTS: Final = msgspec.json.Decoder(tuple[Payout, ...], float_hook=Decimal)
_OBJECT: Final = msgspec.json.Decoder(dict[str, object], float_hook=Decimal)
#: Stand for what cannot be read, so that nothing is taken for known: no day, no purpose, no bitcoin.
_INSTEAD: Final[Mapping[str, object]] = {"date": 0, "archived": True, "starts_at": None}
_NO_WORD: Final = "?"


def each_row(
    answer: HttpAnswer, decoder: msgspec.json.Decoder[tuple[T, ...]], made: type[T]
) -> tuple[T, ...]:
    """Read a list; where rows cannot be read but are objects, what can be read of each."""
    try:
        return answer.decode(decoder)
    except Invalid:
        rows = answer.decode(ROWS)
        try:
            return tuple(_row(bytes(row), made) for row in rows)
        except UNREADABLE:
            return answer.decode(decoder)


def _row(row: bytes, made: type[T]) -> T:
    sent = _OBJECT.decode(row)
    fields = {}
    for field in msgspec.structs.fields(made):
        if field.encode_name in sent or field.required:
            instead = sha256(row).hexdigest() if field.name == "id" else _INSTEAD.get(field.name, _NO_WORD)
            fields[field.encode_name] = _converted(sent.get(field.encode_name), field.type, instead)
    return msgspec.convert(fields, type=made)


def _converted(value: object, kind: object, instead: object) -> object:
    try:
        return msgspec.convert(value, type=kind)
    except msgspec.ValidationError:
        return instead
