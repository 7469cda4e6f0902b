"""Sentences whose numbers stay figures: each number in them leads back to the figure it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeAlias

from generator.money import MSAT_PER_SAT, THIN, btc_text, fiat_text, group, sat_text, short_sat_text
from generator.report.figures.figure import COUNT, MSAT, PERCENT, Figure

AT_LEAST: Final = f"≥{THIN}"


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
class Quoted:
    """What a source wrote, such as a title: quoted, whatever numbers are in it."""

    text: str


Word: TypeAlias = str | Shown | Quoted
Words: TypeAlias = tuple[Word, ...]


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
        plural = "" if figure.value == MSAT_PER_SAT else "s"
        return f"{THIN}BTC" if form is Form.BTC else f"{THIN}sat{plural}"
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
    found: list[Word] = []
    for at, item in enumerate(items):
        found += [last if at == len(items) - 1 else between] if at else []
        found += item
    return tuple(found)


def value_of(figure: Figure | None) -> int:
    """Return millisatoshis to draw; what is unknown has no length."""
    return figure.value if figure is not None and isinstance(figure.value, int) else 0
