"""Bitcoin indexers: an ordered list of Esplora-compatible servers that check and replace one another."""

from generator.sources.indexers.esplora import Esplora, History, Listing, Spender
from generator.sources.indexers.fleet import GENESIS, Indexers
from generator.sources.indexers.sighting import Sighting

__all__ = [
    "GENESIS",
    "Esplora",
    "History",
    "Indexers",
    "Listing",
    "Sighting",
    "Spender",
]
