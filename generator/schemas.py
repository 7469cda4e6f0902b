"""JSON Schemas (2020-12) of the configuration, the log and every published data file.

They come from the models that write those files, and are strict: a field that
no model knows is a mistake.
"""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from generator import config
from generator.ledger import Kind, Status, Verification
from generator.report.files import changes_json
from generator.report.files.downloads import DECLARATION_COLUMNS, ENTRY_COLUMNS
from generator.report.files.figures_json import FiguresDocument
from generator.snapshot import Finding, Heading, Line

Schema = dict[str, Any]  # a JSON document: its values are of every kind

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_REFERENCE: Final = "#/$defs/{name}"
_TEXT: Final[Schema] = {"type": "string"}
_TIME: Final[Schema] = {"type": "string", "format": "date-time"}
_HASH: Final[Schema] = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
#: Columns of the ledger that are not plain text.
_COLUMNS: Final[dict[str, Schema]] = {
    "kind": {"enum": [str(kind) for kind in Kind]},
    "status": {"enum": [str(status) for status in Status]},
    "verification": {"enum": [str(grade) for grade in Verification]},
    "amount_msat": {"type": "integer", "minimum": 1},
    "at": _TIME,
    "count": {"type": "integer", "minimum": 1},
    "stage": {"type": ["integer", "null"], "minimum": 1},
    "opens_at": {"type": ["string", "null"], "format": "date-time"},
    "height": {"type": ["integer", "null"], "minimum": 0},
    "amount": {"type": ["string", "null"], "pattern": r"^-?[0-9]+(\.[0-9]+)?$"},
    "amounts_unknown": {"type": "integer", "minimum": 0},
    "day": {"type": "string", "format": "date"},
}
_DECIMAL: Final[Schema] = {"type": ["string", "null"], "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
#: Columns for each currency that a site is published in; null where there is no rate.
_WORTHS: Final[dict[str, Schema]] = {
    "^at_receipt_[A-Z]{3}$": _DECIMAL,
    "^rate_by_[A-Z]{3}$": {"type": ["string", "null"], "minLength": 1},
    "^unrated_msat_[A-Z]{3}$": {"type": "integer", "minimum": 0},
}


def documents() -> dict[str, Schema]:
    """Return every schema by its short name, as `sunlit schema NAME` prints it."""
    return {
        "config": config.schema(),
        "snapshot": snapshot(),
        "figures": figures(),
        "changes": changes(),
        "findings": findings(),
        "ledger": ledger(),
        "manifest": manifest(),
        "recipe": recipe(),
    }


def printed(title: str, model: object) -> Schema:
    """Return the schema of a published file, or of what a command prints as JSON, from its model."""
    (whole,), parts = msgspec.json.schema_components([model], ref_template=_REFERENCE)
    return _document(title, whole | {"$defs": _strict(parts)})


def snapshot() -> Schema:
    """Return the schema of one line of the log: its heading, or a record with the run that observed it."""
    both, parts = msgspec.json.schema_components([Heading, Line], ref_template=_REFERENCE)
    return _document("A line of Sunlit's snapshot log", {"anyOf": list(both), "$defs": _strict(parts)})


def figures() -> Schema:
    """Return the schema of ``figures.json`` and ``today.json``."""
    document = printed("Every number that a Sunlit site publishes", FiguresDocument)
    figure = document["$defs"]["Figure"]["properties"]
    figure["id"] = {"type": "string", "pattern": r"^[a-z0-9-]+/[a-z_]+(@[0-9A-Za-z_.-]+)*$"}
    figure["verification"] = {"enum": ["proven", "reported", None]}
    return document


def ledger() -> Schema:
    """Return the schema of a ledger in JSON, of one project or of all."""
    head = {
        "schema": {"const": 1},
        "network": _TEXT,
        "demo": {"type": "boolean"},
        "project": {"type": ["string", "null"]},
        "entries": {"type": "array", "items": _row(ENTRY_COLUMNS) | {"patternProperties": _WORTHS}},
        "declarations": {"type": "array", "items": _row(DECLARATION_COLUMNS)},
    }
    return _document("Rows behind the figures of a Sunlit site", _object(head))


def findings() -> Schema:
    """Return the schema of ``findings.json``: the result of every check."""
    (_,), parts = msgspec.json.schema_components([Finding], ref_template=_REFERENCE)
    rows = {"type": "array", "items": {"$ref": "#/$defs/Finding"}}
    body = _object({"schema": {"const": 1}, "findings": rows}) | {"$defs": _strict(parts)}
    return _document("What was checked in a Sunlit site", body)


def changes() -> Schema:
    """Return the schema of ``changes.json``: edits of terms and restated sums."""
    return printed("What was changed in a Sunlit site", changes_json.ChangesDocument)


def recipe() -> Schema:
    """Return the schema of ``recipe.json``: what a site is made from besides its log."""
    whole = config.schema()
    parts = whole.pop("$defs")
    assert isinstance(parts, dict)  # noqa: S101 -- pydantic's models refer to each other
    whole.pop("$schema")
    texts: Schema = {"type": "object", "additionalProperties": _TEXT}
    body = _object(
        {
            "schema": {"const": 1},
            "sunlit": _TEXT,
            "libraries": texts,
            "config": {"$ref": "#/$defs/Config"},
            "pages": texts,
            "templates": {"type": "object", "additionalProperties": _HASH},
        }
    )
    return _document(
        "What a Sunlit site is made from besides its log", body | {"$defs": parts | {"Config": whole}}
    )


def manifest() -> Schema:
    """Return the schema of ``manifest.json``: the sha256 of every other file of the site, by path."""
    paths = {"type": "object", "propertyNames": {"pattern": r"^[^/\\][^\\]*$"}, "additionalProperties": _HASH}
    origin = {"demo": {"type": "boolean"}, "snapshot": _HASH, "as_of": _TIME}
    return _document(
        "Hashes of the files of a Sunlit site", _object({"schema": {"const": 1}, **origin, "files": paths})
    )


def _document(title: str, body: Schema) -> Schema:
    return {"$schema": DIALECT, "title": title} | body


def _object(properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _row(columns: Sequence[str]) -> Schema:
    return _object({name: _COLUMNS.get(name, _TEXT) for name in columns})


def _strict(parts: dict[str, Schema]) -> dict[str, Schema]:
    """Refuse unknown fields, and say which texts are times: msgspec writes neither."""
    for part in parts.values():
        properties = part.get("properties")
        if properties is None:
            continue
        part["additionalProperties"] = False
        for name, shape in properties.items():
            shape.pop("discriminator", None)  # a word of OpenAPI, not of JSON Schema
            if name in ("at", "as_of") or name.endswith("_at"):
                properties[name] = {"anyOf": [_TIME, {"type": "null"}]} if "anyOf" in shape else _TIME
    return parts
