"""The log packed while the report is made of it: a packer holds no lock of Python, so a thread is enough."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from generator.pages.file_kinds import of_kinds
from generator.pages.log_copy import log_units
from generator.units.unit import Made, Unit


@contextmanager
def log_made_ahead(log: Mapping[str, bytes]) -> Iterator[dict[str, Made]]:
    """Begin to make the units of a log, by path; the mapping has them by id when the context ends.

    No thread is left then, so that this process can have copies.
    """
    made: dict[str, Made] = {}
    pool = ThreadPoolExecutor(1)
    try:
        ahead = {unit.id: pool.submit(_made, unit) for unit in log_units(log)}
        yield made
        made |= {name: future.result() for name, future in ahead.items()}
    finally:
        pool.shutdown(cancel_futures=True)


def _made(unit: Unit[Any, Any]) -> Made:
    files, told = unit.make(unit.value, None)
    return of_kinds(files), told
