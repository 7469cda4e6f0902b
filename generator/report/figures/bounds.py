"""How a published number relates to the true one, and what becomes of that in arithmetic; pure.

A value of figures is known exactly, at least, at most, or not at all. The rules
hold for parts that cannot be negative: sums of movements, and counts.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final


class Bound(StrEnum):
    """What the true number can be, seen from the published one."""

    EXACT = "exact"  #: the same; a value of None then means that there is none, such as no goal
    AT_LEAST = "at_least"  #: the same or more ("≥")
    AT_MOST = "at_most"  #: the same or less
    UNKNOWN = "unknown"  #: anything: the value is None

    @property
    def never_more(self) -> bool:
        """Whether the true number is certainly no higher than the published one."""
        return self in (Bound.EXACT, Bound.AT_MOST)

    @property
    def never_less(self) -> bool:
        """Whether the true number is certainly no lower than the published one."""
        return self in (Bound.EXACT, Bound.AT_LEAST)


_TURNED: Final = {Bound.AT_LEAST: Bound.AT_MOST, Bound.AT_MOST: Bound.AT_LEAST}


def added(*parts: Bound) -> Bound:
    """Return the bound of a sum of which every part is needed: what goes both ways is unknown."""
    inexact = set(parts) - {Bound.EXACT}
    if len(inexact) > 1:
        return Bound.UNKNOWN
    return next(iter(inexact), Bound.EXACT)


def turned(part: Bound) -> Bound:
    """Return the bound of what is subtracted, or divided by."""
    return _TURNED.get(part, part)


def less(whole: Bound, *parts: Bound) -> Bound:
    """Return the bound of a whole less its parts, and of a numerator over a denominator."""
    return added(whole, *map(turned, parts))


def share_of(part: Bound, whole: Bound) -> Bound:
    """Return the bound of a part over its own whole: a missing row may be of both, so exact or unknown."""
    return Bound.EXACT if part is whole is Bound.EXACT else Bound.UNKNOWN


def total(parts: Iterable[Bound]) -> Bound:
    """Return the bound of the sum of the known parts: at least, where some are unknown, not all."""
    found = set(parts)
    if found == {Bound.UNKNOWN}:
        return Bound.UNKNOWN
    return added(*(Bound.AT_LEAST if part is Bound.UNKNOWN else part for part in found))
