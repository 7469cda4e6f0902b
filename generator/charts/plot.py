"""A scaled area without Axis objects, which cost more than all the drawing; chart modules see only this.

The `kind` of a mark is its class in `templates/chart.css`, which alone decides how it looks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Bbox, BboxTransform, IdentityTransform

from generator.charts.labels import LINE, Anchor, Labels, Pixel, Side
from generator.charts.svg import ThemedSvg

if TYPE_CHECKING:
    from matplotlib.artist import Artist

_DPI: Final = 72  #: one point is one pixel
_HATCH: Final = 7  #: pixels between the lines that mean "nobody looked"
_DIAMOND: Final = ((0, 1), (1, 0), (0, -1), (-1, 0), (0, 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Width:
    """One of the two widths a chart is drawn for, at the size it is read; the page shows one of them."""

    name: str  #: class of the SVG
    px: int
    text: float  #: size of text in pixels, as the style sheet sets it

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
        self._artists: list[Artist] = []
        self._scale = BboxTransform(
            Bbox(np.transpose([xlim, ylim])), Bbox([[left, bottom], [width.px - right, height - top]])
        ).frozen()

    def at(self, x: float, y: float) -> Pixel:
        """Return the pixel of a point in data units."""
        px, py = self._scale.transform((x, y))
        return float(px), float(py)

    def line(self, kind: str, xs: Sequence[float], ys: Sequence[float], *, steps: bool = False) -> None:
        """Draw a line; with `steps` each value holds until the next."""
        line = Line2D(xs, ys, gid=kind, transform=self._scale)
        line.set_drawstyle("steps-post" if steps else "default")
        self._artists.append(line)

    def rectangle(self, kind: str, x: Range, y: Range) -> None:
        """Draw a rectangle from x[0] to x[1] and y[0] to y[1]."""
        corners = [(x[0], y[0]), (x[1], y[0]), (x[1], y[1]), (x[0], y[1]), (x[0], y[0])]
        self._artists.append(PathPatch(Path(corners, closed=True), gid=kind, transform=self._scale))

    def area(self, kind: str, xs: Sequence[float], lows: Sequence[float], highs: Sequence[float]) -> None:
        """Fill between two stepped lines; each value holds until the next x."""
        up = [(x, y) for at, y in enumerate(highs[:-1]) for x in xs[at : at + 2]]
        down = [(x, y) for at, y in enumerate(lows[:-1]) for x in xs[at : at + 2]]
        corners = [*up, *reversed(down), up[0]]
        self._artists.append(PathPatch(Path(corners, closed=True), gid=kind, transform=self._scale))

    def swatch(self, kind: str, x: float, y: float, *, size: float) -> None:
        """Draw a square for a key, from a pixel upwards."""
        corners = [(x, y), (x + size, y), (x + size, y + size), (x, y + size), (x, y)]
        self._pixels(kind, Path(corners, closed=True))

    def dot(self, kind: str, x: float, y: float, *, size: float) -> None:
        """Draw a circle of `size` pixels across at a point."""
        px, py = self.at(x, y)
        self._pixels(kind, Path.circle((px, py), size / 2))

    def diamond(self, kind: str, x: float, y: float, *, size: float) -> None:
        """Draw a diamond of `size` pixels across at a point."""
        px, py = self.at(x, y)
        self._pixels(kind, Path([(px + a * size / 2, py + b * size / 2) for a, b in _DIAMOND], closed=True))

    def key(self, *marks: tuple[float, str, str]) -> None:
        """Explain marks (pixel from the left, kind, words) at the top; what is planned is a diamond."""
        y = self.height - 14
        for x, kind, words in marks:
            if kind == "planned":
                self._pixels(kind, Path([(x + a * 5, y + b * 5) for a, b in _DIAMOND], closed=True))
            else:
                self._pixels(kind, Path.circle((x, y), 5.5))
            self.text("quiet", words, x + 12, y - self.width.drop)

    def notch(self, kind: str, x: float, y: float) -> None:
        """Draw a tick of five pixels down from a pixel."""
        self._pixels(kind, Path([(x, y), (x, y - 5)]))

    def hatch(self, kind: str, x: Range, y: Range) -> None:
        """Draw the band that means: nobody looked here."""
        (x0, y0), (x1, y1) = self.at(x[0], y[0]), self.at(x[1], y[1])
        points, codes = [], []
        step = x0 - (y1 - y0) + _HATCH
        while step < x1:
            low = max(step, x0)
            high = min(step + (y1 - y0), x1)
            points += [(low, y0 + low - step), (high, y0 + high - step)]
            codes += [Path.MOVETO, Path.LINETO]
            step += _HATCH
        if points:
            self._pixels(kind, Path(points, codes))

    def text(
        self, kind: str, words: str, x: float, y: float, *, side: Side = "left", figure: str = ""
    ) -> None:
        """Write one line whose anchor stands at a pixel, and take its room."""
        self.labels.take(words, Anchor(x, y, side), bold="strong" in kind)
        self._write(kind, words, Anchor(x, y, side), figure)

    def label(
        self,
        kind: str,
        words: str,
        anchors: Sequence[Anchor],
        *,
        figure: str = "",
        must: bool = False,
        clear: bool = False,
    ) -> Anchor | None:
        """Write lines at the first anchor that is free; without one leave them out, unless they `must` be."""
        anchor = self.labels.place(words, anchors, bold="strong" in kind, must=must, clear=clear)
        if anchor is not None:
            self._write(kind, words, anchor, figure)
        return anchor

    def label_lines(self, lines: Sequence[tuple[str, str, str]], anchors: Sequence[Anchor]) -> None:
        """Write lines (kind, words, figure id) below each other at the first anchor that is free for all."""
        whole = "\n".join(words for _, words, _ in lines)
        anchor = self.labels.place(whole, anchors, bold=True, must=True)
        if anchor is None:
            return
        for number, (kind, words, figure) in enumerate(lines):
            y = anchor.y - number * LINE * self.width.text
            self._write(kind, words, Anchor(anchor.x, y, anchor.side), figure)

    def avoid(self, xs: Sequence[float], ys: Sequence[float]) -> None:
        """Keep placed text off a stepped line through these points, where there is a choice."""
        before: Pixel | None = None
        for x, y in zip(xs, ys, strict=True):
            here = self.at(x, y)
            if before is not None:
                self.labels.keep_off(before, (here[0], before[1]))
                self.labels.keep_off((here[0], before[1]), here)
            before = here

    def body(self) -> str:
        """Return the SVG elements, in drawing order."""
        renderer = ThemedSvg(self.width.px, self.height)
        size = (self.width.px / _DPI, self.height / _DPI)
        figure = Figure(figsize=size, dpi=_DPI)
        figure.patch.set_visible(False)
        for order, artist in enumerate(self._artists):
            artist.set_zorder(order)  # as they were drawn: matplotlib would put all lines over all bars
            figure.add_artist(artist)
        figure.draw(renderer)
        return "".join(renderer.marks)

    def _pixels(self, kind: str, path: Path) -> None:
        self._artists.append(PathPatch(path, gid=kind, transform=IdentityTransform()))

    def _write(self, kind: str, words: str, anchor: Anchor, figure: str) -> None:
        for number, line in enumerate(words.split("\n")):
            y = anchor.y - number * LINE * self.width.text
            text = Text(anchor.x, y, line, gid=kind, parse_math=False, transform=IdentityTransform())
            text.set_horizontalalignment(anchor.side)
            text.set_url(figure or None)
            self._artists.append(text)
