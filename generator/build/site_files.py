"""The files of a site, unit by unit: those of unchanged units as they stand, the others made."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from generator.build.cache import CachedFile, CachedUnit
from generator.next_site import Kept, SiteFile
from generator.publish import is_inside
from generator.units.key import UnitRecipe, key
from generator.units.unit import Made, Unit


class SiteFiles:
    """Iterates over files; afterwards `units` is what the cache keeps of them."""

    def __init__(
        self,
        units: Iterable[Unit[Any, Any]],
        recipe: UnitRecipe,
        *,
        known: Mapping[str, CachedUnit],
        output: Path,
        make: Callable[[Iterable[Unit[Any, Any]]], Iterable[tuple[Unit[Any, Any], Made]]],
    ) -> None:
        self._all = units
        self._recipe = recipe
        self._known = known
        self._output = output
        self._make = make
        self._keys: dict[str, str] = {}
        self.units: dict[str, CachedUnit] = {}
        self.faults: list[str] = []
        self.made = 0  #: units that were not taken from the cache

    def __iter__(self) -> Iterator[SiteFile]:
        kept: list[CachedUnit] = []
        for unit, (files, told) in self._make(self._missing(kept)):
            yield from _of(kept)
            self.made += 1
            if told:
                self.faults.append(told)
            else:
                self.units[unit.id] = CachedUnit(
                    key=self._keys.pop(unit.id),
                    files=tuple(
                        CachedFile(path, sha256(data).hexdigest(), len(data)) for path, data in files.items()
                    ),
                )
            yield from files.items()
        yield from _of(kept)

    def _missing(self, kept: list[CachedUnit]) -> Iterator[Unit[Any, Any]]:
        """Yield the units that must be made; put the others into `kept`."""
        for unit in self._all:
            told = key(unit, self._recipe)
            cached = self._known.get(unit.id)
            if cached is not None and cached.key == told and stand(self._output, cached.files):
                kept.append(cached)
                self.units[unit.id] = cached
            else:
                self._keys[unit.id] = told
                yield unit


def _of(kept: list[CachedUnit]) -> Iterator[SiteFile]:
    for unit in kept:
        for file in unit.files:
            yield file.path, Kept(sha256=file.sha256, size=file.size)
    kept.clear()


def stand(output: Path, files: Iterable[CachedFile]) -> bool:
    """Tell whether these files are in a site, with the bytes that they are said to have."""
    return all(
        is_inside(file.path) and file_hash(output / file.path) == (file.sha256, file.size) for file in files
    )


def file_hash(path: Path) -> tuple[str, int] | None:
    """Return hash and size of a plain file; None for what is none, or cannot be read."""
    try:
        data = None if path.is_symlink() else path.read_bytes()
    except OSError:
        return None
    return None if data is None else (sha256(data).hexdigest(), len(data))
