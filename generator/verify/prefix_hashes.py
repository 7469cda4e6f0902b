"""Hashes of prefixes: each file is read once and each byte hashed once, however many records vouch for it."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class PrefixHashes:
    """The sha256 of prefixes of files."""

    files: Mapping[str, bytes]
    lengths: Mapping[str, Collection[int]]  #: all that will be asked for, by path
    _found: dict[str, dict[int, str]] = field(default_factory=dict)  #: by path and length

    def of(self, path: str, length: int) -> str:
        """Return the hash of a file's first bytes; empty where there are fewer."""
        if path not in self._found:
            self._found[path] = dict(self._hashed(path))
        return self._found[path].get(length, "")

    def _hashed(self, path: str) -> Iterator[tuple[int, str]]:
        data = memoryview(self.files.get(path, b""))
        done, hashed = 0, hashlib.sha256()
        for length in sorted(set(self.lengths.get(path, ()))):
            if 0 <= length <= len(data):
                hashed.update(data[done:length])
                done = length
                yield length, hashed.hexdigest()
