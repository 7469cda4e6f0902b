"""Bitcoin indexers: an ordered list of Esplora-compatible servers that check and replace one another."""

from generator.sources.indexers.esplora import AddressHistory, Esplora, Listing, Spender
from generator.sources.indexers.fleet import GENESIS, Indexers
from generator.sources.indexers.sighting import WitnessedHistory

__all__ = [
    "GENESIS",
    "AddressHistory",
    "Esplora",
    "Indexers",
    "Listing",
    "Spender",
    "WitnessedHistory",
]
