"""What to ask a relay for, and whether an event is an answer to it (NIP-01 filters)."""

from dataclasses import dataclass

from generator.protocol.nostr.event import Event


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
            and all(_has_tag(event, letter, values) for letter, values in self.tags)
        )


def _has_tag(event: Event, letter: str, values: tuple[str, ...]) -> bool:
    return any(len(tag) > 1 and tag[0] == letter and tag[1] in values for tag in event.tags)
