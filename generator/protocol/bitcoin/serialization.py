"""Reading and writing Bitcoin's little-endian wire format."""

import struct

MAX_TRANSACTION_BYTES = 4_000_000  #: no block weighs more


class MalformedData(ValueError):
    """Bytes are not what they were said to be; the text says what was seen and what was expected."""


class Reader:
    """A place in a byte string that only moves forward."""

    __slots__ = ("data", "position")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0

    @property
    def left(self) -> int:
        """How many bytes are not read yet."""
        return len(self.data) - self.position

    def take(self, count: int) -> bytes:
        """Return the next `count` bytes."""
        if count > self.left:
            msg = f"data ends after {len(self.data)} bytes, {count - self.left} more were expected"
            raise MalformedData(msg)
        start = self.position
        self.position += count
        return self.data[start : self.position]

    def uint(self, size: int) -> int:
        """Return an unsigned little-endian number of `size` bytes."""
        return int.from_bytes(self.take(size), "little")

    def compact(self) -> int:
        """Return a compact size, which must be written in its shortest form."""
        first = self.uint(1)
        if first < 0xFD:  # noqa: PLR2004 - the largest one-byte compact size is fc
            return first
        size = {0xFD: 2, 0xFE: 4, 0xFF: 8}[first]
        value = self.uint(size)
        if compact(value)[0] != first:
            msg = f"compact size {value} is not written in its shortest form"
            raise MalformedData(msg)
        return value

    def count(self, least_bytes: int) -> int:
        """Return how many items follow, of at least `least_bytes` each; never more than can fit."""
        count = self.compact()
        if count * least_bytes > self.left:
            msg = f"{count} items are announced, {self.left} bytes are left"
            raise MalformedData(msg)
        return count

    def text(self) -> bytes:
        """Return a byte string that carries its length."""
        return self.take(self.compact())

    def end(self) -> None:
        """Refuse bytes after the end."""
        if self.left:
            msg = f"{self.left} bytes follow after the end"
            raise MalformedData(msg)


def compact(value: int) -> bytes:
    """Return a number as a compact size."""
    if value < 0xFD:  # noqa: PLR2004 - the largest one-byte compact size is fc
        return bytes([value])
    for prefix, form, limit in ((0xFD, "<BH", 1 << 16), (0xFE, "<BI", 1 << 32), (0xFF, "<BQ", 1 << 64)):
        if value < limit:
            return struct.pack(form, prefix, value)
    msg = f"{value} does not fit a compact size"
    raise ValueError(msg)


def counted(data: bytes) -> bytes:
    """Return a byte string with its length before it."""
    return compact(len(data)) + data


def displayed(digest: bytes) -> str:
    """Return a transaction or block hash as people write it: hex, bytes reversed."""
    return digest[::-1].hex()


def undisplayed(text: str) -> bytes:
    """Return the 32 natural bytes of a displayed hash."""
    try:
        data = bytes.fromhex(text)
    except ValueError:
        data = b""
    if len(data) != 32 or len(text) != 64:  # noqa: PLR2004 - SHA-256 in bytes and in hex
        msg = f"{text!r} is not a hash of 64 hex digits"
        raise MalformedData(msg)
    return data[::-1]
