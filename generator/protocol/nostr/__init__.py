"""Nostr as values: events with their ids and signatures, and filters; no socket."""

from generator.protocol.nostr.deletions import DELETION, Deletions
from generator.protocol.nostr.event import Event, EventError, newest, pubkey_of, sign
from generator.protocol.nostr.filters import Filter
