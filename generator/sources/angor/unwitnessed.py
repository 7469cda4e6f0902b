"""What one indexer alone told, kept in run records: the log is the same whoever was down; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from generator.snapshot import Project
from generator.snapshot.announced import ALL_UNWITNESSED, UNFOUNDED_ALONE, UNWITNESSED
from generator.sources.angor.project_reading import ProjectReading

#: Projects that a run record names; of more it says only that there are.
MOST: Final = 200


@dataclass(slots=True)
class OneWord:
    """The projects of which one indexer alone told something that counts, by identifier."""

    key: str  #: of the run record
    names: set[str] = field(default_factory=set)
    unnamed: bool = False  #: there were too many to name, so each may be one

    @classmethod
    def of(cls, key: str, reads: Mapping[str, str]) -> Self:
        """Return what the last answer kept."""
        names = set(reads.get(key, "").split())
        return cls(key, names - {ALL_UNWITNESSED}, unnamed=ALL_UNWITNESSED in names)

    def reads(self, *, all_read: bool) -> dict[str, str]:
        """Return what to keep for the next run; a run that read all projects knows each by name."""
        if len(self.names) > MOST or (self.unnamed and not all_read):
            return {self.key: ALL_UNWITNESSED}
        return {self.key: " ".join(sorted(self.names))} if self.names else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unwitnessed:
    """Histories, and foundings that are not there, for which one indexer is the only witness."""

    histories: OneWord
    unfounded: OneWord  #: electrum servers list nothing where they fail, so that this is a weak word

    @classmethod
    def of(cls, reads: Mapping[str, str]) -> Self:
        """Return what the last answer kept."""
        return cls(
            histories=OneWord.of(UNWITNESSED, reads),
            unfounded=OneWord.of(UNFOUNDED_ALONE, reads),
        )

    def see(self, reading: ProjectReading, recorded: Project | None) -> None:
        """Note a history that was read; what was agreed on before stands while nothing was added."""
        name, address = reading.identifier, reading.address
        if reading.failure or reading.founded or (address and address.witnessed):
            self.unfounded.names.discard(name)
        elif recorded is None and address and address.history.complete:
            self.unfounded.names.add(name)
        if address is None:
            return
        if address.witnessed:
            self.histories.names.discard(name)
        elif reading.founded and (recorded is None or recorded.address_txs != reading.address_txs):
            self.histories.names.add(name)

    def reads(self, *, all_read: bool) -> dict[str, str]:
        """Return what to keep for the next run."""
        return {**self.histories.reads(all_read=all_read), **self.unfounded.reads(all_read=all_read)}
