"""An index in Esplora's JSON (Blockstream/esplora, API.md)."""

from functools import lru_cache
from typing import Final

from generator.protocol.bitcoin import Header, Input, Op, Output, address_of_script, is_p2wsh, merkle_branch
from generator.protocol.bitcoin.script import is_p2tr, is_p2wpkh
from generator.sandbox.chain import Block
from generator.sandbox.indexer.index import Index, Indexed
from generator.sandbox.indexer.quirks import Quirks, TransactionJson

Document = dict[str, object]

HRP: Final = "bcrt"
_COINBASE_VOUT: Final = 0xFFFFFFFF
_NO_PREVIOUS: Final = {
    TransactionJson.ESPLORA: "00" * 32,
    TransactionJson.MEMPOOL: "",
    TransactionJson.BLOCKCORE: None,
}
_NO_ADDRESS: Final = {
    TransactionJson.ESPLORA: None,
    TransactionJson.MEMPOOL: "",
    TransactionJson.BLOCKCORE: "none",
}


def transaction(index: Index, known: Indexed, quirks: Quirks) -> Document:
    """Return ``/tx/:txid``."""
    tx = known.tx
    size, stripped = len(tx.serialize()), len(tx.stripped())
    spent = [index.output(entry.prev_txid, entry.vout) for entry in tx.inputs]
    paid_sat = sum(output.value_sat for output in tx.outputs)
    return {
        "txid": tx.txid,
        "version": tx.version,
        "locktime": tx.locktime,
        "vin": [_input(entry, prevout, quirks.json) for entry, prevout in zip(tx.inputs, spent, strict=True)],
        "vout": [_output(output, quirks.json) for output in tx.outputs],
        "size": size,
        "weight": 3 * stripped + size,
        "fee": 0 if tx.is_coinbase else sum(output.value_sat for output in spent if output) - paid_sat,
        "status": status(known.block, quirks),
    }


def status(block: Block | None, quirks: Quirks) -> Document:
    """Return ``/tx/:txid/status``."""
    if block is None:
        nowhere: Document = {"block_height": -1, "block_hash": None, "block_time": None}
        return {"confirmed": False, **(nowhere if quirks.json is TransactionJson.BLOCKCORE else {})}
    return {
        "confirmed": True,
        "block_height": block.height + quirks.height_off,
        "block_hash": block.hash,
        "block_time": block.header.time,
    }


def outspends(index: Index, known: Indexed, quirks: Quirks) -> list[Document]:
    """Return ``/tx/:txid/outspends``; electrum-backed servers leave out by whom."""
    rows: list[Document] = []
    for vout in range(len(known.tx.outputs)):
        spender = index.spenders.get(f"{known.tx.txid}:{vout}")
        if spender is None or not quirks.names_spenders:
            rows.append({"spent": spender is not None})
        else:
            txid, vin = spender
            where = index.transactions[txid].block
            rows.append({"spent": True, "txid": txid, "vin": vin, "status": status(where, quirks)})
    return rows


def merkle_proof(block: Block, position: int) -> Document:
    """Return ``/tx/:txid/merkle-proof``."""
    return {
        "block_height": block.height,
        "merkle": merkle_branch(block.txids, position),
        "pos": position,
    }


def address(
    index: Index, text: str, script: bytes, history: list[Indexed], *, twice: bool = False
) -> Document:
    """Return ``/address/:address`` of a history; `twice` counts what pays and spends as two."""
    return {
        "address": text,
        "chain_stats": _stats(index, script, [known for known in history if known.block], twice=twice),
        "mempool_stats": _stats(index, script, [known for known in history if not known.block], twice=twice),
    }


def block(one: Block) -> Document:
    """Return ``/block/:hash``."""
    header: Header = one.header
    return {
        "id": one.hash,
        "height": one.height,
        "version": header.version,
        "timestamp": header.time,
        "tx_count": len(one.transactions),
        "size": len(one.serialize()),
        "merkle_root": header.merkle_root,
        "previousblockhash": header.prev if one.height else None,
        "nonce": header.nonce,
        "bits": header.bits,
    }


def _stats(index: Index, script: bytes, history: list[Indexed], *, twice: bool) -> Document:
    funded = [output.value_sat for known in history for output in known.tx.outputs if output.script == script]
    spent = [
        prevout.value_sat
        for known in history
        for entry in known.tx.inputs
        if (prevout := index.output(entry.prev_txid, entry.vout)) and prevout.script == script
    ]
    return {
        "funded_txo_count": len(funded),
        "funded_txo_sum": sum(funded),
        "spent_txo_count": len(spent),
        "spent_txo_sum": sum(spent),
        "tx_count": len(funded) + len(spent) if twice else len(history),
    }


def _input(entry: Input, prevout: Output | None, style: TransactionJson) -> Document:
    coinbase = entry.vout == _COINBASE_VOUT
    fields: Document = {
        "txid": _NO_PREVIOUS[style] if coinbase else entry.prev_txid,
        "vout": entry.vout,
        "prevout": None if prevout is None else _output(prevout, style),
        "scriptsig": entry.script_sig.hex(),
        "is_coinbase": coinbase,
        "sequence": entry.sequence,
    }
    if entry.witness or style is not TransactionJson.ESPLORA:
        fields["witness"] = [item.hex() for item in entry.witness]
    return fields


def _output(output: Output, style: TransactionJson) -> Document:
    fields: Document = {
        "scriptpubkey": output.script.hex(),
        "scriptpubkey_type": None if style is TransactionJson.BLOCKCORE else _type(output.script),
        "value": output.value_sat,
    }
    text = _address(output.script) or _NO_ADDRESS[style]
    return {**fields, "scriptpubkey_address": text} if text is not None else fields


@lru_cache(4096)
def _address(script: bytes) -> str | None:
    return address_of_script(script, HRP)


def _type(script: bytes) -> str:
    kinds = {"v0_p2wpkh": is_p2wpkh, "v0_p2wsh": is_p2wsh, "v1_p2tr": is_p2tr}
    if script[:1] == bytes([Op.RETURN]):
        return "op_return"
    return next((name for name, fits in kinds.items() if fits(script)), "unknown")
