"""One language as a value: its catalogue, and how it writes numbers and days; `catalogues` reads it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from gettext import c2py
from typing import Final

from generator.money import group
from generator.sentence import CalendarMonth, DayOfYear, DaySpan, Sentence, Value, say, say_count
from generator.text_format import MONTH_NAMES, MONTHS

_CONTEXT: Final = "\x04"  #: between context and text in a key, as in compiled catalogues
_FIELD: Final = re.compile("MMMM|MMM|d|y")
_HOUR: Final = timedelta(hours=1)
_TWO_DAYS_H: Final = 48
EN_DASH: Final = "\N{EN DASH}"
_YEAR: Final = 12  #: months


@dataclass(frozen=True, slots=True, kw_only=True)
class DateForms:
    """Patterns of days in the letters of Unicode's locale data: ``d``, ``MMM``, ``MMMM``, ``y``."""

    day: str = "d MMM y"
    day_of_year: str = "d MMM"
    month: str = "MMMM y"
    #: Days from one to another: in a month, in a year, in two years.
    spans: tuple[tuple[str, str], ...] = (
        (f"d{EN_DASH}", "d MMM"),
        (f"d MMM{EN_DASH}", "d MMM"),
        (f"d MMM y{EN_DASH}", "d MMM y"),
    )
    months: tuple[str, ...] = MONTHS  #: short
    month_names: tuple[str, ...] = MONTH_NAMES

    def write(self, pattern: str, day: date) -> str:
        """Return a day by a pattern."""
        month = day.month - 1
        return _as_format(pattern).format(
            d=day.day, MMM=self.months[month], MMMM=self.month_names[month], y=day.year
        )


@lru_cache(maxsize=256)  # a report writes many thousand days by a handful of patterns
def _as_format(pattern: str) -> str:
    return _FIELD.sub(r"{\g<0>}", pattern)


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A catalogue and the forms of a locale; without a translation a message stays English."""

    code: str = "en"
    name: str = "English"  #: as those call it who speak it
    messages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  #: forms by key
    plural: str = "n != 1"  #: which form a count takes, as gettext writes it
    decimal: str = "."
    rtl: bool = False  #: whether it is written from right to left
    untranslated: int = 0  #: how many messages stay English
    dates: DateForms = DateForms()

    def gettext(self, text: str) -> str:
        """Return a message."""
        return self.messages.get(text, (text,))[0]

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Return a message in the form for a count."""
        forms = self.messages.get(one, ())
        return forms[_plural(self.plural)(count)] if len(forms) > 1 else one if count == 1 else many

    def pgettext(self, context: str, text: str) -> str:
        """Return a message that is said otherwise elsewhere."""
        return self.messages.get(context + _CONTEXT + text, (text,))[0]

    def npgettext(self, context: str, one: str, many: str, count: int) -> str:
        """Return a message of a context in the form for a count."""
        forms = self.messages.get(context + _CONTEXT + one, ())
        return forms[_plural(self.plural)(count)] if len(forms) > 1 else one if count == 1 else many

    def message(self, sentence: Sentence) -> str:
        """Return the text of a sentence, with its placeholders."""
        if sentence.many:
            return self.ngettext(sentence.text, sentence.many, sentence.count)
        return self.gettext(sentence.text)

    def digits(self, number: str) -> str:
        """Return a number, as `money` writes it, with this language's decimal sign."""
        return number if self.decimal == "." else number.replace(".", self.decimal)

    def day(self, day: date, *, year: bool = True) -> str:
        """Return a day: ``4 May 2026``, ``4. Mai 2026``."""
        return self.dates.write(self.dates.day if year else self.dates.day_of_year, day)

    def month(self, day: date) -> str:
        """Return the month of a day: ``May 2026``."""
        return self.dates.write(self.dates.month, day)

    def span(self, first: date, last: date) -> str:
        """Return days from one to another, a month or year named once if it is the same."""
        if first == last:
            return self.day(first, year=False)
        which = 2 if first.year != last.year else int(first.month != last.month)
        begin, end = self.dates.spans[which]
        return self.dates.write(begin, first) + self.dates.write(end, last)

    def time(self, at: datetime) -> str:
        """Return a moment with its zone: ``4 May 2026, 06:10 UTC``."""
        return f"{self.day(at.date())}, {at.hour:02d}:{at.minute:02d} UTC"


#: The source language; its catalogue is the code.
ENGLISH: Final = Language()


@lru_cache
def _plural(rule: str) -> Callable[[int], int]:
    rule_of: Callable[[int], int] = c2py(rule)
    return rule_of


def counted_days(count: int) -> Sentence:
    """Say a number of days."""
    return say_count("{count} day", "{count} days", count)


def counted_hours(count: int) -> Sentence:
    """Say a number of hours."""
    return say_count("{count} hour", "{count} hours", count)


def age(span: timedelta) -> Sentence:
    """Say ``5 hours``, and from two days on ``3 days``."""
    hours = span // _HOUR
    if hours < 1:
        return say("less than an hour")
    return counted_hours(hours) if hours < _TWO_DAYS_H else counted_days(hours // 24)


def value_text(value: Value, language: Language) -> str:
    """Return a date, a stretch of time or a count as a language writes it."""
    match value:
        case datetime():
            return language.time(value)
        case date():
            return language.day(value)
        case CalendarMonth():
            return language.month(value.day)
        case DayOfYear():
            return language.day(value.day, year=False)
        case DaySpan():
            return language.span(value.first, value.last)
        case int():
            return group(str(value))
        case _:
            msg = f"no sentence has a {type(value).__name__} in it"
            raise TypeError(msg)


def english(words: Value) -> str:
    """Return a sentence without figures as English text, for files of data and terminals."""
    match words:
        case str():
            return words
        case Sentence():
            return ENGLISH.message(words).format_map({name: english(value) for name, value in words.values})
        case _:
            return value_text(words, ENGLISH)
