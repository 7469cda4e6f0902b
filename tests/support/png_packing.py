"""PNG files as other tools write them: of the same pixels, or with more than pixels."""

import zlib

_IDAT = b"IDAT"
_HEAD = 33  #: bytes up to the end of the header


def chunk(name: bytes, data: bytes) -> bytes:
    """Return a part of a file."""
    return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")


def with_chunk(data: bytes, more: bytes) -> bytes:
    """Return a picture with one more part after its header."""
    return data[:_HEAD] + more + data[_HEAD:]


def packed(data: bytes, level: int) -> bytes:
    """Return a picture as another zlib would pack it."""
    start = data.index(_IDAT) - 4
    size = int.from_bytes(data[start : start + 4], "big")
    pixels = zlib.decompress(data[start + 8 : start + 8 + size])
    return data[:start] + chunk(_IDAT, zlib.compress(pixels, level)) + data[start + 12 + size :]
