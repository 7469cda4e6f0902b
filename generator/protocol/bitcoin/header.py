"""What shows that a transaction is in a block: headers with their work, Merkle roots and branches."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from generator.protocol.bitcoin.compact_target import target_of
from generator.protocol.bitcoin.serialization import MalformedData, Reader, displayed, undisplayed
from generator.protocol.hashes import sha256d

#: Difficulty 1, by definition of the unit.
_TARGET_OF_DIFFICULTY_1 = 0xFFFF << 208
_MAX_BRANCH = 32


@dataclass(frozen=True, kw_only=True)
class Header:
    """The 80 bytes a block is known by; hashes in displayed hex."""

    version: int
    prev: str
    merkle_root: str
    time: int  #: Unix seconds, as the miner wrote them
    bits: int
    nonce: int

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read exactly 80 bytes; raise `MalformedData`."""
        reader = Reader(raw)
        header = cls(
            version=reader.uint(4),
            prev=displayed(reader.take(32)),
            merkle_root=displayed(reader.take(32)),
            time=reader.uint(4),
            bits=reader.uint(4),
            nonce=reader.uint(4),
        )
        reader.end()
        return header

    def serialize(self) -> bytes:
        """Return the 80 bytes that the hash covers."""
        return (
            struct.pack("<I", self.version)
            + undisplayed(self.prev)
            + undisplayed(self.merkle_root)
            + struct.pack("<III", self.time, self.bits, self.nonce)
        )

    @cached_property
    def hash(self) -> str:
        """The block's hash in displayed hex."""
        return displayed(sha256d(self.serialize()))

    @property
    def target(self) -> int:
        """The number the hash must not exceed; 0 where `bits` encodes none."""
        return target_of(self.bits)

    def meets_target(self) -> bool:
        """Tell whether the work the header claims was done."""
        return int(self.hash, 16) <= self.target

    @property
    def difficulty(self) -> int:
        """How many times harder than difficulty 1, rounded down; 0 where `bits` encodes no target."""
        return _TARGET_OF_DIFFICULTY_1 // self.target if self.target else 0


def merkle_root(txids: Sequence[str]) -> str:
    """Return the Merkle root of a block's transaction ids (displayed hex in and out)."""
    level = [undisplayed(txid) for txid in txids]
    if not level:
        msg = "a block has at least one transaction"
        raise MalformedData(msg)
    while len(level) > 1:
        level = _next_level(level)
    return displayed(level[0])


def merkle_branch(txids: Sequence[str], position: int) -> list[str]:
    """Return the sibling hashes from a transaction up to the root (displayed hex)."""
    if not 0 <= position < len(txids):
        msg = f"position {position} is not among {len(txids)} transactions"
        raise MalformedData(msg)
    level = [undisplayed(txid) for txid in txids]
    branch = []
    while len(level) > 1:
        sibling = position ^ 1
        branch.append(displayed(level[sibling] if sibling < len(level) else level[position]))
        level = _next_level(level)
        position //= 2
    return branch


def root_of_branch(txid: str, position: int, hashes: Sequence[str]) -> str:
    """Return the Merkle root a branch leads to (displayed hex); raise `MalformedData`.

    A position that the branch is too short for is refused: it would let two
    places in a block share one proof.
    """
    if len(hashes) > _MAX_BRANCH or not 0 <= position < 1 << len(hashes):
        msg = f"position {position} does not fit a branch of {len(hashes)} hashes"
        raise MalformedData(msg)
    node = undisplayed(txid)
    for sibling in hashes:
        other = undisplayed(sibling)
        node = sha256d(other + node if position & 1 else node + other)
        position >>= 1
    return displayed(node)


def _next_level(level: list[bytes]) -> list[bytes]:
    padded = level if len(level) % 2 == 0 else [*level, level[-1]]
    return [sha256d(padded[i] + padded[i + 1]) for i in range(0, len(padded), 2)]
