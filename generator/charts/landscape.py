"""The drawn picture of a project that has none: a sun, three hills and furrows, moved by its slug.

It encodes nothing and is hidden from readers. Coordinates are pixels of a frame of 320 x 200.
"""

from collections.abc import Iterator
from hashlib import sha256
from math import sin
from typing import Final

from generator.charts.marks import CircleMark, LineMark, Mark
from generator.charts.svg import svg_body

WIDTH, HEIGHT = 320, 200
_STEP: Final = 20
_BELOW: Final = 0  #: where hills end
#: Height of each hill from below, and how far its line swings.
_HILLS: Final = (("far", 82, 10), ("mid", 60, 9), ("near", 38, 5))
_FURROWS: Final = 4  #: on each side of the middle
_TOP: Final = 30  #: of the furrows, below the line of the nearest hill


def landscape(slug: str) -> list[Mark]:
    """Return the marks of a slug's picture, from below left, in drawing order."""
    chance = sha256(slug.encode()).digest()
    left = 60 + chance[0] % 200
    return [
        LineMark("sky", [_closed([(0.0, float(HEIGHT)), (float(WIDTH), float(HEIGHT))])]),
        CircleMark("sun", (left, 84 + chance[1] % 32), 32),
        *(
            LineMark(name, [_hill(base, swing, chance[2 + 2 * number], chance[3 + 2 * number])])
            for number, (name, base, swing) in enumerate(_HILLS)
        ),
        LineMark("furrow", list(_furrows(120 + chance[8] % 80))),
    ]


def landscape_svg(slug: str) -> str:
    """Return the picture as an SVG element for a page, coloured by its style sheet."""
    return (
        f'<svg class="picture" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="xMidYMid slice" '
        f'aria-hidden="true" focusable="false">{svg_body(landscape(slug), HEIGHT)}</svg>'
    )


def _hill(base: int, swing: int, phase: int, pace: int) -> list[tuple[float, float]]:
    xs = range(0, WIDTH + 1, _STEP)
    line = [(float(x), base + swing * sin(x / (44 + pace / 8) + phase / 40)) for x in xs]
    return _closed([(x, round(y, 1)) for x, y in line])


def _closed(line: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the area below a line."""
    start = (line[0][0], float(_BELOW))
    return [start, *line, (line[-1][0], float(_BELOW)), start]


def _furrows(middle: int) -> Iterator[list[tuple[float, float]]]:
    for number in range(-_FURROWS, _FURROWS + 1):
        yield [(middle + 13.0 * number, float(_TOP)), (middle + 64.0 * number, float(_BELOW))]
