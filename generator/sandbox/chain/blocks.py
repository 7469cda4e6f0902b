"""A regtest chain that is really mined: blocks as Bitcoin Core's consensus code accepts them."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from generator.protocol.bitcoin import (
    Header,
    Input,
    Output,
    Transaction,
    merkle_root,
    op_return,
    script_of,
    sha256d,
)
from generator.protocol.bitcoin.script import minimal_number
from generator.protocol.bitcoin.serialization import compact

BITS: Final = 0x207FFFFF  #: about every second hash will do
MATURITY: Final = 100  #: blocks before new coins may be spent
HALVING: Final = 150  #: blocks, on regtest
_FIRST_SUBSIDY_SAT: Final = 50 * 100_000_000
_VERSION: Final = 0x20000000
_TIMES_IN_MEDIAN: Final = 11
_RESERVED: Final = bytes(32)  #: the witness of a coinbase
_COMMITMENT: Final = bytes.fromhex("aa21a9ed")
#: Below 0x7fffff at the top of the hash: the byte alone decides, at the cost of one hash in 16 million.
_HIGHEST_TOP_BYTE: Final = 0x7E
_NEVER: Final = 0xFFFFFFFF
_GENESIS_COINBASE: Final = bytes.fromhex(
    "01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff4d04ffff001d0104"
    "455468652054696d65732030332f4a616e2f32303039204368616e63656c6c6f72206f6e206272696e6b206f66207365636f"
    "6e64206261696c6f757420666f722062616e6b73ffffffff0100f2052a01000000434104678afdb0fe5548271967f1a67130"
    "b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5f"
    "ac00000000"
)
_GENESIS_TIME: Final = 1_296_688_602
_GENESIS_NONCE: Final = 2


class Refused(ValueError):
    """Something that no miner would take or make; an actor made a mistake."""


def subsidy_sat(height: int) -> int:
    """Return what a block's miner may create."""
    return _FIRST_SUBSIDY_SAT >> height // HALVING


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A header and the transactions it commits to."""

    height: int
    header: Header
    transactions: tuple[Transaction, ...]

    @property
    def hash(self) -> str:
        """The block's hash, displayed hex."""
        return self.header.hash

    @property
    def txids(self) -> list[str]:
        """The ids of its transactions in their order."""
        return [tx.txid for tx in self.transactions]

    def serialize(self) -> bytes:
        """Return the block as nodes exchange it."""
        body = b"".join(tx.serialize() for tx in self.transactions)
        return self.header.serialize() + compact(len(self.transactions)) + body


def _genesis() -> Block:
    coinbase = Transaction.parse(_GENESIS_COINBASE)
    header = Header(
        version=1,
        prev="00" * 32,
        merkle_root=coinbase.txid,
        time=_GENESIS_TIME,
        bits=BITS,
        nonce=_GENESIS_NONCE,
    )
    return Block(height=0, header=header, transactions=(coinbase,))


