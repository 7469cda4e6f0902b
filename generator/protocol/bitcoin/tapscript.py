"""Whether a witness opens the taproot output it spends: the few opcodes of BIP-342 that lock Angor's stages.

No transaction id and no Merkle branch covers a witness, so whoever shows a
transaction may swap it. Its signatures cover the leaf that was used.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from generator.protocol.bitcoin.script import (
    OP_0,
    OP_1,
    OP_16,
    OP_PUSHDATA1,
    Op,
    read_push,
)
from generator.protocol.bitcoin.serialization import MalformedData, Reader
from generator.protocol.bitcoin.sighash import ANYONECANPAY, DEFAULT, sighash_taproot
from generator.protocol.bitcoin.taproot import LEAF_VERSION, ScriptPath, leaf_hash
from generator.protocol.bitcoin.transaction import Output, Transaction
from generator.protocol.curve import schnorr_verify
from generator.protocol.hashes import sha256d

_KEY_BYTES: Final = 32
_SIGNATURE_BYTES: Final = 64
_FINAL: Final = 0xFFFFFFFF
_FIRST_TIME: Final = 500_000_000  #: lock times below it are heights
_LARGEST_NUMBER_BYTES: Final = 5  #: BIP-65


class InvalidWitness(ValueError):
    """Consensus would refuse this witness."""


class UndecidedWitness(ValueError):
    """The verdict needs an output that is not at hand, or an opcode that Angor does not use."""


def spent_outpoints(tx: Transaction, vin: int) -> frozenset[str]:
    """Return the outpoints whose outputs the verdict on an input needs: its own, or every input's."""
    path = ScriptPath.of(tx.inputs[vin].witness)
    stack = () if path is None else path.stack
    alone = all(_hash_type(item) & ANYONECANPAY for item in stack if _is_signature(item))
    inputs = (tx.inputs[vin],) if alone else tx.inputs
    return frozenset(entry.outpoint for entry in inputs)


def check_witness(tx: Transaction, vin: int, spent: Mapping[str, Output]) -> None:
    """Run the leaf that an input's witness shows.

    `spent` holds outputs by outpoint; those of `spent_outpoints` are needed.
    Raise `InvalidWitness` where consensus would refuse, and `UndecidedWitness`.
    """
    own = tx.inputs[vin]
    if own.outpoint not in spent:
        msg = f"the output {own.outpoint} is not at hand"
        raise UndecidedWitness(msg)
    path = ScriptPath.of(own.witness)
    if path is None:
        msg = "the witness shows no script"
        raise InvalidWitness(msg)
    if not path.opens(spent[own.outpoint].script):
        msg = "script and control block do not lead to the output"
        raise InvalidWitness(msg)
    if path.leaf_version != LEAF_VERSION:
        msg = f"leaf version {path.leaf_version:#04x} has no rules yet"
        raise UndecidedWitness(msg)
    _Machine(tx=tx, vin=vin, spent=spent, path=path, stack=list(path.stack)).run()


