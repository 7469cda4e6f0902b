"""Nostr as values: events with their ids and signatures, and filters; no socket."""

from generator.nostr.deletions import DELETION, Deletions
from generator.nostr.event import Event, EventError, newest, sign
from generator.nostr.filters import Filter
from generator.nostr.npub import pubkey_of

__all__ = ["DELETION", "Deletions", "Event", "EventError", "Filter", "newest", "pubkey_of", "sign"]
