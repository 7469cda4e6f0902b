"""Lists that moderators sign: which discovered projects are not to be shown; pure.

The hub keeps two: a deny list (kind 30000, ``d`` is ``angor:deny``) and a list of
pins (kind 10001). Both name projects by their Nostr key in ``p`` tags; of several
moderators the union counts. A list never touches money or the log: a project it
hides is read, recorded and counted like others, and left out of the pages; its
founder's words are not recorded, because what is recorded is published.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from generator.judge.profile import SKEW
from generator.protocol.nostr import Deletions, Event, Filter, newest
from generator.snapshot import Result
from generator.sources.angor.project_reading import ProjectReading

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
        return [Filter(kinds=(kind, 5), authors=self.moderators)]

    def lists(self, events: Iterable[Event], *, at: datetime) -> tuple[Event, ...]:
        """Return the newest standing list of each moderator as of `at`."""
        latest = int((at + SKEW).timestamp())
        own = [event for event in events if event.pubkey in self.moderators and event.created_at <= latest]
        deletions = Deletions.among(own, latest=latest)
        standing = [event for event in own if self._is_list(event) and not deletions.of(event)]
        found = (newest([event for event in standing if event.pubkey == key]) for key in self.moderators)
        return tuple(event for event in found if event is not None)

    def judge(self, reading: ProjectReading, lists: Sequence[Event]) -> None:
        """Note what the lists say about a project's Nostr key; without a list or a key, nothing."""
        if reading.definition is None:
            return
        pubkey = reading.definition.terms.nostr_pubkey
        naming = [event for event in lists if pubkey in event.keys]
        if self.mode == "deny" and naming:
            reason = (
                f"its key {pubkey} is on the deny list that {naming[0].pubkey} signed, event {naming[0].id}"
            )
            self._hide(reading, reason)
        elif self.mode == "whitelist" and lists and not naming:
            reason = (
                f"its key {pubkey} is on no whitelist, expected in event {lists[0].id} or another moderator's"
            )
            self._hide(reading, reason)

    def _hide(self, reading: ProjectReading, reason: str) -> None:
        reading.hidden = True
        reading.checks.note(CHECK, reading.identifier, Result.FAILED, reason)

    def _is_list(self, event: Event) -> bool:
        if self.mode == "deny":
            return event.kind == DENY_LIST and event.tag("d") == DENY
        return event.kind == PIN_LIST
