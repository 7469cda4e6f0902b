"""As of which run the log speaks of a project of the chain: the last one that read it whole; pure.

A project that a run could not read keeps what was recorded, and the chain goes on. Its rows are
judged as of the run that wrote them: a row that waited then may wait, though it would be deep now.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Final, Self

from generator.config import Config
from generator.ledger import Entry, Key
from generator.places import ANGOR, angor_place
from generator.snapshot import Announced, Census, Known, Outcome, Project, Run

#: Runs as of which all is folded again, for projects that were not read since: each takes a pass.
MOST_PASTS: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class LastReads:
    """The runs of a log by what they could read of the chain."""

    known: Known
    answered: tuple[str, ...]  #: ids of those in which the whole of the chain was asked for, oldest first
    tips: tuple[tuple[str, int], ...]  #: run and height, of each that was told one, oldest first
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
            answered=tuple(run.id for run in known.runs if _answered(run)),
            tips=tuple((run.id, run.tip_height) for run in known.runs if run.tip_height is not None),
            wrote=wrote,
            listed=None if every else {angor_place(each.angor) for each in config.projects if each.angor},
        )

    def run_of(self, place: str) -> str:
        """Return the id of the run as of which a project's rows are; the last answer's if nothing tells."""
        found = max(self._read_whole(place), self.wrote.get(place, ""))
        return found or (self.answered or [self.known.runs[-1].id])[-1]

    def tip_of(self, place: str) -> int:
        """Return how high the chain was when a project was read, 0 where no run was told."""
        told = bisect_right(self.tips, self.run_of(place), key=itemgetter(0))
        return self.tips[told - 1][1] if told else 0

    def _read_whole(self, place: str) -> str:
        """Return the newest run that read a project whole; it can only be another after a line about it."""
        if self.listed is not None and place not in self.listed:
            return ""  # nobody asks for it any more
        keys = (("project", ANGOR, place), ("announced", ANGOR, place))
        lines = {line.run for key in keys for line in self.known.history.get(key, ())}
        since = {self.known.seen[key] for key in keys if key in self.known.seen}
        end = len(self.answered)
        for begin in sorted({"", *lines, *since}, reverse=True):
            run = self.answered[end - 1] if end else ""
            if run >= begin and run and self._is_whole(*keys, run):
                return run
            end = bisect_left(self.answered, begin)
        return ""

    def _is_whole(self, of_project: Key, of_census: Key, run: str) -> bool:
        project, line = self.known.said(of_project, run), self.known.said(of_census, run)
        return (
            isinstance(project, Project)
            and project.complete
            and not (isinstance(line, Announced) and line.outcome is not Census.READ)
        )


def _answered(run: Run) -> bool:
    return any(asked.source == ANGOR and asked.outcome is Outcome.OK for asked in run.asked)
