"""Targets by epoch, against Bitcoin Core's own figures and on a chain with an anchor of its own."""

from dataclasses import replace

import pytest

from generator.pages.verify_limits import LIMITS
from generator.protocol.bitcoin import Boundary, Epochs, Header, Input, Output, Transaction, stated_height
from generator.protocol.bitcoin.compact_target import EPOCH_BLOCKS, bits_of, next_bits, target_of, work_of
from generator.protocol.proof.header_rules import HeaderRules, rules_of
from tests.support.epoch_chain import ANCHOR, BEGUN_S, LIMIT, TWO_WEEKS_S, EpochChain, mined

MAIN_LIMIT = (1 << 224) - 1  #: ``powLimit`` of main (Bitcoin Core, chainparams.cpp)


@pytest.mark.parametrize(
    ("first_s", "last_s", "bits", "expected"),
    [
        (1_261_130_161, 1_262_152_739, 0x1D00FFFF, 0x1D00D86A),  # get_next_work: blocks 30240 to 32255
        (1_231_006_505, 1_233_061_996, 0x1D00FFFF, 0x1D00FFFF),  # get_next_work_pow_limit: 0 to 2015
        (1_279_008_237, 1_279_297_671, 0x1C05A3F4, 0x1C0168FD),  # …_lower_limit_actual: 66528 to 68543
        (1_263_163_443, 1_269_211_443, 0x1C387F6F, 0x1D00E1FD),  # …_upper_limit_actual: made up to 46367
    ],
)
def test_the_next_target_is_bitcoin_cores(first_s: int, last_s: int, bits: int, expected: int) -> None:
    """The figures of Bitcoin Core, src/test/pow_tests.cpp."""
    assert next_bits(bits, first_s=first_s, last_s=last_s, limit=MAIN_LIMIT) == expected


@pytest.mark.parametrize(
    ("bits", "again"),
    [  # bignum_SetCompact of Bitcoin Core, src/test/arith_uint256_tests.cpp
        (0x00000000, 0),
        (0x00123456, 0),
        (0x01003456, 0),
        (0x01123456, 0x01120000),
        (0x02123456, 0x02123400),
        (0x03123456, 0x03123456),
        (0x04123456, 0x04123456),
        (0x05009234, 0x05009234),
        (0x20123456, 0x20123456),
    ],
)
def test_four_bytes_round_as_bitcoin_cores_do(bits: int, again: int) -> None:
    assert bits_of(target_of(bits)) == again


def test_mains_anchor_is_the_one_of_public_wallets() -> None:
    """Electrum's checkpoints (4.3.4, electrum/checkpoints.json, entry 370): a hash, and a target."""
    epochs = rules_of("main").epochs
    assert epochs is not None
    anchor = epochs.anchor
    assert anchor.height == 371 * 2016 - 1 == 747_935
    assert anchor.hash == "00000000000000000001095f6deb27964f80c74f38217a32044c20265e0f40e3"
    assert target_of(anchor.bits) == 956871428990014096800480126306339386063092842672160768
    assert f"{work_of(anchor.bits):.1e}" == "1.2e+23"  # what the page says that a header costs
    assert "1.2 · 10²³" in LIMITS["test-chain"].text
    assert all(rules_of(name).epochs is None for name in ("angornet", "signet", "testnet4", "regtest"))


def test_a_height_that_a_block_cannot_have_by_its_time_is_named(chain: EpochChain) -> None:
    block_900_000_s = 1_749_168_000  # 2025-06-06
    assert 900_000 < (rules_of("main").highest(block_900_000_s) or 0) < 930_000
    assert rules_of("signet").highest(block_900_000_s) is None
    bounded = Epochs(anchor=replace(ANCHOR, begun_s=BEGUN_S))
    header = mined(prev="12" * 32, time=BEGUN_S + 3600, bits=chain.bits[2])
    assert HeaderRules(epochs=bounded).problem(10 * EPOCH_BLOCKS, header) == (
        f"is of a time when no block was higher than {ANCHOR.height + 144 + 6}"
    )
    assert HeaderRules(epochs=Epochs(anchor=ANCHOR)).problem(10 * EPOCH_BLOCKS, header) is None


