"""The log as it is published: each of its files packed, and packed again only when it changed."""

from collections.abc import Iterator, Mapping
from functools import partial
from hashlib import sha256
from typing import Any

import msgspec

from generator.packed import pack
from generator.pages.files import log_path
from generator.pages.studio import Studio
from generator.units.unit import Made, Unit


class OneLogFile(msgspec.Struct, frozen=True, kw_only=True):
    """What the unit of a file of the log is made from."""

    path: str  #: in the log
    sha256: str


def log_units(
    log: Mapping[str, bytes], hashes: Mapping[str, str] | None = None
) -> Iterator[Unit[Any, Studio]]:
    """Yield a unit for each file of a log, by its path in the log; `hashes` are those that are at hand."""
    for path, data in log.items():
        value = OneLogFile(path=path, sha256=(hashes or {}).get(path) or sha256(data).hexdigest())
        yield Unit(id=f"log/{path}", value=value, templates=(), make=partial(log_unit, data))


def log_unit(data: bytes, value: OneLogFile, _studio: Studio | None) -> Made:
    """Pack one file of the log."""
    return {log_path(value.path): pack(data)}, ""
