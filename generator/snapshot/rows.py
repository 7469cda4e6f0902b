"""Rows of money, read as far as sorting and summing them needs; the rest of each when it is asked for.

Nine of ten lines of a log are entries, and a report of which little changed looks into few of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import Final, Self, cast

import msgspec

from generator.ledger import Entry, Key, Kind, Status
from generator.number_bounds import Moment
from generator.snapshot.lines import Heading, Line, decode_line, encode, parted
from generator.snapshot.records import Record
from generator.unreadable import UNREADABLE

#: Type of an entry, which is the first part of its key.
ENTRY: Final = str(Entry.__struct_config__.tag)


class LoggedRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
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
    #: The entry, or where it was not read whole its line of the log without its end, file and number of line.
    told: Entry | tuple[bytes, str, int]

    @classmethod
    def of(cls, entry: Entry, run: str) -> "LoggedRow":
        """Return an entry that was read whole as a row."""
        return cls(
            run=run,
            id=entry.id,
            source=entry.source,
            place=entry.place,
            kind=entry.kind,
            amount_msat=entry.amount_msat,
            at=entry.at,
            status=entry.status,
            reason=entry.reason,
            count=entry.count,
            opens_at=entry.opens_at,
            told=entry,
        )

    @property
    def key(self) -> Key:
        """What makes it unique in the log, as of an `Entry`."""
        return (ENTRY, self.source, self.id)

    @property
    def raw(self) -> bytes:
        """Its line of the log, without its end."""
        return encode(self.line)[:-1] if isinstance(self.told, Entry) else self.told[0]

    @property
    def line(self) -> Line:
        """The whole line; raise `LogError`, naming file and line, for what is no entry after all."""
        if isinstance(self.told, Entry):
            return Line(run=self.run, record=self.told)
        raw, path, number = self.told
        return decode_line(path, number, raw)

    @property
    def entry(self) -> Entry:
        """The whole entry; raises as `line` does."""
        return self.told if isinstance(self.told, Entry) else cast("Entry", self.line.record)


class _Head(msgspec.Struct, frozen=True, gc=False):
    """What entries have; of another record all but its type is left to chance."""

    type: str
    id: str = ""
    source: str = ""
    place: str = ""
    kind: Kind | None = None
    amount_msat: int = 0
    at: Moment | None = None
    status: Status | None = None
    reason: str = ""
    count: int = 1
    opens_at: Moment | None = None


class _LineHead(msgspec.Struct, frozen=True, gc=False):
    run: str
    record: _Head


_HEADS: Final = msgspec.json.Decoder(_LineHead)


def decode_rows(path: str, data: bytes) -> tuple[Heading, list[Line | LoggedRow]]:
    """Read one log file as `decode` does, but of its entries only what a `LoggedRow` has."""
    heading, raws = parted(path, data)
    return heading, [_line_or_row(path, number, raw) for number, raw in enumerate(raws, 2)]


def _line_or_row(path: str, number: int, raw: bytes) -> Line | LoggedRow:
    try:
        line = _HEADS.decode(raw)
    except UNREADABLE:
        return decode_line(path, number, raw)
    head = line.record
    if head.type != ENTRY or head.at is None or head.kind is None or head.status is None:
        return decode_line(path, number, raw)
    return LoggedRow(
        run=line.run,
        id=head.id,
        source=head.source,
        place=head.place,
        kind=head.kind,
        amount_msat=head.amount_msat,
        at=head.at,
        status=head.status,
        reason=head.reason,
        count=head.count,
        opens_at=head.opens_at,
        told=(raw, path, number),
    )


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
