"""How work grows with its input: a factor within one process, since seconds are those of a machine."""

from collections.abc import Callable
from time import process_time
from typing import Final

TIMES: Final = 4  #: as much input
#: Between what lines take, 4, and what squares take, 16.
LINEAR: Final = 8
_TURNS: Final = 5


def growth(work: Callable[[int], object], size: int) -> float:
    """Return how many times the CPU of `size` four times as much input takes; each is the least of turns."""
    small, large = [], []
    for _ in range(_TURNS):
        small.append(_cost(work, size))
        large.append(_cost(work, TIMES * size))
    return min(large) / min(small)


def _cost(work: Callable[[int], object], size: int) -> float:
    began = process_time()
    work(size)
    return process_time() - began
