"""Ordinary files of a stranger's folder, read without following a link, opening a device or waiting."""

import os
import stat
import sys
from typing import Final

from generator.verify.site_copy import LARGEST_FILE, TOO_LARGE, NotASite

_LINK: Final = "a symbolic link, which is not followed"
_SPECIAL: Final = "neither a file nor a folder"


def contents(path: str, most: int = LARGEST_FILE) -> bytes:
    """Return the bytes of an ordinary file; raise `NotASite` for anything else, and for too many of them."""
    most = min(most, LARGEST_FILE)
    mode = os.lstat(path).st_mode
    if not stat.S_ISREG(mode):
        raise NotASite(_LINK if stat.S_ISLNK(mode) else _SPECIAL)
    if (
        sys.platform == "win32"
    ):  # which knows no way to open a file and no link: the look above is all there is
        descriptor = os.open(path, os.O_RDONLY | os.O_BINARY)
    else:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise NotASite(_SPECIAL)
        data = file.read(most + 1) if status.st_size <= most else b""
    if status.st_size > most or len(data) > most:
        raise NotASite(TOO_LARGE)
    return data
