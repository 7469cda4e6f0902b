"""Checks of many files, shared among several processes; what they say keeps the order of the files."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeVar

from generator.build.processes import as_they_end, can_fork, processes

R = TypeVar("R")

#: Files below which no process is started, and files looked at in one turn of a process.
FEW: Final = 256
TURN: Final = 32
#: Turns under way for each process.
_AHEAD: Final = 4


def shared(look: Callable[[Sequence[str]], R], paths: Sequence[str], *, jobs: int) -> Iterator[R]:
    """Yield what `look` says of each few of the paths, in their order; raise what it raises.

    The processes are copies of this one; where there can be none, and for what one could not do, it is done
    here: a fault has its place then.
    """
    turns = [paths[start : start + TURN] for start in range(0, len(paths), TURN)]
    if jobs == 1 or len(paths) < FEW or not can_fork():
        yield from map(look, turns)
        return
    said: dict[int, R] = {}
    with processes(look, turns, jobs=jobs) as submit:
        for place, future in as_they_end(submit, range(len(turns)), most=_AHEAD * jobs):
            said[place] = future.result() if future.exception() is None else look(turns[place])
    yield from (said[place] for place in range(len(turns)))
