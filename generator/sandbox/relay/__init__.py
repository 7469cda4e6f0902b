"""Nostr relays of the sandbox: two real ones and one that lies."""

from generator.sandbox.relay.liar import Liar
from generator.sandbox.relay.lies import lies
from generator.sandbox.relay.server import Relays, serve_relays

__all__ = ["Liar", "Relays", "lies", "serve_relays"]
