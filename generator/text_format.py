"""Plain text: dates as people read them, and what others wrote, made safe to stand among our own words."""

import re
from datetime import date, datetime, timedelta
from typing import Final

_HOUR: Final = timedelta(hours=1)
_TWO_DAYS_H: Final = 48
TITLE: Final = 120  #: letters of a title in a list; its own page has all of them
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

MONTH_NAMES: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

#: C0 but tab and newline, DEL, C1, bidi embeddings, overrides and isolates, byte order mark, lone surrogates.
_FORBIDDEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
#: What makes more than text of a text in Markdown.
_MARKS: Final = re.compile(r"([\\`*_\[\]<>|~#!])")
#: An address with a question of more than a few letters.
_QUESTION: Final = re.compile(r"(https?://[^\s?]+)\?[^\s?]{16,}")


def clean(text: str) -> str:
    """Return a text of others without characters that hide, reorder or break what is around them."""
    return _FORBIDDEN.sub("", text)


def in_line(text: str) -> str:
    """Return our own words, which may quote others, as one line: nothing of it is a link, name or picture."""
    return _MARKS.sub(r"\\\1", " ".join(clean(text).split())).replace("@", "@&#8203;")


def shortened(text: str, most: int = TITLE) -> str:
    """Return a text of others as lists show it: cut, with an ellipsis, to so many letters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def short_addresses(text: str) -> str:
    """Return a text whose long web addresses are cut where their questions begin."""
    return _QUESTION.sub(r"\1?…", text)


def day_text(day: date, *, year: bool = True) -> str:
    """Return a date as people read it, the same in any locale: ``4 May 2026``."""
    return f"{day.day} {MONTHS[day.month - 1]}" + (f" {day.year}" if year else "")


def time_text(at: datetime) -> str:
    """Return a moment with its zone: ``4 May 2026, 06:10 UTC``."""
    return f"{day_text(at.date())}, {at.hour:02d}:{at.minute:02d} UTC"


def days_text(count: int) -> str:
    """Return ``1 day``, ``9 days``."""
    return counted(count, "day")


def counted(count: int, noun: str, *, one: str = "1") -> str:
    """Return ``1 row`` (or ``one row``), ``9 rows``."""
    return f"{one} {noun}" if count == 1 else f"{count} {noun}s"


def age_text(age: timedelta) -> str:
    """Return ``5 hours``, and from two days on ``3 days``."""
    hours = age // _HOUR
    if hours < 1:
        return "less than an hour"
    if hours < _TWO_DAYS_H:
        return "1 hour" if hours == 1 else f"{hours} hours"
    return days_text(hours // 24)
