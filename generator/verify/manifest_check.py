"""Every file is the one that the manifest lists, and there is no other."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Final

import msgspec

from generator.publish import MANIFEST
from generator.verify.results import CheckResult, checked, unchecked
from generator.verify.site_copy import SiteCopy

STEP: Final = "manifest"


def check_manifest(copy: SiteCopy) -> Iterator[CheckResult]:
    """Yield whether files are missing, changed, or too many."""
    try:
        listed = copy.manifest().files
    except msgspec.DecodeError as error:
        yield checked(STEP, "manifest-read", [f"{MANIFEST} cannot be read: {error}"], 1)
        return
    there = copy.files.keys() - {MANIFEST}
    if copy.unread:
        path, why = min(copy.unread.items())
        reason = f"{len(copy.unread)} files could not be read, such as {path}: {why}"
        yield unchecked(STEP, "files-read", reason, wanted=True)
    missing = sorted(listed.keys() - there - copy.unread.keys())
    yield checked(STEP, "files-missing", (f"{path} is listed and not there" for path in missing), len(listed))
    yield checked(STEP, "files-changed", _changed(copy, listed), len(there & listed.keys()))
    if copy.listed:
        extra = sorted(there - listed.keys())
        yield checked(STEP, "files-extra", (f"{path} is there and not listed" for path in extra), len(there))
    else:
        reason = "a site cannot be listed over HTTP; in a copied folder this is checked"
        yield unchecked(STEP, "files-extra", reason)


def _changed(copy: SiteCopy, listed: Mapping[str, str]) -> Iterator[str]:
    for path in sorted(copy.files.keys() & listed.keys() - {MANIFEST}):
        found = sha256(copy.files[path]).hexdigest()
        if found != listed[path]:
            yield f"{path} hashes to {found}, the manifest says {listed[path]}"
