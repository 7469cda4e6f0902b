"""What a relay says for itself, as people may read it: a stranger's text, cleaned and cut."""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from generator.text_format import shortened

MOST_LETTERS: Final = 80  #: of one notice or reason
MOST_NOTICES: Final = 2  #: of one relay that are repeated


def public_address(url: str) -> str:
    """Return a relay's address as it may be published: a path, a query or credentials may hold a key."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def printable(text: object = "") -> str:
    """Return one line of a relay's text without what hides, colours or reorders."""
    start = str(text)[: 8 * MOST_LETTERS]
    return shortened("".join(letter for letter in start if letter.isprintable()).strip(), MOST_LETTERS)


def status_text(status: int) -> str:
    """Name an HTTP status that stands where a connection should, with the standard's phrase for it."""
    known = {number.value: number.phrase for number in HTTPStatus}
    return f"HTTP {status} {known.get(status, '')}".strip()


@dataclass(slots=True)
class RelayWords:
    """What a relay said besides answers, for the sentence that says how reading it ended."""

    notices: list[str] = field(default_factory=list)  #: printable, the first few different ones
    challenge: str = ""  #: of an AUTH message (NIP-42), empty while none came

    logged_in: bool = False
    login_refused: str = ""  #: the relay's words on our login, printable
    wants_login: bool = False  #: its own description says so (NIP-11)

    def take_notice(self, text: object) -> None:
        """Keep the words of a NOTICE (NIP-01)."""
        words = printable(text)
        if words and words not in self.notices and len(self.notices) < MOST_NOTICES:
            self.notices.append(words)

    def joined(self, detail: str) -> str:
        """Return how reading ended together with what may be the reason."""
        parts = [detail] if detail else []
        if self.login_refused:
            parts.append(f"it refused our login: “{self.login_refused}”")
        elif (self.challenge or self.wants_login) and not self.logged_in and "auth" not in detail:
            parts.append("it asks for a login (AUTH)")
        if self.notices:
            parts.append("its notice: " + "; ".join(f"“{words}”" for words in self.notices))
        return "; ".join(parts)
