"""Who makes units: this process one after another, or several at once, with the same bytes."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from generator.build.batches import AHEAD, Batch, Given, in_batches, made_in_turn
from generator.build.processes import as_they_end, can_fork, processes
from generator.pages.site import SiteUnit, in_turn
from generator.pages.studio import Studio
from generator.units.unit import Made

if TYPE_CHECKING:
    from concurrent.futures import Future

    from generator.build.dask_workers import DaskWorkers

F = TypeVar("F")

#: Units below which no process is started: it would take longer to start than to make them.
FEW: Final = 64
#: Seconds after which it is asked whether workers elsewhere are still there.
LOOK_S: Final = 3
_NOTHING: Final[Mapping[str, Made]] = {}


def make_units(
    units: Iterable[SiteUnit],
    studio: Studio,
    *,
    put: Callable[[str, bytes], F],
    jobs: int,
    dask: "DaskWorkers | None" = None,
    ahead: Mapping[str, Made] = _NOTHING,
) -> Iterator[tuple[SiteUnit, Given[bytes | F]]]:
    """Make units by Dask, in `jobs` processes or here, as they are ready; raise as `render` does.

    Another process of this machine hands a file to `put`, such as to write it, and sends what that returns.
    What holds a whole report is too large to send: it is made here, or in a copy of this process. What was
    made `ahead`, by id, is not made again.
    """
    todo = []
    for unit in units:
        if unit.id in ahead:
            yield unit, ahead[unit.id]
        else:
            todo.append(unit)
    wide, narrow = [unit for unit in todo if unit.wide], [unit for unit in todo if not unit.wide]
    if dask is not None:
        batches, send = in_batches(narrow), dask.submitter(studio)
        sent = as_they_end(
            lambda place: send(batches[place]),
            range(len(batches)),
            most=dask.most,
            look_s=LOOK_S,
            is_over=dask.is_over,
        )
        yield from in_turn(wide, studio)
        yield from received(batches, sent, studio)
    elif jobs == 1 or len(todo) < FEW:
        yield from in_turn([*wide, *narrow], studio)
    else:
        here = [] if can_fork() else wide
        batches = in_batches(todo if can_fork() else narrow)
        with processes(partial(made_in_turn, studio, put), batches, jobs=jobs) as submit:
            ended = as_they_end(submit, range(len(batches)), most=AHEAD * jobs)
            yield from in_turn(here, studio)
            yield from received(batches, ended, studio)


def received(
    batches: Sequence[Batch], ended: Iterable[tuple[int, "Future[list[Given[F]]]"]], studio: Studio
) -> Iterator[tuple[SiteUnit, Given[bytes | F]]]:
    """Yield what was made elsewhere, batch by batch as each ended, by its place in the list.

    What failed or was lost is made here, so that a fault has its place, when all before it have ended: of
    several faults the first in the list is raised, and not the one that came first.
    """
    over: dict[int, Batch] = {}  #: of a place, what is to be made here
    first = 0  #: place of the first batch that has not ended
    for place, future in ended:
        try:
            made = future.result()
        except Exception:  # noqa: BLE001 -- whatever it was is raised again here, or was the other process's own end
            over[place] = batches[place]
        else:
            over[place] = ()
            yield from zip(batches[place], made, strict=True)
        while first in over:
            yield from in_turn(over.pop(first), studio)
            first += 1
