"""Notes about runs that count no more: on the front page and on the page of the sources' health."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from generator.report.notes import Note
from generator.snapshot import Key, VoidedRun

#: How the ids of these notes begin.
VOIDED: Final = "voided/"


def void_notes(voids: Iterable[VoidedRun], days: Mapping[Key, date]) -> Iterator[Note]:
    """Yield which run the maintainer voided, when and why."""
    for void in voids:
        day = days.get(void.key)
        when = f" on {day}" if day else ""
        text = (
            f"Run {void.id} was voided{when}: {void.reason}. "
            "Its lines stay in the log and count in nothing; what it alone had read is read again."
        )
        yield Note(id=f"{VOIDED}{void.id}", day=day, text=text)
