"""What a header of main must cost, seen by verification: red, or no more than *reported*, never proven."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pytest

from generator.judge.recorded_chain import RecordedChain, boundary_headers
from generator.protocol.bitcoin import Epochs, Header, merkle_branch, merkle_root, root_of_branch, sha256d
from generator.protocol.bitcoin.compact_target import EPOCH_BLOCKS
from generator.protocol.bitcoin.serialization import displayed, undisplayed
from generator.protocol.proof.header_rules import HeaderRules
from generator.protocol.proof.placed_transaction import PlacedTransaction
from generator.snapshot import BranchRecord, HeaderRecord, Known, Line, Record, TransactionRecord, fold
from generator.verify.block_check import check_blocks
from generator.verify.evidence_check import header_problems
from tests.support.epoch_chain import ANCHOR, TWO_WEEKS_S, EpochChain, MinedBlock, block, mined

HEIGHT = 2 * EPOCH_BLOCKS + 7
RULES = HeaderRules(epochs=Epochs(anchor=ANCHOR))


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What verification says of evidence: names of what is red, and the place of our transaction."""

    red: set[str]
    placed: PlacedTransaction

    @property
    def is_proven(self) -> bool:
        """Whether the transaction is proven, and nothing is red."""
        return not self.red and self.placed.is_proven


def judged(records: Iterable[Record], of: MinedBlock) -> Judged:
    """Judge recorded evidence as `sunlit verify` does, by the rules of the chain."""
    known: Known = fold(Line(run="r", record=record) for record in records)
    rules = RULES.following(boundary_headers(known, "angor"))
    red = {check.name for check in check_blocks(known, rules) if check.found}
    if any(problem for header in known.of(HeaderRecord) for problem in header_problems(header, rules)):
        red.add("headers")
    placed = RecordedChain.of(known, "angor", RULES).transactions[of.ours.txid]
    return Judged(red=red, placed=placed)


def header_record(header: Header, height: int) -> HeaderRecord:
    return HeaderRecord(id=header.hash, source="angor", height=height, hex=header.serialize().hex())


def branch(of: MinedBlock, position: int) -> BranchRecord:
    name = f"{of.txids[position]}@{of.header.hash}"
    hashes = tuple(merkle_branch(of.txids, position))
    return BranchRecord(id=name, source="angor", position=position, hashes=hashes)


def evidence(of: MinedBlock, height: int, *, coinbase: bool = True) -> list[Record]:
    """Return what a run records of our transaction in a block."""
    shown = [(-1, of.ours), *([(0, of.transactions[0])] if coinbase else [])]
    last = len(of.transactions) - 1
    return [
        header_record(of.header, height),
        *(TransactionRecord(id=tx.txid, source="angor", hex=tx.serialize().hex()) for _, tx in shown),
        branch(of, last),
        *([branch(of, 0)] if coinbase else []),
    ]


