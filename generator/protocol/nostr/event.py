"""Nostr events and filters (NIP-01): events parsed strictly, checked, signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import chain
from operator import itemgetter
from typing import Self

import msgspec

from generator.protocol.curve import public_xonly, schnorr_sign, schnorr_verify

MAX_EVENT_BYTES = 2**22  #: of its texts together; relays pass on messages of 512 kB at most
MAX_KIND = 65_535
MAX_CREATED_AT = 2**53 - 1  #: the largest whole number every JSON reader keeps
_FIELDS = ("id", "pubkey", "created_at", "kind", "tags", "content", "sig")
_VALUES = itemgetter(*_FIELDS)
_ENCODER = msgspec.json.Encoder()
_MOST_LETTERS = MAX_EVENT_BYTES // 4  #: so many have no more bytes, whichever they are


class EventError(ValueError):
    """Something is not a Nostr event; `reason` is one word or two, the text says what was seen."""

    def __init__(self, *, reason: str, observed: str) -> None:
        self.reason = reason
        super().__init__(f"{reason}: {observed}")


class Event(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A signed event; parsing it checks its shape, `problem` checks its id and signature."""

    id: str
    pubkey: str  #: x-only, 64 hex digits
    created_at: int  #: Unix seconds, as the author wrote them
    kind: int
    tags: tuple[tuple[str, ...], ...]
    content: str  #: exactly as it was signed
    sig: str

    @classmethod
    def parse(cls, obj: object) -> Self:
        """Read decoded JSON; raise `EventError` for anything but a well-formed event within limits."""
        if not isinstance(obj, dict):
            raise EventError(reason="not an object", observed=type(obj).__name__)
        try:
            event_id, pubkey, created_at, kind, tags, content, sig = _VALUES(obj)
        except KeyError:
            missing = ", ".join(name for name in _FIELDS if name not in obj)
            raise EventError(reason="missing field", observed=missing) from None
        event = cls(
            id=_hex(event_id, "id", 64),
            pubkey=_hex(pubkey, "pubkey", 64),
            created_at=_number(created_at, "created_at", MAX_CREATED_AT),
            kind=_number(kind, "kind", MAX_KIND),
            tags=_tags(tags),
            content=_text(content, "content"),
            sig=_hex(sig, "sig", 128),
        )
        if event.letters > _MOST_LETTERS and event.size > MAX_EVENT_BYTES:
            observed = f"{event.size} bytes of text, at most {MAX_EVENT_BYTES} are read"
            raise EventError(reason="too large", observed=observed)
        return event

    def to_obj(self) -> dict[str, object]:
        """Return the event as JSON values, ready to be sent or stored."""
        return {name: getattr(self, name) for name in _FIELDS} | {"tags": [list(tag) for tag in self.tags]}

    def computed_id(self) -> str:
        """Return the id that the event's other fields give."""
        return _id_of(self.pubkey, self.created_at, self.kind, self.tags, self.content)

    @cached_property
    def problem(self) -> str | None:
        """What is wrong with id or signature in one sentence, or None."""
        computed = self.computed_id()
        if computed != self.id:
            return f"event {self.id}: its fields hash to {computed}"
        if not schnorr_verify(bytes.fromhex(self.pubkey), bytes.fromhex(self.id), bytes.fromhex(self.sig)):
            return f"event {self.id}: the signature is not by {self.pubkey}"
        return None

    @cached_property
    def size(self) -> int:
        """The bytes of its content and tags."""
        return sum(len(text.encode()) for text in (self.content, *chain.from_iterable(self.tags)))

    @property
    def letters(self) -> int:
        """The characters of its content and tags."""
        return len(self.content) + sum([len(text) for tag in self.tags for text in tag])

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys that its ``p`` tags name; a list can have thousands."""
        return frozenset(tag[1] for tag in self.tags if len(tag) > 1 and tag[0] == "p")

    def tag(self, name: str) -> str | None:
        """Return the value of the first tag of a name, or None."""
        for tag in self.tags:
            if len(tag) > 1 and tag[0] == name:
                return tag[1]
        return None


def sign(
    secret: bytes,
    *,
    kind: int,
    content: str,
    created_at: int,
    tags: Sequence[Sequence[str]] = (),
) -> Event:
    """Return an event signed by a 32-byte secret; the same input gives the same event."""
    pubkey = public_xonly(secret).hex()
    kept = tuple(tuple(tag) for tag in tags)
    event_id = _id_of(pubkey, created_at, kind, kept, content)
    sig = schnorr_sign(secret, bytes.fromhex(event_id)).hex()
    return Event(
        id=event_id, pubkey=pubkey, created_at=created_at, kind=kind, tags=kept, content=content, sig=sig
    )


def newest(events: Sequence[Event]) -> Event | None:
    """Return the event a replaceable kind stands for: latest `created_at`, then the lowest id."""
    return min(events, key=lambda event: (-event.created_at, event.id), default=None)


def _id_of(pubkey: str, created_at: int, kind: int, tags: tuple[tuple[str, ...], ...], content: str) -> str:
    # msgspec escapes what NIP-01 says and leaves every other character alone
    return sha256(_ENCODER.encode((0, pubkey, created_at, kind, tags, content))).hexdigest()


def _bad(name: str, observed: str) -> EventError:
    return EventError(reason=f"bad {name}", observed=observed)


def _hex(value: object, name: str, length: int) -> str:
    if isinstance(value, str) and len(value) == length and _is_hex(value):
        return value
    raise _bad(name, f"expected {length} lower-case hex digits, got {_shown(value)}")


def _is_hex(text: str) -> bool:
    try:
        return bytes.fromhex(text).hex() == text  # not so with capitals, and the spaces bytes may have
    except ValueError:
        return False


def _number(value: object, name: str, limit: int) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= limit:
        return value
    raise _bad(name, f"expected a whole number from 0 to {limit}, got {_shown(value)}")


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise _bad(name, f"expected text, got {_shown(value)}")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise _bad(name, "the text has a lone surrogate, which has no UTF-8 form") from None
    return value


def _tags(value: object) -> tuple[tuple[str, ...], ...]:
    if not isinstance(value, list | tuple):
        raise _bad(name="tags", observed=f"expected a list of tags, got {_shown(value)}")
    return tuple([_tag(tag) for tag in value])


def _tag(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise _bad(name="tags", observed=f"expected a list of texts, got {_shown(value)}")
    return tuple([_text(item, "tags") for item in value])


def _shown(value: object) -> str:
    text = ascii(value)
    return text if len(text) <= 80 else f"{text[:77]}..."  # noqa: PLR2004 - one line of a message


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A question to a relay; empty fields ask for anything."""

    ids: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    kinds: tuple[int, ...] = ()
    tags: tuple[tuple[str, tuple[str, ...]], ...] = ()  #: tag letter and accepted values
    since: int | None = None
    until: int | None = None  #: inclusive
    limit: int | None = None

    def to_obj(self) -> dict[str, object]:
        """Return the filter as JSON values."""
        fields: dict[str, object] = {
            "ids": list(self.ids),
            "authors": list(self.authors),
            "kinds": list(self.kinds),
            **{f"#{letter}": list(values) for letter, values in self.tags},
            "since": self.since,
            "until": self.until,
            "limit": self.limit,
        }
        return {name: value for name, value in fields.items() if value not in ([], None)}

    def matches(self, event: Event) -> bool:
        """Tell whether an event answers the question; a relay may send anything."""
        return (
            (not self.ids or event.id in self.ids)
            and (not self.authors or event.pubkey in self.authors)
            and (not self.kinds or event.kind in self.kinds)
            and (self.since is None or event.created_at >= self.since)
            and (self.until is None or event.created_at <= self.until)
            and all(
                any(len(tag) > 1 and tag[0] == letter and tag[1] in values for tag in event.tags)
                for letter, values in self.tags
            )
        )
