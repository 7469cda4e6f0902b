"""Gaps and anomalies in plain sentences, by rule; each note has a stable id that can be cited.

A note names no amount: amounts are figures, and a figure stands beside its definition.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from generator.language import counted_hours
from generator.report.days import OPEN_END, DayRange
from generator.report.health.source_states import SourceState
from generator.sentence import Sentence, say


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """A gap or anomaly in one sentence; `id` is stable and citable."""

    id: str
    day: date | None
    text: Sentence


def source_notes(states: Iterable[SourceState]) -> Iterator[Note]:
    """Yield what readers must know about sources: never reached, stale, or failing now."""
    for state in states:
        if state.data_at is None:
            text = say(
                "{source} has never answered; what only it knows is shown as unknown, not as zero.",
                source=state.label,
            )
            yield Note(id=f"never/{state.name}", day=None, text=text)
        elif state.stale:
            day = state.data_at.date()
            text = say(
                "{source} last answered on {day}; what came since is in no sum, so these say “≥”, and "
                "balances are as they stood then.",
                source=state.label,
                day=day,
            )
            yield Note(id=f"stale/{state.name}", day=day, text=text)


def delayed_notes(slug: str, hours: int) -> Iterator[Note]:
    """Yield that payments of BTCPay are told late on purpose: figures are exact as of then."""
    if hours:
        text = say(
            "Payments through BTCPay are published {delay} after they came. "
            "Figures are as of then: what came later is in none of them, and makes none of them “≥”.",
            delay=counted_hours(hours),
        )
        yield Note(id=f"delayed/{slug}", day=None, text=text)


def gap_notes(name: str, what: Sentence, ranges: Iterable[DayRange]) -> Iterator[Note]:
    """Yield one note for each range of days without an observation; a growing gap keeps its id."""
    for first, last in ranges:
        if last == OPEN_END:
            text = say(
                "{what} since {first}. What happens meanwhile is read later, if its source still shows it.",
                what=what,
                first=first,
            )
        elif first == last:
            text = say(
                "{what} on {day}. What happened then was read later, if its source still shows it.",
                what=what,
                day=first,
            )
        else:
            text = say(
                "{what} from {first} to {last}. What happened then was read later, if its source still "
                "shows it.",
                what=what,
                first=first,
                last=last,
            )
        yield Note(id=f"gap/{name}/{first}", day=first, text=text)


def accepted_notes(slug: str, reasons: Iterable[str]) -> Iterator[Note]:
    """Yield why the maintainer says that something need not be known; what it bounds stays so."""
    for number, reason in enumerate(reasons, 1):
        text = say(
            "The maintainer accepts that something here is not known: {reason}.", reason=reason.rstrip(". ")
        )
        yield Note(id=f"accepted/{slug}/{number}", day=None, text=text)


def alone_notes(slug: str, *, alone: bool) -> Iterator[Note]:
    """Yield that no second indexer agreed on a project's history."""
    if alone:
        text = say(
            "One Bitcoin indexer alone told the history of this project: transactions that it left out "
            "would be in no sum, and no second one was there to say so."
        )
        yield Note(id=f"unwitnessed/{slug}", day=None, text=text)


def id_part(text: str) -> str:
    """Return a text as part of an id: lower case, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "other"
