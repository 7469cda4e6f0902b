"""Putting a rendered site on disk: the old one stands whole until the new one does.

The site is built in ``.output.next`` beside ``output``; then ``output`` becomes
``.output.prev`` and the new one takes its name. A build that is cut off leaves
the old site byte for byte, at worst under the name ``.output.prev``, from where
`recover` puts it back.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from generator.atomic import sync_folder, write_synced
from generator.errors import OutputRefused

if TYPE_CHECKING:
    from generator.report import Report

SCHEMA: Final = 1
MANIFEST: Final = "manifest.json"
#: Part of every site: git keeps the folder, GitHub Pages serves it as it is.
KEEPERS: Final = {".gitkeep": b"", ".nojekyll": b""}
#: Bytes of a site from which a warning is due, and from which it is refused (GitHub Pages: 1 GB).
NEARLY_FULL: Final = 800 * 10**6
LIMIT: Final = 10**9
#: Bytes of one file (GitHub refuses larger ones).
FILE_LIMIT: Final = 100 * 10**6


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishResult:
    """What publishing did: whether a byte of it changed, and its size in bytes."""

    changed: bool
    size: int

    @property
    def nearly_full(self) -> bool:
        """Tell whether the site comes close to what GitHub Pages takes."""
        return self.size > NEARLY_FULL


def complete(files: Mapping[str, bytes], report: "Report") -> dict[str, bytes]:
    """Return a site with its keepers and ``manifest.json``: the sha256 of every other file."""
    site = {**KEEPERS, **files}
    manifest = {
        "schema": SCHEMA,
        "demo": report.demo,
        "snapshot": report.snapshot,
        "as_of": f"{report.as_of:%Y-%m-%dT%H:%M:%SZ}",
        "files": {path: sha256(data).hexdigest() for path, data in site.items()},
    }
    text = json.dumps(manifest, sort_keys=True, indent=1, ensure_ascii=False)
    return site | {MANIFEST: f"{text}\n".encode()}


def publish(output: Path, files: Mapping[str, bytes], *, report: "Report") -> PublishResult:
    """Put a rendered site at `output` in one step, or leave it alone when nothing changed.

    Raise `OutputRefused` when the site is too large, when `output` holds what
    Sunlit did not build, or when the disk refuses; the old site stands then.
    """
    site = complete(files, report)
    size = sum(map(len, site.values()))
    _refuse_site(site, size)
    output = output.resolve()
    try:
        with _locked(output):
            _put_back(output)
            if _already_there(output, site):
                return PublishResult(changed=False, size=size)
            _refuse_foreign(output)
            _build(site, output, _sibling(output, "next"))
            _swap(output)
    except OSError as error:
        reason = f"{error.strerror or error}" + (f": {error.filename}" if error.filename else "")
        msg = f"{output} cannot be written ({reason}); the old site stands, free the place or choose --output"
        raise OutputRefused(msg) from error
    return PublishResult(changed=True, size=size)


def recover(output: Path) -> None:
    """Put the old site back if a build was cut off between its two renames; remove what is left over."""
    output = output.resolve()
    if _sibling(output, "prev").exists():
        with _locked(output):
            _put_back(output)


def _refuse_site(site: Mapping[str, bytes], size: int) -> None:
    if size > LIMIT:
        msg = f"the site has {size} bytes and GitHub Pages takes {LIMIT}; report fewer projects in one site"
        raise OutputRefused(msg)
    for path, data in site.items():
        if len(data) > FILE_LIMIT:
            step = "report fewer projects in one site"
            msg = f"{path} has {len(data)} bytes and GitHub takes {FILE_LIMIT} of one file; {step}"
            raise OutputRefused(msg)
        if not is_inside(path):
            msg = f"the site names a file {path!r}, expected a path inside it"
            raise OutputRefused(msg)


def is_inside(path: str) -> bool:
    """Tell whether a path names a file inside a site."""
    parts = PurePosixPath(path).parts
    return (
        bool(parts) and path == "/".join(parts) and not {"..", "/"}.intersection(parts) and "\\" not in path
    )


def _refuse_foreign(output: Path) -> None:
    """Refuse a folder that Sunlit did not build, because the swap would take it away."""
    if output.exists() and not output.is_dir():
        msg = f"{output} is not a folder; choose another --output"
        raise OutputRefused(msg)
    others = [path.name for path in output.iterdir() if path.name not in KEEPERS] if output.exists() else []
    if others and not _is_ours(output):
        msg = f"{output} holds {min(others)!r} and is no site of Sunlit; empty it or choose another --output"
        raise OutputRefused(msg)


def _is_ours(output: Path) -> bool:
    try:
        manifest = json.loads((output / MANIFEST).read_bytes())
    except (FileNotFoundError, ValueError):
        return False
    return isinstance(manifest, dict) and "schema" in manifest and "files" in manifest


@contextmanager
def _locked(output: Path) -> Iterator[None]:
    """Wait for other builds beside this one; the kernel lets go when they end, however they end."""
    output.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(output.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _sibling(output: Path, word: str) -> Path:
    return output.with_name(f".{output.name}.{word}")


def _put_back(output: Path) -> None:
    previous = _sibling(output, "prev")
    if not previous.exists():
        return
    if output.exists():
        shutil.rmtree(previous)
    else:
        previous.rename(output)
        sync_folder(output.parent)


def _already_there(output: Path, site: Mapping[str, bytes]) -> bool:
    if not output.is_dir():
        return False
    there = {path.relative_to(output).as_posix() for path in output.rglob("*") if not path.is_dir()}
    return there == site.keys() and all(_same(output / path, data) for path, data in site.items())


def _same(path: Path, data: bytes) -> bool:
    return (
        path.is_file()
        and not path.is_symlink()
        and path.stat().st_size == len(data)
        and path.read_bytes() == data
    )


def _build(site: Mapping[str, bytes], output: Path, new: Path) -> None:
    """Write the site to a new folder; files that did not change are linked, not written again."""
    if new.exists():
        shutil.rmtree(new)
    new.mkdir()
    for path, data in sorted(site.items()):
        target, old = new / path, output / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if not (_same(old, data) and _linked(old, target)):
            write_synced(target, [data])
    for folder in {(new / path).parent for path in site} | {new}:
        sync_folder(folder)


def _linked(old: Path, target: Path) -> bool:
    with suppress(OSError):  # a file system without links, or too many of them: the file is written instead
        os.link(old, target)
        return True
    return False


def _swap(output: Path) -> None:
    previous = _sibling(output, "prev")
    if output.exists():
        output.rename(previous)
    _sibling(output, "next").rename(output)
    sync_folder(output.parent)
    shutil.rmtree(previous, ignore_errors=True)
