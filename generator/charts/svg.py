"""Writes marks as small SVG for a style sheet.

No colour, font, id or style is written, so the bytes depend on neither fonts nor
settings and pass a content policy without ``unsafe-inline``.
"""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import chain, groupby, islice
from typing import Final

from generator.charts.labels import Pixel, Side
from generator.charts.marks import CircleMark, LineMark, Mark, StepMark, TextMark

#: Classes of what a scale is made of: its lines, those below first, and what stands beside them.
_LINES_OF_SCALE: Final = ("grid", "axis")
_WORDS_OF_SCALE: Final = "tick"
_ANCHORS: Final[dict[Side, str]] = {
    "left": "",
    "center": ' text-anchor="middle"',
    "right": ' text-anchor="end"',
}


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
        case CircleMark(kind=kind, middle=middle, radius=radius):
            cx, cy, r = _numbers((middle[0], height - middle[1], radius))
            return f'<circle class="{kind}" cx="{cx}" cy="{cy}" r="{r}"/>'
        case TextMark(kind=kind, words=words, anchor=anchor, figure=figure):
            source = f' data-figure="{escape(figure)}"' if figure else ""
            place = f"{_at(mark, height)}{_ANCHORS[anchor.side]}"
            return f'<text class="{kind}"{source}{place}>{escape(words)}</text>'


def _at(mark: TextMark, height: float) -> str:
    x, y = _numbers((mark.anchor.x, height - mark.anchor.y))
    return f' x="{x}" y="{y}"'


def _steps(lines: Sequence[Sequence[Pixel]], height: float) -> Iterator[str]:
    """Yield the steps of lines, those along an axis as H and V."""
    numbers = iter(_numbers([number for line in lines for x, y in line for number in (x, height - y)]))
    texts = zip(numbers, numbers, strict=True)
    for line in lines:
        last_x, last_y = next(texts)
        yield f"M{last_x} {last_y}"
        closed = len(line) > 2 and line[0] == line[-1]  # noqa: PLR2004 -- there and back is no area
        for x, y in islice(texts, len(line) - 1 - closed):
            if x == last_x:
                yield f"V{y}"
            elif y == last_y:
                yield f"H{x}"
            else:
                yield f"L{x} {y}"
            last_x, last_y = x, y
        if closed:
            next(texts)  # where it began
            yield "Z"


def _stairs(xs: Sequence[float], ys: Sequence[float], height: float) -> str:
    first_x, *across = _numbers(xs)
    up = _numbers([height - y for y in ys])
    ways = [x if y == last_y else f"{x}V{y}" for x, last_y, y in zip(across, up[:-1], up[1:], strict=True)]
    return "H".join((f"M{first_x} {up[0]}", *ways))


def _numbers(values: Sequence[float]) -> list[str]:
    """Return numbers to a hundredth of a pixel, written at once and as bytes: a long line has hundreds."""
    texts = b"%.2f " * len(values) % tuple(values)
    # no zeros after the point, and those before it stay
    short = texts.replace(b".00 ", b"; ").replace(b"0 ", b" ").replace(b"; ", b" ").replace(b"-0 ", b"0 ")
    return short.decode().split()
