"""Public keys as people write them (NIP-19): ``npub1…`` or 64 hex digits."""

import re
from typing import Final

from embit import bech32

_HEX: Final = re.compile(r"[0-9a-f]{64}")
_HRP: Final = "npub"


def pubkey_of(text: str) -> str:
    """Return a public key as 64 hex digits; raise `ValueError` for what is none."""
    if _HEX.fullmatch(text):
        return text
    encoding, hrp, data = bech32.bech32_decode(text)
    if encoding == bech32.Encoding.BECH32 and hrp == _HRP:
        key = bech32.convertbits(data, 5, 8, False)  # noqa: FBT003 -- the signature is embit's
        if key is not None and len(key) == 32:  # noqa: PLR2004 - bytes of an x-only key
            return bytes(key).hex()
    msg = "must be a Nostr public key: npub1 and 58 more letters, or 64 lower-case hex digits"
    raise ValueError(msg)
