"""Who makes units: this process one after another, or several processes at once, with the same bytes."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from multiprocessing import get_context
from typing import Final, TypeAlias

from generator.pages.site import SiteUnit, in_turn
from generator.pages.studio import Studio
from generator.units.unit import Made

MadeUnit: TypeAlias = tuple[SiteUnit, Made]

#: Units below which no process is started: it would take longer to import what it needs.
FEW: Final = 64
#: Units sent to a process at once.
BATCH: Final = 8

_studios: Final[list[Studio]] = []  #: of a process that makes units for another


def make_units(units: Iterable[SiteUnit], studio: Studio, *, jobs: int) -> Iterator[MadeUnit]:
    """Make units in `jobs` processes, a few of them here; raise as `render` does."""
    units = iter(units)
    first = list(islice(units, FEW))
    if jobs == 1 or len(first) < FEW:
        yield from in_turn(chain(first, units), studio)
        return
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_begin, initargs=(studio,))
    try:
        yield from _in_processes(chain(first, units), studio, pool, jobs)
    finally:
        pool.shutdown(cancel_futures=True)


def _in_processes(
    units: Iterable[SiteUnit], studio: Studio, pool: ProcessPoolExecutor, jobs: int
) -> Iterator[MadeUnit]:
    waiting: deque[tuple[list[SiteUnit], Future[list[Made]]]] = deque()
    batch: list[SiteUnit] = []
    for unit in units:
        if unit.wide:  # too large to send
            yield from in_turn([unit], studio)
            continue
        batch.append(unit)
        if len(batch) == BATCH:
            waiting.append((batch, pool.submit(_make, batch)))
            batch = []
        if len(waiting) > 2 * jobs:
            yield from _received(*waiting.popleft(), studio)
    for sent, future in waiting:
        yield from _received(sent, future, studio)
    yield from in_turn(batch, studio)


def _received(batch: list[SiteUnit], future: "Future[list[Made]]", studio: Studio) -> Iterator[MadeUnit]:
    """Yield what a process made; where it failed or ended, make it here, so that a fault has its place."""
    try:
        made = future.result()
    except Exception:  # noqa: BLE001 -- whatever it was is raised again here, or was the process's own end
        yield from in_turn(batch, studio)
    else:
        yield from zip(batch, made, strict=True)


def _begin(studio: Studio) -> None:
    _studios.append(studio)


def _make(batch: list[SiteUnit]) -> list[Made]:
    return [made for _, made in in_turn(batch, _studios[0])]
