"""Log files as they were read, so that a later reading reads only what was appended since.

Each line is read whole once, so that a damaged one is named whatever asks for it. Of an entry only what
sorts it is kept, of any other line where it stands: files are appended to and never edited.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256

import msgspec

from generator.ledger import Entry
from generator.snapshot.lines import Line, decode_line, read_heading
from generator.snapshot.rows import LineBytes, LoggedRow


class OtherLine(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A line that is no entry."""

    rows: int  #: how many entries stand before it in its file
    number: int  #: from 1
    start: int  #: its first byte
    length: int  #: without its end


class ReadFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """What is kept of a log file, or of its first bytes."""

    code: str  #: stamp of the code that read it
    sha256: str  #: of these bytes
    length: int  #: so many bytes
    rows: list[LoggedRow]
    others: list[OtherLine]

    @property
    def to_keep(self) -> tuple[object, ...]:
        """What a `ReadFile` is decoded from: the same without the bytes of the file."""
        rows = [msgspec.structs.astuple(row)[:-1] for row in self.rows]
        return (self.code, self.sha256, self.length, rows, self.others)


class LogMemory:
    """Reads log files, or remembers them; afterwards `kept` is what there is to remember, by path."""

    def __init__(self, known: Mapping[str, ReadFile], code: str = "") -> None:
        self.known = known
        self._code = code
        self.kept: dict[str, ReadFile] = {}

    def lines(self, path: str, data: bytes, told: str) -> Iterator[Line | LoggedRow]:
        """Yield the lines of a log file in their order; `told` is its sha256.

        Raise `LogError`, naming file and line, for what is no log file or no line.
        """
        body = read_heading(path, data)
        known = self.known.get(path)
        if known is None or known.code != self._code or not _begins(data, told, known):
            known = ReadFile(self._code, "", body, [], [])
        if known.sha256 != told:
            known = _read_on(path, data, told, known)
        self.kept[path] = known
        return _lines(path, data, known)


def _begins(data: bytes, told: str, known: ReadFile) -> bool:
    """Tell whether a file begins with what was read of it."""
    if known.length == len(data):
        return known.sha256 == told
    return known.length < len(data) and sha256(data[: known.length]).hexdigest() == known.sha256


def _read_on(path: str, data: bytes, told: str, known: ReadFile) -> ReadFile:
    rows, others, start = list(known.rows), list(known.others), known.length
    ahead = data[start:].split(b"\n")[:-1]
    for number, raw in enumerate(ahead, data.count(b"\n", 0, start) + 1):
        line = decode_line(path, number, raw)
        if isinstance(line.record, Entry):
            row = LoggedRow.of(line.record, line.run)
            row.line_hash = sha256(raw).digest()
            row.number, row.start, row.length = number, start, len(raw)
            rows.append(row)
        else:
            others.append(OtherLine(len(rows), number, start, len(raw)))
        start += len(raw) + 1
    return ReadFile(known.code, told, start, rows, others)


def _lines(path: str, data: bytes, known: ReadFile) -> Iterator[Line | LoggedRow]:
    file, before = (path, data), 0
    for row in known.rows:
        row.told = file
    for other in known.others:
        yield from known.rows[before : other.rows]
        yield LineBytes(path, data, other.number, other.start, other.length).line
        before = other.rows
    yield from known.rows[before:]
