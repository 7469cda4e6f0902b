"""Scripts, addresses and taproot commitments against BIP-341's wallet vectors."""

from hashlib import sha256
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.protocol import bitcoin
from generator.protocol.bitcoin import MalformedData
from generator.protocol.bitcoin.script import (
    is_p2tr,
    is_p2wpkh,
    p2wpkh_script,
    push,
    pushes,
    script_of_address,
    segwit_address,
)
from generator.protocol.bitcoin.taproot import branch_hash, output_key_of_control_block
from tests.support.vectors import bip341_vectors

BIP341 = bip341_vectors()


#: A BIP-341 script tree: nothing, a leaf, or two branches.
Tree: TypeAlias = "dict[str, Any] | list[Tree] | None"


def leaves(tree: Tree) -> list[dict[str, Any]]:
    if tree is None:
        return []
    return [tree] if isinstance(tree, dict) else [leaf for branch in tree for leaf in leaves(branch)]


def root(tree: Tree) -> bytes:
    if tree is None:
        return b""
    if isinstance(tree, dict):
        return bitcoin.leaf_hash(bytes.fromhex(tree["script"]), tree["leafVersion"])
    one, other = tree
    return branch_hash(root(one), root(other))


@pytest.mark.parametrize("case", BIP341["scriptPubKey"], ids=range(len(BIP341["scriptPubKey"])))
def test_bip341_outputs(case: dict[str, Any]) -> None:
    given, middle, expected = case["given"], case["intermediary"], case["expected"]
    tree = given["scriptTree"]
    assert root(tree).hex() == (middle["merkleRoot"] or "")
    script = bitcoin.taproot_output_script(bytes.fromhex(given["internalPubkey"]), root(tree))
    assert script.hex() == expected["scriptPubKey"]
    assert is_p2tr(script)
    assert bitcoin.address_of_script(script, "bc") == expected["bip350Address"]
    assert script_of_address(expected["bip350Address"], "bc") == script
    blocks = [bytes.fromhex(text) for text in expected.get("scriptPathControlBlocks", [])]
    for leaf, block in zip(leaves(tree), blocks, strict=True):
        key, parity = output_key_of_control_block(bytes.fromhex(leaf["script"]), block)
        assert key.hex() == middle["tweakedPubkey"]
        assert parity == block[0] & 1


@pytest.mark.parametrize("size", [0, 32, 34, 64, 66, 33 + 32 * 129])
def test_control_blocks_of_a_wrong_length(size: int) -> None:
    with pytest.raises(MalformedData, match=f"got {size} bytes"):
        output_key_of_control_block(b"", bytes(size))


@given(st.lists(st.binary(min_size=1, max_size=75), max_size=5))
def test_what_is_pushed_is_read(items: list[bytes]) -> None:
    assert pushes(bitcoin.op_return(*items)) == items


@pytest.mark.parametrize(
    ("script", "items"),
    [
        ("6a", []),
        ("6a00", [""]),
        ("6a4f", ["81"]),
        ("6a51", ["01"]),
        ("6a60", ["10"]),
        ("6a5160", ["01", "10"]),
        ("6a4c0161", ["61"]),
        ("6a4c00", [""]),
        ("6a4d010061", ["61"]),
        ("6a4e0100000061", ["61"]),
        ("6a4e0100000061004f51", ["61", "", "81", "01"]),
    ],
)
def test_other_ways_to_push(script: str, items: list[str]) -> None:
    assert [item.hex() for item in pushes(bytes.fromhex(script))] == items


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("", "data ends"),
        ("0014" + "00" * 20, "does not begin with OP_RETURN"),
        ("6a0261", "data ends"),
        ("6a4c", "data ends"),
        ("6a4c02", "data ends"),
        ("6a4c0261", "data ends"),
        ("6a4d01", "data ends"),
        ("6a4d020061", "data ends"),
        ("6a4e010000", "data ends"),
        ("6a4e0200000061", "data ends"),
        ("6a4effffffff61", "data ends"),
        ("6a50", "opcode 0x50 is not a push"),
        ("6a61", "opcode 0x61 is not a push"),
        ("6aac", "opcode 0xac is not a push"),
    ],
)
def test_scripts_that_do_not_only_push(script: str, reason: str) -> None:
    with pytest.raises(MalformedData, match=reason):
        pushes(bytes.fromhex(script))


@pytest.mark.parametrize(
    ("script", "hrp", "address"),
    [
        ("00142c8b266c0effdef44c493aefc2fc7d1ea98c0795", "tb", "tb1q9j9jvmqwll00gnzf8thu9lrar65ccpu4kh4gu5"),
        ("00142c8b266c0effdef44c493aefc2fc7d1ea98c0795", "bc", "bc1q9j9jvmqwll00gnzf8thu9lrar65ccpu4u3wm88"),
        (
            "51201968326e64e90606c5c1cc0f2fe96a1cad69ec244da60cd0f4cc19d38ac0e34c",
            "tb",
            "tb1pr95rymnyayrqd3wpes8jl6t2rjkknmpyfknqe585esva8zkqudxq209crz",
        ),
    ],
)
def test_addresses(script: str, hrp: str, address: str) -> None:
    assert bitcoin.address_of_script(bytes.fromhex(script), hrp) == address
    assert script_of_address(address, hrp).hex() == script


@pytest.mark.parametrize(
    "script", ["", "6a", "76a914" + "00" * 20 + "88ac", "0013" + "00" * 19, "0115" + "00" * 21]
)
def test_scripts_without_an_address(script: str) -> None:
    assert bitcoin.address_of_script(bytes.fromhex(script), "bc") is None


@pytest.mark.parametrize(
    "address",
    ["", "bc1q", "tb1q9j9jvmqwll00gnzf8thu9lrar65ccpu4kh4gu5", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"],
)
def test_addresses_of_other_networks_and_no_addresses(address: str) -> None:
    with pytest.raises(MalformedData, match="is not a segwit address with prefix 'bc'"):
        script_of_address(address, "bc")


def test_a_push_takes_1_to_75_bytes() -> None:
    for data in (b"", bytes(76)):
        with pytest.raises(ValueError, match="1 to 75 bytes"):
            push(data)


@pytest.mark.parametrize(("size", "prefix"), [(252, "fc"), (253, "fdfd00"), (300, "fd2c01")])
def test_no_leaf_is_too_long(size: int, prefix: str) -> None:
    tag, leaf = sha256(b"TapLeaf").digest(), b"\x51" * size
    expected = sha256(tag + tag + b"\xc0" + bytes.fromhex(prefix) + leaf).digest()
    assert bitcoin.leaf_hash(leaf) == expected
    assert branch_hash(b"a", b"b") == branch_hash(b"b", b"a")


def test_a_program_that_no_address_holds() -> None:
    with pytest.raises(ValueError, match="no segwit address has version 0 and 21 bytes"):
        segwit_address(0, bytes(21), "bc")


def test_segwit_outputs() -> None:
    key = bytes.fromhex("025476c2e83188368da1ff3e292e7acafcdb3566bb0ad253f62fc70f07aeee6357")
    assert p2wpkh_script(key).hex() == "00141d0f172a0ecb48aee1be1f2687d2963ae33f71a1"
    assert is_p2wpkh(p2wpkh_script(key))
    assert bitcoin.is_p2wsh(bitcoin.p2wsh_script(b"\x51"))
    assert not bitcoin.is_p2wsh(bitcoin.p2tr_script(key[1:]))
