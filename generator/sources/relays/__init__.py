"""Nostr relays: a reader that tells *complete* from *truncated*, and the union of several relays."""

from generator.sources.relays.lists import RELAY_LIST
from generator.sources.relays.quorum import Relays, Union, chunks
from generator.sources.relays.reader import Ending, Limits, Reading, read

__all__ = ["RELAY_LIST", "Ending", "Limits", "Reading", "Relays", "Union", "chunks", "read"]
