"""Files that changed, brought into the standing site: all of them, whenever the process ends.

They lie in a folder of their own, with the manifest of the new site where that is another. Once the folder
is there the new site is decided: whoever comes next brings in what is left of it. So a change of a few files
costs those, however large the site is.
"""

import json
import shutil
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path, PurePosixPath

from generator.atomic import sync, sync_all
from generator.manifest import MANIFEST
from generator.next_site import NextSite, paths_in


def is_few(site: NextSite) -> bool:
    """Tell whether at most half of the files differ, and files stand for files and folders for folders.

    More of them are put in place as a whole, so that nobody reads half of them meanwhile.
    """
    written, gone = site.written, site.gone
    return (
        2 * len(written | gone) <= len(site.files)
        and site.only_plain
        and not any((site.old / path).is_dir() for path in written)
        and not any(str(above) in gone for path in written for above in PurePosixPath(path).parents)
    )


def decide(site: NextSite, changes: Path) -> None:
    """Put the written files aside under their name for changes, once the disk has them."""
    written = site.written
    folders = {(site.folder / path).parent for path in written}
    sync_all(site.folder / path for path in written)
    sync_all({above for folder in folders for above in (folder, *folder.parents) if above >= site.folder})
    # Before anything is decided: a full disk leaves the old site, with empty folders.
    for path in written:
        (site.old / path).parent.mkdir(parents=True, exist_ok=True)
    site.folder.mkdir(exist_ok=True)  # where files only went
    site.folder.rename(changes)
    sync(changes.parent)


def bring_in(changes: Path, output: Path, gone: Collection[str] | None = None) -> None:
    """Move changes into a site and take away what it has no more, `gone` if that is known.

    Can be done again from any point. Its manifest comes last: half a site is none that could be verified.
    """
    moved = sorted(paths_in(changes), key=lambda path: (path == MANIFEST, path))
    touched = {output}
    for path in _gone(changes, output) if gone is None else gone:
        (output / path).unlink(missing_ok=True)
        touched.add(_pruned((output / path).parent, output))
    for path in moved:
        target = output / path
        target.parent.mkdir(parents=True, exist_ok=True)
        (changes / path).replace(target)
        touched.add(target.parent)
    sync_all(folder for folder in touched if folder.is_dir())
    shutil.rmtree(changes)


def _gone(changes: Path, output: Path) -> set[str]:
    told = changes / MANIFEST if (changes / MANIFEST).exists() else output / MANIFEST
    kept = {MANIFEST, *json.loads(told.read_bytes())["files"]}
    return paths_in(output) - kept


def _pruned(folder: Path, top: Path) -> Path:
    """Remove folders that became empty; return the first that did not."""
    with suppress(OSError):
        while folder != top:
            folder.rmdir()
            folder = folder.parent
    return folder
