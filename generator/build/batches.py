"""Units made a few at a time, so that asking another process or machine for them costs little."""

from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from generator.pages.site import SiteUnit, in_turn
from generator.pages.studio import Studio
from generator.units.unit import Made

Batch: TypeAlias = Sequence[SiteUnit]

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


def made_in_turn(studio: Studio, batch: Batch) -> list[Made]:
    """Make a batch here, for another process."""
    return [made for _, made in in_turn(batch, studio)]
