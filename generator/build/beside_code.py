"""What follows from code alone, kept where Python keeps compiled modules: as disposable as those, as trusted.

Never in the cache of a site, which others may have packed: what stands here is run.
"""

import os
import sys
from contextlib import suppress
from hashlib import sha256
from importlib.util import MAGIC_NUMBER, cache_from_source
from pathlib import Path
from typing import Final

from generator.pages import environment

_HERE: Final = environment.__file__


def kept(name: str, code: str) -> bytes | None:
    """Return what was kept by this name for code that has this stamp; None if nothing was."""
    try:
        seal, _, data = _path(name).read_bytes().partition(b"\n")
    except OSError:
        return None
    return data if seal == _seal(code, data) else None


def keep(name: str, code: str, data: bytes) -> None:
    """Keep it; a folder that takes no file, or is not to have one, fails nothing."""
    if sys.dont_write_bytecode:
        return
    with suppress(OSError):
        path = _path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f"{path.name}.{os.getpid()}")  # of several that write, one stays
        beside.write_bytes(_seal(code, data) + b"\n" + data)
        beside.replace(path)


def _path(name: str) -> Path:
    return Path(cache_from_source(_HERE)).with_name(name)


def _seal(code: str, data: bytes) -> bytes:
    return sha256(MAGIC_NUMBER + code.encode() + data).hexdigest().encode()
