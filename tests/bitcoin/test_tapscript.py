"""Running the leaf that a witness shows: every spend of the sandbox, every byte of it, and small scripts."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.protocol.bitcoin import (
    Input,
    InvalidWitness,
    Output,
    Transaction,
    UndecidedWitness,
    check_witness,
    leaf_hash,
    sha256d,
    sighash_taproot,
    spent_outpoints,
    taproot_output_script,
)
from generator.protocol.bitcoin.script import push
from generator.protocol.bitcoin.taproot import output_key
from generator.protocol.curve import public_xonly, schnorr_sign
from tests.support.chain_world import world

Place = tuple[Transaction, int]
SECRET: Final = bytes([7]) * 32
INTERNAL: Final = public_xonly(bytes([9]) * 32)
KEY: Final = push(public_xonly(SECRET))
CHECKSIG, CHECKSIGVERIFY, CLTV = b"\xac", b"\xad", b"\xb1"
HASH256, EQUAL, EQUALVERIFY = b"\xaa", b"\x87", b"\x88"
OUTPOINT: Final = "ab" * 32 + ":1"


@cache
def outputs() -> dict[str, Output]:
    """Return every output of the sandbox's chain."""
    blocks = world()[0].chain.blocks
    return {
        f"{tx.txid}:{number}": output
        for block in blocks
        for tx in block.transactions
        for number, output in enumerate(tx.outputs)
    }


@cache
def stage_spends() -> tuple[Place, ...]:
    """Return every input of the sandbox's chain that spends a stage."""
    made = world()[0]
    locked = {stage.coin.outpoint for project in made.projects for stage in project.locked}
    return tuple(
        (tx, vin)
        for block in made.chain.blocks
        for tx in block.transactions
        for vin, entry in enumerate(tx.inputs)
        if entry.outpoint in locked
    )


def with_witness(tx: Transaction, vin: int, witness: tuple[bytes, ...]) -> Transaction:
    inputs = list(tx.inputs)
    inputs[vin] = replace(inputs[vin], witness=witness)
    return replace(tx, inputs=tuple(inputs))


def needed(tx: Transaction, vin: int) -> dict[str, Output]:
    return {outpoint: outputs()[outpoint] for outpoint in spent_outpoints(tx, vin)}


def test_every_spend_of_the_sandbox_opens_with_the_outputs_it_names() -> None:
    sizes = Counter[str]()
    for tx, vin in stage_spends():
        check_witness(tx, vin, needed(tx, vin))
        own = len(needed(tx, vin)) == 1 < len(tx.inputs)
        sizes["its own output among several inputs" if own else "all outputs spent"] += 1
    print(f"{len(stage_spends())} spends of stages opened: {dict(sizes)}")
    assert len(stage_spends()) > 200
    assert min(sizes.values()) >= 1


@given(st.data())
def test_no_byte_of_a_witness_can_be_another(data: st.DataObject) -> None:
    tx, vin = data.draw(st.sampled_from(stage_spends()))
    witness = list(tx.inputs[vin].witness)
    item = data.draw(st.integers(0, len(witness) - 1))
    position = data.draw(st.integers(0, len(witness[item]) - 1))
    changed = bytearray(witness[item])
    changed[position] ^= data.draw(st.integers(1, 255))
    witness[item] = bytes(changed)
    forged = with_witness(tx, vin, tuple(witness))
    with pytest.raises(InvalidWitness):
        check_witness(forged, vin, outputs())


@given(st.sampled_from(range(3)), st.data())
def test_no_item_can_be_left_out_or_added(change: int, data: st.DataObject) -> None:
    tx, vin = data.draw(st.sampled_from(stage_spends()))
    witness = list(tx.inputs[vin].witness)
    where = data.draw(st.integers(0, len(witness) - 1))
    if change == 0:
        del witness[where]
    else:
        witness.insert(where, data.draw(st.sampled_from([b"", b"\x01", bytes(64), bytes(65)])))
    with pytest.raises((InvalidWitness, UndecidedWitness)):
        check_witness(with_witness(tx, vin, tuple(witness)), vin, outputs())


def opened(  # noqa: PLR0913 -- each is one thing that may be wrong
    script: bytes,
    *before: bytes,
    hash_type: int = 0,
    locktime: int = 0,
    sequence: int = 0xFFFFFFFE,
    annex: bytes | None = None,
    change: Callable[[Transaction], Transaction] = lambda tx: tx,
    version: int = 0xC0,
) -> None:
    """Lock a coin in a script, sign for `SECRET` where ``SIGN`` stands, and run the witness."""
    leaf = leaf_hash(script, version)
    spent = Output(value_sat=5000, script=taproot_output_script(INTERNAL, leaf))
    control = bytes([version | output_key(INTERNAL, leaf)[1]]) + INTERNAL
    txid, _, vout = OUTPOINT.partition(":")
    tx = Transaction(
        version=2,
        inputs=(Input(prev_txid=txid, vout=int(vout), sequence=sequence),),
        outputs=(Output(value_sat=4000, script=b"\x6a"),),
        locktime=locktime,
    )
    last = () if annex is None else (annex,)
    message = sighash_taproot(tx, 0, [spent], hash_type, leaf_hash=leaf, annex=annex)
    signature = schnorr_sign(SECRET, message) + (bytes([hash_type]) if hash_type else b"")
    items = tuple(signature if item == SIGN else item for item in before)
    shown = change(with_witness(tx, 0, (*items, script, control, *last)))
    check_witness(shown, 0, {OUTPOINT: spent})


