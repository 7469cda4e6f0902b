"""Whether an event answers a filter as a relay reads it (NIP-01): decoded JSON, never our own filters."""

from collections.abc import Mapping
from typing import Any

from generator.protocol.nostr import Event


def matches(event: Event, wanted: Mapping[str, Any]) -> bool:
    """Tell whether an event answers a filter as it came over the wire."""
    return (
        event.kind in wanted.get("kinds", [event.kind])
        and event.pubkey in wanted.get("authors", [event.pubkey])
        and event.id in wanted.get("ids", [event.id])
        and wanted.get("since", 0) <= event.created_at <= wanted.get("until", 2**53)
        and all(event.tag(name[1:]) in values for name, values in wanted.items() if name.startswith("#"))
    )
