"""A header and a Merkle branch in one message: what is written is read as the branch of the whole list."""

import hashlib

import pytest

from generator.protocol.bitcoin import MalformedData, branch_in, merkle_branch
from generator.sandbox.indexer.merkle_blocks import merkle_block

HEADER = bytes(range(80))


def names(number: int) -> list[str]:
    return [hashlib.sha256(bytes([place % 256, place // 256])).hexdigest() for place in range(number)]


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 7, 8, 9, 30, 31, 257])
def test_every_place_of_a_block_is_shown(number: int) -> None:
    txids = names(number)
    for position, txid in enumerate(txids):
        expected = (HEADER, position, tuple(merkle_branch(txids, position)))
        assert branch_in(merkle_block(HEADER, txids, position), txid) == expected


def test_a_message_written_by_hand() -> None:
    """Two transactions, the second one shown: written by hand as BIP 37 describes it."""
    first, second = names(2)
    tree = b"\x02" + bytes.fromhex(first)[::-1] + bytes.fromhex(second)[::-1] + b"\x01\x05"
    raw = HEADER + (2).to_bytes(4, "little") + tree
    assert merkle_block(HEADER, [first, second], 1) == raw
    assert branch_in(raw, second) == (HEADER, 1, (first,))


@pytest.mark.parametrize("cut", [0, 50, 79, 83, 84, 100, -1])
def test_half_a_message_is_malformed(cut: int) -> None:
    txids = names(5)
    with pytest.raises(MalformedData):
        branch_in(merkle_block(HEADER, txids, 3)[:cut], txids[3])


def test_what_shows_another_transaction_or_too_many_is_malformed() -> None:
    txids = names(5)
    raw = merkle_block(HEADER, txids, 3)
    with pytest.raises(MalformedData, match="does not show"):
        branch_in(raw, txids[2])
    with pytest.raises(MalformedData, match="a block of"):
        branch_in(HEADER + b"\xff" * 4 + raw[84:], txids[3])
    with pytest.raises(MalformedData, match="ends before"):
        branch_in(HEADER + (16_000).to_bytes(4, "little") + raw[84:], txids[3])
