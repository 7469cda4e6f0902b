"""Workers of a Dask scheduler make units, with the same bytes; one that would make others is refused by name.

Both sides import this module. Whoever speaks for the scheduler can run code here and on its workers, as Dask
is made: it must be trusted as this machine is.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, Final

from distributed import Client

from generator.build.batches import AHEAD, Batch, as_bytes, made_in_turn
from generator.build.code_stamp import versions_here
from generator.errors import WorkersRefused
from generator.pages.studio import Studio
from generator.units.unit import Made

#: Seconds until a scheduler counts as away, or as one without workers.
PATIENCE_S: Final = 5
#: Of the code that is in memory: what lies on a worker's disk may be newer.
_IMPORTED: Final = versions_here()
#: A worker may have several threads; pages and charts are made by one at a time.
_turn: Final = threading.Lock()


class DaskWorkers:
    """The workers that make the bytes that this machine would; none that joins later is used."""

    def __init__(self, client: Client, workers: Sequence[str]) -> None:
        self._client = client
        self._workers = workers
        self.most = AHEAD * len(workers)  #: batches under way at once

    def submitter(self, studio: Studio) -> Callable[[Batch], Future[list[Made]]]:
        """Send what all units share to each worker once; return what sends a batch to one of them.

        Dask gives the batch of a worker that is lost to another one, three times.
        """
        shared = self._client.scatter(studio, broadcast=True, workers=self._workers)
        executor = self._client.get_executor(pure=False, workers=self._workers, allow_other_workers=False)
        return lambda batch: executor.submit(_made_alone, shared, batch)

    def is_over(self) -> bool:
        """Tell whether none of the workers is left, or nobody to ask."""
        try:
            return self._workers_now().isdisjoint(self._workers)
        except Exception:  # noqa: BLE001 -- Dask names no errors of a scheduler that is gone
            return True

    def _workers_now(self) -> set[str]:
        return set(_told_of(self._client))


@contextmanager
def dask_workers(address: str, warn: Callable[[str], None]) -> Iterator[DaskWorkers]:
    """Connect to a scheduler for the length of a context; raise `WorkersRefused` saying why not."""
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what is wrong is said here, once
    client = Client.__new__(Client)  # one that never connected must be closed as well
    try:
        try:
            client.__init__(address, timeout=PATIENCE_S, set_as_default=False)
            client.wait_for_workers(1, timeout=PATIENCE_S)
            found = client.run(_versions_of_worker, on_error="return")
        except Exception as error:
            why = str(error) or type(error).__name__
            step = "start `dask scheduler` there and `dask worker`, or leave --dask away"
            msg = f"Dask at {address!r} cannot be used ({why}); {step}"
            raise WorkersRefused(msg) from error
        workers = [worker for worker, versions in found.items() if _is_alike(client, worker, versions, warn)]
        if not workers:
            step = "install there what is installed here, or leave --dask away"
            msg = f"no worker of Dask at {address!r} makes the pages that this machine would; {step}"
            raise WorkersRefused(msg)
        yield DaskWorkers(client, workers)
    finally:
        client.close(timeout=PATIENCE_S)


def _is_alike(client: Client, worker: str, versions: object, warn: Callable[[str], None]) -> bool:
    """Tell whether a worker has our versions; say by name what differs."""
    if versions == _IMPORTED:
        return True
    name = _told_of(client).get(worker, {}).get("name", worker)
    if isinstance(versions, dict):
        different = sorted(what for what, ours in _IMPORTED.items() if versions.get(what) != ours)
        why = (
            f"its {' and '.join(different)} is another version than here"
            if different
            else "it must be started anew"
        )
    else:
        why = f"Sunlit cannot be used there ({type(versions).__name__}: {versions})"
    warn(f"Dask worker {name} at {worker} is refused: {why}")
    return False


def _told_of(client: Client) -> Mapping[str, Any]:
    """Return what the scheduler knows of each worker, by address."""
    found: Mapping[str, Any] = client.scheduler_info()["workers"]
    return found


def _versions_of_worker() -> dict[str, str]:
    """Return the versions of a worker; none where its files are no longer those that it imported."""
    return _IMPORTED if versions_here() == _IMPORTED else {}


def _made_alone(studio: Studio, batch: Batch) -> list[Made]:
    with _turn:
        return made_in_turn(studio, as_bytes, batch)
