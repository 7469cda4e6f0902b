"""The public servers that an indexer of the sandbox can play; what they do is in `indexer/profiles.py`.

The command names them in its help, for which the sandbox itself is not imported.
"""

from enum import StrEnum


class IndexerName(StrEnum):
    """A kind of public server (public-servers.md 5)."""

    MEMPOOL_FULCRUM = "mempool-fulcrum"
    MEMPOOL_FULCRUM_OLD = "mempool-fulcrum-old"
    MEMPOOL_ELECTRUMX = "mempool-electrumx"
    MEMPOOL_ELECTRS = "mempool-electrs"
    MEMPOOL_SPACE = "mempool-space"
    BLOCKSTREAM = "blockstream"
    ESPLORA_STOCK = "esplora-stock"
    BLOCKCORE = "blockcore"
    DEAD_ORIGIN = "dead-origin"
    DEAD_HOST = "dead-host"
    PRICES_FRESH = "prices-fresh"
    PRICES_SIGNET = "prices-signet"
