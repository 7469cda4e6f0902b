"""Chance that a seed decides: the same world again, every time."""

from random import Random
from typing import Final

_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_TXID_BYTES: Final = 32


def chance(seed: int, purpose: str) -> Random:
    """Return the dice of one purpose, independent of all others of the same seed."""
    return Random(f"{seed}/{purpose}")  # noqa: S311 -- play money; a world must come again from its seed


def base58(dice: Random, length: int = 22) -> str:
    """Return an id as BTCPay makes them."""
    return "".join(dice.choices(_BASE58, k=length))


def hash_text(dice: Random) -> str:
    """Return 32 bytes in hex: a transaction id or payment hash."""
    return dice.randbytes(_TXID_BYTES).hex()


def address(dice: Random) -> str:
    """Return text that looks like a regtest address."""
    return "bcrt1q" + "".join(dice.choices(_BECH32, k=38))


def bolt11(dice: Random) -> str:
    """Return text that looks like a Lightning invoice."""
    return "lnbcrt1p" + "".join(dice.choices(_BECH32, k=80))
