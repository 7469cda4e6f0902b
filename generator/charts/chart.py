"""What a page needs of a chart: its drawings, its words, and the rows behind it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Final, Self

from generator.charts.plot import NARROW, WIDE, Plot, Width
from generator.report import Figure
from generator.text_format import counted
from generator.wording import Word, Words, plain, shown_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """The elements of one drawing, and its size in pixels."""

    name: str  #: ``wide`` or ``narrow``
    width: int
    height: int
    body: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a chart's table."""

    name: str
    numeric: bool = False


numeric: Final = partial(Column, numeric=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The same in rows, for who cannot see or wants to copy: one cell for each column."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Words, ...], ...]
    name: str  #: ``29 weeks``

    @classmethod
    def of(cls, noun: str, columns: Iterable[str | Column], rows: Iterable[Iterable[Word | Words]]) -> Self:
        """Return a table named by the count of its rows; a column that is a name alone is text."""
        cells = tuple(tuple(cell if isinstance(cell, tuple) else (cell,) for cell in row) for row in rows)
        named = tuple(Column(column) if isinstance(column, str) else column for column in columns)
        return cls(columns=named, rows=cells, name=counted(len(cells), noun))


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A figure block: finding, question, drawings, table. Every number in it is a figure."""

    id: str  #: anchor on its page, and prefix of the ids inside
    name: str  #: what the SVG is called
    finding: Words
    question: str  #: and the measure
    alt: Words  #: chart type and trend, at most two sentences
    note: str = ""  #: what a reader must know to read it right
    table: Table
    figures: tuple[Figure, ...]  #: every figure drawn, for the CSV
    drawings: tuple[Drawing, ...]

    def svg(self, drawing: Drawing, *, style: str = "") -> str:
        """Return one drawing as an SVG element; with a style sheet it stands alone, as a file."""
        prefix = f"{self.id}-{drawing.name}"
        figures = f' data-figures="{escape(" ".join(shown_in(self.alt)))}"' if shown_in(self.alt) else ""
        alone = f'xmlns="http://www.w3.org/2000/svg" width="{drawing.width}" ' if style else ""
        return (
            f'<svg {alone}class="chart {drawing.name}" viewBox="0 0 {drawing.width} {drawing.height}" '
            f'role="img" aria-labelledby="{prefix}-t {prefix}-d" focusable="false">'
            f'<title id="{prefix}-t">{escape(self.name)}</title>'
            f'<desc id="{prefix}-d"{figures}>{escape(plain(self.alt))}</desc>'
            f"{f'<style>{style}</style>' if style else ''}{drawing.body}</svg>"
        )

    def file(self, style: str) -> bytes:
        """Return the wide drawing as a file of its own; `style` holds both palettes."""
        return (self.svg(self.drawings[0], style=style) + "\n").encode()


def drawn(draw: Callable[[Width], Plot]) -> tuple[Drawing, ...]:
    """Draw for both widths, the wide one first."""
    return tuple(
        Drawing(name=width.name, width=width.px, height=round(plot.height), body=plot.body())
        for width, plot in ((width, draw(width)) for width in (WIDE, NARROW))
    )
