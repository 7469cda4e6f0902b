"""An index in Esplora's JSON (Blockstream/esplora, API.md)."""

from typing import Final

from generator.protocol.bitcoin import Header, Input, Op, Output, address_of_script, is_p2wsh, merkle_branch
from generator.protocol.bitcoin.script import is_p2tr, is_p2wpkh
from generator.sandbox.chain import Block
from generator.sandbox.indexer.index import Index, Indexed

Document = dict[str, object]

HRP: Final = "bcrt"
_COINBASE_VOUT: Final = 0xFFFFFFFF


def transaction(index: Index, known: Indexed) -> Document:
    """Return ``/tx/:txid``."""
    tx = known.tx
    size, stripped = len(tx.serialize()), len(tx.stripped())
    spent = [index.output(entry.prev_txid, entry.vout) for entry in tx.inputs]
    paid_sat = sum(output.value_sat for output in tx.outputs)
    return {
        "txid": tx.txid,
        "version": tx.version,
        "locktime": tx.locktime,
        "vin": [_input(entry, prevout) for entry, prevout in zip(tx.inputs, spent, strict=True)],
        "vout": [_output(output) for output in tx.outputs],
        "size": size,
        "weight": 3 * stripped + size,
        "fee": 0 if tx.is_coinbase else sum(output.value_sat for output in spent if output) - paid_sat,
        "status": status(known.block),
    }


def status(block: Block | None) -> Document:
    """Return ``/tx/:txid/status``."""
    if block is None:
        return {"confirmed": False}
    return {
        "confirmed": True,
        "block_height": block.height,
        "block_hash": block.hash,
        "block_time": block.header.time,
    }


def outspends(index: Index, known: Indexed, *, bare: bool = False) -> list[Document]:
    """Return ``/tx/:txid/outspends``; `bare` leaves out by whom, as electrum-backed servers do."""
    rows: list[Document] = []
    for vout in range(len(known.tx.outputs)):
        spender = index.spenders.get(f"{known.tx.txid}:{vout}")
        if spender is None or bare:
            rows.append({"spent": spender is not None})
        else:
            txid, vin = spender
            where = index.transactions[txid].block
            rows.append({"spent": True, "txid": txid, "vin": vin, "status": status(where)})
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


def _input(entry: Input, prevout: Output | None) -> Document:
    fields: Document = {
        "txid": entry.prev_txid,
        "vout": entry.vout,
        "prevout": None if prevout is None else _output(prevout),
        "scriptsig": entry.script_sig.hex(),
        "is_coinbase": entry.vout == _COINBASE_VOUT,
        "sequence": entry.sequence,
    }
    if entry.witness:
        fields["witness"] = [item.hex() for item in entry.witness]
    return fields


def _output(output: Output) -> Document:
    fields: Document = {
        "scriptpubkey": output.script.hex(),
        "scriptpubkey_type": _type(output.script),
        "value": output.value_sat,
    }
    if text := address_of_script(output.script, HRP):
        fields["scriptpubkey_address"] = text
    return fields


def _type(script: bytes) -> str:
    kinds = {"v0_p2wpkh": is_p2wpkh, "v0_p2wsh": is_p2wsh, "v1_p2tr": is_p2tr}
    if script[:1] == bytes([Op.RETURN]):
        return "op_return"
    return next((name for name, fits in kinds.items() if fits(script)), "unknown")
