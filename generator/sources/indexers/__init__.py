"""Bitcoin indexers: an ordered list of Esplora-compatible servers that check and replace one another."""

from generator.sources.indexers.address_history import AddressHistory, Listing, WitnessedHistory
from generator.sources.indexers.esplora import Esplora
from generator.sources.indexers.indexers import Indexers
from generator.sources.indexers.server_pool import GENESIS
from generator.sources.indexers.spends import Spender
