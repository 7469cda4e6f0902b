"""Fractions added exactly, by their denominators: most share a few, and whole numbers add much faster."""

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction


class ExactSum:
    """A sum that grows."""

    __slots__ = ("_numerators",)

    def __init__(self, values: Iterable[Fraction | int] = ()) -> None:
        self._numerators: defaultdict[int, int] = defaultdict(int)  #: by denominator
        for value in values:
            self.add(value)

    def add(self, value: Fraction | int) -> None:
        """Add a number."""
        self._numerators[value.denominator] += value.numerator

    @property
    def value(self) -> Fraction:
        """What was added."""
        return sum((Fraction(above, below) for below, above in self._numerators.items()), Fraction())
