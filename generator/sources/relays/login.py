"""Logging in to a relay that wants it (NIP-42), with a key of the configuration; once a connection."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from generator.protocol.nostr import Event, sign

LOGIN: Final = 22242  #: kind of the event that is sent to the relay alone and stored nowhere
_LONGEST: Final = 500  #: letters of a challenge that is signed
_WANTED: Final = ("auth-required:", "restricted:")


@dataclass(slots=True, kw_only=True)
class Login:
    """The state of logging in on one connection; without a `secret` there is none."""

    url: str  #: as the configuration names the relay, which compares it
    secret: bytes | None = field(default=None, repr=False)  #: 32 bytes
    sent: str = ""  #: id of the event that was sent
    accepted: bool | None = None  #: the relay's verdict, None while there is none

    _noticed: bool = False

    def is_news(self) -> bool:
        """Tell, once, that the relay accepted us since it was asked last."""
        news = self.accepted is True and not self._noticed
        self._noticed |= news
        return news

    @property
    def pending(self) -> bool:
        """Tell whether a verdict is waited for."""
        return bool(self.sent) and self.accepted is None

    def due(self, challenge: str) -> Event | None:
        """Return the event that answers a challenge, None where there is no key or it was answered."""
        if self.secret is None or self.sent or not 0 < len(challenge) <= _LONGEST:
            return None
        tags = (("relay", self.url), ("challenge", challenge))
        now = int(datetime.now(UTC).timestamp())
        event = sign(self.secret, kind=LOGIN, content="", created_at=now, tags=tags)
        self.sent = event.id
        return event

    def may_help(self, reason: Sequence[object]) -> bool:
        """Tell whether a question that was closed for this reason may be answered after the login."""
        words = str(reason[0] if reason else "").removeprefix("ERROR: ")  # strfry's prefix to every reason
        return self.secret is not None and self.accepted is None and words.startswith(_WANTED)
