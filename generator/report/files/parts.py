"""Files of one project each, and what a list of them says, so that a reader finds all."""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Self

import msgspec


class RowKind(StrEnum):
    """What the rows of a project's file are."""

    FIGURES = "figures"
    ENTRIES = "entries"
    DECLARATIONS = "declarations"
    FINDINGS = "findings"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFile:
    """One data file of a project as it is published."""

    kind: RowKind
    project: str  #: slug
    path: str  #: from the root of the site
    data: bytes
    rows: int
    month: str = ""  #: in UTC, of a file that has the entries of one


class FilePart(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a list says of a file with one project's rows."""

    project: str  #: slug
    path: str  #: from the root of the site
    month: str = ""  #: in UTC, of a file that has the entries of one
    rows: int
    bytes: int
    sha256: str

    @classmethod
    def of(cls, file: ProjectFile) -> Self:
        """Describe a file."""
        return cls(
            project=file.project,
            path=file.path,
            month=file.month,
            rows=file.rows,
            bytes=len(file.data),
            sha256=sha256(file.data).hexdigest(),
        )
