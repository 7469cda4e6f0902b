"""A copy of a published site: its bytes by path, and what the reader of them could not get."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import msgspec

from generator.errors import SunlitError
from generator.manifest import MANIFEST
from generator.publish import LIMIT

LOG: Final = "data/snapshots/"
MOST_FILES: Final = 200_000
#: Bytes of one file that is read: what GitHub takes, whatever limit the version that made it had.
LARGEST_FILE: Final = 100 * 10**6
TOO_LARGE: Final = f"larger than the {LARGEST_FILE} bytes of a file, or with it the site is than its {LIMIT}"


class NotASite(SunlitError):
    """There is nothing that could be verified."""


class SiteBeyondBounds(NotASite):
    """There is more than any site has: nothing is read, and that is the site's fault."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``manifest.json`` says."""

    schema: int
    demo: bool
    snapshot: str
    as_of: str
    files: dict[str, str]  #: sha256 by path
    pixels: dict[str, str]  #: of pictures, the sha256 of their pixels by path


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteCopy:
    """What was read; a site over HTTP cannot be listed, so files beyond its manifest are not seen."""

    subject: str
    files: Mapping[str, bytes]
    listed: bool  #: every file that is there was read
    unread: Mapping[str, str] = field(default_factory=dict)  #: path → why, where nobody gave an answer
    refused: Mapping[str, str] = field(default_factory=dict)  #: path → why it is no file of any site

    def manifest(self) -> Manifest:
        """Read ``manifest.json``; raise one of `UNREADABLE` where it is none."""
        return msgspec.json.decode(self.files.get(MANIFEST, b""), type=Manifest)

    @property
    def log(self) -> Mapping[str, bytes]:
        """The published snapshot log by its own relative paths."""
        return _Below(self.files, LOG)


class _Below(Mapping[str, bytes]):
    """The files of a folder by their paths in it."""

    def __init__(self, files: Mapping[str, bytes], folder: str) -> None:
        self._files = files
        self._paths = {path.removeprefix(folder): path for path in files if path.startswith(folder)}

    def __getitem__(self, path: str) -> bytes:
        return self._files[self._paths[path]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def __contains__(self, path: object) -> bool:
        return path in self._paths
