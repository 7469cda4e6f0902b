"""BIP-340's own vectors, and what our narrow wrapper refuses to sign."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.protocol import curve
from tests.support.paths import DATA

VECTORS = list(csv.DictReader((DATA / "bips/bip340-test-vectors.csv").read_text().splitlines()))
HASH_SIZED = [row for row in VECTORS if len(row["message"]) == 64]
OTHER_SIZED = [row for row in VECTORS if len(row["message"]) != 64]
SECRETS = st.integers(min_value=1, max_value=2**255).map(lambda number: number.to_bytes(32))


def test_all_vectors_are_there() -> None:
    assert len(VECTORS) == 19
    assert len(HASH_SIZED) == 15
    assert sum(row["secret key"] != "" for row in HASH_SIZED) == 4


@pytest.mark.parametrize("row", HASH_SIZED, ids=lambda row: f"{row['index']} {row['comment']}")
def test_bip340_verification(row: dict[str, str]) -> None:
    verdict = curve.schnorr_verify(
        bytes.fromhex(row["public key"]), bytes.fromhex(row["message"]), bytes.fromhex(row["signature"])
    )
    assert verdict is (row["verification result"] == "TRUE")


@pytest.mark.parametrize(
    "row", [row for row in HASH_SIZED if row["secret key"]], ids=lambda row: row["index"]
)
def test_bip340_signing(row: dict[str, str]) -> None:
    secret, message = bytes.fromhex(row["secret key"]), bytes.fromhex(row["message"])
    assert curve.public_xonly(secret).hex() == row["public key"].lower()
    signature = curve.schnorr_sign(secret, message, aux=bytes.fromhex(row["aux_rand"]))
    assert signature.hex() == row["signature"].lower()


@pytest.mark.parametrize("row", OTHER_SIZED, ids=lambda row: row["comment"])
def test_messages_that_are_no_hash_are_verified_but_never_signed(row: dict[str, str]) -> None:
    key, message = bytes.fromhex(row["public key"]), bytes.fromhex(row["message"])
    signature = bytes.fromhex(row["signature"])
    assert curve.schnorr_verify(key, message, signature) is (row["verification result"] == "TRUE") is True
    for position in range(0, 512, 7):
        flipped = (int.from_bytes(signature) ^ 1 << position).to_bytes(64)
        assert not curve.schnorr_verify(key, message, flipped)
    assert not curve.schnorr_verify(key, message + b"!", signature)
    with pytest.raises(ValueError, match="a message to sign is a 32-byte hash"):
        curve.schnorr_sign(bytes.fromhex(row["secret key"]), message)


@given(secret=SECRETS, message=st.binary(min_size=32, max_size=32), position=st.integers(0, 511))
def test_a_flipped_bit_breaks_a_signature(secret: bytes, message: bytes, position: int) -> None:
    signature = curve.schnorr_sign(secret, message)
    key = curve.public_xonly(secret)
    assert curve.schnorr_verify(key, message, signature)
    flipped = (int.from_bytes(signature) ^ 1 << position).to_bytes(64)
    assert not curve.schnorr_verify(key, message, flipped)


@given(secret=SECRETS, tweak=st.binary(min_size=32, max_size=32).filter(lambda data: data[0] < 255))
def test_secret_and_public_tweaks_agree(secret: bytes, tweak: bytes) -> None:
    tweaked, parity = curve.tweak_public(curve.public_xonly(secret), tweak)
    assert curve.public_key(curve.tweak_secret(secret, tweak)) == bytes([2 + parity]) + tweaked


@pytest.mark.parametrize(
    ("key", "verdict"),
    [
        ("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798", True),
        ("0379be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798", True),
        ("0479be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798", False),
        ("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798", False),
        ("020000000000000000000000000000000000000000000000000000000000000005", False),
        ("02" + "ff" * 32, False),
        ("", False),
    ],
)
def test_what_is_a_point(key: str, verdict: object) -> None:
    assert curve.is_point(bytes.fromhex(key)) is verdict


@pytest.mark.parametrize("secret", [bytes(32), b"\xff" * 32, b"\x01" * 31])
def test_impossible_secrets_are_refused(secret: bytes) -> None:
    with pytest.raises(ValueError, match="a secret key is 32 bytes between 1 and the order"):
        curve.public_key(secret)


def test_x_off_the_curve_cannot_be_tweaked() -> None:
    with pytest.raises(ValueError, match="is not the x of a point of the curve"):
        curve.tweak_public(b"\xff" * 32, bytes(31) + b"\x01")


def test_embit_found_its_native_library() -> None:
    """Without it a verification takes 2.5 ms instead of 60 µs; `doctor` says so to people."""
    assert curve.is_native()
