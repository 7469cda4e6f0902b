"""What the server answers to which path; pure, over an index."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from starlette.exceptions import HTTPException

from generator.protocol.bitcoin import MalformedData
from generator.protocol.bitcoin.script import script_of_address
from generator.sandbox.chain import Block
from generator.sandbox.indexer import documents
from generator.sandbox.indexer.index import Index, Indexed
from generator.sandbox.indexer.quirks import Quirks
from generator.sandbox.worth import Prices

#: Transactions that one question about spends may name.
MANY: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One request, with what it is asked of."""

    index: Index
    quirks: Quirks
    prices: Prices
    path: Mapping[str, str]
    query: Mapping[str, str]

    @property
    def transaction(self) -> Indexed:
        """The transaction the path names."""
        known = self.index.transactions.get(self.path["txid"])
        if known is None:
            raise HTTPException(404, "Transaction not found")
        return known

    @property
    def block(self) -> Block:
        """The block the path names by its hash."""
        height = self.index.heights.get(self.path["hash"])
        if height is None:
            raise HTTPException(404, "Block not found")
        return self.index.blocks[height]

    @property
    def script(self) -> bytes:
        """The output script of the address the path names."""
        try:
            return script_of_address(self.path["address"], documents.HRP)
        except MalformedData:
            raise HTTPException(400, "Invalid Bitcoin address") from None


def _first_page(asked: Question) -> object:
    """Return waiting transactions and the first page of confirmed ones, or what follows a transaction."""
    waiting, confirmed = _halves(asked)
    quirks, after = asked.quirks, asked.query.get("after_txid")
    if not after or not quirks.follows_after_txid or quirks.restarts:
        page = quirks.part(confirmed, None, size=quirks.page)
        return _listed(asked, waiting[: quirks.mempool_page] + page)
    if after in [known.tx.txid for known in waiting]:
        rest = quirks.part(waiting, after, size=quirks.mempool_page)
        return _listed(asked, rest + quirks.part(confirmed, None, size=quirks.page))
    return _listed(asked, quirks.part(confirmed, after, size=quirks.page))


def _chain_page(asked: Question) -> object:
    page = asked.quirks.part(_halves(asked)[1], asked.path.get("after"), size=asked.quirks.page)
    return _listed(asked, page)


def _waiting_page(asked: Question) -> object:
    return _listed(asked, _halves(asked)[0][: asked.quirks.mempool_page])


def _halves(asked: Question) -> tuple[list[Indexed], list[Indexed]]:
    history = asked.quirks.listed(asked.index.history(asked.script))
    return [known for known in history if not known.block], [known for known in history if known.block]


def _listed(asked: Question, page: list[Indexed]) -> object:
    return [documents.transaction(asked.index, known) for known in page]


def _address(asked: Question) -> object:
    quirks, text = asked.quirks, asked.path["address"]
    omitted = frozenset[str]() if quirks.counts_omitted else quirks.omits
    found = documents.address(asked.index, text, asked.script, omitted=omitted)
    return {"address": text} if quirks.no_counts else found


def _proof(asked: Question) -> object:
    known = asked.transaction
    if known.block is None or not asked.quirks.proves:
        raise HTTPException(404, "Transaction not found or is unconfirmed")
    return documents.merkle_proof(known.block, known.position)


def _many_outspends(asked: Question) -> object:
    """Return the spends of up to fifty transactions; of an unknown one, nothing (mempool's API)."""
    txids = asked.query.get("txids", "").split(",")
    if not asked.quirks.takes_many:
        raise HTTPException(404, "Not found")
    if len(txids) > MANY:
        raise HTTPException(400, "Too many txids requested")
    index, bare = asked.index, not asked.quirks.names_spenders
    known = [index.transactions.get(txid) for txid in txids]
    return [documents.outspends(index, found, bare=bare) if found else [] for found in known]


def _hash_at(asked: Question) -> object:
    text = asked.path["height"]
    if not text.isdigit() or int(text) > asked.index.tip.height:
        raise HTTPException(404, "Block not found")
    return asked.index.blocks[int(text)].hash


def historical_price(asked: Question) -> object:
    """Return the invented price of a currency at or before a time, or the whole table (mempool's API)."""
    currency, timestamp = asked.query.get("currency", "USD"), asked.query.get("timestamp")
    if timestamp is None:
        rows = [
            {"time": int(quote.at.timestamp()), currency: quote.prices.get(currency, -1)}
            for quote in reversed(asked.prices.quotes)
        ]
        return {"prices": rows, "exchangeRates": {}}
    if not timestamp.isdigit():
        raise HTTPException(400, "Invalid timestamp")
    quote = asked.prices.at(datetime.fromtimestamp(int(timestamp), UTC))
    if quote is None or currency not in quote.prices:
        return {"prices": [], "exchangeRates": {}}
    shown = {name: quote.prices[name] for name in (currency, "USD")}
    return {"prices": [{"time": int(quote.at.timestamp()), **shown}], "exchangeRates": {}}


ROUTES: Final[Mapping[str, Callable[[Question], object]]] = {
    "/address/{address}": _address,
    "/address/{address}/txs": _first_page,
    "/address/{address}/txs/chain": _chain_page,
    "/address/{address}/txs/chain/{after}": _chain_page,
    "/address/{address}/txs/mempool": _waiting_page,
    "/tx/{txid}": lambda asked: documents.transaction(asked.index, asked.transaction),
    "/tx/{txid}/hex": lambda asked: asked.transaction.tx.serialize().hex(),
    "/tx/{txid}/status": lambda asked: documents.status(asked.transaction.block),
    "/tx/{txid}/outspends": lambda asked: documents.outspends(
        asked.index, asked.transaction, bare=not asked.quirks.names_spenders
    ),
    "/txs/outspends": _many_outspends,
    "/tx/{txid}/merkle-proof": _proof,
    "/block/{hash}": lambda asked: documents.block(asked.block),
    "/block/{hash}/header": lambda asked: asked.block.header.serialize().hex(),
    "/block/{hash}/txids": lambda asked: asked.block.txids,
    "/block-height/{height}": _hash_at,
    "/blocks/tip/height": lambda asked: str(asked.quirks.claimed_tip or asked.index.tip.height),
    "/blocks/tip/hash": lambda asked: asked.index.tip.hash,
}
