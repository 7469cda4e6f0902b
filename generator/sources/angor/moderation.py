"""Lists that moderators sign: which discovered projects are not to be shown; pure.

The hub keeps two: a deny list (kind 30000, ``d`` is ``angor:deny``) and a list of
pins (kind 10001). Both name projects by their Nostr key in ``p`` tags; of several
moderators the union counts. A list never touches money or the log: a project it
hides is read, recorded and counted like others, and left out of the pages; its
founder's words are not recorded, because what is recorded is published.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from generator.errors import Unavailable
from generator.judge.profile import SKEW
from generator.protocol.nostr import DELETION, Deletions, Event, Filter, newest
from generator.sources.angor.archive import Archive
from generator.sources.angor.event_index import EventIndex
from generator.sources.angor.project_reading import ProjectReading
from generator.sources.relays import SOURCE, OversizedEvent

DENY_LIST: Final = 30000
DENY: Final = "angor:deny"
PIN_LIST: Final = 10001
CHECK: Final = "moderation"
Mode = Literal["none", "deny", "whitelist"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moderation:
    """Whose lists count and how."""

    mode: Mode = "none"
    moderators: tuple[str, ...] = ()  #: Nostr public keys, hex

    def filters(self) -> list[Filter]:
        """Ask for lists and what their authors deleted; nothing without a list to follow."""
        if self.mode == "none":
            return []
        kind = DENY_LIST if self.mode == "deny" else PIN_LIST
        # asked without the `d` tag: not every relay has an index of tags
        return [Filter(kinds=(kind, DELETION), authors=self.moderators)]

    def lists(self, events: Iterable[Event], *, at: datetime) -> tuple[Event, ...]:
        """Return the newest standing list of each moderator as of `at`."""
        latest = int((at + SKEW).timestamp())
        own = [event for event in events if event.pubkey in self.moderators and event.created_at <= latest]
        deletions = Deletions.among(own, latest=latest)
        standing = [
            event for event in own if self._is_list(event.kind, event.tag("d")) and not deletions.of(event)
        ]
        found = (newest([event for event in standing if event.pubkey == key]) for key in self.moderators)
        return tuple(event for event in found if event is not None)

    def require(self, refused: Iterable[OversizedEvent], events: Iterable[Event]) -> None:
        """Raise `Unavailable` where a newer list was not kept: what it hides must not be shown."""
        kept = list(events)
        for large in refused:
            ours = large.pubkey in self.moderators and self._is_list(large.kind, large.d)
            if ours and not large.replaced_in(kept):
                expected = "ask the moderator for a shorter list, or take their key out of angor.moderators"
                raise Unavailable(
                    SOURCE,
                    f"the list that moderator {large.pubkey} signed cannot be followed: {large}; {expected}",
                )

    def _is_list(self, kind: int, d: str | None) -> bool:
        if self.mode == "deny":
            return (kind, d) == (DENY_LIST, DENY)
        return kind == PIN_LIST


@dataclass(slots=True, kw_only=True)
class ModerationJudge:
    """Tells whether lists let a project be shown, by what is known of whose it is.

    Its terms name its Nostr key, also those of an earlier run. Before they are read, the event
    that its founding commits to was signed by it; and without a founding it can be the key of
    anybody who announces it, so that such a project is hidden only where all of them are.
    """

    moderation: Moderation
    archive: Archive
    events: EventIndex  #: of this run and before
    announcing: Mapping[str, Collection[str]]  #: identifier → keys of those who announce it
    at: datetime
    lists: tuple[Event, ...] = field(init=False)
    _naming: dict[str, Event] = field(init=False)  #: key → the first list that names it

    def __post_init__(self) -> None:
        self.lists = self.moderation.lists(self.events.of(self.moderation.moderators), at=self.at)
        self._naming = {key: event for event in reversed(self.lists) for key in event.keys}

    def judge(self, reading: ProjectReading) -> None:
        """Say why lists hide a project; nothing of one that nothing founds, or of an unknown key."""
        if isinstance(reading.founding, str) and reading.all_listed and not reading.failure:
            return
        reasons = [self._reason(key) for key in sorted(self._keys(reading))]
        if reasons:
            reading.hidden = reasons[0] if all(reasons) else ""

    def _keys(self, reading: ProjectReading) -> Collection[str]:
        if reading.definition:
            return (reading.definition.terms.nostr_pubkey,)
        if (recorded := self.archive.project(reading.place)) is not None:
            return (recorded.nostr_pubkey,)
        if reading.founded:
            committed = self.events.get(reading.founded.founding.event_id)
            return (committed.pubkey,) if committed else ()
        return self.announcing.get(reading.identifier, ())

    def _reason(self, key: str) -> str:
        """Say why a key's project is not to be shown, empty where it is."""
        naming = self._naming.get(key)
        if self.moderation.mode == "deny" and naming:
            return f"its key {key} is on the deny list that {naming.pubkey} signed, event {naming.id}"
        if self.moderation.mode == "whitelist" and self.lists and not naming:
            first = self.lists[0].id
            return f"its key {key} is on no whitelist, expected in event {first} or another moderator's"
        return ""
