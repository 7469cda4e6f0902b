"""Pictures and files that the maintainer publishes beside pages: which there may be; pure."""

import re
import struct
import unicodedata
from typing import Final

#: Bytes of one of them.
LARGEST: Final = 10 * 2**20
#: Suffix → how each file of the kind begins; empty for texts, which are UTF-8.
PICTURES: Final = {
    "png": b"\x89PNG\r\n\x1a\n",
    "jpg": b"\xff\xd8\xff",
    "jpeg": b"\xff\xd8\xff",
    "webp": b"RIFF",
}
FILES: Final = {"pdf": b"%PDF-", "csv": b"", "txt": b"", "json": b""}
SUFFIXES: Final = (*PICTURES, *FILES)
#: Markers of frames in a JPEG file.
_FRAMES: Final = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_NAME: Final = re.compile(r"[\w-]+(?:\.[\w-]+)*")
_OTHERS: Final = re.compile(r"[^\w.-]+")
LONGEST_NAME: Final = 100  #: letters of each part of a path
_DEEPEST: Final = 3


def name_fault(path: str) -> str:
    """Return why a path is no name of a page or file of the maintainer's, in words that follow it."""
    parts = path.split("/")
    if not all(_NAME.fullmatch(part) for part in parts):
        plain = [_OTHERS.sub("-", part).strip("-.") for part in parts]
        rename = f"rename it to {'/'.join(plain)}" if all(map(_NAME.fullmatch, plain)) else "rename it"
        return f"has a name with other signs than letters, digits, hyphens and dots between them: {rename}"
    if unicodedata.normalize("NFKC", path) != path:
        return "has letters that look like others: rename it"
    if len(parts) > _DEEPEST or max(map(len, parts)) > LONGEST_NAME:
        return (
            f"lies below three folders, or has a name of over {LONGEST_NAME} letters: give it a shorter one"
        )
    return ""


def is_picture(path: str) -> bool:
    """Tell whether a path is that of a picture."""
    return path.rpartition(".")[2] in PICTURES


def file_fault(path: str, data: bytes) -> str:
    """Return why a file may not be published, in words that follow its path; empty for one that may."""
    if fault := name_fault(path):
        return fault
    suffix = path.rpartition(".")[2]
    if suffix not in SUFFIXES:
        allowed = ", ".join(f".{known}" for known in SUFFIXES)
        return (
            f"is of a kind that is not published; allowed: {allowed}. Save a drawing or an animation as PNG"
        )
    if len(data) > LARGEST:
        return f"is larger than {LARGEST} bytes: make it smaller, or link to where it stands"
    if not data.startswith((PICTURES | FILES)[suffix]):
        return f"is no .{suffix} file by what it holds: save it as one"
    if suffix in FILES and not FILES[suffix]:
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            return "is not UTF-8 text: save it as UTF-8"
    return ""


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height of a picture as its head says them, None where that cannot be read."""
    try:
        if data.startswith(PICTURES["png"]):
            width, height = struct.unpack(">II", data[16:24])
        elif data.startswith(PICTURES["jpg"]):
            return _jpeg_size(data)
        elif data[12:16] == b"VP8X":
            width, height = (1 + int.from_bytes(data[at : at + 3], "little") for at in (24, 27))
        elif data[12:16] == b"VP8 ":
            width, height = (side & 0x3FFF for side in struct.unpack("<HH", data[26:30]))
        else:
            return None
    except (struct.error, IndexError):
        return None
    return width, height


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Look for the frame among the segments (ITU-T T.81, B.1.1.3)."""
    at = 2
    while data[at : at + 1] == b"\xff":
        if data[at + 1] in _FRAMES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None
