"""What one page of a relay brought, as it is counted while it comes."""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from generator.protocol.nostr import Filter
from generator.sources.relays.large_event import LARGE, large_message_in
from generator.unreadable import UNREADABLE


@dataclass(slots=True, kw_only=True)
class RelayPage:
    """What one page brought."""

    asked: Filter
    got: int = 0  #: events of this subscription, valid or not
    fresh: int = 0  #: valid, and new to this filter
    same: int = 0  #: of the second `until`
    strays: int = 0  #: messages that are no answer
    notices: int = 0  #: of them, words for people
    refused: str = ""  #: why it was closed, where a login may help
    ended: bool = False  #: the relay said that this was all
    newer: int = 0  #: valid, wanted, and newer than `until`
    times: list[int] = field(default_factory=list)  #: seconds, of valid events as they came

    @property
    def backwards(self) -> bool:
        """Tell whether it began with older events than it ended with."""
        return len(self.times) > 1 and self.times[0] < self.times[-1]

    def add(self, earlier: "RelayPage") -> None:
        """Count what the same question brought before."""
        self.got = max(self.got, earlier.got)
        self.fresh += earlier.fresh
        self.newer += earlier.newer
        self.times = earlier.times + self.times


def message_in(frame: str | bytes) -> list[Any]:
    """Decode one frame, empty for what is no message of the protocol."""
    if isinstance(frame, bytes):
        return []
    if len(frame) > LARGE:
        return large_message_in(frame)
    try:
        return msgspec.json.decode(frame, type=list[Any])
    except UNREADABLE:
        return []
