"""A copy of a published site: its bytes by path, and what the reader of them could not get."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import msgspec

from generator.errors import LogError, SunlitError
from generator.manifest import MANIFEST
from generator.packed import SUFFIX, NotPacked, unpack
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
        """The published snapshot log by its own relative paths, unpacked.

        One of its files that is not packed as it must be, or with which the log is larger than any site's,
        raises `LogError` where it is read.
        """
        return _PublishedLog(self.files)


class _PublishedLog(Mapping[str, bytes]):
    """The files of the log by their paths in it."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        self._paths = {
            path.removeprefix(LOG).removesuffix(SUFFIX): path
            for path in files
            if path.startswith(LOG) and path.endswith(SUFFIX)
        }
        self._sizes: dict[str, int] = {}  #: of those that were unpacked

    def __getitem__(self, path: str) -> bytes:
        name = self._paths[path]
        left = LIMIT - sum(size for other, size in self._sizes.items() if other != path)
        try:
            data = unpack(self._files[name], min(LARGEST_FILE, left))
        except NotPacked as error:
            msg = f"{name}: {error}"
            raise LogError(msg) from error
        self._sizes[path] = len(data)
        return data

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def __contains__(self, path: object) -> bool:
        return path in self._paths
