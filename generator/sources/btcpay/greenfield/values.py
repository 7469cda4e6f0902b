"""How what a server sends as a number, a time or a currency is read; pure.

Decimals arrive as text or as JSON numbers and are kept exact. Nothing here raises:
what no payment can be is None, and whoever asked counts it.
"""

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final

import msgspec

from generator.money import MAX_MSAT, MSAT_PER_BTC
from generator.unreadable import UNREADABLE

#: A decimal as sent: text, whole number, or a `Decimal` made of the number's own digits.
Number = object

#: Genesis, as Unix seconds: nothing was invoiced or paid before.
GENESIS: Final = 1_231_006_505
_END: Final = int(datetime(2100, 1, 1, tzinfo=UTC).timestamp())
_DAY: Final = 86_400
#: More digits than any price or amount has; beyond, arithmetic could round silently.
_DIGITS: Final = 24


def number(value: Number) -> Decimal | None:
    """Read a decimal exactly; None for text, size or precision that no amount has."""
    if isinstance(value, str):
        return _number_in(value) if len(value) <= 2 * _DIGITS else None
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return _bounded(Decimal(value))


@lru_cache(maxsize=1024)  # fees, rates and round amounts come again and again
def _number_in(text: str) -> Decimal | None:
    if not text.isascii():
        return None
    try:
        return _bounded(Decimal(text), short=len(text) <= _DIGITS)
    except InvalidOperation:
        return None


def _bounded(found: Decimal, *, short: bool = False) -> Decimal | None:
    if not found.is_finite() or abs(found.adjusted()) > _DIGITS:
        return None
    if short:
        return found  # short text has few digits, and counting them is slow
    return found if len(found.as_tuple().digits) <= _DIGITS else None


def msat(value: Decimal | None) -> int | None:
    """Turn bitcoin into millisatoshis; None below zero, above all there is, and between two of them."""
    if value is None:
        return None
    amount = value * MSAT_PER_BTC
    whole = int(amount)
    return whole if whole == amount and 0 <= whole <= MAX_MSAT else None


def moment(seconds: int) -> datetime | None:
    """Turn Unix seconds into aware UTC; None before bitcoin's first block or after this century."""
    return datetime.fromtimestamp(seconds, UTC) if is_moment(seconds) else None


def is_moment(seconds: int) -> bool:
    """Tell whether Unix seconds are between bitcoin's first block and the end of this century."""
    return GENESIS <= seconds < _END


def month_at(seconds: int) -> str:
    """Name the UTC month of Unix seconds: ``2026-03``; empty where they are no `moment`."""
    return _month_of_day(seconds // _DAY) if is_moment(seconds) else ""


@lru_cache(maxsize=4096)  # invoices of a day come one after another
def _month_of_day(day: int) -> str:
    return f"{datetime.fromtimestamp(day * _DAY, UTC):%Y-%m}"


@lru_cache(maxsize=64)
def currency_code(text: str | None) -> str:
    """Make the code of an invoice's currency safe to publish (EUR, SATS, 1INCH), else empty."""
    return coin_code(text).upper()


@lru_cache(maxsize=64)
def coin_code(text: str | None) -> str:
    """Make a coin's code safe to publish (2 to 10 letters and digits), in its own case: USDt; else empty."""
    code = text or ""
    return code if code.isascii() and code.isalnum() and 2 <= len(code) <= 10 else ""  # noqa: PLR2004 -- no longer one is in use


def value_at(raw: msgspec.Raw, key: str) -> object:
    """Look a key up in an object that is not decoded yet, or that is written as text; None without it."""
    found: object = raw
    if key.encode() not in bytes(raw):
        return None
    for _ in range(2):
        try:
            found = msgspec.json.decode(found) if isinstance(found, msgspec.Raw | str) else found
        except UNREADABLE:
            return None
    return found.get(key) if isinstance(found, dict) else None
