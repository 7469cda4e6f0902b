"""What the server answers to which path; pure, over an index."""

from collections.abc import Callable, Mapping
from typing import Final

from starlette.exceptions import HTTPException

from generator.protocol.bitcoin import Op
from generator.sandbox.indexer import documents
from generator.sandbox.indexer.histories import address, chain_page, first_page, waiting_page
from generator.sandbox.indexer.index import Indexed
from generator.sandbox.indexer.question import Question

#: Blocks in one list of them.
LISTED: Final = 10
#: Transactions that one question about spends may name.
MANY: Final = 50


def _proof(asked: Question) -> object:
    known = asked.transaction
    if known.block is None or asked.quirks.height_off:  # over Electrum a branch is asked for by height
        raise HTTPException(asked.quirks.unknown_status, "Transaction not found or is unconfirmed")
    return documents.merkle_proof(known.block, known.position)


def _many_outspends(asked: Question) -> object:
    """Return the spends of up to fifty transactions; of an unknown one, nothing (mempool's API)."""
    txids = asked.query.get("txids", "").split(",")
    if len(txids) > MANY:
        raise HTTPException(400, "Too many txids requested")
    known = [asked.index.transactions.get(txid) for txid in txids]
    if asked.quirks.many_fail and None in known:
        raise HTTPException(500, "No such mempool or blockchain transaction")
    return [_spends(asked, found) if found else [] for found in known]


def _spends(asked: Question, known: Indexed) -> list[documents.Document]:
    quirks = asked.quirks
    rows = documents.outspends(asked.index, known, quirks)
    for row, output in zip(rows, known.tx.outputs, strict=True):
        if quirks.op_return_spent and output.script[:1] == bytes([Op.RETURN]):
            row["spent"] = True
        if quirks.vin_unknown:
            vin = -1 if row["spent"] else None
            row.update({"txid": row.get("txid"), "vin": vin, "status": row.get("status")})
    return rows[::-1] if quirks.vin_unknown else rows


def _hash_at(asked: Question) -> object:
    text = asked.path["height"]
    if not text.isdigit() or int(text) > asked.index.tip.height:
        raise HTTPException(asked.quirks.unknown_status, "Block not found")
    return asked.index.blocks[int(text)].hash


def _blocks(asked: Question) -> object:
    """Return the ten blocks that end at a height (Esplora; mempool lists fifteen, with more about each)."""
    height = int(text) if (text := asked.path["height"]).isdigit() else -1
    if not 0 <= height <= asked.index.tip.height:
        raise HTTPException(asked.quirks.unknown_status, "Block not found")
    return [documents.block(block) for block in asked.index.blocks[height::-1][:LISTED]]


ROUTES: Final[Mapping[str, Callable[[Question], object]]] = {
    "/address/{address}": address,
    "/address/{address}/txs": first_page,
    "/address/{address}/txs/chain": chain_page,
    "/address/{address}/txs/chain/{after}": chain_page,
    "/address/{address}/txs/mempool": waiting_page,
    "/tx/{txid}": lambda asked: documents.transaction(asked.index, asked.transaction, asked.quirks),
    "/tx/{txid}/hex": lambda asked: asked.transaction.tx.serialize().hex(),
    "/tx/{txid}/status": lambda asked: documents.status(asked.transaction.block, asked.quirks),
    "/tx/{txid}/outspends": lambda asked: _spends(asked, asked.transaction),
    "/txs/outspends": _many_outspends,
    "/tx/{txid}/merkle-proof": _proof,
    "/block/{hash}": lambda asked: documents.block(asked.block),
    "/block/{hash}/header": lambda asked: asked.block.header.serialize().hex(),
    "/block/{hash}/txids": lambda asked: asked.block.txids,
    "/block-height/{height}": _hash_at,
    "/blocks/{height}": _blocks,
    "/blocks/tip/height": lambda asked: str(asked.quirks.claimed_tip or asked.index.tip.height),
    "/blocks/tip/hash": lambda asked: asked.index.tip.hash,
}
