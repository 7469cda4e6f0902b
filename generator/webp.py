"""Pictures of others as they are kept: lossy WebP of one still frame, with nothing beside it; pure.

They are made from whatever a project shows. What stands here tells such a file from any other without
unpacking its pixels, so that who trusts nobody can tell it too.
"""

import struct
from base64 import b64decode
from binascii import Error
from typing import Final

#: Bytes of one, and pixels of its width and height.
MOST_BYTES: Final = 40_000
MOST_WIDTH, MOST_HEIGHT = 640, 400
NOT_OURS: Final = (
    f"no WebP of one frame alone, of at most {MOST_WIDTH} x {MOST_HEIGHT} pixels and {MOST_BYTES} bytes"
)
_HEAD: Final = struct.Struct("<4sI4s4sI3s3sHH")
_START: Final = b"\x9d\x01\x2a"  #: of a key frame (RFC 6386 9.1)
_SIZE: Final = 0x3FFF  #: bits of a width; the others are a hint for scaling


def size_of(data: bytes) -> tuple[int, int]:
    """Return width and height; raise `ValueError` for a file of any other form."""
    if not _HEAD.size < len(data) <= MOST_BYTES:
        raise ValueError(NOT_OURS)
    riff, length, webp, chunk, inner, frame, start, wide, high = _HEAD.unpack_from(data)
    padded = inner + inner % 2
    whole = (riff, webp, chunk, start) == (b"RIFF", b"WEBP", b"VP8 ", _START) and not frame[0] & 1
    width, height = wide & _SIZE, high & _SIZE
    fits = 0 < width <= MOST_WIDTH and 0 < height <= MOST_HEIGHT
    if not (whole and fits and length == len(data) - 8 == padded + 12):
        raise ValueError(NOT_OURS)
    return width, height


def bytes_of(text: str) -> bytes:
    """Return the picture that a line of the log holds in base64; raise `ValueError` for anything else."""
    try:
        data = b64decode(text, validate=True)
    except Error as error:
        raise ValueError(NOT_OURS) from error
    size_of(data)
    return data
