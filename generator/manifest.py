"""``manifest.json``: the hash of every other file of a site, and which files every site has."""

from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import msgspec

from generator.png import is_drawn, pixel_hash

if TYPE_CHECKING:
    from generator.report import Report

SCHEMA: Final = 1
MANIFEST: Final = "manifest.json"
#: Part of every site: git keeps the folder, GitHub Pages serves it as it is.
KEEPERS: Final = {".gitkeep": b"", ".nojekyll": b""}


def complete(files: Mapping[str, bytes], report: "Report") -> dict[str, bytes]:
    """Return a site with its keepers and ``manifest.json``: the sha256 of every other file."""
    site = {**KEEPERS, **files}
    hashes = {path: sha256(data).hexdigest() for path, data in site.items()}
    return site | {MANIFEST: manifest_of(report, hashes, pixel_hashes(site, site.__getitem__))}


def pixel_hashes(paths: Iterable[str], data_of: Callable[[str], bytes]) -> dict[str, str]:
    """Return the hash of the pixels of each picture that is drawn here, among some files, by path.

    A picture's bytes depend on the zlib of the machine that makes it, its pixels do not.
    """
    return {path: pixel_hash(data_of(path)) for path in paths if is_drawn(path)}


def manifest_of(report: "Report", hashes: Mapping[str, str], pixels: Mapping[str, str]) -> bytes:
    """Return ``manifest.json``: `hashes` are of all other files, by path, `pixels` those of pictures."""
    manifest = {
        "schema": SCHEMA,
        "demo": report.demo,
        "snapshot": report.snapshot,
        "as_of": f"{report.as_of:%Y-%m-%dT%H:%M:%SZ}",
        "files": hashes,
        "pixels": pixels,
    }
    return msgspec.json.format(msgspec.json.encode(manifest, order="sorted"), indent=1) + b"\n"