@pytest.fixture(scope="module")
def chain() -> EpochChain:
    return EpochChain.of(TWO_WEEKS_S // 2, TWO_WEEKS_S * 2, TWO_WEEKS_S)


@pytest.fixture(scope="module")
def boundaries(chain: EpochChain) -> list[Record]:
    return [header_record(header, height) for height, header in chain.headers.items()]


@pytest.fixture(scope="module")
def true(chain: EpochChain) -> MinedBlock:
    return block(HEIGHT, time=chain.headers[2 * EPOCH_BLOCKS].time + 4_200, bits=chain.bits[2])


def test_a_block_of_its_epoch_with_its_coinbase_is_proven(boundaries: list[Record], true: MinedBlock) -> None:
    found = judged([*boundaries, *evidence(true, HEIGHT)], true)
    assert found.is_proven
    assert found.placed.block is not None
    assert (found.placed.block.height, found.placed.block.time) == (HEIGHT, true.header.time)


def test_a_header_off_its_epochs_target_by_one_bit_is_red(
    chain: EpochChain, boundaries: list[Record], true: MinedBlock
) -> None:
    off = block(HEIGHT, time=true.header.time, bits=chain.bits[2] ^ 1)
    found = judged([*boundaries, *evidence(off, HEIGHT)], off)
    assert (found.red, found.placed.is_proven) == ({"headers"}, False)


def test_an_easy_header_of_a_forger_is_red(boundaries: list[Record], true: MinedBlock) -> None:
    easy = block(HEIGHT, time=true.header.time, bits=0x207FFFFF)
    found = judged([*boundaries, *evidence(easy, HEIGHT)], easy)
    assert (found.red, found.placed.is_proven) == ({"headers"}, False)


def test_a_boundary_with_a_shifted_time_is_red(
    chain: EpochChain, boundaries: list[Record], true: MinedBlock
) -> None:
    """The time is in the hashed header: shifted, it is another one, and the next does not follow it."""
    height = 2 * EPOCH_BLOCKS - 1
    last = chain.headers[height]
    shifted = mined(prev=last.prev, time=last.time + TWO_WEEKS_S, bits=last.bits)
    others = [record for record in boundaries if record.id != last.hash]
    found = judged([*others, header_record(shifted, height), *evidence(true, HEIGHT)], true)
    assert (found.red, found.placed.is_proven) == ({"epochs"}, False)
    damaged = header_record(replace(last, time=last.time + TWO_WEEKS_S), height)
    found = judged([*others, damaged, *evidence(true, HEIGHT)], true)
    assert found.red >= {"epochs"}
    assert not found.placed.is_proven


def test_without_a_boundary_what_lies_beyond_is_reported(
    chain: EpochChain, boundaries: list[Record], true: MinedBlock
) -> None:
    first = chain.headers[2 * EPOCH_BLOCKS]
    others = [record for record in boundaries if record.id != first.hash]
    found = judged([*others, *evidence(true, HEIGHT)], true)
    assert (found.red, found.placed.is_proven) == (set(), False)
    assert found.placed.doubt == "the headers of blocks 4031 and 4032 are not known"


@pytest.mark.parametrize("height", [EPOCH_BLOCKS + 7, 3 * EPOCH_BLOCKS + 7, 4 * EPOCH_BLOCKS + 7, 1])
def test_a_height_moved_to_another_epoch_is_red(
    height: int, boundaries: list[Record], true: MinedBlock
) -> None:
    found = judged([*boundaries, *evidence(true, height)], true)
    assert "coinbases" in found.red
    assert not found.placed.is_proven


def test_a_height_moved_with_its_coinbase_is_red_by_its_target(
    chain: EpochChain, boundaries: list[Record], true: MinedBlock
) -> None:
    """A forger who mines for it can write any height into a coinbase; the target is that epoch's."""
    moved = block(HEIGHT, time=true.header.time, bits=chain.bits[2], said=EPOCH_BLOCKS + 7)
    found = judged([*boundaries, *evidence(moved, EPOCH_BLOCKS + 7)], moved)
    assert (found.red, found.placed.is_proven) == ({"headers"}, False)


def test_a_height_before_the_anchor_is_reported(boundaries: list[Record], true: MinedBlock) -> None:
    old = block(1_000, time=true.header.time, bits=0x207FFFFF)
    found = judged([*boundaries, *evidence(old, 1_000)], old)
    assert not found.placed.is_proven
    assert "lies before block 2015" in found.placed.doubt


def test_without_a_coinbase_it_is_reported(boundaries: list[Record], true: MinedBlock) -> None:
    found = judged([*boundaries, *evidence(true, HEIGHT, coinbase=False)], true)
    assert (found.red, found.placed.is_proven) == (set(), False)
    assert found.placed.inclusion is not None
    assert found.placed.doubt == f"no indexer shows the coinbase of block {true.header.hash}"


def test_a_branch_of_another_depth_is_red(chain: EpochChain, boundaries: list[Record]) -> None:
    """A transaction of 64 bytes can be read as an inner node, and a forged one as a leaf below it.

    The branch of the forged one leads to the root (CVE-2017-12842); the coinbase's is shorter.
    """
    half = "ab" * 32
    genuine = block(HEIGHT, time=chain.headers[2 * EPOCH_BLOCKS].time + 4_200, bits=chain.bits[2])
    forged = genuine.ours
    node = displayed(sha256d(undisplayed(forged.txid) + undisplayed(half)))
    txids = [*genuine.txids[:-1], node]
    header = mined(
        prev="12" * 32, time=genuine.header.time, bits=genuine.header.bits, merkle_root=merkle_root(txids)
    )
    position, name = 2 * txids.index(node), f"{forged.txid}@{header.hash}"
    hashes = (half, *merkle_branch(txids, txids.index(node)))
    assert root_of_branch(forged.txid, position, hashes) == header.merkle_root
    first = genuine.transactions[0]
    shown: list[Record] = [
        header_record(header, HEIGHT),
        *(TransactionRecord(id=tx.txid, source="angor", hex=tx.serialize().hex()) for tx in (forged, first)),
        BranchRecord(id=name, source="angor", position=position, hashes=hashes),
        BranchRecord(
            id=f"{first.txid}@{header.hash}",
            source="angor",
            position=0,
            hashes=tuple(merkle_branch(txids, 0)),
        ),
    ]
    found = judged([*boundaries, *shown], genuine)
    assert (found.red, found.placed.is_proven) == ({"coinbases"}, False)
    alone = judged([*boundaries, *shown[:2], shown[3]], genuine)
    assert not alone.placed.is_proven


def test_a_transaction_that_is_shown_as_the_coinbase_is_none() -> None:
    """The root of a block of one transaction needs no branch, and no coinbase stands beside it."""
    transaction = block(HEIGHT, time=1, bits=ANCHOR.bits).ours
    header = mined(prev="12" * 32, time=1, bits=ANCHOR.bits, merkle_root=transaction.txid)
    alone = MinedBlock(header=header, transactions=(transaction,))
    found = judged(evidence(alone, EPOCH_BLOCKS, coinbase=False), alone)
    assert found.placed.inclusion is not None
    assert "no indexer shows the coinbase" in found.placed.doubt
