"""Nostr relays of the sandbox: two real ones, one that lies, one with any quirk, one with any profile."""

from generator.sandbox.relay.lies import Liar, lies
from generator.sandbox.relay.profiled_relay import ProfiledRelay, serve_profile
from generator.sandbox.relay.quirks import Quirks, QuirkyRelay, serve_quirky
from generator.sandbox.relay.server import MEMBER, Relays, serve_relays
from generator.sandbox.relay_profiles import RELAY_PROFILES, Guard, RelayProfile
