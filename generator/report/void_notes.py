"""Notes about runs that count no more: on the front page and on the page of the sources' health."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from generator.report.notes import Note
from generator.sentence import say
from generator.snapshot import Key, VoidedRun

#: How the ids of these notes begin.
VOIDED: Final = "voided/"


def void_notes(voids: Iterable[VoidedRun], days: Mapping[Key, date]) -> Iterator[Note]:
    """Yield which run the maintainer voided, when and why."""
    for void in voids:
        day = days.get(void.key)
        of = {"run": void.id, "reason": void.reason}
        text = say(
            "Run {run} was voided: {reason}. Its lines stay in the log and count in nothing; what it alone "
            "had read is read again.",
            **of,
        )
        if day:
            text = say(
                "Run {run} was voided on {day}: {reason}. Its lines stay in the log and count in nothing; "
                "what it alone had read is read again.",
                **of,
                day=day,
            )
        yield Note(id=f"{VOIDED}{void.id}", day=day, text=text)
