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
        case CircleMark(kind=kind, middle=(x, y), radius=radius):
            place = f'cx="{_number(x)}" cy="{_number(height - y)}" r="{_number(radius)}"'
            return f'<circle class="{kind}" {place}/>'
        case TextMark(kind=kind, words=words, anchor=anchor, figure=figure):
            source = f' data-figure="{escape(figure)}"' if figure else ""
            place = f'x="{_number(anchor.x)}" y="{_number(height - anchor.y)}"{_ANCHORS[anchor.side]}'
            return f'<text class="{kind}"{source} {place}>{escape(words)}</text>'


def _steps(line: Sequence[Pixel], height: float) -> Iterator[str]:
    """Yield the steps of one line, those along an axis as H and V."""
    points = [(_number(x), _number(height - y)) for x, y in line]
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
    xs, ys = [_number(x) for x, _ in points], [_number(height - y) for _, y in points]
    ways = [
        f"H{x}" if y == last_y else f"H{x}V{y}" for x, (last_y, y) in zip(xs[1:], pairwise(ys), strict=True)
    ]
    return f"M{xs[0]} {ys[0]}{''.join(ways)}"


def _number(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
