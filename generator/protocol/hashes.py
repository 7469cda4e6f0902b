"""The hashes of Bitcoin and Nostr that are more than one call of `hashlib`."""

from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from embit import hashes as lib

if TYPE_CHECKING:
    from hashlib import _Hash as Hash


def sha256d(data: bytes) -> bytes:
    """Return SHA-256 of SHA-256, which names transactions and blocks."""
    return sha256(sha256(data).digest()).digest()


def hash160(data: bytes) -> bytes:
    """Return RIPEMD-160 of SHA-256, 20 bytes: what an address commits to."""
    return bytes(lib.hash160(data))


def tagged_hash(tag: str, data: bytes) -> bytes:
    """Return the 32-byte hash of BIP-340, which no other tag and no bare SHA-256 can give."""
    hasher = _tagged(tag).copy()
    hasher.update(data)
    return hasher.digest()


@lru_cache(maxsize=16)
def _tagged(tag: str) -> "Hash":
    """Return SHA-256 that has read the tag's own 64 bytes; tags are few, and hashes under them many."""
    prefix = sha256(tag.encode()).digest()
    return sha256(prefix + prefix)
