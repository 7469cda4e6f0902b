"""Hashes of prefixes that grow: each byte is hashed once, however many records vouch for it; pure."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class PrefixHashes:
    """The sha256 of prefixes of files, asked for in the order of their lengths."""

    files: Mapping[str, bytes]
    _begun: dict[str, tuple[int, "hashlib._Hash"]] = field(default_factory=dict)  #: length and hash so far

    def of(self, path: str, length: int) -> str:
        """Return the hash of a file's first bytes; empty where there are fewer, or more were asked for."""
        data = self.files.get(path, b"")
        done, hashed = self._begun.get(path) or (0, hashlib.sha256())
        if not done <= length <= len(data):
            return ""
        hashed.update(memoryview(data)[done:length])
        self._begun[path] = (length, hashed)
        return hashed.hexdigest()
