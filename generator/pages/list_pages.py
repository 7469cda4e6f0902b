"""Long lists on pages of their own: which rows stand on which, and the links between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

T = TypeVar("T")

#: Rows of one page: with them it stays below 150 KiB, whatever titles say.
ROWS: Final = 40
_NEAR: Final = 2
_GAP: Final = 2  #: a single page between two is linked rather than left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet(Generic[T]):
    """The rows of one page of a list, and where the others are."""

    number: int  #: from 1
    rows: Sequence[T]
    first: int  #: place of its first row in the whole list, from 1
    total: int  #: rows of the whole list
    count: int  #: pages of the list

    @property
    def last(self) -> int:
        """The place of its last row in the whole list."""
        return self.first + len(self.rows) - 1

    @property
    def numbers(self) -> list[int | None]:
        """The pages to link: both ends and the neighbours; None where some are left out."""
        near = range(self.number - _NEAR, self.number + _NEAR + 1)
        shown = sorted({1, self.count, *(number for number in near if 1 <= number <= self.count)})
        found: list[int | None] = []
        for before, number in zip([0, *shown], shown, strict=False):
            if number - before == _GAP:
                found.append(number - 1)
            elif number - before > _GAP:
                found.append(None)
            found.append(number)
        return found


def sheets(rows: Sequence[T], size: int = ROWS) -> list[Sheet[T]]:
    """Return the pages of a list, of so many rows each; one without rows when there are none."""
    count = max(1, -(-len(rows) // size))
    return [
        Sheet(
            number=at + 1,
            rows=rows[at * size : (at + 1) * size],
            first=at * size + 1,
            total=len(rows),
            count=count,
        )
        for at in range(count)
    ]
