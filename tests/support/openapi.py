"""Documents with a token in every string field of every schema of BTCPay's OpenAPI document."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from tests.support.paths import DATA

Say = Callable[[str], str]  #: name of a field → its token


@cache
def openapi() -> dict[str, Any]:
    """Return BTCPay's OpenAPI document, corrected where its code answers otherwise."""
    found: dict[str, Any] = json.loads((DATA / "btcpay/openapi.json").read_text(encoding="utf-8"))
    return found


def schemas() -> dict[str, Any]:
    """Return the document's component schemas by name."""
    return dict(openapi()["components"]["schemas"])


def filled(every: dict[str, Any], name: str, say: Say) -> object:
    """Return an object of one schema; each of its strings is a token of its own."""
    return _filled(every, every[name], name, say, (name,))


def _filled(
    every: dict[str, Any], schema: dict[str, Any], path: str, say: Say, seen: tuple[str, ...]
) -> object:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return None if name in seen else _filled(every, every[name], path, say, (*seen, name))
    parts = [part for word in ("allOf", "anyOf", "oneOf") for part in schema.get(word, ())]
    values = [_filled(every, part, path, say, seen) for part in parts]
    whole: dict[str, object] = {}
    for value in values:
        whole |= value if isinstance(value, dict) else {}
    for name, inner in schema.get("properties", {}).items():
        whole[name] = _filled(every, inner, f"{path}.{name}", say, seen)
    more = schema.get("additionalProperties")
    if isinstance(more, dict):
        whole[say(f"{path}.(key)")] = _filled(every, more, f"{path}.*", say, seen)
    if whole:
        return whole
    match schema.get("type"):
        case "array":
            return [_filled(every, schema.get("items", {}), f"{path}[]", say, seen)]
        case "string" | None:
            return next((value for value in values if value is not None), say(path))
        case "boolean":
            return True
        case _:
            return 1


def beside(document: object, extra: dict[str, object]) -> object:
    """Return an answer whose first object has what is in `extra` as well, where it has no such field."""
    match document:
        case dict():
            return extra | document
        case [dict() as first, *others]:
            return [extra | first, *others]
        case _:
            return document
