"""Sentences whose numbers stay figures, and the text of one figure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeAlias

from generator.money import MSAT_PER_SAT, THIN, btc_text, fiat_text, group, sat_text, short_sat_text
from generator.report.figures.definitions import COUNT, MSAT
from generator.report.model import Figure

PERCENT: Final = "percent"
EN_DASH: Final = "\N{EN DASH}"
AT_LEAST: Final = f"≥{THIN}"
TITLE: Final = 120  #: letters of a title in a list; its own page has all of them
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


#: C0 but tab and newline, DEL, C1, bidi embeddings, overrides and isolates, byte order mark, lone surrogates.
_FORBIDDEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


class Form(StrEnum):
    """How a figure is written."""

    PLAIN = "plain"  #: ``62 431 870``; percent, counts and currencies have this form only
    SHORT = "short"  #: ``62.4 M``, rounded down
    BTC = "btc"  #: ``0.62431870``


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure inside a sentence, in some form, with its unit after it or without."""

    figure: Figure
    form: Form = Form.PLAIN
    unit: bool = True

    @property
    def text(self) -> str:
        """Return number and unit as text, "≥" before what could be more."""
        mark = AT_LEAST if self.figure.value is not None and not self.figure.complete else ""
        return mark + number(self.figure, self.form) + (unit_of(self.figure, self.form) if self.unit else "")


@dataclass(frozen=True, slots=True)
class Said:
    """What a source wrote, such as a title: quoted, whatever numbers are in it."""

    text: str


Words: TypeAlias = tuple[str | Shown | Said, ...]


def number(figure: Figure, form: Form = Form.PLAIN) -> str:
    """Return a figure's number alone; a currency has its code before it. Unknown has no number."""
    value = figure.value
    if value is None:
        msg = f"figure {figure.id} is unknown: say why instead of printing a number"
        raise ValueError(msg)
    if figure.unit == MSAT:
        writers = {Form.PLAIN: sat_text, Form.SHORT: short_sat_text, Form.BTC: btc_text}
        return writers[form](int(value))
    if figure.unit == PERCENT:
        return str(value)
    return group(str(value)) if figure.unit == COUNT else fiat_text(Decimal(value), figure.unit)


def unit_of(figure: Figure, form: Form = Form.PLAIN) -> str:
    """Return the unit that stands behind a figure's number, with its space."""
    if figure.unit == MSAT:
        one = figure.value == MSAT_PER_SAT
        return f"{THIN}BTC" if form is Form.BTC else f"{THIN}sat{'' if one else 's'}"
    return f"{THIN}%" if figure.unit == PERCENT else ""


def plain(words: Words) -> str:
    """Return a sentence as text."""
    return "".join(part if isinstance(part, str) else part.text for part in words)


def shown_in(words: Words) -> tuple[str, ...]:
    """Return the ids of the figures in a sentence, in order."""
    return tuple(part.figure.id for part in words if isinstance(part, Shown))


def joined(parts: Iterable[Words], between: str = ", ", last: str = " and ") -> Words:
    """Join phrases into one: ``a, b and c``."""
    items = list(parts)
    found: list[str | Shown | Said] = []
    for at, item in enumerate(items):
        found += [last if at == len(items) - 1 else between] if at else []
        found += item
    return tuple(found)


def value_of(figure: Figure | None) -> int:
    """Return millisatoshis to draw; what is unknown has no length."""
    return figure.value if figure is not None and isinstance(figure.value, int) else 0


def clean(text: str) -> str:
    """Return a text of others without characters that hide, reorder or break what is around them."""
    return _FORBIDDEN.sub("", text)


def shortened(text: str, most: int = TITLE) -> str:
    """Return a text of others as lists show it: cut, with an ellipsis, to so many letters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def day_text(day: date, *, year: bool = True) -> str:
    """Return a date as people read it, the same in any locale: ``4 May 2026``."""
    return f"{day.day} {MONTHS[day.month - 1]}" + (f" {day.year}" if year else "")


def time_text(at: datetime) -> str:
    """Return a moment with its zone: ``4 May 2026, 06:10 UTC``."""
    return f"{day_text(at.date())}, {at.hour:02d}:{at.minute:02d} UTC"


def span_text(first: date, last: date) -> str:
    """Return a range of days: first and last day, a month or year named once if it is the same."""
    if first == last:
        return day_text(first, year=False)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}{EN_DASH}{day_text(last, year=False)}"
    years = first.year != last.year
    return f"{day_text(first, year=years)}{EN_DASH}{day_text(last, year=years)}"


def days_text(count: int) -> str:
    """Return ``1 day``, ``9 days``."""
    return counted(count, "day")


def counted(count: int, noun: str, *, one: str = "1") -> str:
    """Return ``1 row`` (or ``one row``), ``9 rows``."""
    return f"{one} {noun}" if count == 1 else f"{count} {noun}s"
