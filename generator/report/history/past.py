"""The log as a sequence of looks: which run vouches for a line, and what stood at the look before."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.report.model import Look
from generator.snapshot import Key, Known, Record, Run, Withdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a look found of one record: what stood before it, and what stands after it."""

    look: int  #: index of the look
    key: Key
    before: Record | None  #: None: never seen, or withdrawn
    after: Record  #: a `Withdrawn` where it is gone


class Looks:
    """Run records, oldest first; a line of a run that left no record belongs to the next one that did."""

    def __init__(self, runs: Sequence[Run]) -> None:
        self._looks = [Look(run=run.id, at=run.at, snapshot=run.snapshot) for run in runs]
        self._ids = [run.id for run in runs]

    def __getitem__(self, index: int) -> Look:
        return self._looks[index]

    def index(self, run: str) -> int | None:
        """Return which look vouches for a line of this run; None for what no record vouches for yet."""
        found = bisect_left(self._ids, run)
        return found if found < len(self._ids) else None


def steps(known: Known, looks: Looks) -> Iterator[Step]:
    """Yield everything each look found, look by look, then by key."""
    found = [
        Step(look=look, key=key, before=None, after=record)
        for key, record in known.records.items()
        if key not in known.history and (look := looks.index(known.seen[key])) is not None
    ]
    for key, chain in known.history.items():
        before: Record | None = None
        for line in chain:
            look = looks.index(line.run)
            if look is not None:
                found.append(Step(look=look, key=key, before=before, after=line.record))
            before = None if isinstance(line.record, Withdrawn) else line.record
    return iter(sorted(found, key=lambda step: (step.look, step.key)))
