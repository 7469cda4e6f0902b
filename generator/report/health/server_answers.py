"""What each relay and indexer behind a source last answered, as its latest run record says."""

from collections.abc import Sequence
from typing import Final

import msgspec

from generator.snapshot import Run
from generator.text_format import clean, shortened

#: First words of the keys of a source's `reads` that say how a server behind it answered.
KINDS: Final = ("relay", "indexer")
_LONGEST: Final = 300  #: letters; a relay's own words are part of an answer


class ServerAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """How one server behind a source answered in the last run that asked it."""

    kind: str  #: one of `KINDS`
    address: str
    answer: str  #: ``complete``, ``ok``, or why not; a stranger's words can be part of it

    @property
    def label(self) -> str:
        """Name it for people: ``relay wss://relay.example.org``."""
        return f"{self.kind} {self.address}"


def server_answers(source: str, runs: Sequence[Run]) -> tuple[ServerAnswer, ...]:
    """Return the answers of the latest run that asked a source, relays first."""
    latest = next(
        (asked.reads for run in reversed(runs) for asked in run.asked if asked.source == source), {}
    )
    found = [
        ServerAnswer(kind=kind, address=clean(address), answer=shortened(clean(answer), _LONGEST))
        for name, answer in sorted(latest.items())
        for kind, _, address in [name.partition(" ")]
        if kind in KINDS and address
    ]
    return tuple(sorted(found, key=lambda server: (KINDS.index(server.kind), server.address)))
