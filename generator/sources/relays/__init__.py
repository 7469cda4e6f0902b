"""Nostr relays: a reader that tells *complete* from *truncated*, and the union of several relays."""

from generator.sources.relays.lists import RELAY_LIST
from generator.sources.relays.quorum import Relays, chunks
from generator.sources.relays.reader import Ending, RelayLimits, RelayReading, read_relay

__all__ = ["RELAY_LIST", "Ending", "RelayLimits", "RelayReading", "Relays", "chunks", "read_relay"]
