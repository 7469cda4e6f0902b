"""As of which run the log speaks of a project of the chain: the last one that read it whole; pure.

A project that a run could not read keeps what was recorded, and the chain goes on. Its rows are
judged as of the run that wrote them: a row that waited then may wait, though it would be deep now.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Self

from generator.config import Config
from generator.ledger import Entry
from generator.places import ANGOR, angor_place
from generator.snapshot import Announced, Census, Known, Outcome, Project, Run


@dataclass(frozen=True, slots=True, kw_only=True)
class LastReads:
    """The runs of a log by what they could read of the chain."""

    known: Known
    answered: tuple[Run, ...]  #: in which the whole of the chain was asked for, newest first
    wrote: Mapping[str, str]  #: the newest run that wrote a row, by place
    listed: Collection[str] | None  #: places that are read, None for all

    @classmethod
    def of(cls, known: Known, config: Config) -> Self:
        """Gather them from a fold, and the configuration that says which projects are read."""
        wrote: dict[str, str] = {}
        for entry in known.of(Entry):
            if entry.source == ANGOR:
                wrote[entry.place] = max(wrote.get(entry.place, ""), known.seen[entry.key])
        every = config.angor.discover == "all"
        return cls(
            known=known,
            answered=tuple(run for run in reversed(known.runs) if _answered(run)),
            wrote=wrote,
            listed=None if every else {angor_place(each.angor) for each in config.projects if each.angor},
        )

    def run_of(self, place: str) -> str:
        """Return the id of the run as of which a project's rows are; the last answer's if nothing tells."""
        found = max(self._read_whole(place), self.wrote.get(place, ""))
        return found or (self.answered or self.known.runs[::-1])[0].id

    def tip_of(self, place: str) -> int:
        """Return how high the chain was when a project was read, 0 where no run was told."""
        told = self.known.told_tip(self.run_of(place))
        return (told.tip_height if told else None) or 0

    def _read_whole(self, place: str) -> str:
        if self.listed is not None and place not in self.listed:
            return ""  # nobody asks for it any more
        return next((run.id for run in self.answered if self._is_whole(place, run.id)), "")

    def _is_whole(self, place: str, run: str) -> bool:
        project = self.known.said(("project", ANGOR, place), run)
        line = self.known.said(("announced", ANGOR, place), run)
        return (
            isinstance(project, Project)
            and project.complete
            and not (isinstance(line, Announced) and line.outcome is not Census.READ)
        )


def _answered(run: Run) -> bool:
    return any(asked.source == ANGOR and asked.outcome is Outcome.OK for asked in run.asked)
