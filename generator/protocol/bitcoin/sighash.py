"""What a signature signs: BIP-341/342 for taproot, BIP-143 for version 0.

Ours, because embit 0.8.0 computes SINGLE and ANYONECANPAY wrong and Angor's
recoveries use both.
"""

import struct
from collections.abc import Sequence
from hashlib import sha256

from generator.protocol.bitcoin.serialization import counted
from generator.protocol.bitcoin.transaction import Input, Output, Transaction
from generator.protocol.hashes import sha256d, tagged_hash

DEFAULT = 0x00
ALL = 0x01
NONE = 0x02
SINGLE = 0x03
ANYONECANPAY = 0x80
_TAPROOT_TYPES = {DEFAULT, ALL, NONE, SINGLE, 0x81, 0x82, 0x83}
_NO_CODE_SEPARATOR = 0xFFFFFFFF


def sighash_taproot(
    tx: Transaction,
    index: int,
    prevouts: Sequence[Output],
    hash_type: int,
    *,
    leaf_hash: bytes | None = None,
    annex: bytes | None = None,
) -> bytes:
    """Return the 32 bytes a taproot signature signs: the hash of BIP-341's ``SigMsg``.

    `prevouts` are the outputs spent, in the order of the inputs. With
    `leaf_hash` it is a script-path spend (BIP-342). Raise `ValueError` for a hash type
    that consensus refuses, and for SINGLE without a matching output.
    """
    if hash_type not in _TAPROOT_TYPES:
        msg = f"{hash_type:#04x} is not a hash type of BIP-341"
        raise ValueError(msg)
    if len(prevouts) != len(tx.inputs):
        msg = f"{len(tx.inputs)} inputs need as many spent outputs, got {len(prevouts)}"
        raise ValueError(msg)
    alone = bool(hash_type & ANYONECANPAY)
    spend_type = (2 if leaf_hash is not None else 0) + (1 if annex is not None else 0)
    parts = [b"\x00", bytes([hash_type]), struct.pack("<II", tx.version, tx.locktime)]
    if not alone:
        parts.append(_all_inputs(tx.inputs, prevouts))
    if hash_type & 3 not in {NONE, SINGLE}:
        parts.append(_sha(b"".join(output.serialize() for output in tx.outputs)))
    parts.append(bytes([spend_type]))
    own, spent = tx.inputs[index], prevouts[index]
    alone_parts = own.outpoint_bytes() + spent.serialize() + struct.pack("<I", own.sequence)
    parts.append(alone_parts if alone else struct.pack("<I", index))
    if annex is not None:
        parts.append(_sha(counted(annex)))
    if hash_type & 3 == SINGLE:
        parts.append(_sha(_matching_output(tx, index).serialize()))
    if leaf_hash is not None:
        parts.append(leaf_hash + b"\x00" + struct.pack("<I", _NO_CODE_SEPARATOR))
    return tagged_hash("TapSighash", b"".join(parts))


def sighash_segwit_v0(
    tx: Transaction, index: int, script_code: bytes, value_sat: int, hash_type: int = ALL
) -> bytes:
    """Return the 32 bytes a version 0 witness signature signs (BIP-143).

    `script_code` is the witness script for P2WSH, and for P2WPKH what
    `p2wpkh_script_code` makes of the output script.
    """
    alone, base = bool(hash_type & ANYONECANPAY), hash_type & 0x1F
    own = tx.inputs[index]
    no_hash = bytes(32)
    prevouts = no_hash if alone else sha256d(b"".join(entry.outpoint_bytes() for entry in tx.inputs))
    sequences = no_hash
    if not alone and base not in {NONE, SINGLE}:
        sequences = sha256d(b"".join(struct.pack("<I", entry.sequence) for entry in tx.inputs))
    outputs = no_hash
    if base not in {NONE, SINGLE}:
        outputs = sha256d(b"".join(output.serialize() for output in tx.outputs))
    elif base == SINGLE and index < len(tx.outputs):
        outputs = sha256d(tx.outputs[index].serialize())
    return sha256d(
        struct.pack("<I", tx.version)
        + prevouts
        + sequences
        + own.outpoint_bytes()
        + counted(script_code)
        + struct.pack("<QI", value_sat, own.sequence)
        + outputs
        + struct.pack("<II", tx.locktime, hash_type)
    )


def p2wpkh_script_code(script: bytes) -> bytes:
    """Return the script code of BIP-143 for a P2WPKH output script."""
    return b"\x76\xa9\x14" + script[2:] + b"\x88\xac"


def _all_inputs(inputs: Sequence[Input], prevouts: Sequence[Output]) -> bytes:
    return (
        _sha(b"".join(entry.outpoint_bytes() for entry in inputs))
        + _sha(b"".join(struct.pack("<Q", output.value_sat) for output in prevouts))
        + _sha(b"".join(counted(output.script) for output in prevouts))
        + _sha(b"".join(struct.pack("<I", entry.sequence) for entry in inputs))
    )


def _matching_output(tx: Transaction, index: int) -> Output:
    if index >= len(tx.outputs):
        msg = f"hash type SINGLE on input {index} needs output {index}, there are {len(tx.outputs)}"
        raise ValueError(msg)
    return tx.outputs[index]


def _sha(data: bytes) -> bytes:
    return sha256(data).digest()
