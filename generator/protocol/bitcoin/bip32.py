"""One step of BIP-32 from an extended public key."""

from functools import lru_cache

from embit.bip32 import HDKey


def child_key(extended_key: str, index: int) -> bytes:
    """Return the 33-byte key one step below an extended public key; `index` is below 2³¹."""
    return bytes(_parsed(extended_key).child(index).sec())


@lru_cache(maxsize=8)
def _parsed(extended_key: str) -> HDKey:
    return HDKey.from_string(extended_key)
