"""``data/ledger.json``: where all rows of projects and stores are, so that a program can fetch them."""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from generator.report.files import canonical_json
from generator.report.files.parts import FilePart, RowKind
from generator.report.model import Report

SCHEMA: Final = 1


class LedgerDocument(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``ledger.json`` says; each row stands in one of the files."""

    schema: int
    network: str
    demo: bool
    entries: list[FilePart]  #: by path
    declarations: list[FilePart]  #: by path
    stores: list[FilePart]  #: movements of stores that belong to no project, by path


def encode_ledger(report: Report, parts: Mapping[RowKind, Iterable[FilePart]]) -> bytes:
    """Return canonical bytes, one file a line."""
    document = LedgerDocument(
        schema=SCHEMA, network=report.network, demo=report.demo, entries=[], declarations=[], stores=[]
    )
    kinds = (RowKind.ENTRIES, RowKind.DECLARATIONS, RowKind.STORES)
    return canonical_json.encode(document, {str(kind): parts[kind] for kind in kinds})