SIGN: Final = b"SIGN"
SECRET_WORD: Final = b"secret"
HASHED: Final = HASH256 + push(sha256d(SECRET_WORD))


def until(number: int) -> bytes:
    return push(number.to_bytes(number.bit_length() // 8 + 1, "little"))


def test_the_scripts_of_a_stage_open() -> None:
    opened(KEY + CHECKSIG, SIGN)
    for hash_type in (0x01, 0x02, 0x03, 0x81, 0x82, 0x83):
        opened(KEY + CHECKSIG, SIGN, hash_type=hash_type)
    opened(KEY + CHECKSIGVERIFY + until(700_000) + CLTV, SIGN, locktime=700_000)
    opened(KEY + CHECKSIGVERIFY + until(1_700_000_000) + CLTV, SIGN, locktime=1_700_000_001)
    opened(KEY + CHECKSIGVERIFY + b"\x60" + CLTV, SIGN, locktime=16)
    opened(KEY + CHECKSIGVERIFY + HASHED + EQUAL, SECRET_WORD, SIGN)
    opened(HASHED + EQUALVERIFY + KEY + CHECKSIG, SIGN, SECRET_WORD)
    opened(KEY + CHECKSIG, SIGN, annex=b"\x50 a note")


TIMED: Final = KEY + CHECKSIGVERIFY + until(700_000) + CLTV
REFUSED: Final[dict[str, Callable[[], None]]] = {
    "too early": lambda: opened(TIMED, SIGN, locktime=699_999),
    "a date against a height": lambda: opened(TIMED, SIGN, locktime=1_700_000_000),
    "a final input": lambda: opened(TIMED, SIGN, locktime=700_000, sequence=0xFFFFFFFF),
    "a negative lock time": lambda: opened(
        KEY + CHECKSIGVERIFY + push(b"\x81") + CLTV, SIGN, locktime=700_000
    ),
    "a lock time of six bytes": lambda: opened(KEY + CHECKSIGVERIFY + push(bytes(6)) + CLTV, SIGN),
    "no lock time": lambda: opened(CLTV),
    "no signature": lambda: opened(KEY + CHECKSIG),
    "an empty signature": lambda: opened(KEY + CHECKSIG, b""),
    "an empty signature, verified": lambda: opened(KEY + CHECKSIGVERIFY + KEY + CHECKSIG, SIGN, b""),
    "another's signature": lambda: opened(push(INTERNAL) + CHECKSIG, SIGN),
    "hash type 0 written out": lambda: opened(
        KEY + CHECKSIG,
        SIGN,
        change=lambda tx: with_witness(tx, 0, (tx.inputs[0].witness[0] + b"\x00", *tx.inputs[0].witness[1:])),
    ),
    "a hash type that is none": lambda: opened(
        KEY + CHECKSIG,
        SIGN,
        change=lambda tx: with_witness(tx, 0, (tx.inputs[0].witness[0] + b"\x04", *tx.inputs[0].witness[1:])),
    ),
    "SINGLE without its output": lambda: opened(
        KEY + CHECKSIG, SIGN, hash_type=3, change=lambda tx: replace(tx, outputs=())
    ),
    "another lock time than signed": lambda: opened(
        KEY + CHECKSIG, SIGN, change=lambda tx: replace(tx, locktime=5)
    ),
    "another annex than signed": lambda: opened(
        KEY + CHECKSIG,
        SIGN,
        annex=b"\x50 a note",
        change=lambda tx: with_witness(tx, 0, (*tx.inputs[0].witness[:-1], b"\x50")),
    ),
    "a wrong secret": lambda: opened(KEY + CHECKSIGVERIFY + HASHED + EQUAL, b"guess", SIGN),
    "a wrong secret, verified": lambda: opened(HASHED + EQUALVERIFY + KEY + CHECKSIG, SIGN, b"guess"),
    "an item too many": lambda: opened(KEY + CHECKSIG, b"\x01", SIGN),
    "a script cut short": lambda: opened(b"\x20" + bytes(5), SIGN),
    "nothing left": lambda: opened(KEY + CHECKSIGVERIFY, SIGN),
    "negative zero": lambda: opened(push(b"\x00\x80")),
}


@pytest.mark.parametrize("attempt", REFUSED.values(), ids=REFUSED.keys())
def test_what_consensus_refuses(attempt: Callable[[], None]) -> None:
    with pytest.raises(InvalidWitness):
        attempt()


def test_what_only_the_chain_can_tell() -> None:
    with pytest.raises(UndecidedWitness, match="opcode 0x75"):
        opened(KEY + CHECKSIGVERIFY + b"\x51\x75\x51", SIGN)
    with pytest.raises(UndecidedWitness, match="leaf version 0xc2"):
        opened(KEY + CHECKSIG, SIGN, version=0xC2)
    with pytest.raises(UndecidedWitness, match="a key of 33 bytes"):
        opened(push(bytes(33)) + CHECKSIG, SIGN)
    tx, vin = next((tx, vin) for tx, vin in stage_spends() if len(needed(tx, vin)) > 1)
    with pytest.raises(UndecidedWitness, match="is not at hand"):
        check_witness(tx, vin, {})
    own = {tx.inputs[vin].outpoint: outputs()[tx.inputs[vin].outpoint]}
    with pytest.raises(UndecidedWitness, match="the signature covers the output"):
        check_witness(tx, vin, own)


def test_a_witness_without_a_script_opens_nothing() -> None:
    tx, vin = stage_spends()[0]
    for witness in ((), (bytes(64),), (bytes(64), b"\x50")):
        with pytest.raises(InvalidWitness):
            check_witness(with_witness(tx, vin, witness), vin, outputs())
