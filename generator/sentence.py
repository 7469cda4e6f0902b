"""Sentences that are said in no language yet: English source text, with values for its placeholders.

The values stay values (figures, days, counts) until a `Language` says the sentence, so a report, a page and a
chart are the same in every language, and each number still leads to its figure.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any, Self, TypeAlias

import msgspec

#: What may stand for a placeholder: `str`, `int`, a date, a month, a moment, an age, `Shown`, `Quoted`,
#: another sentence, or a tuple of these, said one after another.
Value: TypeAlias = Any


@dataclass(frozen=True, slots=True)
class Sentence:
    """One message of the catalogues; ``{name}`` in its text stands for a value."""

    text: str  #: English, and the key in every catalogue
    values: tuple[tuple[str, Value], ...] = ()
    many: str = ""  #: the text for other counts than one, where there is a `count`
    count: int = 1

    def __str__(self) -> str:
        """Refuse: who would print it has forgotten in which language."""
        msg = f"say {self.text!r} in a language: `| words` or `| text` in templates, `plain` in Python"
        raise TypeError(msg)


class CalendarMonth(msgspec.Struct, frozen=True):
    """A value that is said as its month: ``May 2026``."""

    day: date

    @classmethod
    def of(cls, name: str) -> Self:
        """Return the month of ``2026-05``."""
        return cls(date.fromisoformat(f"{name}-01"))


class DayOfYear(msgspec.Struct, frozen=True):
    """A value that is said as its day without the year: ``4 May``."""

    day: date


class DaySpan(msgspec.Struct, frozen=True):
    """A value that is said as its first and last day, a month or year named once if it is the same."""

    first: date
    last: date


class AtStart(msgspec.Struct, frozen=True):
    """A value that begins a sentence: its first letter is a capital."""

    value: Value


class Written(msgspec.Struct, frozen=True):
    """A text of the maintainer's as it is, and what it is in further languages."""

    text: str
    code: str = "en"  #: of the first language
    others: tuple[tuple[str, str], ...] = ()  #: code and text

    @property
    def all(self) -> tuple[str, ...]:
        """Return it in every language."""
        return (self.text, *(text for _, text in self.others))

    def of(self, code: str) -> tuple[str, str]:
        """Return code and text for a page in a language: the first one where there is no other."""
        return next((pair for pair in self.others if pair[0] == code), (self.code, self.text))


class WrittenProse(Written, frozen=True):
    """The same as HTML that is safe."""

    def __bool__(self) -> bool:
        """Tell whether there is any."""
        return bool(self.text)


#: What a page says in one language, or leaves to any.
Text: TypeAlias = str | Sentence | Written


def say(text: str, /, **values: Value) -> Sentence:
    """Return a sentence; `text` stands in the code as it is, so that `make messages` finds it."""
    return Sentence(text, tuple(values.items()))


def counting(one: str, many: str, /) -> Callable[[int], Sentence]:
    """Return what says a count of things: ``{count} row``, ``{count} rows``."""
    return partial(say_count, one, many)


def stretch(first: date, end: date) -> Value:
    """Name a stretch of days, `end` the first after it: ``May 2026``, ``2026``, else from when it is."""
    months = (end.year - first.year) * 12 + end.month - first.month
    if first.day == end.day == 1 and months == 1:
        return CalendarMonth(first)
    if (first.day, first.month, end.day, months) == (1, 1, 1, 12):
        return str(first.year)
    if end - first == timedelta(days=1):
        return first
    if months == 1:
        return say("the month from {day}", day=first)
    return say("the year from {day}", day=first) if months == 12 else say("the period from {day}", day=first)  # noqa: PLR2004 -- of a year


def say_count(one: str, many: str, count: int, /, **values: Value) -> Sentence:
    """Return a sentence about so many things: ``{count} row``, ``{count} rows``."""
    return Sentence(one, tuple(({"count": count} | values).items()), many, count)
