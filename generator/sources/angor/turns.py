"""In which order projects are read, and how many at once; pure.

New money and small projects come first, then history: what the configuration
lists, then recorded projects whose address counts more than before, then those
that nobody has looked at in this run, then those that were never read, the
smallest first, then turns of what is only announced, and last what a full run
reads again though nothing has changed.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from generator.snapshot import Census
from generator.sources.angor.archive import Archive
from generator.sources.angor.project_reading import ProjectReading

#: Transactions of projects that are read together: what a run that is killed reads again.
TOGETHER: Final = 10
#: What a project weighs of which nobody said how many transactions it has.
UNCOUNTED: Final = 8
#: Rank of what a full run reads again: by identifier, so that the next run can go on where this one ended.
AGAIN: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """Orders the projects of a run."""

    archive: Archive
    listed: Collection[str]  #: identifiers
    standing: Collection[str]  #: identifiers of what shows itself unchanged
    counted: Mapping[str, int]  #: transactions of addresses, by identifier, as far as servers said

    def groups(self, readings: Iterable[ProjectReading]) -> Iterator[list[ProjectReading]]:
        """Yield the projects in order, in groups of about as much work."""
        group: list[ProjectReading] = []
        weight = 0
        for reading in sorted(readings, key=self._order):
            own = self.weight(reading)
            if group and weight + own > TOGETHER:
                yield group
                group, weight = [], 0
            group.append(reading)
            weight += own
        if group:
            yield group

    def weight(self, reading: ProjectReading) -> int:
        """Estimate how much there is to read of a project, in transactions."""
        recorded = self.archive.project(reading.place)
        before = recorded.address_txs if recorded else None
        return 1 + (self.counted.get(reading.identifier) or before or UNCOUNTED)

    def is_unfounded(self, reading: ProjectReading) -> bool:
        """Tell whether nothing is at stake but the turn of a project that is only announced."""
        said = self.archive.announced(reading.place)
        unfounded = said is not None and said.outcome is Census.UNFOUNDED
        return unfounded and reading.identifier not in self.listed

    def _order(self, reading: ProjectReading) -> tuple[int, int, str]:
        rank = self._rank(reading)
        return rank, self.weight(reading) if rank < AGAIN else 0, reading.identifier

    def _rank(self, reading: ProjectReading) -> int:
        if reading.identifier in self.standing:
            return AGAIN
        if reading.identifier in self.listed:
            return 0
        if self.archive.project(reading.place) is not None:
            return 1 if reading.identifier in self.counted else 2
        return 4 if self.is_unfounded(reading) else 3
