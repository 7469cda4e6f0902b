"""One piece of a site: a pure function of a value and some templates."""

from collections.abc import Callable, Mapping
from typing import Generic, TypeAlias, TypeVar

import msgspec

T = TypeVar("T")
S = TypeVar("S")

#: The files of a unit by path, and a sentence about what of it could not be made, empty if nothing.
Made: TypeAlias = tuple[Mapping[str, bytes], str]


class Unit(msgspec.Struct, Generic[T, S], frozen=True, kw_only=True):
    """What its files are made from: `value`, these templates with those they refer to, and nothing else."""

    id: str  #: ``p/well``, ``own/about``, ``portfolio``
    value: T  #: of dataclasses or structs, so that it has a canonical encoding
    templates: tuple[str, ...]  #: names
    make: Callable[[T, S], Made]  #: a function of a module: other processes find it by its name
    wide: bool = False  #: its value holds reports of many projects: too large to send to another process
    keyed: bool = True  #: else it is always made, for its value is another after each run