@pytest.fixture
def chain() -> EpochChain:
    """Return epochs of one week, of four and of two: targets halve, double, stay."""
    return EpochChain.of(TWO_WEEKS_S // 2, TWO_WEEKS_S * 2, TWO_WEEKS_S)


def test_targets_follow_from_the_anchor_and_the_boundaries(chain: EpochChain) -> None:
    epochs = Epochs.of(ANCHOR, chain.shown)
    assert not epochs.problem
    assert epochs.bits == chain.bits
    targets = [target_of(chain.bits[epoch]) for epoch in (1, 2, 3, 4)]
    assert [round(LIMIT / target) for target in targets] == [2, 4, 2, 2]
    assert not epochs.unknown(4 * EPOCH_BLOCKS + 5)
    assert epochs.unknown(5 * EPOCH_BLOCKS) == "the headers of blocks 10079 and 10080 are not known"
    assert "lies before block 2015" in epochs.unknown(2015)


def test_targets_end_where_a_boundary_is_missing(chain: EpochChain) -> None:
    del chain.headers[3 * EPOCH_BLOCKS]
    epochs = Epochs.of(ANCHOR, chain.shown)
    assert (sorted(epochs.bits), epochs.problem) == ([1, 2], "")
    assert epochs.unknown(4 * EPOCH_BLOCKS) == "the headers of blocks 6047 and 6048 are not known"


def test_a_header_off_its_epochs_target_by_one_bit_is_named(chain: EpochChain) -> None:
    epochs = Epochs.of(ANCHOR, chain.shown)
    height = 2 * EPOCH_BLOCKS + 7
    true = mined(prev="12" * 32, time=chain.headers[2 * EPOCH_BLOCKS].time + 60, bits=chain.bits[2])
    assert epochs.header_problem(height, true) is None
    off = mined(prev=true.prev, time=true.time, bits=true.bits ^ 1)
    assert f"has target {off.bits:08x}, that of block {height} is" in str(epochs.header_problem(height, off))


def test_a_height_moved_to_another_epoch_is_named(chain: EpochChain) -> None:
    epochs = Epochs.of(ANCHOR, chain.shown)
    header = chain.headers[2 * EPOCH_BLOCKS]
    assert "has target" in str(epochs.header_problem(EPOCH_BLOCKS + 7, header))
    # epochs 3 and 4 have the same target, and other times
    assert "outside of the epoch" in str(
        epochs.header_problem(4 * EPOCH_BLOCKS + 7, chain.headers[3 * EPOCH_BLOCKS])
    )
    assert "outside of the epoch" in str(
        epochs.header_problem(3 * EPOCH_BLOCKS + 7, mined(prev="12" * 32, time=2**31, bits=chain.bits[3]))
    )


def broken(chain: EpochChain, height: int, header: Header) -> str:
    """Return what is said of a chain in which another header stands."""
    chain.headers[height] = header
    epochs = Epochs.of(ANCHOR, chain.shown)
    assert max(epochs.bits) < 4
    return epochs.problem


def test_a_boundary_with_a_shifted_time_has_no_successor(chain: EpochChain) -> None:
    height = 2 * EPOCH_BLOCKS - 1
    last = chain.headers[height]
    later = mined(prev=last.prev, time=last.time + TWO_WEEKS_S, bits=last.bits)
    assert f"block {height + 1} follows {last.hash}, not {later.hash}" in broken(chain, height, later)


def test_a_boundary_moved_in_time_with_its_successor_costs_a_header_at_the_next_target(
    chain: EpochChain,
) -> None:
    """Even mined again on the shifted one, the successor must have the target that follows from it."""
    height = 2 * EPOCH_BLOCKS - 1
    last, first = chain.headers[height], chain.headers[height + 1]
    chain.headers[height] = mined(prev=last.prev, time=last.time + TWO_WEEKS_S, bits=last.bits)
    again = mined(prev=chain.headers[height].hash, time=first.time, bits=first.bits)
    assert f"has target {first.bits:08x}, its epoch" in broken(chain, height + 1, again)


def test_a_forged_boundary_makes_true_headers_after_it_red(chain: EpochChain) -> None:
    true = mined(prev="12" * 32, time=chain.headers[3 * EPOCH_BLOCKS].time, bits=chain.bits[3])
    forged = EpochChain.of(TWO_WEEKS_S // 2)
    forged.end(2, TWO_WEEKS_S)
    epochs = Epochs.of(ANCHOR, forged.shown)
    assert not epochs.problem
    assert "has target" in str(epochs.header_problem(3 * EPOCH_BLOCKS + 1, true))


def test_a_boundary_needs_work_and_follows_the_anchor(chain: EpochChain) -> None:
    first = chain.headers[EPOCH_BLOCKS]
    elsewhere = mined(prev="12" * 32, time=BEGUN_S, bits=first.bits)
    assert "follows" in str(Epochs(anchor=ANCHOR).add(Boundary(last=None, first=elsewhere)))
    lazy = next(
        header
        for header in (replace(first, nonce=nonce) for nonce in range(100))
        if not header.meets_target()
    )
    assert "lacks the work" in str(Epochs(anchor=ANCHOR).add(Boundary(last=None, first=lazy)))


def test_two_boundaries_that_both_hold_decide_nothing(chain: EpochChain) -> None:
    other = EpochChain.of(TWO_WEEKS_S)
    both = {height: (*rows, *other.shown.get(height, ())) for height, rows in chain.shown.items()}
    epochs = Epochs.of(ANCHOR, both)
    assert sorted(epochs.bits) == [1]
    assert "two boundaries at block 4032" in epochs.problem


def coinbase(script: str, **spent: object) -> Transaction:
    """Return a transaction that makes new coins and says something."""
    fields = {"prev_txid": "00" * 32, "vout": 0xFFFFFFFF, **spent}
    miner = Input(script_sig=bytes.fromhex(script), **fields)  # type: ignore[arg-type]
    return Transaction(version=1, inputs=(miner,), outputs=(Output(value_sat=0, script=b"\x51"),))


@pytest.mark.parametrize(
    ("script", "height"),
    [
        ("03a0690b", 747_936),
        ("04a0690b00", None),  # not in the shortest form
        ("51", 1),
        ("0101", None),  # 1 to 16 have opcodes of their own
        ("6000", 16),
        ("0111", 17),
        ("0280ff", None),  # the highest bit is a sign
        ("03ffff00", 65_535),
        ("6a", None),
        ("", None),
        ("050000000100", None),
        ("0400000001", 16_777_216),
    ],
)
def test_a_coinbase_states_its_height_as_consensus_wants_it(script: str, height: int | None) -> None:
    assert stated_height(coinbase(script)) == height


def test_only_a_coinbase_states_a_height() -> None:
    assert stated_height(coinbase("51", prev_txid="01" * 32, vout=0)) is None
