"""Headers and Merkle branches against the real chain, and as an invariant."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.protocol.bitcoin import Header, MalformedData, merkle_branch, merkle_root, root_of_branch

GENESIS = (
    "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e"
    "67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c"
)
#: The four transactions of block 100000.
BLOCK_100000 = [
    "8c14f0db3df150123e6f3dbbf30f8b955a8249b62ac1d1ff16284aefa3d06d87",
    "fff2525b8931402dd09222c50775608f75787bd2b87e56995a7bdd30f79702c4",
    "6359f0868171b1d194cbee1af2f16ea598ae8fad666d9b012c8ed2b79a236ec4",
    "e9a66845e05d5abc0ad04ec80f774a7e585c6e8db975962d069a522137b80c1d",
]
ROOT_100000 = "f3e94742aca4b5ef85488dc37c06c3282295ffec960994b2c0d5ac2a25a95766"
TXIDS = st.lists(st.binary(min_size=32, max_size=32).map(bytes.hex), min_size=1, max_size=40)


def test_genesis_header() -> None:
    header = Header.parse(bytes.fromhex(GENESIS))
    assert header.hash == "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f"
    assert header.merkle_root == "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"
    assert (header.time, header.bits, header.prev) == (1_231_006_505, 0x1D00FFFF, "00" * 32)
    assert header.meets_target()
    assert header.difficulty == 1
    assert header.serialize().hex() == GENESIS


@pytest.mark.parametrize(
    ("bits", "target", "difficulty"),
    [
        (0x1D00FFFF, 0xFFFF << 208, 1),
        (0x170331DB, 0x0331DB << 160, 88_104_191_118_793),  # height 840000
        (0x207FFFFF, 0x7FFFFF << 232, 0),  # regtest
        (0x01120000, 0x12, (0xFFFF << 208) // 0x12),
        (0x1D80FFFF, 0, 0),  # negative
        (0xFF123456, 0, 0),  # more than 256 bits
        (0x00123456, 0, 0),
    ],
)
def test_targets(bits: int, target: int, difficulty: int) -> None:
    header = Header(version=1, prev="00" * 32, merkle_root="00" * 32, time=0, bits=bits, nonce=0)
    assert (header.target, header.difficulty) == (target, difficulty)


def test_a_flipped_bit_undoes_the_work() -> None:
    raw = bytearray.fromhex(GENESIS)
    raw[70] ^= 1
    assert not Header.parse(bytes(raw)).meets_target()


def test_a_header_without_a_target_never_meets_it() -> None:
    assert not Header(
        version=1, prev="00" * 32, merkle_root="00" * 32, time=0, bits=0x1D80FFFF, nonce=0
    ).meets_target()


@pytest.mark.parametrize(
    ("raw", "reason"), [(GENESIS[:-2], "data ends after 79"), (GENESIS + "00", "1 bytes follow")]
)
def test_a_header_has_80_bytes(raw: str, reason: str) -> None:
    with pytest.raises(MalformedData, match=reason):
        Header.parse(bytes.fromhex(raw))


def test_merkle_root_of_a_real_block() -> None:
    assert merkle_root(BLOCK_100000) == ROOT_100000
    for position, txid in enumerate(BLOCK_100000):
        assert root_of_branch(txid, position, merkle_branch(BLOCK_100000, position)) == ROOT_100000


@given(TXIDS, st.data())
def test_every_branch_leads_to_the_root(txids: list[str], data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(txids) - 1))
    branch = merkle_branch(txids, position)
    root = merkle_root(txids)
    assert root_of_branch(txids[position], position, branch) == root
    other = sha256(bytes.fromhex(txids[position])).hexdigest()
    assert root_of_branch(other, position, branch) != root


@pytest.mark.parametrize("position", [-1, 4, 2**40])
def test_a_position_the_branch_cannot_hold_is_refused(position: int) -> None:
    branch = merkle_branch(BLOCK_100000, 0)
    with pytest.raises(MalformedData, match="does not fit a branch of 2 hashes"):
        root_of_branch(BLOCK_100000[0], position, branch)


@pytest.mark.parametrize("hashes", [["zz"], ["00" * 31], ["00" * 32 + " "]])
def test_a_branch_of_anything_but_hashes_is_refused(hashes: list[str]) -> None:
    with pytest.raises(MalformedData, match="is not a hash of 64 hex digits"):
        root_of_branch(BLOCK_100000[0], 0, hashes)


def test_no_transactions_have_no_root() -> None:
    with pytest.raises(MalformedData, match="at least one transaction"):
        merkle_root([])
    with pytest.raises(MalformedData, match="position 0 is not among 0 transactions"):
        merkle_branch([], 0)
