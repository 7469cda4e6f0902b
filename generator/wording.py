"""Sentences whose numbers stay figures: each number in them leads back to the figure it is."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from string import Formatter
from typing import Final, TypeAlias

import msgspec

from generator.language import ENGLISH, Language, age, value_text
from generator.money import (
    MSAT_PER_SAT,
    THIN,
    btc_text,
    fiat_text,
    group,
    sat_text,
    short_sat,
    short_sat_text,
    whole_sat_text,
)
from generator.report.figures.bounds import Bound
from generator.report.figures.figure import COUNT, MSAT, PERCENT, Figure
from generator.sentence import AtStart, CalendarMonth, DayOfYear, DaySpan, Sentence, Text, Value, Written, say

AT_LEAST: Final = f"≥{THIN}"
AT_MOST: Final = "at most "
#: The same as the first words of a sentence, which begins with no sign.
_FIRST: Final = {Bound.AT_LEAST: say("At least"), Bound.AT_MOST: say("At most")}
#: What stands before a number that is not exact.
MARKS: Final = {Bound.EXACT: "", Bound.AT_LEAST: AT_LEAST, Bound.AT_MOST: AT_MOST}
#: What stands in the place of a number that is unknown.
NOT_KNOWN: Final = say("not known")
#: How numbers are rounded where digits are left out: never beyond a bound.
_ROUNDING: Final = {
    Bound.EXACT: ROUND_HALF_EVEN,
    Bound.AT_LEAST: ROUND_FLOOR,
    Bound.AT_MOST: ROUND_CEILING,
}


class Form(StrEnum):
    """How a figure is written."""

    PLAIN = "plain"  #: ``62 431 870``, ``EUR 1 755.43``, ``96``; counts have this form only
    EXACT = "exact"  #: ``62 431 870.174``, ``96.93``, for rows and statements, which add up
    SHORT = "short"  #: ``62.4 M``, ``EUR 1 755``, rounded; ``96 %``, cut
    CUT = "cut"  #: the same, rounded down
    BTC = "btc"  #: ``0.624``


_SHORTENED: Final = (Form.SHORT, Form.CUT)


class Shown(msgspec.Struct, frozen=True):
    """A figure inside a sentence, in some form, with its unit after it or without."""

    figure: Figure
    form: Form = Form.PLAIN
    unit: bool = True
    first: bool = False  #: a sentence begins with it

    @property
    def text(self) -> str:
        """Return number and unit as English text."""
        return self.said()

    def said(self, language: Language = ENGLISH) -> str:
        """Return number and unit as text, marked where it is not exact; what is unknown says so."""
        if self.figure.value is None:
            return language.message(NOT_KNOWN)
        text = marked(self.figure, self.form, language, first=self.first)
        return text + unit_of(self.figure, self.form) if self.unit else text


class Quoted(msgspec.Struct, frozen=True):
    """What a source wrote, such as a title: quoted, whatever numbers are in it."""

    text: Text


#: What a part of a sentence may be before a language says it, and after.
Word: TypeAlias = (
    str | Shown | Quoted | Sentence | date | CalendarMonth | DayOfYear | DaySpan | AtStart | Written
)
SaidWord: TypeAlias = str | Shown | Quoted
Words: TypeAlias = tuple[Word, ...]


def marked(
    figure: Figure, form: Form = Form.PLAIN, language: Language = ENGLISH, *, first: bool = False
) -> str:
    """Return a figure's number with its bound before it: ``≥ 62 431 870``, ``at most 62.5 M``."""
    return mark_of(figure, language, first=first) + number(figure, form, language)


def mark_of(figure: Figure, language: Language = ENGLISH, *, first: bool = False) -> str:
    """Return what stands before a number, with its space: nothing where it is exact.

    As the `first` of a sentence it is words: ``At least``.
    """
    if first and figure.bound in _FIRST:
        return f"{language.message(_FIRST[figure.bound])} "
    return at_most_in(language) if figure.bound is Bound.AT_MOST else MARKS[figure.bound]


def at_most_in(language: Language) -> str:
    """Return what a language puts before a number from which too little may be taken, with its space."""
    return language.message(say("at most")) + " "


def bounds_in(language: Language) -> tuple[str, ...]:
    """Return the words that may stand before a number in a language, each with its space."""
    return (at_most_in(language), *(f"{language.message(words)} " for words in _FIRST.values()))


def number(figure: Figure, form: Form = Form.PLAIN, language: Language = ENGLISH) -> str:
    """Return a figure's number alone; a currency has its code before it. Unknown has no number."""
    return language.digits(_number(figure, form))


def _number(figure: Figure, form: Form) -> str:
    value = figure.value
    if value is None:
        msg = f"figure {figure.id} is unknown: say why instead of printing a number"
        raise ValueError(msg)
    if figure.unit == MSAT:
        if form in _SHORTENED:
            return short_sat_text(int(value), _rounding(figure, form))
        return _long_sat(figure, int(value), form)
    if figure.unit == PERCENT:
        rounding = ROUND_CEILING if figure.bound is Bound.AT_MOST else ROUND_FLOOR
        return str(value if form is Form.EXACT else Decimal(value).quantize(Decimal(1), rounding))
    if figure.unit == COUNT:
        return group(str(value))
    return fiat_text(Decimal(value), figure.unit, _rounding(figure, form), short=form in _SHORTENED)


