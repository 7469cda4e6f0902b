"""Writes marks as small SVG for a style sheet.

No colour, font, id or style is written, so the bytes depend on neither fonts nor
settings and pass a content policy without ``unsafe-inline``.
"""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import pairwise
from typing import Final

from generator.charts.labels import Pixel, Side
from generator.charts.marks import CircleMark, LineMark, Mark, StepMark, TextMark

_ANCHORS: Final[dict[Side, str]] = {
    "left": "",
    "center": ' text-anchor="middle"',
    "right": ' text-anchor="end"',
}


def svg_body(marks: Iterable[Mark], height: float) -> str:
    """Return the elements of a drawing, in their order; SVG counts pixels from above."""
    return "".join(_element(mark, height) for mark in marks)


def _element(mark: Mark, height: float) -> str:
    match mark:
        case LineMark(kind=kind, lines=lines):
            way = "".join(step for line in lines for step in _steps(line, height))
            return f'<path class="{kind}" d="{way}"/>'
        case StepMark(kind=kind, points=points):
            return f'<path class="{kind}" d="{_stairs(points, height)}"/>'
        case CircleMark(kind=kind, middle=middle, radius=radius):
            cx, cy, r = _numbers((middle[0], height - middle[1], radius))
            return f'<circle class="{kind}" cx="{cx}" cy="{cy}" r="{r}"/>'
        case TextMark(kind=kind, words=words, anchor=anchor, figure=figure):
            source = f' data-figure="{escape(figure)}"' if figure else ""
            x, y = _numbers((anchor.x, height - anchor.y))
            return (
                f'<text class="{kind}"{source} x="{x}" y="{y}"{_ANCHORS[anchor.side]}>{escape(words)}</text>'
            )


def _steps(line: Sequence[Pixel], height: float) -> Iterator[str]:
    """Yield the steps of one line, those along an axis as H and V."""
    points = list(_points(line, height))
    yield f"M{points[0][0]} {points[0][1]}"
    closed = len(line) > 2 and line[0] == line[-1]  # noqa: PLR2004 -- there and back is no area
    for (last_x, last_y), (x, y) in pairwise(points[:-1] if closed else points):
        if x == last_x:
            yield f"V{y}"
        elif y == last_y:
            yield f"H{x}"
        else:
            yield f"L{x} {y}"
    if closed:
        yield "Z"


def _stairs(points: Sequence[Pixel], height: float) -> str:
    ways, last_y = [], ""
    for x, y in _points(points, height):
        ways.append(f"H{x}" if y == last_y else f"H{x}V{y}" if last_y else f"M{x} {y}")
        last_y = y
    return "".join(ways)


def _points(points: Sequence[Pixel], height: float) -> Iterator[tuple[str, str]]:
    return zip(_numbers([x for x, _ in points]), _numbers([height - y for _, y in points]), strict=True)


def _numbers(values: Sequence[float]) -> list[str]:
    """Return numbers to a hundredth of a pixel, written at once: a long line has hundreds."""
    texts = "%.2f " * len(values) % tuple(values)
    # no zeros after the point, and those before it stay
    return texts.replace(".00 ", "; ").replace("0 ", " ").replace("; ", " ").replace("-0 ", "0 ").split()
