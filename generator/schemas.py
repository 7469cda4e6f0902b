"""JSON Schemas (2020-12) of the configuration, the log and every published data file.

They come from the models that write those files, and are strict: a field that
no model knows is a mistake.
"""

from collections.abc import Mapping
from functools import cache
from inspect import cleandoc
from typing import Any, Final

import msgspec

from generator import config
from generator.report.files import changes_json
from generator.report.files.figures_json import FiguresDocument
from generator.report.files.findings_json import FindingsDocument
from generator.report.files.ledger_json import LedgerDocument
from generator.report.files.status_json import StatusDocument
from generator.report.statements.edition import DECIMAL, MONTH, EditionDocument
from generator.snapshot import Heading, Line

Schema = dict[str, Any]  # a JSON document: its values are of every kind

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_REFERENCE: Final = "#/$defs/{name}"
_TEXT: Final[Schema] = {"type": "string"}
_TIME: Final[Schema] = {"type": "string", "format": "date-time"}
_HASH: Final[Schema] = {"type": "string", "pattern": "^[0-9a-f]{64}$"}


@cache
def documents() -> Mapping[str, Schema]:
    """Return every schema by its short name, as `sunlit schema NAME` prints it; not to be changed."""
    of_config = config.schema()
    return {
        "config": of_config,
        "snapshot": snapshot(),
        "figures": figures(),
        "changes": changes(),
        "findings": findings(),
        "ledger": ledger(),
        "manifest": manifest(),
        "edition": edition(),
        "status": printed("How well the sources of a Sunlit site are read", StatusDocument),
        "recipe": recipe(of_config),
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
    """Return the schema of each ``figures.json`` and of ``today.json``."""
    document = _with_parts("Numbers that a Sunlit site publishes", FiguresDocument)
    figure = document["$defs"]["FigureRow"]["properties"]
    figure["id"] |= {"pattern": r"^([a-z0-9-]+/)?[a-z_]+(@[0-9A-Za-z_.-]+)*$"}
    series = document["$defs"]["FigureSeries"]["properties"]
    series["id"] |= {"pattern": r"^([a-z0-9-]+/)?[a-z_]+@(.*[@-])?\{of\}$"}
    verified = {"enum": ["proven", "reported", None], "default": None}
    figure["verification"] = series["verification"] = verified
    series["points"]["description"] = (
        "Of each figure what stands in place of {of} in id, formula and inputs (a day, a week or a month), "
        "and its value."
    )
    return document


def ledger() -> Schema:
    """Return the schema of ``ledger.json``: where the rows behind the figures are."""
    return _with_parts("Files with the rows behind the figures of a Sunlit site", LedgerDocument)


def findings() -> Schema:
    """Return the schema of each ``findings.json``: results of checks."""
    return _with_parts("What was checked in a Sunlit site", FindingsDocument)


def changes() -> Schema:
    """Return the schema of ``changes.json``: edits of terms and restated sums."""
    return printed("What was changed in a Sunlit site", changes_json.ChangesDocument)


def edition() -> Schema:
    """Return the schema of each ``edition.json``: the statement of a month as one run had it."""
    document = printed("The statement of one month, frozen", EditionDocument)
    whole = document["$defs"][EditionDocument.__name__]["properties"]
    whole["month"] = {"type": "string", "pattern": f"^{MONTH.pattern}$"}
    whole["snapshot"] = _HASH
    figure = document["$defs"]["FrozenFigure"]["properties"]
    figure["id"] = {"type": "string", "pattern": r"^[a-z0-9-]+/[a-z_]+(@[0-9A-Za-z_.-]+)+$"}
    figure["value"] = {
        "anyOf": [
            {"type": "integer"},
            {"type": "string", "pattern": f"^{DECIMAL.pattern}$"},
            {"type": "null"},
        ]
    }
    figure["verification"] = {"enum": ["proven", "reported", None]}
    return document


def recipe(of_config: Schema) -> Schema:
    """Return the schema of ``recipe.json``: what a site is made from besides its log."""
    whole = {name: part for name, part in of_config.items() if name not in ("$schema", "$defs")}
    texts: Schema = {"type": "object", "additionalProperties": _TEXT}
    hashes: Schema = {"type": "object", "additionalProperties": _HASH}
    body = _object(
        {
            "schema": {"const": 1},
            "sunlit": _TEXT,
            "libraries": texts,
            "config": {"$ref": "#/$defs/Config"},
            "inputs": hashes,
            "templates": hashes,
        }
    )
    parts = of_config["$defs"] | {"Config": whole}
    return _document("What a Sunlit site is made from besides its log", body | {"$defs": parts})


def manifest() -> Schema:
    """Return the schema of ``manifest.json``: the sha256 of every other file and of pixels, by path."""
    paths = {"type": "object", "propertyNames": {"pattern": r"^[^/\\][^\\]*$"}, "additionalProperties": _HASH}
    origin = {"demo": {"type": "boolean"}, "snapshot": _HASH, "as_of": _TIME}
    return _document(
        "Hashes of the files of a Sunlit site",
        _object({"schema": {"const": 1}, **origin, "files": paths, "pixels": paths}),
    )


def _document(title: str, body: Schema) -> Schema:
    return {"$schema": DIALECT, "title": title} | body


def _with_parts(title: str, model: object) -> Schema:
    """Return the schema of a document that lists files of projects and stores."""
    document = printed(title, model)
    part = document["$defs"]["FilePart"]["properties"]
    part["path"] = {"type": "string", "pattern": "^(p|sources)/[^/]+/.+$"}
    part["month"] = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"}
    part["sha256"] = _HASH
    return document


def _object(properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _strict(parts: dict[str, Schema]) -> dict[str, Schema]:
    """Refuse unknown fields, and say which texts are times: msgspec writes neither.

    A docstring keeps the indentation of its source in Python 3.11 and 3.12, and loses it later.
    """
    for part in parts.values():
        if "description" in part:
            part["description"] = cleandoc(part["description"])
        properties = part.get("properties")
        if properties is None:
            continue
        part["additionalProperties"] = False
        for name, shape in properties.items():
            shape.pop("discriminator", None)  # a word of OpenAPI, not of JSON Schema
            if name in ("at", "as_of") or name.endswith("_at"):
                properties[name] = {"anyOf": [_TIME, {"type": "null"}]} if "anyOf" in shape else _TIME
    return parts