@dataclass(slots=True)
class Chain:
    """All blocks, the transactions that wait, and the outputs nobody has spent."""

    reward_script: bytes  #: output script that new coins are paid to
    blocks: list[Block] = field(default_factory=lambda: [_genesis()])
    mempool: list[Transaction] = field(default_factory=list)
    unspent: dict[str, Output] = field(default_factory=dict)  #: by outpoint, mempool included
    _fees_sat: dict[str, int] = field(default_factory=dict)  #: of waiting transactions, by txid

    @property
    def height(self) -> int:
        """The height of the last block."""
        return self.blocks[-1].height

    @property
    def median_time(self) -> int:
        """The median time past of the last block: time locks in the next block must lie before it."""
        times = sorted(block.header.time for block in self.blocks[-_TIMES_IN_MEDIAN:])
        return times[len(times) // 2]

    def send(self, tx: Transaction) -> None:
        """Let a transaction wait for the next block; raise `Refused`."""
        for entry in tx.inputs:
            if entry.outpoint not in self.unspent:
                msg = f"{tx.txid} spends {entry.outpoint}, which does not exist or is spent"
                raise Refused(msg)
        timed = any(entry.sequence != _NEVER for entry in tx.inputs)
        if timed and tx.locktime >= self.median_time:
            msg = f"{tx.txid} is locked until {tx.locktime}, the median time is {self.median_time}"
            raise Refused(msg)
        spent_sat = sum(self.unspent[entry.outpoint].value_sat for entry in tx.inputs)
        fee_sat = spent_sat - sum(output.value_sat for output in tx.outputs)
        if fee_sat < 0:
            msg = f"{tx.txid} pays {-fee_sat} sat more than it spends"
            raise Refused(msg)
        for entry in tx.inputs:
            del self.unspent[entry.outpoint]
        self._fees_sat[tx.txid] = fee_sat
        self.mempool.append(tx)
        self._credit(tx)

    def branch(self, height: int, waiting: Transaction, *, fee_sat: int) -> "Chain":
        """Return a chain that shares the blocks below a height, where another transaction waits."""
        return Chain(self.reward_script, self.blocks[:height], [waiting], _fees_sat={waiting.txid: fee_sat})

    def output(self, txid: str, vout: int) -> Output:
        """Return an output of a mined transaction; raise `LookupError` where there is none."""
        found = (tx for block in self.blocks for tx in block.transactions if tx.txid == txid)
        return next(found).outputs[vout]

    def mine(self, time: int) -> Block:
        """Mine a block of the waiting transactions with a timestamp in Unix seconds."""
        if time <= self.median_time:
            msg = f"a block at {time} is not later than the median time {self.median_time}"
            raise Refused(msg)
        height, waiting, self.mempool = self.height + 1, self.mempool, []
        coinbase = self._coinbase(height, waiting)
        block = mined([coinbase, *waiting], height=height, prev=self.blocks[-1].hash, time=time)
        self.blocks.append(block)
        self._credit(coinbase)
        return block

    def _coinbase(self, height: int, waiting: Sequence[Transaction]) -> Transaction:
        reward_sat = subsidy_sat(height) + sum(self._fees_sat.pop(tx.txid) for tx in waiting)
        miner = Input(
            prev_txid="00" * 32,
            vout=_NEVER,
            script_sig=script_of(minimal_number(height), b"Sunlit sandbox"),
            witness=(_RESERVED,),
        )
        reward = Output(value_sat=reward_sat, script=self.reward_script)
        return Transaction(version=2, inputs=(miner,), outputs=(reward, commitment(waiting)))

    def _credit(self, tx: Transaction) -> None:
        for vout, output in enumerate(tx.outputs):
            self.unspent[f"{tx.txid}:{vout}"] = output


def commitment(waiting: Sequence[Transaction]) -> Output:
    """Return the coinbase output that commits to the witnesses of a block's other transactions (BIP-141)."""
    return _commitment(tuple(tx.wtxid for tx in waiting))


@lru_cache(maxsize=1)  # most blocks have no other transaction
def _commitment(wtxids: tuple[str, ...]) -> Output:
    root = merkle_root(["00" * 32, *wtxids])
    return Output(value_sat=0, script=op_return(_COMMITMENT + sha256d(bytes.fromhex(root)[::-1] + _RESERVED)))


def mined(transactions: Sequence[Transaction], *, height: int, prev: str, time: int) -> Block:
    """Return a block whose hash meets the target, by trying nonces from 0; the coinbase comes first."""
    root = merkle_root([tx.txid for tx in transactions])
    head = struct.pack("<I", _VERSION) + bytes.fromhex(prev)[::-1] + bytes.fromhex(root)[::-1]
    head += struct.pack("<II", time, BITS)
    nonce = 0
    while sha256d(head + struct.pack("<I", nonce))[31] > _HIGHEST_TOP_BYTE:
        nonce += 1
    header = Header(version=_VERSION, prev=prev, merkle_root=root, time=time, bits=BITS, nonce=nonce)
    return Block(height=height, header=header, transactions=tuple(transactions))
