"""Which histories one indexer alone told, kept in run records: the log is the same whoever was down; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from generator.snapshot import Project
from generator.snapshot.announced import ALL_UNWITNESSED, UNWITNESSED
from generator.sources.angor.project_reading import ProjectReading

#: Projects that a run record names; of more it says only that there are.
MOST: Final = 200


@dataclass(slots=True)
class Unwitnessed:
    """The projects of which one indexer alone told something that counts, by identifier."""

    names: set[str] = field(default_factory=set)
    unnamed: bool = False  #: there were too many to name, so each may be one

    @classmethod
    def of(cls, reads: Mapping[str, str]) -> Self:
        """Return what the last answer kept."""
        names = set(reads.get(UNWITNESSED, "").split())
        return cls(names - {ALL_UNWITNESSED}, unnamed=ALL_UNWITNESSED in names)

    def see(self, reading: ProjectReading, recorded: Project | None) -> None:
        """Note a history that was read; what was agreed on before stands while nothing was added."""
        if reading.address is None or reading.founded is None:
            return
        if reading.address.witnessed:
            self.names.discard(reading.identifier)
        elif recorded is None or recorded.address_txs != reading.address_txs:
            self.names.add(reading.identifier)

    def reads(self, *, all_read: bool) -> dict[str, str]:
        """Return what to keep for the next run; a run that read all projects knows each by name."""
        if len(self.names) > MOST or (self.unnamed and not all_read):
            return {UNWITNESSED: ALL_UNWITNESSED}
        return {UNWITNESSED: " ".join(sorted(self.names))} if self.names else {}
