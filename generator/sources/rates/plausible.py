"""Whether a price can be true beside its neighbours; pure.

Bitcoin's price changed tenfold within two months never since it has had a
market worth the name. So a price that is ten times off most of the nearest
known ones is a slip of unit, currency or decimal point, and is not recorded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

#: Neighbours are at most this far away, and this many.
NEAR: Final = timedelta(days=60)
MOST_NEIGHBOURS: Final = 7
#: Times above or below a neighbour that make a price incredible.
TIMES: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Why a price is not believed: the nearest neighbour that contradicts it."""

    above: bool
    day: date
    price: Decimal


def contradiction(day: date, price: Decimal, others: Mapping[date, Decimal]) -> Contradiction | None:
    """Return what contradicts a price, when most of its neighbours do; None for a plausible or lone one."""
    near = sorted((abs(other - day), other) for other in others if other != day and abs(other - day) <= NEAR)[
        :MOST_NEIGHBOURS
    ]
    against = [other for _, other in near if not _alike(price, others[other])]
    if 2 * len(against) <= len(near):
        return None
    nearest = against[0]
    return Contradiction(above=price > others[nearest], day=nearest, price=others[nearest])


def _alike(price: Decimal, other: Decimal) -> bool:
    return price < other * TIMES and other < price * TIMES
