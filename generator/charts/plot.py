"""A scaled area without Axis objects, which cost more than all the drawing; chart modules see only this.

The `kind` of a mark is its class in `templates/chart.css`, which alone decides how it looks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np

from generator.charts.labels import LETTER, LINE, Anchor, Labels, Pixel, Side
from generator.charts.marks import Array, CircleMark, LineMark, Mark, StepMark, TextMark, diamond
from generator.charts.svg import svg_body
from generator.language import ENGLISH, Language
from generator.wording import Word, plain

_PIECES: Final = 24  #: of a slanted line, each with a room of its own
_HATCH: Final = 7  #: pixels between the lines that mean "nobody looked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Width:
    """One of the two widths a chart is drawn for, at the size it is read; the page shows one of them."""

    name: str  #: class of the SVG
    px: int
    text: float  #: size of text in pixels, as the style sheet sets it
    language: Language = ENGLISH  #: in which its words are said

    @property
    def narrow(self) -> bool:
        """Whether this is the drawing for phones."""
        return self.px < 600  # noqa: PLR2004 -- between the two widths there are

    @property
    def drop(self) -> float:
        """Pixels from the middle of a line of text down to its baseline."""
        return 0.36 * self.text

    @property
    def amounts(self) -> float:
        """Pixels that the amounts of an axis take on the left."""
        return 58.0 if self.narrow else 64.0


WIDE: Final = Width(name="wide", px=700, text=13.5)
NARROW: Final = Width(name="narrow", px=328, text=12.5)

Range = tuple[float, float]
Numbers: TypeAlias = Sequence[float] | Array


class Plot:
    """Draws in data units inside margins (left, top, right, bottom in pixels); text is placed by rule."""

    def __init__(
        self,
        xlim: Range,
        ylim: Range,
        *,
        width: Width,
        height: float,
        margin: tuple[float, float, float, float],
    ) -> None:
        left, top, right, bottom = margin
        self.xlim, self.ylim, self.width, self.height = xlim, ylim, width, height
        self.labels = Labels(width=width.px, height=height, size=width.text)
        self.marks: list[Mark] = []  #: in drawing order
        self._x_scale = (width.px - right - left) / (xlim[1] - xlim[0])
        self._y_scale = (height - top - bottom) / (ylim[1] - ylim[0])
        self._x_start, self._y_start = left - xlim[0] * self._x_scale, bottom - ylim[0] * self._y_scale

    def at(self, x: float, y: float) -> Pixel:
        """Return the pixel of a point in data units."""
        return x * self._x_scale + self._x_start, y * self._y_scale + self._y_start

    def line(self, kind: str, xs: Sequence[float], ys: Sequence[float], *, steps: bool = False) -> None:
        """Draw a line; with `steps` each value holds until the next."""
        self.marks.append(
            StepMark(kind, *self._pixels(xs, ys))
            if steps
            else LineMark(kind, [[self.at(x, y) for x, y in zip(xs, ys, strict=True)]])
        )

    def slant(self, kind: str, x: Range, y: Range) -> None:
        """Draw a straight line that may rise or fall, and keep placed text off it where there is a choice."""
        self.line(kind, x, y)
        (x0, y0), (x1, y1) = self.at(x[0], y[0]), self.at(x[1], y[1])
        ways = [(x0 + (x1 - x0) * at / _PIECES, y0 + (y1 - y0) * at / _PIECES) for at in range(_PIECES + 1)]
        for start, end in pairwise(ways):
            self.labels.keep_off(start, end)

    def steps(self, kind: str, xs: Numbers, ys: Numbers) -> None:
        """Draw a stepped line, and keep placed text off it where there is a choice."""
        x_pixels, y_pixels = self._pixels(xs, ys)
        self.marks.append(StepMark(kind, x_pixels, y_pixels))
        self.labels.keep_off_steps(x_pixels.tolist(), y_pixels.tolist())

    def rectangle(self, kind: str, x: Range, y: Range) -> None:
        """Draw a rectangle from x[0] to x[1] and y[0] to y[1]."""
        (x0, y0), (x1, y1) = self.at(x[0], y[0]), self.at(x[1], y[1])
        self.marks.append(LineMark(kind, [[(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]]))

    def area(self, kind: str, xs: Sequence[float], lows: Sequence[float], highs: Sequence[float]) -> None:
        """Fill between two stepped lines; each value holds until the next x."""
        up = [self.at(x, y) for at, y in enumerate(highs[:-1]) for x in xs[at : at + 2]]
        down = [self.at(x, y) for at, y in enumerate(lows[:-1]) for x in xs[at : at + 2]]
        self.marks.append(LineMark(kind, [[*up, *reversed(down), up[0]]]))

    def swatch(self, kind: str, x: float, y: float, *, size: float) -> None:
        """Draw a square for a key, from a pixel upwards."""
        corners = [(x, y), (x + size, y), (x + size, y + size), (x, y + size), (x, y)]
        self.marks.append(LineMark(kind, [corners]))

    def dot(self, kind: str, x: float, y: float, *, size: float) -> None:
        """Draw a circle of `size` pixels across at a point."""
        self.marks.append(CircleMark(kind, self.at(x, y), size / 2))

    def diamond(self, kind: str, x: float, y: float, *, size: float) -> None:
        """Draw a diamond of `size` pixels across at a point."""
        self.marks.append(diamond(kind, *self.at(x, y), size / 2))

    def said(self, words: Word) -> str:
        """Return words as they stand in the drawing; a text is in no language, such as a name."""
        return words if isinstance(words, str) else plain(words, self.width.language)

    def key(self, *explained: tuple[str, Word]) -> None:
        """Explain marks (kind, words) at the top, beside each other; what is planned is a diamond."""
        x, y = 8.0, self.height - 14
        for kind, words in explained:
            self.marks.append(diamond(kind, x, y, 5) if kind == "planned" else CircleMark(kind, (x, y), 5.5))
            self.text("quiet", words, x + 12, y - self.width.drop)
            x += 30 + LETTER * self.width.text * len(self.said(words))

    def notch(self, kind: str, x: float, y: float) -> None:
        """Draw a tick of five pixels down from a pixel."""
        self.marks.append(LineMark(kind, [[(x, y), (x, y - 5)]]))

    def hatch(self, kind: str, x: Range, y: Range) -> None:
        """Draw the band that means: nobody looked here, or nothing happened yet."""
        self.hatch_pixels(kind, self.at(x[0], y[0]), self.at(x[1], y[1]))

    def hatch_pixels(self, kind: str, low_left: Pixel, high_right: Pixel) -> None:
        """Draw such a band between two pixels."""
        (x0, y0), (x1, y1) = low_left, high_right
        lines: list[list[Pixel]] = []
        step = x0 - (y1 - y0) + _HATCH
        while step < x1:
            low = max(step, x0)
            high = min(step + (y1 - y0), x1)
            lines.append([(low, y0 + low - step), (high, y0 + high - step)])
            step += _HATCH
        if lines:
            self.marks.append(LineMark(kind, lines))

    def text(
        self, kind: str, words: Word, x: float, y: float, *, side: Side = "left", figure: str = ""
    ) -> None:
        """Write one line whose anchor stands at a pixel, and take its room."""
        line = self.said(words)
        self.labels.take(line, Anchor(x, y, side), bold="strong" in kind)
        self._write(kind, line, Anchor(x, y, side), figure)

    def label(
        self,
        kind: str,
        words: Word,
        anchors: Iterable[Anchor],
        *,
        figure: str = "",
        must: bool = False,
        clear: bool = False,
    ) -> Anchor | None:
        """Write lines at the first anchor that is free; without one leave them out, unless they `must` be."""
        lines = self.said(words)
        anchor = self.labels.place(lines, anchors, bold="strong" in kind, must=must, clear=clear)
        if anchor is not None:
            self._write(kind, lines, anchor, figure)
        return anchor

    def label_lines(self, lines: Sequence[tuple[str, Word, str]], anchors: Iterable[Anchor]) -> None:
        """Write lines (kind, words, figure id) below each other at the first anchor that is free for all."""
        texts = [self.said(words) for _, words, _ in lines]
        anchor = self.labels.place("\n".join(texts), anchors, bold=True, must=True)
        if anchor is None:
            return
        for number, ((kind, _, figure), text) in enumerate(zip(lines, texts, strict=True)):
            y = anchor.y - number * LINE * self.width.text
            self._write(kind, text, Anchor(anchor.x, y, anchor.side), figure)

    def body(self) -> str:
        """Return the SVG elements, in drawing order."""
        return svg_body(self.marks, self.height)

    def _pixels(self, xs: Numbers, ys: Numbers) -> tuple[Array, Array]:
        x_pixels, y_pixels = np.asarray(xs, float), np.asarray(ys, float)
        return x_pixels * self._x_scale + self._x_start, y_pixels * self._y_scale + self._y_start

    def _write(self, kind: str, words: str, anchor: Anchor, figure: str) -> None:
        for number, line in enumerate(words.split("\n")):
            if line:
                y = anchor.y - number * LINE * self.width.text
                self.marks.append(TextMark(kind, line, Anchor(anchor.x, y, anchor.side), figure))
