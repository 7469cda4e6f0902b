"""Hashes of files, remembered beside what the file system says of them, as git's index does.

A file whose size, times and inode are those of its row was not written since; any other is read. A file that
was written in the same tick of the disk's clock as it was looked at could be written again in that tick
unnoticed: its row holds for this time only.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from stat import S_ISREG
from tempfile import TemporaryFile
from typing import Final, TypeAlias

import msgspec

#: What is looked over: python's own caches change without a change of ours.
_SKIPPED: Final = "__pycache__"


class FileRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True, gc=False):
    """One file as it was found; an inode of 0 holds for nothing."""

    sha256: str
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int

    def is_of(self, status: os.stat_result) -> bool:
        """Tell whether a file was not written since."""
        return (
            self.inode == status.st_ino
            and self.mtime_ns == status.st_mtime_ns
            and self.ctime_ns == status.st_ctime_ns
            and self.size == status.st_size
        )


#: By path below some folder; None for what is no plain file, or cannot be read.
FileRows: TypeAlias = dict[str, FileRow | None]


def rows_below(top: Path, known: Mapping[str, FileRow], prefix: str = "") -> FileRows:
    """Return a row for every file below a folder, hidden ones too; `prefix` stands before each path."""
    return {path: look(entry, status, known.get(path)) for path, entry, status in _walk(str(top), prefix)}


def look(path: str, status: os.stat_result, known: FileRow | None) -> FileRow | None:
    """Return what is known of a file, or read it; None for what is none."""
    if known is not None and known.is_of(status):
        return known
    if not S_ISREG(status.st_mode):
        return None
    try:
        data = Path(path).read_bytes()
    except OSError:
        return None
    return row_of(sha256(data).hexdigest(), status)


def row_at(path: Path, known: FileRow | None) -> FileRow | None:
    """Return the row of one file, or of what a link leads to; None where there is none."""
    try:
        return look(str(path), path.stat(), known)
    except OSError:
        return None


def row_of(told: str, status: os.stat_result) -> FileRow:
    """Return the row of a file that has this hash."""
    return FileRow(told, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


def settled(rows: FileRows, now_ns: int) -> dict[str, FileRow]:
    """Return rows to keep, when it was `now_ns` on the disk's clock before their files were looked at."""
    return {
        path: row if row.ctime_ns < now_ns else unsettled(row)
        for path, row in rows.items()
        if row is not None
    }


def unsettled(row: FileRow) -> FileRow:
    """Return a row that keeps the hash, and has the file read next time."""
    return msgspec.structs.replace(row, inode=0)


def moved(top: Path, rows: Mapping[str, FileRow], paths: Iterable[str]) -> FileRows:
    """Return rows, those of `paths` as they are after a link or renaming changed one of their times.

    One that was written meanwhile is read next time.
    """
    found: FileRows = dict(rows)
    for path in paths:
        row, status = rows[path], _status(f"{top}/{path}")
        if status is None:
            found[path] = None
        elif (row.size, row.mtime_ns, row.inode) == (status.st_size, status.st_mtime_ns, status.st_ino):
            found[path] = row_of(row.sha256, status)
        else:
            found[path] = unsettled(row)
    return found


def _status(path: str) -> os.stat_result | None:
    try:
        return os.lstat(path)
    except OSError:
        return None


def disk_now_ns(beside: Path) -> int:
    """Return what time it is for the disk; 0, which is before everything, where it takes no file."""
    folder = next(parent for parent in beside.absolute().parents if parent.is_dir())
    try:
        with TemporaryFile(dir=folder) as mark:
            return os.fstat(mark.fileno()).st_mtime_ns
    except OSError:
        return 0


def _walk(top: str, prefix: str) -> Iterator[tuple[str, str, os.stat_result]]:
    ahead = [(top, prefix)]
    while ahead:
        folder, before = ahead.pop()
        try:
            entries = os.scandir(folder)
        except FileNotFoundError:
            continue
        with entries:
            for entry in entries:
                if not entry.is_dir(follow_symlinks=False):
                    yield before + entry.name, entry.path, entry.stat(follow_symlinks=False)
                elif entry.name != _SKIPPED:
                    ahead.append((entry.path, f"{before}{entry.name}/"))
