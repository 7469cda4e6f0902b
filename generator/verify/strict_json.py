"""JSON that everybody reads alike: of two members of one name, programs take the first or the last."""

import json
from typing import Any


def read_json(text: str | bytes) -> Any:  # noqa: ANN401 -- whatever JSON can hold
    """Return what a text in UTF-8 says; raise `ValueError` where it is no JSON, or names a member twice."""
    said = text if isinstance(text, str) else text.decode()
    return json.loads(said, object_pairs_hook=_object, parse_constant=_refuse)


def _refuse(constant: str) -> None:
    """Refuse the numbers that Python alone takes."""
    msg = f"{constant} is no number of JSON"
    raise ValueError(msg)


def _object(members: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in members:
        if name in found:
            msg = f"{name[:60]!r} stands twice in one object"
            raise ValueError(msg)
        found[name] = value
    return found
