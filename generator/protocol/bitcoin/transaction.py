"""Transactions as values: parsed from bytes, written back to the same bytes."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from generator.protocol.bitcoin.serialization import (
    MAX_TRANSACTION_BYTES,
    MalformedData,
    Reader,
    compact,
    counted,
    displayed,
    undisplayed,
)
from generator.protocol.hashes import sha256d

MAX_SAT = 21_000_000 * 100_000_000  #: no output is worth more
_LEAST_INPUT_BYTES = 41
_LEAST_OUTPUT_BYTES = 9
_COINBASE_PREV = bytes(32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """What a transaction spends."""

    prev_txid: str  #: displayed hex
    vout: int
    script_sig: bytes = b""
    sequence: int = 0xFFFFFFFF
    witness: tuple[bytes, ...] = ()

    @property
    def outpoint(self) -> str:
        """The output spent, ``txid:vout``."""
        return f"{self.prev_txid}:{self.vout}"

    def outpoint_bytes(self) -> bytes:
        """Return the outpoint as it is signed: natural hash and index."""
        return undisplayed(self.prev_txid) + struct.pack("<I", self.vout)


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """What a transaction pays."""

    value_sat: int
    script: bytes

    def serialize(self) -> bytes:
        """Return the output's bytes: amount and script."""
        return struct.pack("<Q", self.value_sat) + counted(self.script)


@dataclass(frozen=True, kw_only=True)
class Transaction:
    """A transaction; `txid` is computed from its bytes, never taken on trust."""

    version: int
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    locktime: int = 0

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read one whole transaction, with or without witness; raise `MalformedData`."""
        if len(raw) > MAX_TRANSACTION_BYTES:
            msg = f"a transaction of {len(raw)} bytes does not fit a block"
            raise MalformedData(msg)
        reader = Reader(raw)
        version = reader.uint(4)
        has_witness = _take_segwit_marker(reader)
        inputs = [_read_input(reader) for _ in range(reader.count(_LEAST_INPUT_BYTES))]
        outputs = tuple(_read_output(reader) for _ in range(reader.count(_LEAST_OUTPUT_BYTES)))
        witnesses = [_read_witness(reader) for _ in inputs] if has_witness else [()] * len(inputs)
        if has_witness and not any(witnesses):
            msg = "the transaction announces witnesses and has none"
            raise MalformedData(msg)
        locktime = reader.uint(4)
        reader.end()
        joined = tuple(
            Input(prev_txid=txid, vout=vout, script_sig=script, sequence=sequence, witness=witness)
            for (txid, vout, script, sequence), witness in zip(inputs, witnesses, strict=True)
        )
        return cls(version=version, inputs=joined, outputs=outputs, locktime=locktime)

    def stripped(self) -> bytes:
        """Return the bytes without witnesses, which the txid commits to."""
        return struct.pack("<I", self.version) + self._body() + struct.pack("<I", self.locktime)

    def serialize(self) -> bytes:
        """Return the bytes with witnesses, if there are any."""
        if not any(entry.witness for entry in self.inputs):
            return self.stripped()
        witnesses = b"".join(_listed([counted(item) for item in entry.witness]) for entry in self.inputs)
        head = struct.pack("<I", self.version) + b"\x00\x01"
        return head + self._body() + witnesses + struct.pack("<I", self.locktime)

    @cached_property
    def txid(self) -> str:
        """The transaction's id in displayed hex."""
        return displayed(sha256d(self.stripped()))

    @cached_property
    def wtxid(self) -> str:
        """The hash over the bytes with witnesses, in displayed hex."""
        return displayed(sha256d(self.serialize()))

    @property
    def is_coinbase(self) -> bool:
        """Whether this transaction makes new coins."""
        return len(self.inputs) == 1 and self.inputs[0].outpoint_bytes()[:32] == _COINBASE_PREV

    @property
    def could_be_merkle_node(self) -> bool:
        """Whether the stripped bytes are 64 long: then a Merkle branch proves nothing about it."""
        return len(self.stripped()) == 64  # noqa: PLR2004 - two hashes, as in an inner node

    def _body(self) -> bytes:
        inputs = [
            entry.outpoint_bytes() + counted(entry.script_sig) + struct.pack("<I", entry.sequence)
            for entry in self.inputs
        ]
        return _listed(inputs) + _listed([output.serialize() for output in self.outputs])


def _take_segwit_marker(reader: Reader) -> bool:
    if reader.data[4:5] != b"\x00":
        return False
    marker = reader.take(2)
    if marker != b"\x00\x01":
        msg = f"a transaction without inputs, or with unknown flag {marker.hex()}"
        raise MalformedData(msg)
    return True


def _read_input(reader: Reader) -> tuple[str, int, bytes, int]:
    return displayed(reader.take(32)), reader.uint(4), reader.text(), reader.uint(4)


def _read_output(reader: Reader) -> Output:
    value_sat = reader.uint(8)
    if value_sat > MAX_SAT:
        msg = f"an output of {value_sat} sat is more than all bitcoin there can be"
        raise MalformedData(msg)
    return Output(value_sat=value_sat, script=reader.text())


def _read_witness(reader: Reader) -> tuple[bytes, ...]:
    return tuple(reader.text() for _ in range(reader.count(1)))


def _listed(items: Sequence[bytes]) -> bytes:
    return compact(len(items)) + b"".join(items)
