"""PNG as this report writes it: no filter, no chunk that says anything but the picture; pure.

The compressed bytes depend on the zlib of the machine; the pixels do not. A picture is known by the hash of
its pixels, and one that is read has no place in which anything else could stand.
"""

import re
import struct
import zlib
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from typing import Final, Self

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_HEADER: Final = struct.Struct(">IIBBBBB")
_RGB, _INDEXED = 2, 3  #: colour types
_CHUNK: Final = 12  #: bytes of length, name and sum
#: A tenth more bytes than zlib's best here, and less than half its time.
_LEVEL: Final = 8
#: Colours of which a pixel takes half a byte, where a row ends with a whole one.
_FEW_COLOURS: Final = 16
_HIGH: Final = bytes(value << 4 & 0xFF for value in range(256))
_FROM_HIGH: Final = bytes(value >> 4 for value in range(256))
_FROM_LOW: Final = bytes(value & 0xF for value in range(256))
#: Pictures that are drawn here; those of a maintainer are published as they are.
_DRAWN: Final = re.compile(r"p/[^/]+/preview\.png")
#: Colours of a palette, each three bytes.
MOST_COLOURS: Final = 256
#: Width and height of the largest picture that is read.
MOST_SIDE: Final = 2_400
#: What is said of any other file.
NOT_OURS: Final = f"no PNG as this report writes it, of at most {MOST_SIDE} pixels each way"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Pixels by row from the top: three bytes each, or with a palette one."""

    width: int
    height: int
    pixels: bytes
    palette: bytes = b""  #: three bytes a colour

    def png(self) -> bytes:
        """Return the picture as a file."""
        data = _paired(self.pixels) if self._is_paired else self.pixels
        stride = self._stride
        rows = (data[at : at + stride] for at in range(0, len(data), stride))
        packed = zlib.compress(b"".join(b"\0" + row for row in rows), _LEVEL)
        chunks = [(b"IHDR", self._header), (b"PLTE", self.palette), (b"IDAT", packed), (b"IEND", b"")]
        told = (_chunk(name, data) for name, data in chunks if data or name == b"IEND")
        return _SIGNATURE + b"".join(told)

    @property
    def hash(self) -> str:
        """The sha256 of header, palette and pixels, as 64 hex digits."""
        return sha256(self._header + self.palette + self.pixels).hexdigest()

    @property
    def _is_paired(self) -> bool:
        """Whether two pixels share a byte."""
        return 0 < len(self.palette) <= 3 * _FEW_COLOURS and not self.width % 2

    @property
    def _stride(self) -> int:
        """Bytes of a row."""
        return self.width // 2 if self._is_paired else self.width * (1 if self.palette else 3)

    @property
    def _header(self) -> bytes:
        bits, colours = 4 if self._is_paired else 8, _INDEXED if self.palette else _RGB
        return _HEADER.pack(self.width, self.height, bits, colours, 0, 0, 0)

    @classmethod
    def read(cls, data: bytes) -> Self:
        """Read a file that `png` wrote, whatever zlib packed it; raise `ValueError` for any other."""
        chunks = _chunks(data)
        names = tuple(name for name, _ in chunks)
        if names not in ((b"IHDR", b"IDAT", b"IEND"), (b"IHDR", b"PLTE", b"IDAT", b"IEND")):
            raise ValueError(NOT_OURS)
        header, packed = chunks[0][1], chunks[-2][1]
        palette = chunks[1][1] if b"PLTE" in names else b""
        if len(header) != _HEADER.size or chunks[-1][1]:
            raise ValueError(NOT_OURS)
        width, height, *_ = _HEADER.unpack(header)
        if not (0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE) or len(palette) > 3 * MOST_COLOURS:
            raise ValueError(NOT_OURS)
        empty = cls(width=width, height=height, pixels=b"", palette=palette)
        stride = empty._stride + 1
        rows = _unpacked(packed, stride * height)
        if any(rows[::stride]) or empty._header != header:
            raise ValueError(NOT_OURS)
        data = b"".join(rows[at + 1 : at + stride] for at in range(0, len(rows), stride))
        pixels = _single(data) if empty._is_paired else data
        if palette and (len(palette) % 3 or pixels.translate(None, bytes(range(len(palette) // 3)))):
            raise ValueError(NOT_OURS)
        return replace(empty, pixels=pixels)


def _paired(pixels: bytes) -> bytes:
    """Put two pixels into each byte, the left one in the upper half."""
    left, right = pixels[::2].translate(_HIGH), pixels[1::2]
    both = int.from_bytes(left, "big") | int.from_bytes(right, "big")
    return both.to_bytes(len(right), "big")


def _single(data: bytes) -> bytes:
    """Undo `_paired`."""
    pixels = bytearray(2 * len(data))
    pixels[::2], pixels[1::2] = data.translate(_FROM_HIGH), data.translate(_FROM_LOW)
    return bytes(pixels)


def is_drawn(path: str) -> bool:
    """Tell whether a file of a site is a picture that is drawn with it."""
    return _DRAWN.fullmatch(path) is not None


@lru_cache(maxsize=64)  # a picture is hashed for the manifest, and again where it is compared
def pixel_hash(data: bytes) -> str:
    """Return the hash of the pixels of a file; raise `ValueError` for one that is not ours."""
    return Picture.read(data).hash


def same_picture(one_file: bytes, other: bytes) -> bool:
    """Tell whether two files are pictures of ours with the same pixels."""
    try:
        return pixel_hash(one_file) == pixel_hash(other)
    except ValueError:
        return False


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    if not data.startswith(_SIGNATURE):
        raise ValueError(NOT_OURS)
    found: list[tuple[bytes, bytes]] = []
    at = len(_SIGNATURE)
    while at < len(data) and len(found) < 5:  # noqa: PLR2004 -- more than any picture of ours has
        size = int.from_bytes(data[at : at + 4], "big")
        name, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
        if data[at : at + size + _CHUNK] != _chunk(name, body):
            raise ValueError(NOT_OURS)
        found.append((name, body))
        at += size + _CHUNK
    return found


def _unpacked(packed: bytes, size: int) -> bytes:
    """Return exactly so many bytes; raise `ValueError` for more, less, or anything after them."""
    unpacking = zlib.decompressobj()
    try:
        rows = unpacking.decompress(packed, size + 1)
    except zlib.error as error:
        raise ValueError(NOT_OURS) from error
    if len(rows) != size or not unpacking.eof or unpacking.unused_data or unpacking.unconsumed_tail:
        raise ValueError(NOT_OURS)
    return rows
