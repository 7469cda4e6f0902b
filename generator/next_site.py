"""The site that is being written: new files go beside the old site.

Of one that is put in place as a whole, unchanged files are linked to those of the old site last.
"""

import os
import shutil
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from stat import S_ISREG
from typing import Final, NamedTuple, TypeAlias

from generator.atomic import sync_all, write_synced, write_unsynced
from generator.file_rows import FileRow, row_of

#: Bytes of one file: 40 MiB, far below the 100 MB that GitHub refuses. It is a little more than a part of the
#: log, so that what was closed still fits when a text in it is taken down and its hash is longer.
FILE_LIMIT: Final = 40 * 2**20


class PlacedFile(NamedTuple):
    """A file that lies where the next site looks for it."""

    row: FileRow
    stood: bool  #: in the old site; else it was written beside that


#: Path and bytes of one file of a site, unless it was placed already.
SiteFile: TypeAlias = tuple[str, bytes | PlacedFile]


@dataclass(frozen=True, slots=True)
class SiteWriter:
    """Writes files beside the old site, in this process or in several."""

    old: Path
    folder: Path
    _made: set[str] = field(default_factory=set, compare=False, repr=False)  #: folders, by path

    def __call__(self, path: str, data: bytes) -> bytes | PlacedFile:
        """Place a file; return one that a site may not hold as it is, for whoever takes it to refuse."""
        return self.placed(path, data) if is_inside(path) and len(data) <= FILE_LIMIT else data

    def placed(self, path: str, data: bytes) -> PlacedFile:
        """Write a file unless the old site has it."""
        status = _status_of_same(f"{self.old}/{path}", data)
        stood = status is not None
        if status is None:
            self.make_folder(path.rpartition("/")[0])
            place = f"{self.folder}/{path}"
            write_unsynced(place, data)
            status = os.stat(place)  # noqa: PTH116 -- a path for each of thousands takes as long as the disk
        return PlacedFile(row_of(sha256(data).hexdigest(), status), stood)

    def make_folder(self, folder: str) -> None:
        """Make a folder, and those above it, unless that was done."""
        if folder not in self._made:
            os.makedirs(f"{self.folder}/{folder}", exist_ok=True)  # noqa: PTH103 -- as in `placed`
            self._made.add(folder)


class NextSite:
    """The files taken so far; nothing is written while all of them are those of the old site."""

    def __init__(self, writer: SiteWriter) -> None:
        self._writer = writer
        self.old, self.folder = writer.old, writer.folder
        self._unchanged: set[str] = set()
        self.files: dict[str, FileRow] = {}  #: by path
        self.size = 0  #: bytes of all
        if self.folder.exists():  # left by a build that was cut off
            shutil.rmtree(self.folder)

    def take(self, path: str, given: bytes | PlacedFile) -> None:
        """Take a file; a second one at the same path stands in place of the first."""
        if path in self.files:
            self.size -= self.files[path].size
        row, stood = given if isinstance(given, PlacedFile) else self._writer.placed(path, given)
        (self._unchanged.add if stood else self._unchanged.discard)(path)
        self.files[path] = row
        self.size += row.size

    def data_of(self, path: str) -> bytes:
        """Return the bytes of a file that was taken."""
        return ((self.old if path in self._unchanged else self.folder) / path).read_bytes()

    @property
    def written(self) -> set[str]:
        """The files that the old site lacks, or has with other bytes."""
        return self.files.keys() - self._unchanged

    @cached_property
    def _before(self) -> set[str]:
        """The files of the old site, to be asked for when all were taken."""
        return paths_in(self.old)

    @property
    def gone(self) -> set[str]:
        """The files that the old site alone has."""
        return self._before - self.files.keys()

    @property
    def only_plain(self) -> bool:
        """Whether no file of the old site is reached by a link to a folder."""
        return self._unchanged <= self._before

    def differs(self) -> bool:
        """Tell whether the old site has other files than those taken, or other bytes in one."""
        return self._unchanged != self.files.keys() or self._before != self._unchanged

    def complete(self) -> None:
        """Link the unchanged files beside the new ones, and wait until the disk has all of it."""
        folders = {path.rpartition("/")[0] for path in self.files}
        for folder in sorted(folders):
            self._writer.make_folder(folder)
        for path in sorted(self._unchanged):
            if not _linked(f"{self.old}/{path}", f"{self.folder}/{path}"):
                write_synced(self.folder / path, [(self.old / path).read_bytes()])
        sync_all(f"{self.folder}/{path}" for path in self.written)
        sync_all(f"{self.folder}/{folder}" for folder in _with_those_above(folders))

    def discard(self) -> None:
        """Remove what was written; nothing where it became the site."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _with_those_above(folders: AbstractSet[str]) -> set[str]:
    """Return folders with all above them, up to the top, which is empty."""
    found = set(folders)
    for folder in folders:
        above = folder
        while above and (above := above.rpartition("/")[0]) not in found:
            found.add(above)
    return found


def is_inside(path: str) -> bool:
    """Tell whether a path names a file inside a site."""
    return "\\" not in path and not {"", ".", ".."}.intersection(path.split("/"))


def paths_in(folder: Path) -> set[str]:
    """Return the path of every file below a folder, links and the like too."""
    found, ahead = set(), [(str(folder), "")]
    while ahead:
        place, before = ahead.pop()
        with suppress(OSError), os.scandir(place) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    ahead.append((entry.path, f"{before}{entry.name}/"))
                else:
                    found.add(before + entry.name)
    return found


def _status_of_same(path: str, data: bytes) -> os.stat_result | None:
    """Return what the disk says of a file with these bytes; None for one with others, a link, or none."""
    try:
        status = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    plain = S_ISREG(status.st_mode) and status.st_size == len(data)
    return status if plain and Path(path).read_bytes() == data else None


def _linked(old: str, target: str) -> bool:
    """Link a file, in place of one that was written there before the same one was taken again."""
    with suppress(OSError):  # a file system without links, or too many of them: the file is written instead
        try:
            os.link(old, target)
        except FileExistsError:
            Path(target).unlink()
            os.link(old, target)
        return True
    return False
