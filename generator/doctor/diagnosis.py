"""One thing that was looked at, and what to do about it."""

from enum import StrEnum

import msgspec


class Level(StrEnum):
    """How bad it is; an error ends the command with exit code 1."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True):
    """What was found; `code` is stable, so that scripts and the documentation can name it."""

    code: str
    level: Level
    source: str  #: id of a BTCPay server, ``indexers``, ``rates``, ``github``, ``machine`` …
    subject: str  #: store, permission, host …; never a secret
    observed: str
    expected: str = ""
    fix: str = ""  #: what to do next, empty when all is well
    link: str = ""  #: where to do it, empty when there is no page for it

    def __str__(self) -> str:
        """Say it in one sentence."""
        expected = f"; expected {self.expected}" if self.expected else ""
        fix = f". {self.fix}" if self.fix else ""
        link = f": {self.link}" if self.link else ""
        return f"{self.source}: {self.subject}: {self.observed}{expected}{fix}{link}"
