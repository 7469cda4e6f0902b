"""``data/ledger.json``: where the rows of all projects are, so that a program can fetch every one."""

from collections.abc import Iterable
from typing import Final

import msgspec

from generator.report.files import canonical_json
from generator.report.files.parts import FilePart
from generator.report.model import Report

SCHEMA: Final = 1


class LedgerDocument(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``ledger.json`` says; each row stands in one of the files."""

    schema: int
    network: str
    demo: bool
    entries: list[FilePart]  #: by path
    declarations: list[FilePart]  #: by path


def encode_ledger(report: Report, entries: Iterable[FilePart], declarations: Iterable[FilePart]) -> bytes:
    """Return canonical bytes, one file a line."""
    document = LedgerDocument(
        schema=SCHEMA, network=report.network, demo=report.demo, entries=[], declarations=[]
    )
    return canonical_json.encode(document, {"entries": entries, "declarations": declarations})
