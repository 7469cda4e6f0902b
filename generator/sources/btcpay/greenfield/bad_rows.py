"""A list of which some rows are not as any version sends them: one bad record is one; pure.

Of a bad row what can be read is kept, so that it is known what it may belong to; its money is not.
A bad payment leaves the other payments of its invoice as they are.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from hashlib import blake2b
from typing import Final, TypeVar

import msgspec

from generator.errors import Invalid
from generator.sources.btcpay.greenfield import wire
from generator.sources.http import HttpAnswer
from generator.unreadable import UNREADABLE

T = TypeVar("T", bound=msgspec.Struct)

ROWS: Final = msgspec.json.Decoder(tuple[msgspec.Raw, ...])
_FIELDS: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_METHOD: Final = msgspec.json.Decoder(wire.Method, float_hook=Decimal)
_PAYMENT: Final = msgspec.json.Decoder(wire.Payment, float_hook=Decimal)
_LEAST: Final = 2  #: fields that a row must have at least, to be what was asked for
#: Begins what stands for an id that cannot be read; BTCPay's own ids have no hyphen.
NO_ID: Final = "unreadable-"


class BadInvoice(wire.Invoice, frozen=True, rename="camel"):
    """What can be read of a bad invoice; it has no payments, and 0 for a time that cannot be read."""

    anywhere: bool = False  #: what it belongs to cannot be told


def rows_of(
    answer: HttpAnswer,
    whole: msgspec.json.Decoder[tuple[T, ...]],
    kind: type[T],
    mend: Callable[[msgspec.Raw], T],
) -> tuple[T, ...]:
    """Decode a list; `mend` makes of a bad row what it tells.

    Raise `Invalid` where it is no list of the kind, and where all of several rows are bad: then not
    the rows are.
    """
    try:
        return answer.decode(whole)
    except Invalid as error:
        decoder = msgspec.json.Decoder(kind, float_hook=Decimal)
        found, bad = list[T](), 0
        try:
            for row in answer.decode(ROWS):
                try:
                    found.append(decoder.decode(row))
                except UNREADABLE:
                    found.append(mend(row))
                    bad += 1
        except UNREADABLE:
            raise error from None
        if bad == len(found) > 1:
            raise
        return tuple(found)


def invoice(row: msgspec.Raw) -> wire.Invoice:
    """Read a bad invoice: all but its bad payments, or what tells where it belongs."""
    fields = _fields(row, wire.Invoice)
    methods = fields.pop("paymentMethods", msgspec.Raw(b"[]"))
    try:
        plain = wire.INVOICE.decode(msgspec.json.encode(fields))
        return msgspec.structs.replace(plain, payment_methods=tuple(map(method, ROWS.decode(methods))))
    except UNREADABLE:
        read = dict(_readable(fields, wire.Invoice))
    created = read.get("created_time", 0)
    marks = {"metadata", "checkout"} & fields.keys()
    return BadInvoice(
        id=str(read.get("id", _no_id(row))),
        status="",
        additional_status="",
        created_time=created if isinstance(created, int) else 0,
        expiration_time=0,
        currency="",
        metadata=found if isinstance(found := read.get("metadata"), wire.Metadata) else wire.Metadata(),
        checkout=found if isinstance(found := read.get("checkout"), wire.Checkout) else wire.Checkout(),
        anywhere="id" not in read or bool(marks - read.keys()),
    )


def method(row: msgspec.Raw) -> wire.Method:
    """Read a method of which something is bad; payments that cannot be read have no amount.

    So have all where it cannot be told how they came; they may be bitcoin.
    """
    fields = _fields(row, wire.Method)
    rows = ROWS.decode(fields.pop("payments", msgspec.Raw(b"[]")))
    try:
        plain = _METHOD.decode(msgspec.json.encode(fields))
    except UNREADABLE:
        unknown = wire.Method(payment_method_id="BTC-CHAIN", currency="BTC")
        return msgspec.structs.replace(unknown, payments=tuple(map(_without_amount, rows)))
    return msgspec.structs.replace(plain, payments=tuple(map(_payment, rows)))


def _payment(row: msgspec.Raw) -> wire.Payment:
    try:
        return _PAYMENT.decode(row)
    except UNREADABLE:
        return _without_amount(row)


def _without_amount(row: msgspec.Raw) -> wire.Payment:
    return wire.Payment(id=_no_id(row), received_date=0, value=None, status="")


def _fields(row: msgspec.Raw, kind: type[msgspec.Struct]) -> dict[str, msgspec.Raw]:
    """Part a row; raise `msgspec.ValidationError` for one that is nothing of the kind."""
    fields = _FIELDS.decode(row)
    names = {field.encode_name for field in msgspec.structs.fields(kind)}
    if len(fields.keys() & names) < _LEAST:
        msg = "too few fields"
        raise msgspec.ValidationError(msg)
    return {name: fields[name] for name in sorted(fields.keys() & names)}


def _readable(fields: dict[str, msgspec.Raw], kind: type[msgspec.Struct]) -> Iterator[tuple[str, object]]:
    """Yield each field that can be read, by the name that the struct has for it."""
    for field in msgspec.structs.fields(kind):
        if field.encode_name in fields:
            try:
                read = msgspec.json.Decoder(field.type, float_hook=Decimal).decode(fields[field.encode_name])
            except UNREADABLE:
                continue
            yield field.name, read


def _no_id(row: msgspec.Raw) -> str:
    return f"{NO_ID}{blake2b(bytes(row), digest_size=16).hexdigest()}"
