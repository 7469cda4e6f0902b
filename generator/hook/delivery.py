"""One delivery: who signed it, and what of it may be remembered; pure.

Signatures are over the raw bytes: the same JSON written otherwise has another one.
"""

import hashlib
import hmac
import re
from typing import Final

import msgspec

_PREFIX: Final = "sha256="
#: How BTCPay and its plugins name events; anything else is not kept.
_TYPE: Final = re.compile(r"[A-Z][A-Za-z]{2,59}")
#: Letters of the keyed hash that stands for an id: 128 bits.
_ID_LETTERS: Final = 32


class NotADelivery(ValueError):
    """A signed body is not what BTCPay sends."""


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """What is remembered: no id of BTCPay's, no invoice, nothing about who paid."""

    id: str  #: keyed hash of the original delivery's id, so that a redelivery has the same
    type: str
    store: str
    at: int  #: of the event, seconds since 1970
    again: bool = False  #: BTCPay sent it before


class _Body(msgspec.Struct, frozen=True, rename="camel"):
    delivery_id: str
    type: str
    store_id: str
    timestamp: int = 0
    original_delivery_id: str = ""
    is_redelivery: bool = False


_BODY: Final = msgspec.json.Decoder(_Body)


def signed(secret: bytes, body: bytes, header: str) -> bool:
    """Tell in constant time whether a ``BTCPay-Sig`` header is a body's HMAC; never for an empty secret."""
    if not secret:
        return False
    expected = _PREFIX + hmac.new(secret, body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), header.strip().encode("utf-8", "replace"))


def parse(secret: bytes, body: bytes) -> Delivery:
    """Read what of a signed body is remembered; raise `NotADelivery`, quoting nothing of it."""
    try:
        read = _BODY.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        msg = "the body is not a delivery of BTCPay"
        raise NotADelivery(msg) from None
    original = (read.original_delivery_id or read.delivery_id).encode("utf-8", "replace")
    known = hmac.new(secret, b"delivery\0" + original, hashlib.sha256).hexdigest()[:_ID_LETTERS]
    return Delivery(
        id=known,
        type=read.type if _TYPE.fullmatch(read.type) else "other",
        store=read.store_id,
        at=max(0, min(read.timestamp, 2**40)),
        again=read.is_redelivery,
    )
