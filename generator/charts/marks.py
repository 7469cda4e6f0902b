"""What a drawing is made of, before anybody writes it: in pixels from below left, each with a class."""

from collections.abc import Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from generator.charts.labels import Anchor, Pixel

#: Many numbers; `numpy.typing` would say it shorter, and takes longer to import than a drawing to make.
Array: TypeAlias = np.ndarray[tuple[int], np.dtype[np.float64]]
_DIAMOND: Final = ((0, 1), (1, 0), (0, -1), (-1, 0), (0, 1))


class LineMark(NamedTuple):
    """Straight lines, each through its points; closed where it ends at its first point."""

    kind: str
    lines: Sequence[Sequence[Pixel]]


class StepMark(NamedTuple):
    """A line that holds each height until the next x, which lies to the right."""

    kind: str
    xs: Array
    ys: Array


class CircleMark(NamedTuple):
    """A circle."""

    kind: str
    middle: Pixel
    radius: float


class TextMark(NamedTuple):
    """One line of text."""

    kind: str
    words: str
    anchor: Anchor
    figure: str  #: id of the figure it shows, empty for other words


Mark: TypeAlias = LineMark | StepMark | CircleMark | TextMark


def diamond(kind: str, x: float, y: float, radius: float) -> LineMark:
    """Return a square that stands on a corner."""
    return LineMark(kind, [[(x + px * radius, y + py * radius) for px, py in _DIAMOND]])
