"""Writes marks as small SVG for a style sheet.

No colour, font, id or style is written, so the bytes depend on neither fonts nor
settings and pass a content policy without ``unsafe-inline``.
"""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import chain, groupby
from operator import add
from typing import Final

import numpy as np

from generator.charts.labels import Pixel, Side
from generator.charts.marks import Array, CircleMark, LineMark, Mark, StepMark, TextMark

#: Classes of what a scale is made of: its lines, those below first, and what stands beside them.
_LINES_OF_SCALE: Final = ("grid", "axis")
_WORDS_OF_SCALE: Final = "tick"
_ANCHORS: Final[dict[Side, str]] = {
    "left": "",
    "center": ' text-anchor="middle"',
    "right": ' text-anchor="end"',
}
_PARTS: Final = 100  #: of a pixel, in which places are written
_REMEMBERED: Final = 10_000  #: texts of numbers


class _Texts(dict[int, str]):
    """Numbers in hundredths of a pixel as texts in pixels, each made once: steps of long lines are alike."""

    def __init__(self, command: str = "") -> None:
        super().__init__()
        self._command = command

    def __missing__(self, hundredths: int) -> str:
        if len(self) == _REMEMBERED:
            self.clear()
        number = f"{hundredths / _PARTS:.10g}"
        text = self._command + (number.replace("0.", ".") if abs(hundredths) < _PARTS else number)
        self[hundredths] = text
        return text


_AT, _ACROSS, _DOWN = _Texts(), _Texts("h"), _Texts("v")


def svg_body(marks: Iterable[Mark], height: float) -> str:
    """Return the elements of a drawing, in their order; SVG counts pixels from above.

    Lines and words of a scale that follow one another are one element of each kind: they cover nothing of
    each other.
    """
    runs = groupby(marks, _is_scale)
    found = (
        _scale(run, height) if of_scale else (_element(mark, height) for mark in run)
        for of_scale, run in runs
    )
    return "".join(chain.from_iterable(found))


def _is_scale(mark: Mark) -> bool:
    match mark:
        case LineMark(kind=kind):
            return kind in _LINES_OF_SCALE
        case TextMark(kind=kind, figure=figure):
            return kind == _WORDS_OF_SCALE and not figure
        case _:
            return False


def _scale(marks: Iterable[Mark], height: float) -> Iterator[str]:
    lines: dict[str, list[Sequence[Pixel]]] = {kind: [] for kind in _LINES_OF_SCALE}
    words: dict[Side, list[str]] = {side: [] for side in _ANCHORS}
    for mark in marks:
        if isinstance(mark, LineMark):
            lines[mark.kind] += mark.lines
        elif isinstance(mark, TextMark):
            words[mark.anchor.side].append(f"<text{_at(mark, height)}>{escape(mark.words)}</text>")
    yield from (_element(LineMark(kind, every), height) for kind, every in lines.items() if every)
    for side, texts in words.items():
        if texts:
            yield f'<g class="{_WORDS_OF_SCALE}"{_ANCHORS[side]}>{"".join(texts)}</g>'


def _element(mark: Mark, height: float) -> str:
    match mark:
        case LineMark(kind=kind, lines=lines):
            return f'<path class="{kind}" d="{"".join(_steps(lines, height))}"/>'
        case StepMark(kind=kind, xs=xs, ys=ys):
            return f'<path class="{kind}" d="{_stairs(xs, ys, height)}"/>'
        case CircleMark(kind=kind, middle=(x, y), radius=radius):
            return f'<circle class="{kind}" cx="{_text(x)}" cy="{_text(height - y)}" r="{_text(radius)}"/>'
        case TextMark(kind=kind, words=words, anchor=anchor, figure=figure):
            source = f' data-figure="{escape(figure)}"' if figure else ""
            place = f"{_at(mark, height)}{_ANCHORS[anchor.side]}"
            return f'<text class="{kind}"{source}{place}>{escape(words)}</text>'


def _at(mark: TextMark, height: float) -> str:
    return f' x="{_text(mark.anchor.x)}" y="{_text(height - mark.anchor.y)}"'


def _steps(lines: Sequence[Sequence[Pixel]], height: float) -> Iterator[str]:
    """Yield the steps of lines, those along an axis as h and v."""
    for line in lines:
        points = [(round(x * _PARTS), round((height - y) * _PARTS)) for x, y in line]
        last_x, last_y = points[0]
        yield f"M{_AT[last_x]} {_AT[last_y]}"
        closed = len(line) > 2 and line[0] == line[-1]  # noqa: PLR2004 -- there and back is no area
        for x, y in points[1 : len(line) - closed]:
            if x == last_x:
                yield _DOWN[y - last_y]
            elif y == last_y:
                yield _ACROSS[x - last_x]
            else:
                yield f"l{_AT[x - last_x]} {_AT[y - last_y]}"
            last_x, last_y = x, y
        if closed:
            yield "Z"


def _stairs(xs: Array, ys: Array, height: float) -> str:
    """Return a line that holds each height until the next x; where it stays flat is one step."""
    x, y = np.rint(xs * _PARTS).astype(int), np.rint((height - ys) * _PARTS).astype(int)
    turns = np.concatenate(((0,), (y[1:] != y[:-1]).nonzero()[0] + 1, (len(x) - 1,)))
    x, y = x[turns], y[turns]
    across, down = (x[1:] - x[:-1]).tolist(), (y[1:] - y[:-1]).tolist()
    steps = "".join(map(add, map(_ACROSS.__getitem__, across), map(_DOWN.__getitem__, down)))
    return f"M{_AT[int(x[0])]} {_AT[int(y[0])]}{steps}".removesuffix("v0").removesuffix("h0")


def _text(pixels: float) -> str:
    return _AT[round(pixels * _PARTS)]
