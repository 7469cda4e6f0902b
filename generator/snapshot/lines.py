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
    heading, body = _heading(path, data)
    raws = data[body:].split(b"\n")[:-1]
    return heading, [decode_line(path, number, raw) for number, raw in enumerate(raws, 2)]


def read_heading(path: str, data: bytes) -> int:
    """Return where the lines of a log file begin.

    Raise `LogError`, naming path and line, for one that is cut off or not the file its heading names.
    """
    heading, body = _heading(path, data)
    if path != heading.path:
        msg = f"{path}: its first line is that of {heading.path}; restore the file from git"
        raise LogError(msg)
    return body


def _heading(path: str, data: bytes) -> tuple[Heading, int]:
    if not data.endswith(b"\n"):
        msg = f"{path}: the last line is cut off; restore the file from git"
        raise LogError(msg)
    body = data.index(b"\n") + 1
    try:
        heading = _HEADINGS.decode(data[: body - 1])
    except UNREADABLE as error:
        msg = f"{path}:1: no heading with schema, source and month ({error})"
        raise LogError(msg) from error
    if heading.schema != SCHEMA:
        step = (
            "it was never released: begin a new log"
            if heading.schema == 1
            else "use the version of Sunlit that wrote it"
        )
        msg = f"{path}:1: log schema {heading.schema}, expected {SCHEMA}; {step}"
        raise LogError(msg)
    return heading, body


def decode_line(path: str, number: int, raw: bytes) -> Line:
    """Read one line of a log file, without its end; raise `LogError` naming path and line."""
    try:
        return _LINES.decode(raw)
    except UNREADABLE as error:
        msg = f"{path}:{number}: not a record of schema {SCHEMA} ({error})"
        raise LogError(msg) from error
