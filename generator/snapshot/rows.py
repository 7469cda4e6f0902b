"""Rows of money as sorting and summing them needs them; the rest of each is read when it is asked for.

Nine of ten lines of a log are entries, and a report of which little changed looks into few of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from operator import attrgetter
from typing import Final, NamedTuple, Self, cast

import msgspec

from generator.ledger import Entry, Key, Kind, Status
from generator.snapshot.lines import Line, decode_line, encode
from generator.snapshot.records import Record

#: Type of an entry, which is the first part of its key.
ENTRY: Final = str(Entry.__struct_config__.tag)


class LineBytes(NamedTuple):
    """Where a line of the log stands."""

    path: str  #: of its file
    data: bytes  #: its file
    number: int  #: from 1
    start: int  #: its first byte
    length: int  #: without its end

    @property
    def raw(self) -> bytes:
        """The line without its end."""
        return self.data[self.start : self.start + self.length]

    @property
    def line(self) -> Line:
        """The whole line; raise `LogError`, naming file and line, for what is none."""
        return decode_line(self.path, self.number, self.raw)


class LoggedRow(msgspec.Struct, array_like=True, gc=False):
    """One entry and the run that observed it: what is at hand of it are fields of `Entry`."""

    run: str  #: id
    id: str
    source: str
    place: str
    kind: Kind
    amount_msat: int
    at: datetime
    status: Status
    reason: str
    count: int
    opens_at: datetime | None
    line_hash: bytes = b""  #: sha256 of its line without its end; empty of an entry that no file was read for
    number: int = 0  #: of its line in its file, from 1
    start: int = 0  #: its first byte there
    length: int = 0
    #: The entry, or path and bytes of its file; set by whoever has that. What is kept of a row lacks it.
    told: Entry | tuple[str, bytes] = ("", b"")

    @classmethod
    def of(cls, entry: Entry, run: str) -> "LoggedRow":
        """Return an entry that was read whole as a row."""
        row = cls(run, *_OF_ENTRY(entry))
        row.told = entry
        return row

    @property
    def key(self) -> Key:
        """What makes it unique in the log, as of an `Entry`."""
        return (ENTRY, self.source, self.id)

    @property
    def line(self) -> Line:
        """The whole line; raise `LogError`, naming file and line, for what is no entry after all."""
        if isinstance(self.told, Entry):
            return Line(run=self.run, record=self.told)
        return LineBytes(*self.told, self.number, self.start, self.length).line

    @property
    def entry(self) -> Entry:
        """The whole entry; raises as `line` does."""
        return self.told if isinstance(self.told, Entry) else cast("Entry", self.line.record)

    @property
    def digest(self) -> bytes:
        """The sha256 of its line in the log, without its end; its run stands in that."""
        return self.line_hash or sha256(encode(self.line)[:-1]).digest()

    def alone(self) -> "LoggedRow":
        """Return the same without the rest of its file."""
        if isinstance(self.told, Entry):
            return self
        path, _ = self.told
        raw = LineBytes(*self.told, self.number, self.start, self.length).raw
        return msgspec.structs.replace(self, start=0, length=len(raw), told=(path, raw))


_OF_ENTRY: Final = attrgetter(*LoggedRow.__struct_fields__[1:11])


class RecordsWithRows(Mapping[Key, Record]):
    """Standing records by key, in the order of keys; an entry is read whole each time it is asked for."""

    def __init__(self, others: Mapping[Key, Record], rows: Mapping[Key, LoggedRow]) -> None:
        self.others = others  #: all but entries
        self.rows = rows

    @classmethod
    def of(cls, records: Mapping[Key, Record], rows: Iterable[LoggedRow]) -> Self:
        """Return these records with other rows than their own."""
        if isinstance(records, RecordsWithRows):
            others = records.others
        else:
            others = {key: record for key, record in records.items() if not isinstance(record, Entry)}
        return cls(others, {row.key: row for row in rows})

    def __getitem__(self, key: Key) -> Record:
        return self.rows[key].entry if key in self.rows else self.others[key]

    def __contains__(self, key: object) -> bool:
        return key in self.rows or key in self.others

    def __len__(self) -> int:
        return len(self.others) + len(self.rows)

    def __iter__(self) -> Iterator[Key]:
        return iter(self._order)

    @cached_property
    def _order(self) -> list[Key]:
        return sorted((*self.others, *self.rows))
