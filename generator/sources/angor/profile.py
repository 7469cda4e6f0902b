"""The founder's own words about a project: the newest valid profile and description; pure.

Both kinds are replaceable and bound to nothing on the chain (NIP-01, NIP-78), so
they are shown as words and never decide about money. Nothing here is cleaned:
that is the pages' duty.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from generator.nostr import Event, newest

PROFILE: Final = 0
APP_DATA: Final = 30078
DESCRIPTION: Final = "angor:project"
#: How far a founder's clock may be ahead of ours.
SKEW: Final = timedelta(minutes=15)
LONGEST_TITLE: Final = 200
LONGEST_TAGLINE: Final = 2_000
LONGEST_WEBSITE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a founder says; empty where nothing valid was found."""

    title: str = ""
    tagline: str = ""
    description: str = ""
    website: str = ""
    events: tuple[Event, ...] = ()  #: where it was said


def profile_of(pubkey: str, events: Iterable[Event], *, at: datetime) -> Profile:
    """Return what the holder of a Nostr key says about the project as of `at`."""
    latest = int((at + SKEW).timestamp())
    own = [event for event in events if event.pubkey == pubkey and event.created_at <= latest]
    card = newest([event for event in own if event.kind == PROFILE and _fields(event) is not None])
    description = newest([event for event in own if event.kind == APP_DATA and event.tag("d") == DESCRIPTION])
    fields = (_fields(card) if card else None) or {}
    return Profile(
        title=(_text(fields, "name") or _text(fields, "display_name"))[:LONGEST_TITLE],
        tagline=_text(fields, "about")[:LONGEST_TAGLINE],
        website=_text(fields, "website")[:LONGEST_WEBSITE],
        description=description.content if description else "",
        events=tuple(event for event in (card, description) if event),
    )


def _fields(card: Event) -> dict[str, Any] | None:
    try:
        return msgspec.json.decode(card.content, type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError):
        return None


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    return value.strip() if isinstance(value, str) else ""
