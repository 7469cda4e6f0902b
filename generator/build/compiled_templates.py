"""Compiled templates, kept where Python keeps compiled modules: as disposable as those, and as trusted.

Never in the cache of a site, which others may have packed: what stands here is run.
"""

import marshal
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from importlib.util import MAGIC_NUMBER, cache_from_source
from pathlib import Path

from generator.pages import environment


@contextmanager
def compiled_templates(code: str) -> Iterator[None]:
    """Take templates that an earlier process compiled, and keep what is compiled meanwhile.

    `code` stands for everything but a template's own text that decides about what is run. A folder that
    takes no file, or is not to have one, fails nothing.
    """
    path = Path(cache_from_source(environment.__file__)).with_name("templates.bin")
    try:
        seal, _, data = path.read_bytes().partition(b"\n")
    except OSError:
        seal, data = b"", b""
    if seal == _seal(code, data):
        environment.recall(marshal.loads(data))  # noqa: S302 -- as trusted as compiled modules
        kept = environment.compiled_names()
    else:
        kept = frozenset()
    yield
    if environment.compiled_names() != kept and not sys.dont_write_bytecode:
        with suppress(OSError):
            _write(path, code, marshal.dumps(environment.compiled()))


def _write(path: Path, code: str, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}")  # of several that write, one stays
    beside.write_bytes(_seal(code, data) + b"\n" + data)
    beside.replace(path)


def _seal(code: str, data: bytes) -> bytes:
    return sha256(MAGIC_NUMBER + code.encode() + data).hexdigest().encode()
