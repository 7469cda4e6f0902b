"""Secret keys as people write them: two forms, and a wrong one is refused without repeating it."""

import pytest
from embit import bech32

from generator.protocol.nostr import secret_of

KEY = bytes(range(1, 33))


def nsec(key: bytes, hrp: str = "nsec") -> str:
    digits = bech32.convertbits(key, 8, 5, True)  # noqa: FBT003 -- the signature is embit's
    assert digits is not None
    return str(bech32.bech32_encode(bech32.Encoding.BECH32, hrp, digits))


def test_nsec_and_hex_are_the_same_key() -> None:
    assert secret_of(nsec(KEY)) == secret_of(KEY.hex()) == KEY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        KEY.hex()[1:],
        KEY.hex().upper() + "0",
        nsec(KEY, "npub"),
        nsec(KEY)[:-1],
        "0" * 64,
        "f" * 64,
    ],
)
def test_what_is_no_secret_key_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(ValueError, match="must hold a Nostr secret key") as caught:
        secret_of(text)
    assert not text or text not in str(caught.value)
