"""``findings.json``: the result of every check; at the root those of no project, and a list of the others."""

from collections.abc import Iterable
from typing import Final

import msgspec

from generator.report.files import canonical_json
from generator.report.files.parts import FilePart
from generator.snapshot import Finding

SCHEMA: Final = 1


class FindingsDocument(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What each ``findings.json`` says."""

    schema: int
    findings: list[Finding]  #: ordered by key
    projects: list[FilePart]  #: those of projects with findings, by path; empty in these


def encode_findings(findings: Iterable[Finding], parts: Iterable[FilePart] = ()) -> bytes:
    """Return canonical bytes, findings by key and parts by path, one a line."""
    document = FindingsDocument(schema=SCHEMA, findings=[], projects=[])
    rows = sorted(findings, key=lambda finding: finding.key)
    return canonical_json.encode(document, {"findings": rows, "projects": parts})
