"""Names of log files: a source, the month of observation, and which part of that month; pure.

The first file of a month has no number, its next ones do: ``2026-03.jsonl``, ``2026-03.2.jsonl``,
``2026-03.3.jsonl``. A part that has a next one is closed.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final, NamedTuple, Self

from generator.snapshot.run_record import FileState

#: Bytes of a part at most (40 MB). A published file may have a little more, so that a closed part still
#: fits when a text in it is taken down and its hash is longer.
PART_LIMIT: Final = 40 * 10**6
#: What a path of a log file looks like.
PATTERN: Final = r"([^/]+)/([0-9]{4}-[0-9]{2})(?:\.([2-9]|[1-9][0-9]{1,5}))?\.jsonl"


class LogFile(NamedTuple):
    """One file of a log; ordered as its lines were written."""

    source: str
    month: str  #: ``YYYY-MM``
    part: int = 1

    @classmethod
    def of(cls, path: str) -> Self | None:
        """Return which file a path names; None for one that is no log file's."""
        found = re.fullmatch(PATTERN, path)
        return found and cls(found[1], found[2], int(found[3] or 1))

    @classmethod
    def last(cls, paths: Collection[str], source: str, month: str) -> Self:
        """Return the open part of a month; its first one where there is none yet."""
        file = cls(source, month)
        while file.next.path in paths:
            file = file.next
        return file

    @property
    def path(self) -> str:
        """Path relative to the log."""
        number = f".{self.part}" if self.part > 1 else ""
        return f"{self.source}/{self.month}{number}.jsonl"

    @property
    def next(self) -> Self:
        """The part after this one."""
        return self._replace(part=self.part + 1)


def in_order(paths: Iterable[str]) -> list[str]:
    """Order paths by source, month and part, as lines were written; what is no log file's by its name."""
    return sorted(paths, key=lambda path: LogFile.of(path) or LogFile(path, ""))


def lacking(paths: Collection[str]) -> Iterator[str]:
    """Yield what is wrong with the parts that are there: each needs the one before it."""
    for path in in_order(paths):
        file = LogFile.of(path)
        if file and file.part > 1 and (before := file._replace(part=file.part - 1).path) not in paths:
            yield f"{path}: the part before it, {before}, is missing"


def grown(before: Mapping[str, FileState], changed: Iterable[FileState]) -> Iterator[str]:
    """Yield the paths of parts that a run changed though their next part was there `before`."""
    for state in changed:
        file = LogFile.of(state.path)
        if file and file.next.path in before and state != before.get(state.path):
            yield state.path
