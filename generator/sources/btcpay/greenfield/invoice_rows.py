"""A page of invoices of which some are not as any version sends them: those are stepped over; pure."""

from typing import Final

import msgspec

from generator.sources.btcpay.greenfield.wire import INVOICE, Invoice

UNREADABLE: Final = (
    "unreadable"  #: stands for the status of an invoice that cannot be read; no server sends it
)


class _Stub(msgspec.Struct, frozen=True, rename="camel"):
    """What must be readable of each invoice, so that the list can be read on."""

    id: str
    created_time: int


ROWS: Final = msgspec.json.Decoder(tuple[msgspec.Raw, ...])
_STUB: Final = msgspec.json.Decoder(_Stub)


def invoice_or_stub(row: msgspec.Raw) -> Invoice:
    """Read one invoice of a list; of an unreadable one id and time; raise what a decoder raises without."""
    try:
        return INVOICE.decode(row)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        stub = _STUB.decode(row)
        return Invoice(
            id=stub.id,
            status=UNREADABLE,
            additional_status="",
            created_time=stub.created_time,
            expiration_time=stub.created_time,
            currency="",
        )
