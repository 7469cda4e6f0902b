"""Bitcoin indexers: an ordered list of Esplora-compatible servers that check and replace one another."""

from generator.sources.indexers.esplora import Esplora, History, Listing, Spender, Spot
from generator.sources.indexers.fleet import GENESIS, Indexers
from generator.sources.indexers.inclusion import Inclusion
from generator.sources.indexers.sighting import Sighting

__all__ = [
    "GENESIS",
    "Esplora",
    "History",
    "Inclusion",
    "Indexers",
    "Listing",
    "Sighting",
    "Spender",
    "Spot",
]
