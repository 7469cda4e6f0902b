"""An event in a message too large to be kept: who signed what is told without decoding it.

Decoded JSON takes up to twenty times the room of its text. The id is the hash of the event's fields in one
form (NIP-01), which the text of a relay has already, but for spaces.
"""

import json
import re
from functools import cached_property
from hashlib import sha256
from typing import Final, Self

import msgspec

from generator.protocol.nostr import Event, EventError
from generator.unreadable import UNREADABLE

#: Bytes of a message from which on it is not decoded.
LARGE: Final = 2**22
#: The first ``d`` tag; inside of a text its quotes would be escaped.
_D: Final = re.compile(rb'\["d",("(?:[^"\\]|\\.)*")')


class _Fields(msgspec.Struct):
    id: str
    pubkey: str
    created_at: int
    kind: int
    tags: msgspec.Raw
    content: msgspec.Raw
    sig: str


_MESSAGE: Final = msgspec.json.Decoder(tuple[str, str, _Fields])


class LargeEvent(Event, frozen=True, kw_only=True, dict=True):
    """An event without its content and with its ``d`` tag alone."""

    text_bytes: int  #: of its content and tags as JSON
    hashed: str  #: its id as its text gives it

    @classmethod
    def of(cls, fields: _Fields) -> Self:
        """Read what is told of an event; raise `EventError` and what msgspec raises where it is none."""
        tags = msgspec.json.format(bytes(fields.tags), indent=-1)
        content = msgspec.json.decode(fields.content, type=str)
        shown = json.dumps(content, ensure_ascii=False).encode()
        found = _D.search(tags)
        d = [["d", msgspec.json.decode(found[1], type=str)]] if found else []
        head = Event.parse({**msgspec.structs.asdict(fields), "tags": d, "content": ""})
        start = f'[0,"{head.pubkey}",{head.created_at},{head.kind},'.encode()
        return cls(
            **msgspec.structs.asdict(head),
            text_bytes=len(tags) + len(shown),
            hashed=sha256(b"".join((start, tags, b",", shown, b"]"))).hexdigest(),
        )

    def computed_id(self) -> str:
        """Return the id that the text gave, of which only the head is kept."""
        return self.hashed

    @cached_property
    def size(self) -> int:
        """The bytes of its content and tags."""
        return self.text_bytes


def large_message_in(frame: str) -> list[object]:
    """Return a message that carries a `LargeEvent`, empty for any other."""
    try:
        verb, name, fields = _MESSAGE.decode(frame)
        return [verb, name, LargeEvent.of(fields)]
    except (*UNREADABLE, EventError):
        return []
