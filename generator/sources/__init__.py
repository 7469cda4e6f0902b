"""Where observations come from: the `Source` protocol and what a source keeps while it is asked.

A source is given its client; tests hand it another. It raises
`generator.errors.Unavailable` or `generator.errors.Invalid` and never turns a
failure into an empty answer. What it yielded before it raised is dropped by the
caller, but for what it called whole (`Tally.whole`): project by project for
Angor, nothing for a store.
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

import msgspec

from generator.snapshot import Asked, Known, Outcome, Record, VoidedRun
from generator.snapshot.run_record import UNDER_WAY

#: After this a run reads everything again.
FULL_EVERY: Final = timedelta(days=7)
#: What `counts` call the projects that a run ended before.
WITHOUT_TURN: Final = "projects_without_turn"
#: In `Asked.reads`: when a source was last read whole.
FULL_AT: Final = "full_at"
#: How `reads` keeps a time.
TIME: Final = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(slots=True)
class Tally:
    """What a source counts and remembers while it is asked; becomes part of the run record."""

    counts: Counter[str] = field(default_factory=Counter)  #: seen, foreign, malformed, requests …
    reads: dict[str, str] = field(default_factory=dict)  #: state for the next run, such as ``reread_from``
    tip_height: int | None = None
    #: called when all that was yielded so far stands by itself, whatever becomes of the rest
    whole: Callable[[], None] = lambda: None
    #: called with what is going on, in a few words
    progress: Callable[[str], None] = lambda _what: None

    def asked(self, source: str, outcome: Outcome, message: str = "") -> Asked:
        """Put into the form of a run record; `reads` only of an answer that was good."""
        return Asked(
            source=source,
            outcome=outcome,
            message=message,
            counts={name: count for name, count in sorted(self.counts.items()) if count},
            reads=dict(sorted(self.reads.items())) if outcome is Outcome.OK else {},
        )


class Source(Protocol):
    """Something we ask about money."""

    name: str
    tally: Tally

    def collect(self, known: Known, *, at: datetime, full: bool) -> AsyncIterator[Record]:
        """Yield what the source knows as of `at`, and `Withdrawn` for what it no longer shows.

        `known` is what the log says already; `full` asks for a complete
        reconciliation instead of an incremental run.
        """
        ...


def last_asked(known: Known, source: str) -> Asked | None:
    """Find the latest successful answer of a source in the run records.

    One from before a run was voided does not say when everything was read: later runs left out
    what the voided one had recorded, so all of it is read again.
    """
    voided = max((known.seen[void.key] for void in known.of(VoidedRun)), default="")
    for run in reversed(known.runs):
        for asked in run.asked:
            if asked.source == source and asked.outcome == "ok":
                return asked if run.id > voided else _read_by_nobody(asked)
    return None


def _read_by_nobody(asked: Asked) -> Asked:
    reads = {name: value for name, value in asked.reads.items() if name not in (FULL_AT, UNDER_WAY)}
    return msgspec.structs.replace(asked, reads=reads)


def moment_in(text: str | None) -> datetime | None:
    """Read a time as `reads` keeps it; None where there is none."""
    try:
        return datetime.strptime(text or "", TIME).replace(tzinfo=UTC)
    except ValueError:
        return None
