"""Nostr relays: a reader that tells *complete* from *truncated*, and the union of several relays."""

from generator.sources.relays.quorum import Relays, Union, chunks
from generator.sources.relays.reader import Ending, Limits, Reading, read

__all__ = ["Ending", "Limits", "Reading", "Relays", "Union", "chunks", "read"]
