"""Nostr relays: a reader that tells *complete* from *truncated*, and the union of several relays."""

from generator.sources.relays.information import (
    ACCEPT,
    RelayInformation,
    information_address,
    parse_information,
)
from generator.sources.relays.questions import chunks
from generator.sources.relays.quorum import SOURCE, Relays
from generator.sources.relays.reader import read_relay
from generator.sources.relays.reading import Ending, OversizedEvent, RelayLimits, RelayReading
from generator.sources.relays.relay_lists import RELAY_LIST
from generator.sources.relays.relay_words import public_address
