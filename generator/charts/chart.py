"""What a page needs of a chart: its drawings, its words, and the rows behind it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from html import escape
from typing import Final, Self

import msgspec

from generator.charts.chart_sheet import ChartSheet
from generator.charts.plot import NARROW, WIDE, Plot, Width
from generator.language import ENGLISH, Language
from generator.report import Figure
from generator.sentence import Sentence, say
from generator.text_format import counted
from generator.wording import Word, Words, plain, said, shown_in


class Drawing(msgspec.Struct, frozen=True, kw_only=True):
    """The elements of one drawing, and its size in pixels."""

    name: str  #: ``wide`` or ``narrow``
    width: int
    height: int
    body: str


class Column(msgspec.Struct, frozen=True):
    """One column of a chart's table."""

    name: str | Sentence
    numeric: bool = False


numeric: Final = partial(Column, numeric=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The same in rows, for who cannot see or wants to copy: one cell for each column."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Words, ...], ...]
    name: str | Sentence  #: ``29 weeks``
    ways: tuple[str, ...] = ()  #: from the page to what each row is about, if it is a page

    @classmethod
    def of(
        cls,
        noun: str | Callable[[int], Sentence],
        columns: Iterable[str | Sentence | Column],
        rows: Iterable[Iterable[Word | Words]],
    ) -> Self:
        """Return a table named by the count of its rows; a column that is a name alone is text."""
        cells = tuple(tuple(cell if isinstance(cell, tuple) else (cell,) for cell in row) for row in rows)
        named = tuple(column if isinstance(column, Column) else Column(column) for column in columns)
        name = counted(len(cells), noun) if isinstance(noun, str) else noun(len(cells))
        return cls(columns=named, rows=cells, name=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A figure block: finding, question, drawings, table. Every number in it is a figure."""

    id: str  #: anchor on its page, and prefix of the ids inside
    name: str | Sentence  #: what the SVG is called
    finding: Words
    question: str | Sentence  #: and the measure
    alt: Words  #: chart type and trend, at most two sentences
    note: str | Sentence | Words = ""  #: what a reader must know to read it right
    table: Table
    figures: tuple[Figure, ...]  #: every figure drawn, for the CSV
    drawings: Callable[[Language], tuple[Drawing, ...]]  #: in a language, the wide one first
    _named: dict[str, tuple[str, str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def svg(self, drawing: Drawing, language: Language = ENGLISH, *, style: str = "") -> str:
        """Return one drawing as an SVG element; with a style sheet it stands alone, as a file."""
        if language.code not in self._named:
            self._named[language.code] = self._names(language)
        title, text = self._named[language.code]
        prefix = f"{self.id}-{drawing.name}"
        alone = f'xmlns="http://www.w3.org/2000/svg" width="{drawing.width}" ' if style else ""
        return (
            f'<svg {alone}class="chart {drawing.name}" viewBox="0 0 {drawing.width} {drawing.height}" '
            f'role="img" aria-labelledby="{prefix}-t {prefix}-d" focusable="false">'
            f'<title id="{prefix}-t">{title}</title><desc id="{prefix}-d"{text}</desc>'
            f"{f'<style>{style}</style>' if style else ''}{drawing.body}</svg>"
        )

    def _names(self, language: Language) -> tuple[str, str]:
        """Return what all its drawings are called, and the end of their element of alternative text."""
        alt = tuple(said(self.alt, language))  # looked up once, for its figures and for its text
        shown = " ".join(shown_in(alt, language))
        figures = f' data-figures="{escape(shown)}"' if shown else ""
        return escape(plain(self.name, language)), f"{figures}>{escape(plain(alt, language))}"

    def file(self, sheet: ChartSheet, language: Language) -> bytes:
        """Return the wide drawing as a file of its own, with what it needs of a sheet with both palettes."""
        drawing = self.drawings(language)[0]
        style = sheet.of(drawing.body, "chart", drawing.name)
        return (self.svg(drawing, language, style=style) + "\n").encode()


def sentences(*said: Sentence) -> Words:
    """Return whole sentences one after another."""
    return tuple(
        word for at, sentence in enumerate(said) for word in ((" ", sentence) if at else (sentence,))
    )


def on_day(day: date) -> Sentence:
    """Return a day as a cell of a table."""
    return say("{day}", day=day)


def drawn(draw: Callable[[Width], Plot]) -> Callable[[Language], tuple[Drawing, ...]]:
    """Return what draws for both widths, the wide one first, once for each language."""
    known: dict[str, tuple[Drawing, ...]] = {}

    def drawings(language: Language) -> tuple[Drawing, ...]:
        if language.code not in known:
            widths = (replace(width, language=language) for width in (WIDE, NARROW))
            known[language.code] = tuple(
                Drawing(name=width.name, width=width.px, height=round(plot.height), body=plot.body())
                for width, plot in ((width, draw(width)) for width in widths)
            )
        return known[language.code]

    return drawings
