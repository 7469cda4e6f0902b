"""What a maintainer says at the beginning of a report, each once, and what follows from it."""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

_STORE: Final = re.compile(r"(https?://[^\s?#]+?)/stores/([A-Za-z0-9_-]+)(?:[/?#].*)?")
#: Minutes that few others choose: full, half and quarter hours wait longest.
_MINUTES: Final = tuple(minute for minute in range(3, 59) if 2 < minute % 15 < 13)  # noqa: PLR2004
#: Four runs a day, none of them in the hour after midnight UTC.
_EVERY_HOURS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """The answers to the questions of `sunlit init`."""

    title: str
    repository: str = ""  #: owner/name on GitHub, empty while there is none
    server: str = ""  #: address of a BTCPay server, empty for none
    store: str = ""  #: id of the store there
    angor: tuple[str, ...] = ()  #: identifiers of projects
    every_project: bool = False  #: every project of Angor instead

    @property
    def base_url(self) -> str:
        """Where GitHub Pages will show the report, empty while nobody knows."""
        owner, _, name = self.repository.lower().partition("/")
        if not name:
            return ""
        return f"https://{name}" if name == f"{owner}.github.io" else f"https://{owner}.github.io/{name}"

    @property
    def minute(self) -> int:
        """The minute at which this report is made, chosen by its name and not by the hour's crowd."""
        return _MINUTES[self._number % len(_MINUTES)]

    @property
    def hours(self) -> str:
        """The hours (UTC) at which it is made, as cron has them."""
        first = 1 + self._number // len(_MINUTES) % (_EVERY_HOURS - 1)
        return ",".join(str(hour) for hour in range(first, 24, _EVERY_HOURS))

    @property
    def _number(self) -> int:
        return int.from_bytes(sha256(f"{self.repository}\0{self.title}".encode()).digest()[:8])


def store_in(address: str) -> tuple[str, str]:
    """Return server and id of the BTCPay store whose page has this address.

    Raise `ValueError` with a sentence where it is no such address.
    """
    found = _STORE.fullmatch(address.strip())
    if found is None:
        msg = (
            f"{address!r} is not the address of a store: open the store in BTCPay and copy what the browser "
            "shows, such as https://pay.example.org/stores/9xAbC"
        )
        raise ValueError(msg)
    return found.group(1), found.group(2)
