"""Nostr relays of the sandbox: two real ones, one that lies, and one with any quirk."""

from generator.sandbox.relay.lies import Liar, lies
from generator.sandbox.relay.quirks import Quirks, QuirkyRelay, serve_quirky
from generator.sandbox.relay.server import Relays, serve_relays
