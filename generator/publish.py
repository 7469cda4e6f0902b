"""Putting a rendered site on disk: the old one stands whole until the new one does.

What is new is written to ``.output.next`` beside ``output``. Few changes are then
moved into ``output``, from ``.output.changes``; where that was cut off, `recover`
does the rest. Else ``.output.next`` becomes a whole site, ``output`` becomes
``.output.prev`` and the new one takes its name. A build that is cut off before
leaves the old site byte for byte, at worst under the name ``.output.prev``, from
where `recover` puts it back.
"""

import json
import shutil
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from generator.atomic import sync
from generator.errors import OutputRefused
from generator.file_locks import IF_NOTHING_RUNS, HeldByAnother, lock_file
from generator.file_rows import FileRow
from generator.manifest import KEEPERS, MANIFEST, manifest_of, pixel_hashes
from generator.next_site import FILE_LIMIT, NextSite, PlacedFile, SiteFile, SiteWriter, is_inside
from generator.png import is_drawn
from generator.site_changes import bring_in, decide, is_few

if TYPE_CHECKING:
    from generator.report import Report

#: Bytes of a site from which a warning is due, and from which it is refused (GitHub Pages: 1 GB).
NEARLY_FULL: Final = 800 * 10**6
LIMIT: Final = 10**9
_OLD_STANDS: Final = (
    "{output} cannot be written ({reason}); the old site stands, free the place or choose --output"
)
_BETWEEN: Final = (
    "{output} is between two sites ({reason}); free the place and run again, which ends the change"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishResult:
    """What publishing did: whether a byte of it changed, how many files were given, and the site's bytes."""

    changed: bool
    count: int
    size: int
    files: Mapping[str, FileRow] = field(default_factory=dict, compare=False, repr=False)  #: by path
    #: Those that were linked or renamed since their rows were found.
    moved: Collection[str] = field(default=(), compare=False, repr=False)
    #: Of pictures, by the hash of their bytes.
    pixels: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def nearly_full(self) -> bool:
        """Tell whether the site comes close to what GitHub Pages takes."""
        return self.size > NEARLY_FULL


def publish(
    output: Path,
    files: Iterable[SiteFile],
    *,
    report: "Report",
    listing: Callable[[Mapping[str, FileRow]], Mapping[str, bytes]] = lambda _: {},
    pixels: Mapping[str, str] | None = None,
) -> PublishResult:
    """Put a site at `output` in one step, file by file as it is rendered; leave alone what did not change.

    `listing` makes the files that hold hashes of the others, as the manifest does. `pixels` are known of
    pictures, by the hash of their bytes.

    Raise `OutputRefused` when the site is too large, when `output` holds what
    Sunlit did not build, or when the disk refuses; the old site stands then.
    """
    output = output.resolve()
    with ExitStack() as held:
        with _refused(output):
            held.enter_context(_locked(output))
            _put_back(output)
            _refuse_foreign(output)
            site = NextSite(writer_for(output))
        held.callback(site.discard)
        nothing = nullcontext()  # what is placed touches no disk
        # closed before anything is discarded: who makes them may write
        for path, data in held.enter_context(closing(_all_files(files, listing, site.files))):
            with nothing if isinstance(data, PlacedFile) else _refused(output):
                _take(site, path, data)
        count = len(site.files.keys() - KEEPERS.keys())
        with _refused(output):
            hashes = {path: file.sha256 for path, file in site.files.items()}
            drawn = _pixels_by_path(site, hashes, pixels or {})
            _take(site, MANIFEST, manifest_of(report, hashes, drawn))
            changed = site.differs()
            if few := changed and is_few(site):
                decide(site, _sibling(output, "changes"))
            elif changed:
                site.complete()
                _swap(output)
        if few:
            _bring_in(output, site.gone)
    return PublishResult(
        changed=changed,
        count=count,
        size=site.size,
        files=site.files,
        moved=site.written if few else site.files if changed else (),
        pixels={hashes[path]: told for path, told in drawn.items()},
    )


def _pixels_by_path(site: NextSite, hashes: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    told = {path: known[data] for path, data in hashes.items() if data in known and is_drawn(path)}
    return told | pixel_hashes(hashes.keys() - told.keys(), site.data_of)


def _all_files(
    files: Iterable[SiteFile],
    listing: Callable[[Mapping[str, FileRow]], Mapping[str, bytes]],
    taken: Mapping[str, FileRow],
) -> Generator[SiteFile]:
    yield from KEEPERS.items()
    yield from files
    yield from listing(taken).items()


def writer_for(output: Path) -> SiteWriter:
    """Return what writes the next site at `output`, to be used only while `publish` takes its files."""
    output = output.resolve()
    return SiteWriter(output, _sibling(output, "next"))


@contextmanager
def _refused(output: Path, said: str = _OLD_STANDS) -> Iterator[None]:
    """Say what the disk refuses, and which site stands."""
    try:
        yield
    except OSError as error:
        reason = f"{error.strerror or error}" + (f": {error.filename}" if error.filename else "")
        raise OutputRefused(said.format(output=output, reason=reason)) from error


def recover(output: Path) -> None:
    """Finish what a build left that was cut off: the old site put back, or changes brought in."""
    output = output.resolve()
    if _sibling(output, "prev").exists() or _sibling(output, "changes").exists():
        with _locked(output):
            _put_back(output)


def _take(site: NextSite, path: str, data: bytes | PlacedFile) -> None:
    size = data.row.size if isinstance(data, PlacedFile) else len(data)
    if size > FILE_LIMIT:
        step = "report fewer projects in one site, such as with `angor: {discover: listed}`"
        msg = f"{path} has {size} bytes, and a file of a site has at most {FILE_LIMIT} (40 MiB); {step}"
        raise OutputRefused(msg)
    if not is_inside(path):
        msg = f"the site names a file {path!r}, expected a path inside it"
        raise OutputRefused(msg)
    site.take(path, data)
    if site.size > LIMIT:
        step = "report fewer projects in one site"
        msg = f"the site has at least {site.size} bytes and GitHub Pages takes {LIMIT}; {step}"
        raise OutputRefused(msg)


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
    """Wait for another build of the same folder, but not for ever."""
    output.parent.mkdir(parents=True, exist_ok=True)
    lock = _sibling(output, "lock")
    with ExitStack() as held:
        try:
            held.enter_context(lock_file(lock, wait=True))
        except HeldByAnother as error:
            holder = str(error) or "another process"
            msg = f"{lock}: {holder} is building this site; run again when it has ended. {IF_NOTHING_RUNS}"
            raise OutputRefused(msg) from error
        yield


def _sibling(output: Path, word: str) -> Path:
    if not output.name:
        msg = f"{output} is the top of a drive, and a site needs a folder of its own; choose another --output"
        raise OutputRefused(msg)
    return output.with_name(f".{output.name}.{word}")


def _put_back(output: Path) -> None:
    previous, changes = _sibling(output, "prev"), _sibling(output, "changes")
    if previous.exists():
        if output.exists():
            shutil.rmtree(previous)
        else:
            previous.rename(output)
            sync(output.parent)
    if changes.exists():
        if (output / MANIFEST).exists():
            _bring_in(output)
        else:  # somebody took the site away
            shutil.rmtree(changes)


def _bring_in(output: Path, gone: Collection[str] | None = None) -> None:
    with _refused(output, _BETWEEN):
        bring_in(_sibling(output, "changes"), output, gone)


def _swap(output: Path) -> None:
    previous = _sibling(output, "prev")
    if output.exists():
        output.rename(previous)
    _sibling(output, "next").rename(output)
    sync(output.parent)
    shutil.rmtree(previous, ignore_errors=True)
