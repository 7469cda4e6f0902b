"""Nostr as values: events with their ids and signatures, and filters; no socket."""

from generator.protocol.nostr.deletions import DELETION, Deletions
from generator.protocol.nostr.event import (
    MAX_EVENT_BYTES,
    Event,
    EventError,
    Filter,
    newest,
    sign,
)
from generator.protocol.nostr.keys import pubkey_of, secret_of
