"""Files of a copy that stay on disk: each is read again when it is asked for, and must be what it was."""

import os
import sys
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import IO, Self

from generator.verify.plain_files import contents
from generator.verify.site_copy import NotASite


class SiteChanged(Exception):
    """A file is not what it was when the site was read first: nothing can be said of the whole."""


class FolderFiles(Mapping[str, bytes]):
    """The files of a folder, in the order of their paths; what lies elsewhere is never opened."""

    def __init__(self, found: Mapping[str, tuple[str, bytes]]) -> None:
        """Take by path in the site the place on disk and the sha256 that was read there."""
        self._found = dict(sorted(found.items()))

    def __getitem__(self, path: str) -> bytes:
        """Read a file; raise `SiteChanged` where it cannot be read any more, or has other bytes."""
        place, before = self._found[path]
        try:
            data = contents(place)
        except (OSError, NotASite) as error:
            raise SiteChanged(path) from error
        if sha256(data).digest() != before:
            raise SiteChanged(path)
        return data

    def __iter__(self) -> Iterator[str]:
        """Yield the paths, in their order."""
        return iter(self._found)

    def __len__(self) -> int:
        """Return how many files there are."""
        return len(self._found)

    def __contains__(self, path: object) -> bool:
        """Tell whether there is a file, without reading it."""
        return path in self._found


class FetchedFiles(Mapping[str, bytes]):
    """Files that came over a network, all in one open file on disk."""

    def __init__(self, disk: IO[bytes]) -> None:
        self._disk = disk
        self._places: dict[str, tuple[int, int]] = {}  #: where each begins, and its length
        self._end = 0

    def keep(self, path: str, data: bytes) -> None:
        """Add a file."""
        self._disk.seek(self._end)
        self._disk.write(data)
        self._places[path] = (self._end, len(data))
        self._end += len(data)

    def ordered(self) -> Self:
        """Put them in the order of their paths; none is added any more."""
        self._disk.flush()
        self._places = dict(sorted(self._places.items()))
        return self

    def __getitem__(self, path: str) -> bytes:
        """Read a file; other processes may do so at the same time."""
        start, length = self._places[path]
        if sys.platform == "win32":  # where no other process shares the file's position
            self._disk.seek(start)
            return self._disk.read(length)
        return os.pread(self._disk.fileno(), length, start)

    def __iter__(self) -> Iterator[str]:
        """Yield the paths."""
        return iter(self._places)

    def __len__(self) -> int:
        """Return how many files there are."""
        return len(self._places)

    def __contains__(self, path: object) -> bool:
        """Tell whether there is a file, without reading it."""
        return path in self._places
