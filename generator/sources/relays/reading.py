"""What one relay sent, how reading it ended, and how much and how long we listen."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from generator.protocol.nostr import Event
from generator.sources.relays.information import RelayInformation
from generator.sources.relays.relay_words import RelayWords, public_address


class Ending(StrEnum):
    """How reading one relay ended; only `COMPLETE` counts towards the quorum."""

    COMPLETE = "complete"
    TIMEOUT = "timeout"
    CLOSED = "closed"  #: the relay ended our subscription
    DROPPED = "dropped"  #: the connection broke
    DOUBTFUL = "doubtful"  #: the relay said that it was done, and that something had failed
    REFUSED = "refused"  #: no connection
    FLOOD = "flood"  #: more or larger messages than we asked for
    SAME_SECOND = "same-second-incomplete"  #: more events in one second than a page holds
    UNPAGED = "pages-incomplete"  #: a page of other events than the newest before `until`


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayLimits:
    """How much and how long we listen to one relay; seconds, events and bytes."""

    page: int = 500  #: events asked for at a time
    events: int = 100_000  #: valid events of one relay in all
    strays: int = 1_000  #: messages of one page that are not the events asked for
    message_bytes: int = 2**24  #: relays take 512 kB at most; one that allows more does not stop a run
    event_bytes: int = 2**20  #: of text in an event whose author or id was asked for
    stranger_bytes: int = 64 * 1024  #: of text in an event that anybody may have sent
    bytes: int = 2**28  #: of one answer to all questions, so that it has room in memory
    open_s: float = 5.0
    question_bytes: int = 2**17  #: of one question
    idle_s: float = 4.0  #: without an event we had not, or the end of a page
    pause_s: float = 4.0  #: after a relay that has answered says that we ask too often; three times a page
    page_s: float = 15.0  #: for one page, however it drips
    total_s: float = 60.0  #: for one relay in a run, however often it is asked

    def within(self, known: RelayInformation) -> "RelayLimits":
        """Return these limits as far as a relay's own allow; khatru gives a quarter to who asks for more."""
        return replace(
            self,
            page=min(self.page, known.max_limit or self.page),
            question_bytes=min(self.question_bytes, known.max_message_length or self.question_bytes),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OversizedEvent:
    """A signed event of an author who was asked for that is too large to be kept."""

    id: str
    pubkey: str
    kind: int
    d: str | None  #: which one of several of a kind
    created_at: int
    size: int  #: bytes of text

    def __str__(self) -> str:
        return f"event {self.id} has {self.size} bytes of text, more than are read"

    def replaced_in(self, kept: Iterable[Event]) -> bool:
        """Tell whether its author has said something newer of the kind."""
        return any(
            (event.pubkey, event.kind, event.tag("d")) == (self.pubkey, self.kind, self.d)
            and event.created_at > self.created_at
            for event in kept
        )


@dataclass(slots=True, kw_only=True)
class RelayReading:
    """What one relay sent and how it ended."""

    url: str
    ending: Ending = Ending.REFUSED
    detail: str = ""  #: one short phrase, ours or the relay's, printable
    events: dict[str, Event] = field(default_factory=dict)  #: verified, by id
    bytes: int = 0  #: of all its messages
    too_large: dict[str, OversizedEvent] = field(default_factory=dict)  #: by id
    #: ``forged`` (id or signature wrong), ``foreign`` (not asked for), ``malformed``, ``pages``
    counts: Counter[str] = field(default_factory=Counter)
    largest_page: int = 0  #: events of the largest page that it has sent
    reasons: Counter[str] = field(default_factory=Counter)  #: why messages were malformed
    said: RelayWords = field(default_factory=RelayWords)

    @property
    def outcome(self) -> str:
        """How it ended, and unless that is well, why: ``timeout (stopped answering; its notice: “busy”)``."""
        if self.ending is Ending.COMPLETE:
            return str(self.ending)
        why = self.said.joined(self.detail)
        return f"{self.ending} ({why})" if why else str(self.ending)

    def __str__(self) -> str:
        return f"{public_address(self.url)} {self.outcome}"


class ReadingEnded(Exception):
    """Reading this relay is over."""

    def __init__(self, ending: Ending, detail: str) -> None:
        super().__init__(detail)
        self.ending = ending
        self.detail = detail


class CameTooOften(ReadingEnded):
    """A relay that has answered before refuses a question for now, and sent nothing of it."""
