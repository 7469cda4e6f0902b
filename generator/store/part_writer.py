"""Writing lines into the files of a month: a file is closed before it would pass the limit."""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import chain
from pathlib import Path

from generator.atomic import write_whole
from generator.errors import LogError
from generator.snapshot import FileState, Heading, encode
from generator.snapshot.log_file import LogFile


def begun(held: Mapping[str, bytes], file: LogFile) -> bytes:
    """Return what a file holds already; of a new one its heading."""
    return held.get(file.path) or encode(Heading.of(file))


def write_parts(
    root: Path, held: Mapping[str, bytes], file: LogFile, lines: Iterable[bytes], *, limit: int
) -> Iterator[FileState]:
    """Write lines behind what an open part holds and into its next ones; yield the state of each file.

    Lines are written as they are made: those of a store are megabytes. Raise `LogError` for a line that
    no part takes.
    """
    rest = _Rest(lines)
    while rest.next:
        before = begun(held, file)
        if len(before) + len(rest.next) <= limit:
            yield _write(root, file.path, chain([before], rest.up_to(limit - len(before))))
        elif file.path not in held:
            step = "take its source out of the configuration and report this"
            msg = (
                f"{file.path}: a line of {len(rest.next)} bytes, and a file of the log takes {limit}; {step}"
            )
            raise LogError(msg)
        file = file.next


class _Rest:
    """Lines that were not taken yet."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = iter(lines)
        self.next = next(self._lines, b"")  #: empty after the last

    def up_to(self, room: int) -> Iterator[bytes]:
        """Yield the lines that fit into so many bytes."""
        while self.next and len(self.next) <= room:
            room -= len(self.next)
            yield self.next
            self.next = next(self._lines, b"")


def _write(root: Path, path: str, chunks: Iterable[bytes]) -> FileState:
    digest, length = sha256(), 0

    def hashed() -> Iterator[bytes]:
        nonlocal length
        for chunk in chunks:
            digest.update(chunk)
            length += len(chunk)
            yield chunk

    write_whole(root / path, hashed())
    return FileState(path=path, length=length, sha256=digest.hexdigest())
