"""What GitHub's own description of its API says: requests are held against it, and answers made from it."""

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

from jsonschema import Draft7Validator
from referencing import Registry
from referencing.jsonschema import DRAFT7

from tests.support.paths import DATA

Json = dict[str, Any]
_HERE = "urn:github"


@cache
def document() -> Json:
    """Return the description, its ``nullable`` turned into JSON Schema."""
    found = _plain(json.loads((DATA / "github/openapi.json").read_text(encoding="utf-8")))
    assert isinstance(found, dict)
    return found


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One thing that GitHub can be asked."""

    method: str
    path: str  #: with names in braces, as the description has it
    described: Json

    def wrong(self, query: str, body: object) -> str:
        """Tell what a request has that the description does not allow, empty for nothing."""
        known = {found["name"] for found in self._parameters("query")}
        unknown = sorted({name for name, _ in parse_qsl(query)} - known)
        if unknown:
            return f"{self.method} {self.path} knows no {', '.join(unknown)}"
        wanted = self.described.get("requestBody")
        if wanted is None:
            return "a body that nobody asked for" if body is not None else ""
        if body is None:
            return "no body" if wanted.get("required") else ""
        schema = wanted["content"]["application/json"]["schema"]
        allowed = schema.get("properties")
        if allowed is not None and isinstance(body, dict) and (strange := sorted(set(body) - set(allowed))):
            return f"{self.method} {self.path} knows no field {', '.join(strange)}"
        return _fault(schema, body)

    def answer(self, status: int, changes: object) -> object:
        """Return the description's example of an answer with these changes, held against its schema."""
        if status == 204:
            return None
        content = _told(self.described["responses"][str(status)])["content"]["application/json"]
        example = _example(content)
        if isinstance(changes, list):  # of a list, whose example has one item at least
            body: object = [merged(example[0], change) for change in changes]
        else:
            assert isinstance(changes, Mapping)
            body = merged(example, changes)
        assert not (fault := _fault(content["schema"], body)), f"{self.method} {self.path}: {fault}"
        return body

    def item(self, name: str, changes: Json) -> object:
        """Return the first item of the list of this name in the example of a 200, changed."""
        content = _told(self.described["responses"]["200"])["content"]["application/json"]
        return merged(_example(content)[name][0], changes)

    def _parameters(self, place: str) -> list[Json]:
        every = (_told(found) for found in self.described.get("parameters", ()))
        return [found for found in every if found["in"] == place]


def operation(method: str, path: str) -> Operation | None:
    """Return what the description says about a request, None for what it does not know."""
    words = path.split("/")
    for known, methods in document()["paths"].items():
        parts = known.split("/")
        if len(parts) == len(words) and all(
            part == word or (part.startswith("{") and word) for part, word in zip(parts, words, strict=True)
        ):
            if method.lower() not in methods:
                return None
            return Operation(method=method, path=known, described=methods[method.lower()])
    return None


def merged(example: object, changes: object) -> object:
    """Return an example with changes laid over it, level by level; lists are replaced whole."""
    if not (isinstance(example, dict) and isinstance(changes, Mapping)):
        return deepcopy(changes)
    laid = {name: merged(example.get(name), change) for name, change in changes.items()}
    return deepcopy(example) | laid


def _example(content: Json) -> Any:  # noqa: ANN401 -- as the description has it
    found = content["examples"]["default"]
    while "$ref" in found or "value" in found:
        found = _told(found) if "$ref" in found else found["value"]
    return found


def _told(node: Json) -> Json:
    """Follow a reference."""
    while "$ref" in node:
        found: Any = document()
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        node = found
    return node


def _fault(schema: Json, value: object) -> str:
    found = next(iter(_validator(json.dumps(schema)).iter_errors(value)), None)
    return f"{found.json_path}: {found.message[:200]}" if found else ""


@cache
def _validator(schema: str) -> Draft7Validator:
    registry = Registry().with_resource(_HERE, DRAFT7.create_resource(document()))
    return Draft7Validator(_away(json.loads(schema)), registry=registry)


def _away(node: Any) -> Any:  # noqa: ANN401 -- any JSON
    """Point references at the whole document."""
    if isinstance(node, list):
        return [_away(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: f"{_HERE}{value}" if key == "$ref" and isinstance(value, str) else _away(value)
        for key, value in node.items()
    }


def _plain(node: object) -> object:
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if not isinstance(node, dict):
        return node
    found: Json = {key: value if key == "examples" else _plain(value) for key, value in node.items()}
    return {"anyOf": [{"type": "null"}, found]} if node.get("nullable") is True else found
