"""Several processes of this machine at work on one list, for any function."""

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context, parent_process
from typing import Any, Final, TypeVar

T = TypeVar("T")
R = TypeVar("R")

_share: Final[list[Any]] = []  #: of a child: the function, and the list where it was inherited


def can_fork() -> bool:
    """Tell whether children may start as copies of this process, which know all that it knows.

    Another thread could hold a lock that nobody would open in the copy; macOS' own libraries forbid it.
    """
    return sys.platform == "linux" and threading.active_count() == 1


@contextmanager
def processes(
    function: Callable[[T], R], items: Sequence[T], *, jobs: int
) -> Iterator[Callable[[int], Future[R]]]:
    """Start children; what is given takes the place of an item in the list and returns its future.

    Where they are copies of this process, nothing is sent but that place; elsewhere function and item are.
    """
    forked = can_fork()
    context = get_context("fork" if forked else "spawn")
    shared = (function, items if forked else None)
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=shared)
    try:
        yield lambda place: _submitted(pool, place if forked else items[place])
    finally:
        pool.shutdown(cancel_futures=True)


def as_they_end(
    submit: Callable[[T], Future[R]],
    items: Iterable[T],
    *,
    most: int,
    look_s: float | None = None,
    is_over: Callable[[], bool] = lambda: False,
) -> Iterator[tuple[T, Future[R]]]:
    """Start at once with the first of at most `most` items under way; yield each with its future as it ends.

    Where nothing ended for `look_s` seconds, `is_over` is asked whether anything still can; if not, what is
    left is cancelled.
    """
    ahead = iter(items)
    pending = {submit(item): item for item in islice(ahead, most)}

    def ended() -> Iterator[tuple[T, Future[R]]]:
        while pending:
            done, _ = wait(pending, timeout=look_s, return_when=FIRST_COMPLETED)
            if not done and is_over():
                for future in pending:
                    future.cancel()
            pending.update({submit(item): item for item in islice(ahead, len(done))})
            for future in done:
                yield pending.pop(future), future

    return ended()


def _submitted(pool: ProcessPoolExecutor, given: Any) -> "Future[Any]":  # noqa: ANN401 -- the function's own types
    """Hand an item to a pool; one that lost a child takes no more, so that the future has failed already."""
    try:
        return pool.submit(_work, given)
    except BrokenProcessPool as error:
        lost: Future[Any] = Future()
        lost.set_exception(error)
        return lost


def _begin(function: Callable[[Any], Any], items: Sequence[Any] | None) -> None:
    """Make a child ready: it leaves an interruption to its parent, and ends when that does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()  # or looking through what is inherited would copy it
    _share.extend((function, items))
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(1)


def _work(given: Any) -> Any:  # noqa: ANN401 -- the function's own types
    function, items = _share
    return function(given if items is None else items[given])
