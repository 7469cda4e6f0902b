"""Compiled templates, kept from one process to the next."""

import marshal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from generator.build.beside_code import keep, kept
from generator.pages import environment

_NAME: Final = "templates.bin"


@contextmanager
def compiled_templates(code: str) -> Iterator[None]:
    """Take templates that an earlier process compiled, and keep what is compiled meanwhile.

    `code` stands for everything but a template's own text that decides about what is run.
    """
    data = kept(_NAME, code)
    if data is not None:
        environment.recall(marshal.loads(data))  # noqa: S302 -- as trusted as compiled modules
    known = environment.compiled_names() if data is not None else frozenset()
    yield
    if environment.compiled_names() != known:
        keep(_NAME, code, marshal.dumps(environment.compiled()))
