"""Servers as they are met on first contact: the indexer profiles of public-servers.md 5, as data."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from generator.sandbox.indexer.quirks import (
    ErrorBody,
    PriceTable,
    Quirks,
    Quota,
    RefusedAnswer,
    TransactionJson,
    UnknownCursor,
)
from generator.sandbox.indexer_names import IndexerName

_ELECTRS_ALONE: Final = frozenset(
    {
        "/address/{address}/txs/chain",
        "/address/{address}/txs/chain/{after}",
        "/address/{address}/txs/mempool",
    }
)
_TOO_MANY_HTML: Final = RefusedAnswer(
    status=429,
    body="<html>\r\n<head><title>429 Too Many Requests</title></head>\r\n<body>\r\n"
    "<center><h1>429 Too Many Requests</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
    media_type="text/html",
)
TOO_MANY_JSON: Final = RefusedAnswer(
    status=429,
    body='{"error":"Too Many Requests","message":"You have exceeded the number of requests that this server '
    'answers for one address in an hour. Requests are counted again when the hour is over."}',
    media_type="application/json",
)

#: mempool over Fulcrum, as most self-hosted servers of Angor are.
_FULCRUM: Final = Quirks(
    lacks=_ELECTRS_ALONE,
    backend="electrum",
    page_in_all=10,
    electrum_order=True,
    unknown_cursor=UnknownCursor.FIRST,
    cap=125_000,
    names_spenders=False,
    op_return_spent=True,
    many_fail=True,
    unknown_status=500,
    json=TransactionJson.MEMPOOL,
    html_hashes=True,
    errors=ErrorBody.JSON,
    latency_s=2.6,
)
_BLOCKSTREAM: Final = Quirks(
    prefixes=("/api",),
    takes_many=False,
    cap=500_000,
    cap_answer=RefusedAnswer(status=400, body="Too many history entries"),
    prices=PriceTable.NONE,
    quota=Quota(per_s=700 / 3600, burst=700, answer=TOO_MANY_JSON, ban_s=3600),
    latency_s=0.3,
)

PROFILES: Final[Mapping[str, Quirks]] = {
    IndexerName.MEMPOOL_FULCRUM: _FULCRUM,
    IndexerName.MEMPOOL_FULCRUM_OLD: replace(_FULCRUM, proves=False),
    IndexerName.MEMPOOL_ELECTRUMX: replace(
        _FULCRUM, cap=20_000, cap_answer=RefusedAnswer(status=500, body="history too large"), latency_s=1.0
    ),
    IndexerName.MEMPOOL_ELECTRS: replace(_FULCRUM, cap=None, latency_s=5.0),
    IndexerName.MEMPOOL_SPACE: Quirks(
        prefixes=("/api",),
        backend="esplora",
        page_in_all=50,
        unknown_cursor=UnknownCursor.REFUSED,
        latency_s=0.2,
    ),
    IndexerName.BLOCKSTREAM: replace(_BLOCKSTREAM, follows_after_txid=False),
    IndexerName.ESPLORA_STOCK: replace(
        _BLOCKSTREAM,
        prefixes=("",),
        follows_after_txid=False,
        cap=None,
        cap_answer=None,
        quota=Quota(per_s=5, burst=10, answer=_TOO_MANY_HTML),
        latency_s=0.1,
    ),
    IndexerName.BLOCKCORE: Quirks(
        prefixes=("/api/v1",),
        lacks=frozenset(
            {
                *_ELECTRS_ALONE,
                "/blocks/{height}",
                "/blocks/tip/height",
                "/blocks/tip/hash",
                "/block/{hash}/header",
                "/block/{hash}/txids",
                "/tx/{txid}/status",
            }
        ),
        page_in_all=50,
        follows_after_txid=False,
        shuffled=True,
        lists_waiting=False,
        counts_spends=True,
        vin_unknown=True,
        takes_many=False,
        proves=False,
        unknown_status=500,
        json=TransactionJson.BLOCKCORE,
        errors=ErrorBody.PROBLEM,
        json_in_json=True,
        prices=PriceTable.NONE,
        latency_s=1.0,
    ),
    IndexerName.DEAD_ORIGIN: Quirks(
        answers_all=RefusedAnswer(
            status=530,
            body="<!DOCTYPE html><html><head><title>Origin unreachable</title></head>"
            "<body><h1>Error 1033</h1></body></html>",
            media_type="text/html",
        ),
        latency_s=0.1,
    ),
    IndexerName.DEAD_HOST: Quirks(closed=True),
    IndexerName.PRICES_FRESH: Quirks(prefixes=("/api/v1",), prices=PriceTable.EMPTY),
    IndexerName.PRICES_SIGNET: Quirks(prefixes=("/api/v1",), prices=PriceTable.TESTNET),
}
