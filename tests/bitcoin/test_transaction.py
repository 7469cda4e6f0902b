"""Transactions: round trips, ids of real ones, and refusals that name what was seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.protocol.bitcoin import Input, MalformedData, Output, Transaction

#: The first payment ever made, block 170 of main.
FIRST_PAYMENT = (
    "0100000001c997a5e56e104102fa209c6a852dd90660a20b2d9c352423edce25857fcd3704000000004847304402204e45"
    "e16932b8af514961a1d3a1a25fdf3f4f7732e9d624c6c61548ab5fb8cd410220181522ec8eca07de4860a4acdd12909d83"
    "1cc56cbbac4622082221a8768d1d0901ffffffff0200ca9a3b00000000434104ae1a62fe09c5f51b13905f07f06b99a2f7"
    "159b2225f374cd378d71302fa28414e7aab37397f554a7df5f142c21c1b7303b8a0626f1baded5c72a704f7e6cd84cac00"
    "286bee0000000043410411db93e1dcdb8a016b49840f8c53bc1eb68a382e97b1482ecad7b148a6909a5cb2e0eaddfb84cc"
    "f9744464f82e160bfa9b8b64f9d4c03f999b8643f656b412a3ac00000000"
)
HASHES = st.binary(min_size=32, max_size=32).map(bytes.hex)
INPUTS = st.builds(
    Input,
    prev_txid=HASHES,
    vout=st.integers(0, 2**32 - 1),
    script_sig=st.binary(max_size=300),
    sequence=st.integers(0, 2**32 - 1),
    witness=st.lists(st.binary(max_size=300), max_size=4).map(tuple),
)
OUTPUTS = st.builds(Output, value_sat=st.integers(0, 21_000_000 * 10**8), script=st.binary(max_size=300))
TRANSACTIONS = st.builds(
    Transaction,
    version=st.integers(0, 2**32 - 1),
    inputs=st.lists(INPUTS, min_size=1, max_size=4).map(tuple),
    outputs=st.lists(OUTPUTS, max_size=4).map(tuple),
    locktime=st.integers(0, 2**32 - 1),
)


@given(TRANSACTIONS)
def test_bytes_and_values_say_the_same(tx: Transaction) -> None:
    raw = tx.serialize()
    again = Transaction.parse(raw)
    assert again == tx
    assert again.serialize() == raw
    assert Transaction.parse(tx.stripped()).txid == tx.txid


@given(TRANSACTIONS, st.integers(0))
def test_any_shortened_transaction_is_refused(tx: Transaction, cut: int) -> None:
    raw = tx.serialize()
    with pytest.raises(MalformedData):
        Transaction.parse(raw[: cut % len(raw)])


def test_a_real_transaction() -> None:
    tx = Transaction.parse(bytes.fromhex(FIRST_PAYMENT))
    assert tx.txid == "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16"
    assert [output.value_sat for output in tx.outputs] == [1_000_000_000, 4_000_000_000]
    assert tx.inputs[0].outpoint == "0437cd7f8525ceed2324359c2d0ba26006d92d856a9c20fa0241106ee5a597c9:0"
    assert (tx.is_coinbase, tx.could_be_merkle_node) == (False, False)


def test_genesis_coinbase() -> None:
    text = b"The Times 03/Jan/2009 Chancellor on brink of second bailout for banks"
    key = (
        "4104678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb6"
        "49f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5fac"
    )
    tx = Transaction(
        version=1,
        inputs=(
            Input(
                prev_txid="00" * 32,
                vout=0xFFFFFFFF,
                script_sig=bytes.fromhex("04ffff001d0104") + bytes([len(text)]) + text,
            ),
        ),
        outputs=(Output(value_sat=5_000_000_000, script=bytes.fromhex(key)),),
    )
    assert tx.txid == "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"
    assert tx.is_coinbase


def test_a_transaction_that_could_be_a_merkle_node() -> None:
    tx = Transaction(
        version=2,
        inputs=(Input(prev_txid="11" * 32, vout=0),),
        outputs=(Output(value_sat=1, script=b"\x51" * 4),),
    )
    assert len(tx.stripped()) == 64
    assert tx.could_be_merkle_node


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", "data ends after 0 bytes"),
        (FIRST_PAYMENT + "00", "1 bytes follow after the end"),
        (FIRST_PAYMENT[:-2], "data ends after"),
        ("01000000" + "00" + "05" + "00" * 40, "without inputs, or with unknown flag 0005"),
        ("01000000" + "fd0100" + "00" * 50, "compact size 1 is not written in its shortest form"),
        ("01000000" + "fe" + "ffffff7f" + "00" * 50, "2147483647 items are announced, 50 bytes are left"),
        (
            "01000000" + "01" + "00" * 36 + "00" + "ffffffff" + "01" + "ff" * 8 + "00" + "00000000",
            "more than all bitcoin there can be",
        ),
        (
            "01000000" + "0001" + "01" + "00" * 36 + "00" + "ffffffff" + "00" + "00" + "00000000",
            "announces witnesses and has none",
        ),
    ],
)
def test_malformed_transactions_are_refused(raw: str, reason: str) -> None:
    with pytest.raises(MalformedData, match=reason):
        Transaction.parse(bytes.fromhex(raw))


def test_a_transaction_larger_than_a_block_is_refused() -> None:
    with pytest.raises(MalformedData, match="a transaction of 4000001 bytes does not fit a block"):
        Transaction.parse(bytes(4_000_001))


def test_a_bad_txid_cannot_be_written() -> None:
    tx = Transaction(version=2, inputs=(Input(prev_txid="xyz", vout=0),), outputs=())
    with pytest.raises(MalformedData, match="'xyz' is not a hash of 64 hex digits"):
        tx.serialize()
