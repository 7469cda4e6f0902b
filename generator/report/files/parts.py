"""Files of one project or store each, and what a list of them says, so that a reader finds all."""

from collections.abc import Callable
from enum import StrEnum
from hashlib import sha256
from typing import Self, TypeAlias

import msgspec

#: Hash and length of a file of the site, by path.
HashOf: TypeAlias = Callable[[str], tuple[str, int]]


class RowKind(StrEnum):
    """What the rows of a file are."""

    FIGURES = "figures"
    ENTRIES = "entries"
    DECLARATIONS = "declarations"
    STORES = "stores"  #: entries of a store that belong to no project
    FINDINGS = "findings"
    STATEMENTS = "statements"


class RowsFile(msgspec.Struct, frozen=True, kw_only=True):
    """One data file of a project, or of what a store has in no project; `encode` makes its bytes."""

    kind: RowKind
    project: str = ""  #: slug
    source: str = ""  #: of a store, whose rows belong to no project
    path: str  #: from the root of the site
    encode: Callable[[], bytes]
    rows: int
    month: str = ""  #: in UTC, of a file that has the entries of one


class FilePart(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a list says of a file with rows of one project, or of what a store has in no project."""

    project: str = ""  #: slug
    source: str = ""  #: of a store, whose rows belong to no project
    path: str  #: from the root of the site
    month: str = ""  #: in UTC, of a file that has the entries of one
    rows: int
    bytes: int
    sha256: str

    @classmethod
    def of(cls, file: RowsFile, hash_of: HashOf | None = None) -> Self:
        """Describe a file; it is encoded where nobody knows its hash."""
        if hash_of is None:
            data = file.encode()
            told, size = sha256(data).hexdigest(), len(data)
        else:
            told, size = hash_of(file.path)
        owner = {"project": file.project, "source": file.source}
        return cls(**owner, path=file.path, month=file.month, rows=file.rows, bytes=size, sha256=told)
