"""Units made a few at a time, so that asking another process or machine for them costs little."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, TypeAlias, TypeVar

from generator.pages.site import SiteUnit, in_turn
from generator.pages.studio import Studio

F = TypeVar("F")

Batch: TypeAlias = Sequence[SiteUnit]
#: What was made of a unit, as `Made` is, with something in place of the bytes of each file.
Given: TypeAlias = tuple[Mapping[str, F], str]

#: Units made at once.
BATCH: Final = 8
#: Batches under way for each process: what is made waits in memory until it is taken.
AHEAD: Final = 4


def in_batches(units: Iterable[SiteUnit]) -> list[Batch]:
    """Return wide units each alone, first because they take longest, then the others a few at a time."""
    all_units = list(units)
    wide = [[unit] for unit in all_units if unit.wide]
    others = [unit for unit in all_units if not unit.wide]
    return [*wide, *(others[start : start + BATCH] for start in range(0, len(others), BATCH))]


def made_in_turn(studio: Studio, put: Callable[[str, bytes], F], batch: Batch) -> list[Given[F]]:
    """Make a batch here, for another process, which gets what `put` makes of each file."""
    return [
        ({path: put(path, data) for path, data in files.items()}, told)
        for _, (files, told) in in_turn(batch, studio)
    ]


def as_bytes(_path: str, data: bytes) -> bytes:
    """Leave a file to whoever asked for it."""
    return data
