"""What the last build of a site was made from, so that the next one makes only what changed.

Files that may be deleted at any time. They hold no bytes of the site: those are taken from the site on
disk, and only where their hash is found to be the remembered one. One that is damaged, or of another
version, counts as none. A disk that refuses it fails no build.
"""

from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from generator.atomic import replace_unsynced
from generator.file_rows import FileRow

T = TypeVar("T")

SCHEMA: Final = 5
#: Bytes of the largest file that is read: a site of the largest size has half of it.
MOST: Final = 256 * 2**20


class CachedUnit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True, gc=False):
    """One unit as it was made last; the hashes of its files stand among those of the site."""

    key: str
    files: tuple[str, ...]  #: paths


class SiteSummary(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a command says of a site, so that it can say it again without a report."""

    texts: tuple[str, ...]  #: what is wrong with the maintainer's texts
    lines: tuple[str, ...]  #: the report and its sources, a line each
    missing: tuple[str, ...]  #: what is stale, failed or doubtful
    notes: tuple[str, ...]
    head: str  #: of the job summary
    wrong: tuple[str, ...]  #: of the job summary: sources that fail, since when, and what to do
    detailed: tuple[str, ...]  #: those of `missing` of which that says more
    table: tuple[str, ...]  #: of the job summary: every source
    snapshot: str  #: id


class CachedSite(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A whole site that was published without a fault."""

    key: str
    named: tuple[str, ...]  #: files that the configuration names, beside it
    count: int  #: of files
    size: int  #: bytes
    words: SiteSummary


class BuildCache(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is remembered of the last build."""

    site: CachedSite | None = None
    units: dict[str, CachedUnit] = {}
    inputs: dict[str, FileRow] = {}  #: files that a site is made from
    output: dict[str, FileRow] = {}  #: files of the site, by path
    pixels: dict[str, str] = {}  #: hashes of the pixels of pictures in the site, by that of their bytes


def load(path: Path, kind: type[T], log: Callable[[str], None]) -> T | None:
    """Read a file of the cache; None where there is none, or none that can be used, which is said."""
    try:
        if path.stat().st_size > MOST:
            log(f"{path} is larger than any cache of a site: it is not used, what it held is made again")
            return None
        seal, _, data = path.read_bytes().partition(b"\n")
    except FileNotFoundError:
        return None
    except OSError as error:
        log(f"{path} cannot be read ({error.strerror}): what it held is made again")
        return None
    try:
        found = msgspec.json.decode(data, type=kind) if seal.decode("latin-1") == _seal(data) else None
    except msgspec.DecodeError:
        found = None
    if found is None:
        log(f"{path} is damaged or of another version: it is not used, what it held is made again")
    return found


def load_all(paths: Iterable[Path], kind: type[T], log: Callable[[str], None]) -> dict[Path, T]:
    """Read files of the cache; of those that cannot be used the first is named, and the others counted."""
    told: list[str] = []
    found = {path: load(path, kind, told.append) for path in paths}
    if told:
        log(told[0] + (f" ({len(told) - 1} more beside it)" if len(told) > 1 else ""))
    return {path: value for path, value in found.items() if value is not None}


def save(path: Path, value: object, log: Callable[[str], None]) -> bool:
    """Write a file of the cache in one step; where the disk refuses, say so and return False."""
    data = msgspec.json.encode(value)
    try:
        replace_unsynced(path, _seal(data).encode() + b"\n" + data)  # the seal tells what a power cut left
    except OSError as error:
        log(f"{path} cannot be written ({error.strerror}): the next build makes again what it would hold")
        return False
    return True


def _seal(data: bytes) -> str:
    return sha256(SCHEMA.to_bytes() + data).hexdigest()