def _long_sat(figure: Figure, msat: int, form: Form) -> str:
    if form is Form.EXACT:
        return sat_text(msat)
    if form is Form.BTC:
        return btc_text(msat, _rounding(figure, form))
    return whole_sat_text(msat, ROUND_DOWN if figure.bound is Bound.EXACT else _ROUNDING[figure.bound])


def form_below(figure: Figure, goal: Figure) -> Form:
    """Return how a sentence writes what is compared with a goal: cut where rounding seems to reach it."""
    if figure.value is None or goal.value is None or figure.unit != goal.unit:
        return Form.SHORT
    value, whole = Decimal(figure.value), Decimal(goal.value)
    if figure.unit == MSAT:
        rounded = short_sat(int(value), _rounding(figure, Form.SHORT)) * MSAT_PER_SAT
    else:
        rounded = value.quantize(Decimal(1), _rounding(figure, Form.SHORT))
    return Form.CUT if value < whole <= rounded else Form.SHORT


def exact(figure: Figure, language: Language = ENGLISH) -> str:
    """Return all digits of a figure with its unit, where a whole or short number leaves some out."""
    if number(figure, Form.EXACT) == number(figure):
        return ""
    return marked(figure, Form.EXACT, language) + unit_of(figure, Form.EXACT)


def _rounding(figure: Figure, form: Form) -> str:
    """Return how a number is rounded: never beyond its bound."""
    return ROUND_FLOOR if form is Form.CUT and figure.bound is Bound.EXACT else _ROUNDING[figure.bound]


def unit_of(figure: Figure, form: Form = Form.PLAIN) -> str:
    """Return the unit that stands behind a figure's number, with its space."""
    if figure.unit == MSAT:
        plural = "" if 0 < value_of(figure) < 2 * MSAT_PER_SAT and number(figure, form) == "1" else "s"
        return f"{THIN}BTC" if form is Form.BTC else f"{THIN}sat{plural}"
    return f"{THIN}%" if figure.unit == PERCENT else ""


def plain(words: Word | Words, language: Language = ENGLISH) -> str:
    """Return a sentence as text."""
    parts = said(words, language)
    return "".join([part if isinstance(part, str) else _text(part, language) for part in parts])


def _text(part: Shown | Quoted, language: Language) -> str:
    return str(part.text) if isinstance(part, Quoted) else part.said(language)


def said(words: Value, language: Language) -> Iterator[SaidWord]:
    """Yield a sentence in a language: texts, figures and quotes in their order."""
    match words:
        case Quoted() if isinstance(words.text, Sentence):
            yield Quoted(plain(words.text, language))
        case str() | Shown() | Quoted():
            yield words
        case Sentence():
            values = dict(words.values)
            for text, name, _, _ in Formatter().parse(language.message(words)):
                yield from (text,) if text else ()
                if name is not None:
                    yield from said(values[name], language)
        case tuple():
            for part in words:
                yield from said(part, language)
        case AtStart():
            begin, *others = said(words.value, language)
            yield begin[:1].upper() + begin[1:] if isinstance(begin, str) else begin
            yield from others
        case timedelta() | Written():
            yield from said(_meant(words, language), language)
        case _:
            yield value_text(words, language)


def _meant(words: timedelta | Written, language: Language) -> Text:
    return age(words) if isinstance(words, timedelta) else words.of(language.code)[1]


def shown_in(words: Word | Words, language: Language = ENGLISH) -> tuple[str, ...]:
    """Return the ids of the figures in a sentence, in the order in which a language says them."""
    return tuple(part.figure.id for part in said(words, language) if isinstance(part, Shown))


def joined(parts: Iterable[Words], between: str = ", ", last: str = "") -> Words:
    """Join phrases into one: ``a, b and c``, or with `last` instead of the word."""
    *items, final = list(parts)
    found: list[Word] = []
    for item in items:
        found += [between, *item] if found else item
    if not found or last:
        return (*found, last, *final) if found else final
    return (say("{phrases} and {last}", phrases=tuple(found), last=final),)


def listed(values: Iterable[Word]) -> Words:
    """Return values one after another: ``a, b, c``."""
    return tuple(word for at, value in enumerate(values) for word in ((", ", value) if at else (value,)))


def value_of(figure: Figure | None) -> int:
    """Return millisatoshis to draw; what is unknown has no length."""
    return figure.value if figure is not None and isinstance(figure.value, int) else 0


def length_of(figure: Figure | None) -> float:
    """Return a figure as a length to draw, in its own unit; what is unknown has none."""
    return 0.0 if figure is None or figure.value is None else float(figure.value)
