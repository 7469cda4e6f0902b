"""Signature hashes: BIP-341's wallet vectors, BIP-143's examples, and what consensus refuses."""

from itertools import pairwise
from typing import Any

import pytest

from generator.protocol import curve
from generator.protocol.bitcoin import (
    Input,
    Output,
    Transaction,
    key_path_secret,
    sighash_segwit_v0,
    sighash_taproot,
)
from generator.protocol.bitcoin.script import p2wpkh_script
from generator.protocol.bitcoin.sighash import p2wpkh_script_code
from tests.support.vectors import bip341_vectors

BIP341 = bip341_vectors()
[KEY_PATH] = BIP341["keyPathSpending"]
TX = Transaction.parse(bytes.fromhex(KEY_PATH["given"]["rawUnsignedTx"]))
PREVOUTS = [
    Output(value_sat=utxo["amountSats"], script=bytes.fromhex(utxo["scriptPubKey"]))
    for utxo in KEY_PATH["given"]["utxosSpent"]
]


@pytest.mark.parametrize(
    "case", KEY_PATH["inputSpending"], ids=lambda case: f"{case['given']['hashType']:#04x}"
)
def test_bip341_key_path(case: dict[str, Any]) -> None:
    given, middle = case["given"], case["intermediary"]
    index, hash_type = given["txinIndex"], given["hashType"]
    digest = sighash_taproot(TX, index, PREVOUTS, hash_type)
    assert digest.hex() == middle["sigHash"]
    secret = bytes.fromhex(given["internalPrivkey"])
    assert curve.public_xonly(secret).hex() == middle["internalPubkey"]
    tweaked = key_path_secret(secret, bytes.fromhex(given["merkleRoot"] or ""))
    assert tweaked.hex() == middle["tweakedPrivkey"]
    suffix = bytes([hash_type]) if hash_type else b""
    signature = curve.schnorr_sign(tweaked, digest, aux=bytes(32))
    assert [(signature + suffix).hex()] == case["expected"]["witness"]


def test_all_bip341_hash_types_occur() -> None:
    types = {case["given"]["hashType"] for case in KEY_PATH["inputSpending"]}
    assert types == {0x00, 0x01, 0x02, 0x03, 0x81, 0x82, 0x83}


def test_a_leaf_and_an_annex_change_the_hash() -> None:
    plain = sighash_taproot(TX, 0, PREVOUTS, 0x83)
    leaf = sighash_taproot(TX, 0, PREVOUTS, 0x83, leaf_hash=bytes(32))
    annex = sighash_taproot(TX, 0, PREVOUTS, 0x83, leaf_hash=bytes(32), annex=b"\x50")
    assert len({plain, leaf, annex}) == 3


@pytest.mark.parametrize("hash_type", [0x04, 0x80, 0x84, 0xFF, -1])
def test_hash_types_consensus_refuses(hash_type: int) -> None:
    with pytest.raises(ValueError, match="is not a hash type of BIP-341"):
        sighash_taproot(TX, 0, PREVOUTS, hash_type)


def test_single_needs_its_output() -> None:
    with pytest.raises(ValueError, match="SINGLE on input 2 needs output 2, there are 2"):
        sighash_taproot(TX, 2, PREVOUTS, 0x03)


def test_every_input_needs_its_spent_output() -> None:
    with pytest.raises(ValueError, match="9 inputs need as many spent outputs, got 8"):
        sighash_taproot(TX, 0, PREVOUTS[:-1], 0x01)


#: BIP-143, "Native P2WPKH": the second input of this transaction.
NATIVE_P2WPKH = (
    "0100000002fff7f7881a8099afa6940d42d1e7f6362bec38171ea3edf433541db4e4ad969f0000000000eeffffff"
    "ef51e1b804cc89d182d279655c3aa89e815b1b309fe287d9b2b55d57b90ec68a0100000000ffffffff02202cb206"
    "000000001976a9148280b37df378db99f66f85c95a783a76ac7a6d5988ac9093510d000000001976a9143bde42db"
    "ee7e4dbe6a21b2d50ce2f0167faa815988ac11000000"
)


def test_bip143_native_p2wpkh() -> None:
    tx = Transaction.parse(bytes.fromhex(NATIVE_P2WPKH))
    secret = bytes.fromhex("619c335025c7f4012e556c2a58b2506e30b8511b53ade95ea316fd8c3286feb9")
    script = p2wpkh_script(curve.public_key(secret))
    assert script.hex() == "00141d0f172a0ecb48aee1be1f2687d2963ae33f71a1"
    digest = sighash_segwit_v0(tx, 1, p2wpkh_script_code(script), 600_000_000)
    assert digest.hex() == "c37af31116d1b27caf68aae9e3ac82f1477929014d5b917657d0eb49478cb670"
    assert curve.ecdsa_sign(secret, digest).hex() == (
        "304402203609e17b84f6a7d30c80bfa610b5b4542f32a8a0d5447a12fb1366d7f01cc44a"
        "0220573a954c4518331561406f90300e8f3358f51928d43c212a8caed02de67eebee"
    )


def test_bip143_hash_types_commit_to_what_they_say() -> None:
    """Change one part at a time and see which hash types notice it."""
    tx = Transaction(
        version=2,
        inputs=(Input(prev_txid="11" * 32, vout=0), Input(prev_txid="22" * 32, vout=1)),
        outputs=(Output(value_sat=1, script=b"\x51"), Output(value_sat=2, script=b"\x52")),
    )
    other_input = Transaction(
        version=2, inputs=(tx.inputs[0], Input(prev_txid="33" * 32, vout=1)), outputs=tx.outputs
    )
    other_output = Transaction(
        version=2, inputs=tx.inputs, outputs=(tx.outputs[0], Output(value_sat=3, script=b"\x52"))
    )
    other_sequence = Transaction(
        version=2,
        inputs=(tx.inputs[0], Input(prev_txid="22" * 32, vout=1, sequence=0)),
        outputs=tx.outputs,
    )
    noticed = {
        hash_type: [
            sighash_segwit_v0(tx, 0, b"", 5, hash_type) != sighash_segwit_v0(changed, 0, b"", 5, hash_type)
            for changed in (other_input, other_output, other_sequence)
        ]
        for hash_type in (0x01, 0x02, 0x03, 0x81, 0x82, 0x83)
    }
    assert noticed == {
        0x01: [True, True, True],
        0x02: [True, False, False],
        0x03: [True, False, False],
        0x81: [False, True, False],
        0x82: [False, False, False],
        0x83: [False, False, False],
    }
    hashes = [sighash_segwit_v0(tx, 0, b"", 5, hash_type) for hash_type in noticed]
    assert all(digest != other for digest, other in pairwise(hashes))
