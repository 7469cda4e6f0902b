"""The files of a site, unit by unit: those of unchanged units as they stand, the others made."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from generator.build.cache import CachedUnit
from generator.file_rows import FileRow
from generator.next_site import PlacedFile, SiteFile
from generator.units.key import UnitRecipe, key
from generator.units.unit import Unit

#: A unit with its files by path, and what is said of it as in `Made`.
MadeFiles: TypeAlias = tuple[Unit[Any, Any], tuple[Mapping[str, bytes | PlacedFile], str]]


class SiteFiles:
    """Iterates over files; afterwards `units` is what the cache keeps of them."""

    def __init__(
        self,
        units: Iterable[Unit[Any, Any]],
        recipe: UnitRecipe,
        *,
        known: Mapping[str, CachedUnit],
        standing: Mapping[str, FileRow],
        make: Callable[[Iterable[Unit[Any, Any]]], Iterable[MadeFiles]],
    ) -> None:
        self._all = units
        self._recipe = recipe
        self._known = known
        self._standing = standing
        self._make = make
        self._keys: dict[str, str] = {}
        self.units: dict[str, CachedUnit] = {}
        self.faults: list[str] = []
        self.made = 0  #: units that were not taken from the cache

    def __iter__(self) -> Iterator[SiteFile]:
        kept: list[str] = []
        for unit, (files, told) in self._make(self._missing(kept)):
            yield from self._of(kept)
            self.made += 1
            if told:
                self.faults.append(told)
            elif unit.keyed:
                told_key = self._keys.pop(unit.id, None) or key(unit, self._recipe)
                self.units[unit.id] = CachedUnit(told_key, tuple(files))
            yield from files.items()
        yield from self._of(kept)
        self.faults.sort()

    def _missing(self, kept: list[str]) -> Iterator[Unit[Any, Any]]:
        """Yield the units that must be made; put the files of the others into `kept`."""
        for unit in self._all:
            if not unit.keyed:
                yield unit
                continue
            cached = self._known.get(unit.id)
            if cached is not None:  # the key of a new unit is made while others make the unit
                self._keys[unit.id] = key(unit, self._recipe)
            if cached and cached.key == self._keys[unit.id] and self._standing.keys() >= set(cached.files):
                kept += cached.files
                self.units[unit.id] = cached
            else:
                yield unit

    def _of(self, kept: list[str]) -> Iterator[SiteFile]:
        yield from ((path, PlacedFile(self._standing[path], stood=True)) for path in kept)
        kept.clear()
