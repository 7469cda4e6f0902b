"""What was read of the log, a file for each of its files: a payment has one month read on, and none again."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from generator.build.cache import load_all, save
from generator.snapshot import ReadFile

ReadFiles = Mapping[str, ReadFile]  # by path in the log


def load_log(folder: Path, paths: Iterable[str], log: Callable[[str], None]) -> dict[str, ReadFile]:
    """Read what is kept of these files; what cannot be used is said, and counts as none."""
    places = {path: _path(folder, path) for path in paths}
    found = load_all(places.values(), ReadFile, log)
    return {path: found[place] for path, place in places.items() if place in found}


def save_log(folder: Path, kept: ReadFiles, known: ReadFiles, log: Callable[[str], None]) -> None:
    """Write what is not what is `known`, until the disk refuses one; take away what is of no file."""
    wanted = {_path(folder, path): path for path in kept}
    for place in () if folder.is_symlink() else folder.rglob("*.json"):
        if place not in wanted:
            with suppress(OSError):  # it is passed over
                place.unlink()
    for place, path in wanted.items():
        if kept[path] is not known.get(path) and not save(place, kept[path].to_keep, log):
            break


def _path(folder: Path, path: str) -> Path:
    return (folder / path).with_suffix(".json")
