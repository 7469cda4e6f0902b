"""What a pull payment paid, in the log so that only who knows its id can read it; pure.

Sums of one pull payment would show single refunds, whatever `privacy` says of rows. Its id is
random, and in no log: who has it can ask BTCPay itself.
"""

import hashlib
import hmac
from base64 import b85decode, b85encode
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

import msgspec

#: Sealed text is as long as a multiple of this, so that its length tells next to nothing.
_BLOCK: Final = 256
_CHECK: Final = 16


class PaidSum(msgspec.Struct, frozen=True, array_like=True):
    """Completed payouts of one month and rail."""

    month: str  #: of the claims, ``2026-03``
    rail: str
    coin: str  #: empty of bitcoin
    amount: Decimal | None  #: in the coin's unit, None where none can be read
    count: int


_SUMS: Final = msgspec.json.Decoder(tuple[PaidSum, ...])


def sealed(pull_id: str, sums: Sequence[PaidSum]) -> str:
    """Make of sums what may be published; the same sums of the same pull payment are the same text."""
    plain = msgspec.json.encode(sums)
    plain += b" " * (-len(plain) % _BLOCK)
    check = _check(pull_id, plain)
    return b85encode(check + _masked(pull_id, check, plain)).decode()


def unsealed(pull_id: str, text: str) -> tuple[PaidSum, ...] | None:
    """Read what `sealed` made for the same pull payment; None of anything else."""
    try:
        raw = b85decode(text)
    except ValueError:
        return None
    check, plain = raw[:_CHECK], _masked(pull_id, raw[:_CHECK], raw[_CHECK:])
    return _SUMS.decode(plain) if hmac.compare_digest(check, _check(pull_id, plain)) else None


def _check(pull_id: str, plain: bytes) -> bytes:
    """Make what no two plain texts share: it shows changes, and begins a mask that is never used again."""
    return hmac.digest(pull_id.encode(), b"sunlit sums" + plain, "sha256")[:_CHECK]


def _masked(pull_id: str, check: bytes, text: bytes) -> bytes:
    key = hmac.digest(pull_id.encode(), b"sunlit mask" + check, "sha256")
    mask = hashlib.shake_256(key).digest(len(text))
    return bytes(a ^ b for a, b in zip(text, mask, strict=True))
