"""``datapackage.json``: every published table and data file, so that tools read them by their dictionary.

A Data Package (datapackage.org) whose tables name their Table Schemas by path: with thousands of projects the
same columns would stand there thousands of times. Hashes stand in the manifest, so that this changes with the
list of files alone.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from generator.report.files.data_dictionary import schema_of_table
from generator.report.files.parts import FilePart, RowKind
from generator.report.model import Report

#: Where the texts of licences stand that have one address.
LICENCES: Final = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}
_TABLES: Final = (RowKind.ENTRIES, RowKind.DECLARATIONS, RowKind.STORES, RowKind.STATEMENTS)
#: Data files about the whole report, beside those that list the projects' own.
_WHOLE: Final = {
    "figures.json": "Figures of all projects together, and a list of those of each",
    "today.json": "Figures that move with the clock",
    "data/ledger.json": "List of all ledgers",
    "data/findings.json": "Results of checks",
    "data/changes.json": "Edits of terms and restated sums",
}


def encode_data_package(report: Report, parts: Mapping[RowKind, Sequence[FilePart]]) -> bytes:
    """Return the bytes, one resource a line; `parts` are the files of projects and stores."""
    licence = report.config.site.licence
    place = {"path": LICENCES[licence]} if licence in LICENCES else {"title": licence}
    document = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "funding-report",
        "title": report.title,
        "description": "Demo data. All of it is invented." if report.demo else report.config.site.description,
        "licenses": [{**({"name": licence} if licence in LICENCES else {}), **place}],
    }
    if not document["description"]:
        del document["description"]
    head = json.dumps(document, ensure_ascii=False, indent=1).removesuffix("\n}")
    encoder = json.JSONEncoder(ensure_ascii=False)
    rows = ",\n".join(map(encoder.encode, _resources(parts)))
    return f'{head},\n "resources": [\n{rows}\n]}}\n'.encode()


def _resources(parts: Mapping[RowKind, Sequence[FilePart]]) -> Iterator[dict[str, Any]]:
    for path, title in _WHOLE.items():
        yield {"name": path.removesuffix(".json").replace("/", "-"), "path": path, "title": title, **_JSON}
    yield {
        "name": "statements",
        "path": "statements/statements.csv",
        "title": "Statements of all projects together, one row a month",
        **_CSV,
        "schema": schema_of_table(RowKind.STATEMENTS),
    }
    for kind in RowKind:
        yield from _in_parts(kind, parts[kind])


_JSON: Final = {"format": "json", "mediatype": "application/json", "encoding": "utf-8"}
_CSV: Final = {"type": "table", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}


def _in_parts(kind: RowKind, parts: Iterable[FilePart]) -> Iterator[dict[str, Any]]:
    for part in parts:
        name = "-".join(filter(None, (part.project or part.source, str(kind), part.month)))
        table = {**_CSV, "schema": schema_of_table(kind)} if kind in _TABLES else _JSON
        yield {"name": name, "path": part.path, **table}
