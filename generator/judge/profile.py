"""The founder's own words about a project: the newest valid profile and description; pure.

Both kinds are replaceable and bound to nothing on the chain (NIP-01, NIP-78), so
they are shown as words and never decide about money. Nothing here is cleaned:
that is the pages' duty.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from generator.addresses import without_login
from generator.protocol.angor.strict_json import TermsError, read_object
from generator.protocol.nostr import MAX_EVENT_BYTES, Deletions, Event, newest
from generator.text_bounds import STRANGERS
from generator.text_format import shortened

PROFILE: Final = 0
APP_DATA: Final = 30078
DESCRIPTION: Final = "angor:project"
#: How far a founder's clock may be ahead of ours.
SKEW: Final = timedelta(minutes=15)
LONGEST_TITLE: Final = 200
LONGEST_TAGLINE: Final = 2_000
LONGEST_WEBSITE: Final = 500  #: letters of an address, of a picture too
LONGEST_DESCRIPTION: Final = 2 * STRANGERS.letters  #: a page says that it shows less


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a founder says; empty where nothing valid was found."""

    title: str = ""
    tagline: str = ""
    description: str = ""
    website: str = ""
    picture: str = ""  #: address of a wide one, else of the founder's own
    events: tuple[Event, ...] = ()  #: where it was said, and where it was taken back
    refused: str = ""  #: why the newest profile could not be read, one phrase
    taken_back: Event | None = None  #: the founder's request to delete the definition, which binds nobody


def profile_of(
    pubkey: str, events: Iterable[Event], *, at: datetime, definition: Event | None = None
) -> Profile:
    """Return what the holder of a Nostr key says about the project as of `at`.

    What its author asked to delete is not shown; only a deletion by the
    definition's own author is a request to delete the `definition`.
    """
    latest = int((at + SKEW).timestamp())
    own = [event for event in events if event.pubkey == pubkey and event.created_at <= latest]
    words = [
        event
        for event in own
        if event.kind == PROFILE or (event.kind == APP_DATA and event.tag("d") == DESCRIPTION)
    ]
    deletions = Deletions.among(own, latest=latest)
    requests = {event.id: request for event in words if (request := deletions.of(event))}
    standing = [event for event in words if event.id not in requests]
    cards = [event for event in standing if event.kind == PROFILE]
    readable = {event.id: fields for event in cards if not isinstance(fields := _fields(event), str)}
    card, latest_card = newest([event for event in cards if event.id in readable]), newest(cards)
    refused = _fields(latest_card) if latest_card and latest_card != card else ""
    description = newest([event for event in standing if event.kind == APP_DATA])
    taken_back = deletions.of(definition) if definition else None
    told = {event.id: event for event in (card, description, taken_back, *requests.values()) if event}
    fields = readable[card.id] if card else {}
    return Profile(
        title=shortened(_text(fields, "name") or _text(fields, "display_name"), LONGEST_TITLE),
        tagline=shortened(_text(fields, "about"), LONGEST_TAGLINE),
        website=_address(fields, "website"),
        picture=next((link for name in ("banner", "picture") if (link := _address(fields, name))), ""),
        description=description.content[:LONGEST_DESCRIPTION] if description else "",
        events=tuple(told.values()),
        refused=f"event {latest_card.id}: {refused}" if latest_card and refused else "",
        taken_back=taken_back,
    )


def _fields(card: Event) -> Mapping[str, object] | str:
    """Return what a profile says, or why it cannot be read."""
    try:
        return read_object(card.content, most=MAX_EVENT_BYTES)  # a picture can be in it
    except TermsError as error:
        return str(error)


def _address(fields: Mapping[str, object], name: str) -> str:
    found = _text(fields, name)
    return without_login(found) if len(found) <= LONGEST_WEBSITE else ""  # half of an address leads elsewhere


def _text(fields: Mapping[str, object], name: str) -> str:
    value = fields.get(name)
    return value.strip() if isinstance(value, str) else ""
