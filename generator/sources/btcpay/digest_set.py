"""Which ids were seen, in a tenth of the memory of a set: a store may have hundreds of thousands."""

from hashlib import blake2b
from typing import Final

_BUCKETS: Final = 1024
_BYTES: Final = (
    8  #: kept of a digest, beside its bucket: 74 bits, equal by chance once in 10^12 runs of 200,000
)


def digest_of(text: str) -> bytes:
    """Make what a `DigestSet` knows a text by."""
    return blake2b(text.encode(), digest_size=_BYTES + 2).digest()


class DigestSet:
    """A set of digests, in buckets of bytes without a separator."""

    def __init__(self) -> None:
        self._buckets = [bytearray() for _ in range(_BUCKETS)]

    def add(self, digest: bytes) -> bool:
        """Add a digest; tell whether it is new."""
        bucket, kept = self._place(digest)
        if _holds(bucket, kept):
            return False
        bucket += kept
        return True

    def clear(self) -> None:
        """Forget all; a store's are megabytes."""
        for bucket in self._buckets:
            bucket.clear()

    def __contains__(self, digest: bytes) -> bool:
        return _holds(*self._place(digest))

    def isdisjoint(self, other: "DigestSet") -> bool:
        """Tell whether no digest is in both."""
        theirs = other._buckets  # noqa: SLF001 -- one of its own kind
        return not any(
            _holds(bucket, bytes(mine[at : at + _BYTES]))
            for mine, bucket in zip(self._buckets, theirs, strict=True)
            for at in range(0, len(mine), _BYTES)
        )

    def _place(self, digest: bytes) -> tuple[bytearray, bytes]:
        first, second = digest[_BYTES:]
        return self._buckets[(first << 8 | second) % _BUCKETS], digest[:_BYTES]


def _holds(bucket: bytearray, kept: bytes) -> bool:
    at = bucket.find(kept)
    while at % _BYTES and at >= 0:  # across two digests
        at = bucket.find(kept, at + 1)
    return at >= 0
