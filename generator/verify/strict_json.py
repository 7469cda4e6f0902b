"""JSON that everybody reads alike: of two members of one name, programs take the first or the last."""

import json
from typing import Any


def read_json(text: str | bytes) -> Any:  # noqa: ANN401 -- whatever JSON can hold
    """Return what a text says; raise `ValueError` where it is no JSON, or names a member twice."""
    return json.loads(text, object_pairs_hook=_object)


def _object(members: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in members:
        if name in found:
            msg = f"{name[:60]!r} stands twice in one object"
            raise ValueError(msg)
        found[name] = value
    return found
