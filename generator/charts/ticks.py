"""Ticks of an axis that begins at zero, as matplotlib's `MaxNLocator` places them.

Its own would be half of what a build after one payment imports: numpy, a parser, colours.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Final

#: What a tick of amounts may be a multiple of, times a power of ten.
STEPS: Final = (1, 2, 2.5, 5, 10)
#: The same of counts.
_FINER: Final = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
#: How far a step may be from a whole number.
_NEAR: Final = 0.001


def ticks(top: float, most: int) -> list[float]:
    """Return the ticks from zero to `top`, at most as many as `most` steps."""
    return _multiples(next(_long_enough(top, most, STEPS)), top)


def whole_ticks(top: float, most: int) -> list[float]:
    """Return the same for what is counted."""
    steps = _long_enough(top, most, _FINER)
    return _multiples(max(1.0, next(step for step in steps if step < 1 or _is_whole(step))), top)


def _long_enough(top: float, most: int, steps: Sequence[float]) -> Iterator[float]:
    """Yield the lengths of steps of which `most` reach `top`, the shortest first."""
    scale = 10 ** (math.log10(top / most) // 1)
    lengths = (step * scale for step in (*steps, 10 * steps[1]))
    return (length for length in lengths if length >= top / most)


def _is_whole(step: float) -> bool:
    return abs(step - round(step)) < _NEAR


def _multiples(step: float, top: float) -> list[float]:
    return [place for number in range(int(top // step) + 2) if (place := number * step) <= top]
