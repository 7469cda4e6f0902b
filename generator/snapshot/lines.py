"""The canonical text of the log: a line is one record and the id of the run that observed it."""

from typing import Annotated

import msgspec

from generator.errors import LogError
from generator.snapshot.log_file import LogFile
from generator.snapshot.records import Record
from generator.unreadable import UNREADABLE

SCHEMA = 2


class Line(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One line of the log: what a run observed."""

    run: str
    record: Record


class Heading(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The first line of each log file; of a month's first part it does not say the part."""

    schema: int
    source: str
    month: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}-[0-9]{2}$")]
    part: Annotated[int, msgspec.Meta(ge=1)] = 1

    @property
    def path(self) -> str:
        """Where a file with this heading belongs, relative to the log."""
        return LogFile(self.source, self.month, self.part).path

    @classmethod
    def of(cls, file: LogFile) -> "Heading":
        """Return the first line of a file."""
        return cls(schema=SCHEMA, source=file.source, month=file.month, part=file.part)


_LINES = msgspec.json.Decoder(Line)
_HEADINGS = msgspec.json.Decoder(Heading)
_ENCODER = msgspec.json.Encoder(order="sorted")


def encode(line: Line | Heading) -> bytes:
    """Return the canonical bytes of one line: sorted keys, no spaces, final newline."""
    return _ENCODER.encode(line) + b"\n"


def decode(path: str, data: bytes) -> tuple[Heading, list[Line]]:
    """Read one log file; raise `LogError` naming path and line."""
    heading, raws = parted(path, data)
    return heading, [decode_line(path, number, raw) for number, raw in enumerate(raws, 2)]


def parted(path: str, data: bytes) -> tuple[Heading, list[bytes]]:
    """Return the heading of one log file, and its other lines as they stand; raise `LogError` as `decode`."""
    rows = data.split(b"\n")
    if rows.pop() != b"":
        msg = f"{path}: the last line is cut off; restore the file from git"
        raise LogError(msg)
    try:
        heading = _HEADINGS.decode(rows[0]) if rows else None
    except UNREADABLE as error:
        msg = f"{path}:1: no heading with schema, source and month ({error})"
        raise LogError(msg) from error
    if heading is None or heading.schema != SCHEMA:
        found = heading and heading.schema
        step = (
            "it was never released: begin a new log"
            if found == 1
            else "use the version of Sunlit that wrote it"
        )
        msg = f"{path}:1: log schema {found}, expected {SCHEMA}; {step}"
        raise LogError(msg)
    return heading, rows[1:]


def decode_line(path: str, number: int, raw: bytes) -> Line:
    """Read one line of a log file, without its end; raise `LogError` naming path and line."""
    try:
        return _LINES.decode(raw)
    except UNREADABLE as error:
        msg = f"{path}:{number}: not a record of schema {SCHEMA} ({error})"
        raise LogError(msg) from error
