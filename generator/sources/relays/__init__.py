"""Nostr relays: a reader that tells *complete* from *truncated*, and the union of several relays."""

from generator.sources.relays.quorum import SOURCE, Relays, chunks
from generator.sources.relays.reader import read_relay
from generator.sources.relays.reading import Ending, RelayLimits, RelayReading
from generator.sources.relays.relay_lists import RELAY_LIST