@dataclass(slots=True, kw_only=True)
class _Machine:
    """The stack while a leaf runs."""

    tx: Transaction
    vin: int
    spent: Mapping[str, Output]
    path: ScriptPath
    stack: list[bytes]

    def run(self) -> None:
        reader = Reader(self.path.script)
        try:
            while reader.left:
                self._step(reader)
        except MalformedData as error:
            msg = f"the script ends in the middle of an item ({error})"
            raise InvalidWitness(msg) from error
        if len(self.stack) != 1 or not _is_true(self.stack[0]):
            msg = f"the script leaves {len(self.stack)} items, expected one that is true"
            raise InvalidWitness(msg)

    def _step(self, reader: Reader) -> None:
        opcode = reader.uint(1)
        if OP_0 < opcode < OP_PUSHDATA1 or OP_1 <= opcode <= OP_16:
            self.stack.append(read_push(opcode, reader))
        elif opcode in _STEPS:
            _STEPS[opcode](self)
        else:
            msg = f"opcode {opcode:#04x} is none that Angor uses"
            raise UndecidedWitness(msg)

    def pop(self) -> bytes:
        if not self.stack:
            msg = "the witness has too few items for its script"
            raise InvalidWitness(msg)
        return self.stack.pop()

    def checksig(self) -> None:
        key, signature = self.pop(), self.pop()
        if not signature:
            self.stack.append(b"")
            return
        if len(key) != _KEY_BYTES:
            msg = f"a key of {len(key)} bytes has no rules yet"
            raise UndecidedWitness(msg)
        if not self._signed(key, signature):
            msg = f"the signature of key {key.hex()} does not hold"
            raise InvalidWitness(msg)
        self.stack.append(b"\x01")

    def checksigverify(self) -> None:
        self.checksig()
        self.verify("an empty signature")

    def hash256(self) -> None:
        self.stack.append(sha256d(self.pop()))

    def equal(self) -> None:
        self.stack.append(b"\x01" if self.pop() == self.pop() else b"")

    def equalverify(self) -> None:
        self.equal()
        self.verify("a secret that does not hash to what the script asks for")

    def checklocktimeverify(self) -> None:
        """Compare with the transaction's own lock time (BIP-65); the number stays on the stack."""
        asked = self.stack[-1] if self.stack else self.pop()
        if len(asked) > _LARGEST_NUMBER_BYTES or (asked and asked[-1] & 0x80):
            msg = "the script asks for a lock time that is no number"
            raise InvalidWitness(msg)
        until, locktime = int.from_bytes(asked, "little"), self.tx.locktime
        same_kind = (until < _FIRST_TIME) == (locktime < _FIRST_TIME)
        if not same_kind or until > locktime or self.tx.inputs[self.vin].sequence == _FINAL:
            msg = f"the script opens at {until}, the transaction's lock time is {locktime}"
            raise InvalidWitness(msg)

    def verify(self, problem: str) -> None:
        if not _is_true(self.pop()):
            msg = f"the witness has {problem}"
            raise InvalidWitness(msg)

    def _signed(self, key: bytes, signature: bytes) -> bool:
        hash_type = _hash_type(signature)
        if not _is_signature(signature) or (len(signature) > _SIGNATURE_BYTES and hash_type == DEFAULT):
            return False
        try:
            message = sighash_taproot(
                self.tx,
                self.vin,
                self._prevouts(alone=bool(hash_type & ANYONECANPAY)),
                hash_type,
                leaf_hash=leaf_hash(self.path.script),
                annex=self.path.annex,
            )
        except UndecidedWitness:
            raise
        except ValueError:  # a hash type that consensus refuses, or SINGLE without its output
            return False
        return schnorr_verify(key, message, signature[:_SIGNATURE_BYTES])

    def _prevouts(self, *, alone: bool) -> Sequence[Output]:
        if alone:  # the hash covers the input's own output only
            return [self.spent[self.tx.inputs[self.vin].outpoint]] * len(self.tx.inputs)
        missing = [entry.outpoint for entry in self.tx.inputs if entry.outpoint not in self.spent]
        if missing:
            msg = f"the signature covers the output {missing[0]}, which is not at hand"
            raise UndecidedWitness(msg)
        return [self.spent[entry.outpoint] for entry in self.tx.inputs]


_STEPS: Final[Mapping[int, Callable[[_Machine], None]]] = {
    Op.EQUAL: _Machine.equal,
    Op.EQUALVERIFY: _Machine.equalverify,
    Op.HASH256: _Machine.hash256,
    Op.CHECKSIG: _Machine.checksig,
    Op.CHECKSIGVERIFY: _Machine.checksigverify,
    Op.CHECKLOCKTIMEVERIFY: _Machine.checklocktimeverify,
}


def _is_signature(item: bytes) -> bool:
    return len(item) in {_SIGNATURE_BYTES, _SIGNATURE_BYTES + 1}


def _hash_type(signature: bytes) -> int:
    return signature[_SIGNATURE_BYTES] if len(signature) > _SIGNATURE_BYTES else DEFAULT


def _is_true(item: bytes) -> bool:
    """Tell whether a stack item counts as true: not empty, not zero, not negative zero."""
    return any(item[:-1]) or item[-1:] not in {b"", b"\x00", b"\x80"}
