"""Which numbers of an axis from zero are named: those of matplotlib's MaxNLocator, without importing it.

The library around that rule takes as long to import as a hundred drawings take to make.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Final

#: What a tick may be a multiple of, times a power of ten, where nothing else is said.
_USUAL: Final = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
#: Of a step, how far a number may be from a multiple and be it still; of 1, how far a step is from a whole.
_CLOSE: Final = 1e-10
_WHOLE: Final = 0.001
_LEAST: Final = 2  #: ticks, zero among them


@dataclass(frozen=True, slots=True)
class TickRule:
    """Ticks at even distances, at most one more than `most`."""

    most: int
    steps: Sequence[float] = _USUAL  #: from 1 to 10, each larger than the one before
    integer: bool = False  #: whole numbers alone, where two of them fit

    def ticks(self, top: float) -> list[float]:
        """Return the ticks from zero to `top`, which is above zero."""
        found = [0.0]
        for step in reversed(self._up_to(top)):
            found = _multiples(max(1.0, step) if self.integer and top >= 1 else step, top)
            if len(found) >= _LEAST:
                break
        return found

    def _up_to(self, top: float) -> list[float]:
        """Return the steps that may do, up to the first that makes few enough ticks."""
        scale = 10 ** (log10(top / self.most) // 1)
        below, above = [0.1 * step for step in self.steps[:-1]], 10 * self.steps[1]
        steps = [step * scale for step in (*below, *self.steps, above)]
        if self.integer:
            steps = [step for step in steps if step < 1 or abs(step - round(step)) < _WHOLE]
        large = (at for at, step in enumerate(steps) if step >= top / self.most)
        return steps[: next(large, len(steps) - 1) + 1]


def _multiples(step: float, top: float) -> list[float]:
    """Return the multiples of a step from zero to `top`."""
    times, rest = divmod(top, step)
    last = times if rest / step < _CLOSE else times + 1
    return [value for value in (at * step for at in range(floor(last) + 1)) if value <= top]
