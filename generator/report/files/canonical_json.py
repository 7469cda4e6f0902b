"""Canonical JSON with one row a line: sorted keys, final newline, so that a diff is news."""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

_ENCODER: Final = msgspec.json.Encoder(order="sorted")


def encode(document: object, lists: Mapping[str, Iterable[object]]) -> bytes:
    """Return a document whose lists of these names are empty, with their rows filled in."""
    frame = _ENCODER.encode(document)
    for name, rows in lists.items():
        filled = b",\n".join(map(_ENCODER.encode, rows))
        frame = frame.replace(f'"{name}":[]'.encode(), f'"{name}":[\n'.encode() + filled + b"\n]", 1)
    return frame + b"\n"
