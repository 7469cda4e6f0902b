"""Keys of Nostr as people write them: hex, ``npub`` and ``nsec`` (NIP-19)."""

import re
from typing import Final

from embit import bech32

from generator.protocol.curve import public_xonly

_KEY: Final = re.compile(r"[0-9a-f]{64}")
_BYTES: Final = 32


def pubkey_of(text: str) -> str:
    """Return a public key, ``npub1…`` or hex, as 64 hex digits; raise `ValueError`."""
    if (key := _bytes_of(text, "npub")) is not None:
        return key.hex()
    msg = "must be a Nostr public key: npub1 and 58 more letters, or 64 lower-case hex digits"
    raise ValueError(msg)


def secret_of(text: str) -> bytes:
    """Return a secret key, ``nsec1…`` or hex, as 32 bytes; raise `ValueError`, which never repeats it."""
    key = _bytes_of(text, "nsec")
    try:
        if key is not None and public_xonly(key):
            return key
    except ValueError:  # zero, or beyond the order of the curve
        pass
    msg = "must hold a Nostr secret key: nsec1 and 58 more letters, or 64 lower-case hex digits"
    raise ValueError(msg) from None


def _bytes_of(text: str, hrp: str) -> bytes | None:
    if _KEY.fullmatch(text):
        return bytes.fromhex(text)
    encoding, found, data = bech32.bech32_decode(text)
    if encoding != bech32.Encoding.BECH32 or found != hrp:
        return None
    key = bech32.convertbits(data, 5, 8, False)  # noqa: FBT003 -- the signature is embit's
    return bytes(key) if key is not None and len(key) == _BYTES else None
