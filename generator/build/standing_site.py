"""Whether a site stands on disk as it was made, and is what would be made again."""

import sys
from hashlib import sha256

import msgspec

from generator.build.cache import BuildCache
from generator.build.code_stamp import installed
from generator.file_rows import FileRow, FileRows


class SiteRows(msgspec.Struct, frozen=True, kw_only=True):
    """All files that a site is made from, and those of the site, as they were found."""

    inputs: FileRows
    output: FileRows
    now_ns: int  #: what time it was on the disk's clock before

    def standing(self, known: BuildCache) -> dict[str, FileRow]:
        """Return the files of the site that have the bytes of the last build."""
        return {
            path: row
            for path, row in self.output.items()
            if row is not None and path in known.output and known.output[path].sha256 == row.sha256
        }

    def stand(self, known: BuildCache, *, demo: bool) -> bool:
        """Tell whether every input and every file of the site is what it was."""
        return (
            known.site is not None
            and known.site.key == site_key(self.inputs, demo=demo)
            and len(self.standing(known)) == len(self.output) == len(known.output)
        )


def site_key(rows: FileRows, *, demo: bool) -> str:
    """Return the hash of everything that decides about a site's bytes; empty where that is not known."""
    hashes = [(name, row.sha256) for name, row in sorted(rows.items()) if row is not None]
    if len(hashes) != len(rows):  # a link for instance
        return ""
    return sha256(msgspec.json.encode((demo, sys.version, installed(), hashes))).hexdigest()
