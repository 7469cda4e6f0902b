"""One delivery: who signed it, and what of it may be remembered; pure.

Signatures are over the raw bytes: the same JSON written otherwise has another one.
Versions of BTCPay differ in what they send, so a signed body is always a delivery:
what of it cannot be read is left empty.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable
from typing import Final

import msgspec

_PREFIX: Final = "sha256="
#: How BTCPay and its plugins name events; anything else is not kept.
_TYPE: Final = re.compile(r"[A-Z][A-Za-z]{2,59}")
#: Where the id of the first try stands; 1.0.6 and 1.0.7 misspell it.
_FIRST_TRY: Final = ("originalDeliveryId", "orignalDeliveryId", "deliveryId")
#: An id in what the button "test" of BTCPay before 2.3 sends: nothing happened.
_TEST: Final = re.compile(r"__test__[\w-]+__test__")
#: Seconds since 1970 have ten digits from 2001 to 2286.
_TEN_DIGITS: Final = range(10**9, 10**10)
#: Letters of the keyed hash that stands for an id: 128 bits.
_ID_LETTERS: Final = 32


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """What is remembered: no id of BTCPay's, no invoice, nothing about who paid."""

    id: str  #: keyed hash of the first try's id, so that a redelivery has the same; else of all bytes
    type: str
    store: str  #: empty when the body does not clearly say
    at: int  #: of the event, seconds since 1970; 0 when the body does not clearly say
    test: bool = False  #: an owner tried the webhook, and nothing happened


def digesting(secret: bytes) -> hmac.HMAC:
    """Begin the digest of a body's bytes."""
    return hmac.new(secret, digestmod=hashlib.sha256)


def signed(digest: str, headers: Iterable[str]) -> bool:
    """Tell in constant time whether one of the ``BTCPay-Sig`` headers is a body's digest (lower-case hex)."""
    expected = (_PREFIX + digest).encode()
    found = (header.strip().encode("utf-8", "replace") for line in headers for header in line.split(","))
    return any(hmac.compare_digest(expected, header) for header in found)


def parse(secret: bytes, body: bytes, digest: str) -> Delivery:
    """Read what of a signed body is remembered; `digest` is of all that came, where `body` is not all."""
    fields = _fields(body)
    first = next(filter(None, (_text(fields.get(name)) for name in _FIRST_TRY)), digest)
    known = hmac.new(secret, b"delivery\0" + first.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
    kind = _text(fields.get("type"))
    return Delivery(
        id=known[:_ID_LETTERS],
        type=kind if _TYPE.fullmatch(kind) else "other",
        store=_text(fields.get("storeId")),
        at=_seconds(fields.get("timestamp")),
        test=any(name.endswith("Id") and _TEST.fullmatch(_text(value)) for name, value in fields.items()),
    )


def _fields(body: bytes) -> dict[str, object]:
    """Return a body's fields; none where it is no object, or tells one of them twice."""
    try:  # tuples are objects, so that a name that comes twice is seen; metadata may hold any bytes
        read = json.loads(body.decode("utf-8-sig", "replace"), object_pairs_hook=tuple)
    except (ValueError, RecursionError):
        return {}
    pairs: tuple[tuple[str, object], ...] = read if isinstance(read, tuple) else ()
    fields = dict(pairs)
    return fields if len(fields) == len(pairs) else {}


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _seconds(value: object) -> int:
    try:
        at = int(float(value)) if isinstance(value, int | float | str) else 0
    except (ValueError, OverflowError):
        return 0
    return at if at in _TEN_DIGITS else 0
