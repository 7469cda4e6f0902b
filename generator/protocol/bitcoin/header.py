"""Block headers: the work that a block cost."""

import struct
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from generator.protocol.bitcoin.serialization import Reader, displayed, undisplayed
from generator.protocol.hashes import sha256d

#: Difficulty 1, by definition of the unit.
_TARGET_OF_DIFFICULTY_1 = 0xFFFF << 208


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
        exponent, mantissa = self.bits >> 24, self.bits & 0x7FFFFF
        if self.bits & 0x800000:
            return 0
        target = mantissa << 8 * (exponent - 3) if exponent >= 3 else mantissa >> 8 * (3 - exponent)  # noqa: PLR2004 - base-256 exponent of a 3-byte mantissa
        return target if target < 1 << 256 else 0

    def meets_target(self) -> bool:
        """Tell whether the work the header claims was done."""
        return int(self.hash, 16) <= self.target

    @property
    def difficulty(self) -> int:
        """How many times harder than difficulty 1, rounded down; 0 where `bits` encodes no target."""
        return _TARGET_OF_DIFFICULTY_1 // self.target if self.target else 0
