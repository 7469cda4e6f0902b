"""A tree of texts, drawn with lines."""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

Tree: TypeAlias = tuple[str, list["Tree"]]  #: a text and its branches


def drawn(branches: Sequence[Tree], before: str = "") -> Iterator[str]:
    """Yield branches line by line, each below its parent."""
    for number, (text, inner) in enumerate(branches, 1):
        last = number == len(branches)
        yield before + ("└─ " if last else "├─ ") + text
        yield from drawn(inner, before + ("   " if last else "│  "))
