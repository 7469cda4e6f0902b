"""Files of the log as a site publishes them: bzip2, which has one way to pack them on every machine; pure.

zlib and its successors pack the same text into other bytes, which no two machines could compare. And no web
server takes this form for a coding of its own, so that what is fetched is what was published.
"""

from typing import Final

from generator.errors import SunlitError

try:
    import bz2
except ImportError as error:
    msg = (
        "This Python was built without bzip2, which files of the log are published with: install the "
        "development files of libbz2 and build Python again, or take the Python of your system."
    )
    raise SunlitError(msg) from error

#: How the name of a packed file ends.
SUFFIX: Final = ".bz2"


class NotPacked(ValueError):
    """A file is not one whole stream of bzip2, or holds too much."""


def pack(data: bytes) -> bytes:
    """Return the bytes of a packed file."""
    return bz2.compress(data)


def unpack(data: bytes, most: int) -> bytes:
    """Return what a file packs, at most so many bytes; raise `NotPacked` for anything else, or behind it."""
    unpacking = bz2.BZ2Decompressor()
    try:
        text = unpacking.decompress(data, most + 1)
    except OSError as error:
        msg = "no file of bzip2"
        raise NotPacked(msg) from error
    if len(text) > most:
        msg = f"unpacked it has more than {most} bytes"
        raise NotPacked(msg)
    if not unpacking.eof or unpacking.unused_data:
        msg = "not one whole stream of bzip2"
        raise NotPacked(msg)
    return text
