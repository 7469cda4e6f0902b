"""Points, hashes and bech32 for Angor: embit, behind types."""

import hashlib
from functools import lru_cache

from embit import bech32
from embit.bip32 import HDKey
from embit.hashes import hash160 as _hash160
from embit.util import secp256k1 as lib


def tagged_hash(tag: str, data: bytes) -> bytes:
    """Return the 32-byte tagged hash of BIP-340."""
    prefix = _tag_prefix(tag)
    return hashlib.sha256(prefix + data).digest()


def hash160(data: bytes) -> bytes:
    """Return RIPEMD-160 of SHA-256, 20 bytes."""
    return bytes(_hash160(data))


def sha256d(data: bytes) -> bytes:
    """Return SHA-256 of SHA-256."""
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


def is_point(key: bytes) -> bool:
    """Tell whether 33 bytes are a compressed point of the curve."""
    if len(key) != 33:  # noqa: PLR2004 - SEC 1: a prefix byte and x
        return False
    try:
        lib.ec_pubkey_parse(key)
    except ValueError:
        return False
    return True


def tweak_xonly(xonly: bytes, tweak: bytes) -> tuple[bytes, int]:
    """Return x and parity of ``P + tweak * G``, where P is the even point with this x (BIP-341)."""
    point = lib.ec_pubkey_add(lib.ec_pubkey_parse(b"\x02" + xonly), tweak)
    sec = bytes(lib.ec_pubkey_serialize(point))
    return sec[1:], sec[0] & 1


def child_key(root_key: str, index: int) -> bytes:
    """Return the 33-byte key one non-hardened BIP-32 step below an extended public key."""
    return bytes(_parsed(root_key).child(index).sec())


def encode_program(hrp: str, program: bytes) -> str:
    """Return bech32 of a version 0 witness program."""
    return str(bech32.encode(hrp, 0, program))


def decode_program(hrp: str, text: str) -> bytes | None:
    """Return the version 0 witness program a bech32 text holds, or None when it is no such text."""
    version, program = bech32.decode(hrp, text)
    return bytes(program) if version == 0 else None


@lru_cache(maxsize=8)
def _tag_prefix(tag: str) -> bytes:
    return hashlib.sha256(tag.encode()).digest() * 2


@lru_cache(maxsize=8)
def _parsed(root_key: str) -> HDKey:
    return HDKey.from_string(root_key)
