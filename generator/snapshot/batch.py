"""A batch: what one run observed and the log did not know, on its way to the log; pure.

The job that holds secrets makes it, the job that may write appends it; between
them it is a file of canonical JSON lines, so it can be read and compared.
While it is being made the file is a journal: one line for each part that stands by
itself, such as some projects with all their entries. The journal of a run that was
killed is a batch too, of the parts that are there; a last line that was cut off is not.
"""

import re
from collections.abc import Iterable, Sequence

import msgspec

from generator.errors import LogError
from generator.number_bounds import Moment, Whole, refuse_far
from generator.places import RUNS
from generator.snapshot.lines import SCHEMA
from generator.snapshot.records import Record, key_about
from generator.snapshot.run_record import Asked, Outcome
from generator.unreadable import UNREADABLE

_SOURCE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
#: What a run record says of a source whose run was killed.
KILLED = "the run ended before the source had said all; what it had read whole is recorded"


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """The news of one run. `records` hold at most one word on each key and never a run record."""

    run: str  #: run id, begins with the time
    at: Moment  #: aware UTC
    network: str
    asked: tuple[Asked, ...] = ()  #: one for each source, ordered by name
    records: tuple[Record, ...] = ()
    tip_height: Whole | None = None
    demo: bool = False
    bound: str = ""  #: see `Run`

    def __post_init__(self) -> None:
        refuse_far(f"batch {self.run}", self.at)
        if len({key_about(record) for record in self.records}) != len(self.records):
            msg = f"batch {self.run} says two things about one key; reduce its records with latest_by_key"
            raise ValueError(msg)
        for name in {record.source for record in self.records} | {asked.source for asked in self.asked}:
            if name == RUNS or not _SOURCE.fullmatch(name):
                msg = f"batch {self.run} has a source named {name!r}, expected a word such as btcpay-pay"
                raise ValueError(msg)


class _BatchHeading(msgspec.Struct, frozen=True, kw_only=True):
    """The first line of a batch file; `lines` tells a whole file from a cut one and from a journal."""

    schema: int
    batch: Batch
    lines: int | None  #: None in a journal


class _Part(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a journal."""

    records: tuple[Record, ...]
    tip_height: Whole | None = None


_HEADINGS = msgspec.json.Decoder(_BatchHeading)
_PARTS = msgspec.json.Decoder(_Part)
_RECORDS: msgspec.json.Decoder[Record] = msgspec.json.Decoder(Record)
_ENCODER = msgspec.json.Encoder(order="sorted")


def latest_by_key(records: Iterable[Record]) -> tuple[Record, ...]:
    """Return the last record about each key, ordered by key."""
    latest = {key_about(record): record for record in records}
    return tuple(latest[key] for key in sorted(latest))


def encode_batch(batch: Batch) -> bytes:
    """Return the canonical file form: a heading, then one record a line."""
    bare = msgspec.structs.replace(batch, records=())
    heading = _BatchHeading(schema=SCHEMA, batch=bare, lines=len(batch.records))
    return b"".join(_ENCODER.encode(item) + b"\n" for item in (heading, *batch.records))


def encode_heading(batch: Batch) -> bytes:
    """Return the first line of a journal; of the batch only what is known when the run begins."""
    return _ENCODER.encode(_BatchHeading(schema=SCHEMA, batch=batch, lines=None)) + b"\n"


def encode_part(records: Iterable[Record], tip_height: Whole | None) -> bytes:
    """Return a line of a journal: records that stand by themselves."""
    return _ENCODER.encode(_Part(records=tuple(records), tip_height=tip_height)) + b"\n"


def decode_batch(path: str, data: bytes) -> Batch:
    """Read a batch file, or the journal of a killed run; raise `LogError` naming path and line."""
    heading_row, *rows = data.split(b"\n")
    number = 1
    try:
        heading = _HEADINGS.decode(heading_row)
        if heading.lines is None and heading.schema == SCHEMA and rows:
            parts = []
            for number, row in enumerate(rows[:-1], 2):  # noqa: B007 -- as below
                parts.append(_PARTS.decode(row))
            return _from_journal(heading.batch, parts)
        if heading.schema != SCHEMA or not rows or rows.pop() or len(rows) != heading.lines:
            msg = f"{path}: batch schema {heading.schema} with {len(rows)} whole lines, "
            raise LogError(msg + f"expected schema {SCHEMA} with {heading.lines}; take the snapshot again")
        records = []
        for number, row in enumerate(rows, 2):  # noqa: B007 -- the message below names the line
            records.append(_RECORDS.decode(row))
        return msgspec.structs.replace(heading.batch, records=tuple(records))
    except (*UNREADABLE, ValueError) as error:
        msg = f"{path}:{number}: not a batch of schema {SCHEMA} ({error})"
        raise LogError(msg) from error


def _from_journal(begun: Batch, parts: Sequence[_Part]) -> Batch:
    records = latest_by_key(record for part in parts for record in part.records)
    return msgspec.structs.replace(
        begun,
        asked=tuple(
            Asked(source=source, outcome=Outcome.UNAVAILABLE, message=KILLED)
            for source in sorted({record.source for record in records})
        ),
        records=records,
        tip_height=max((part.tip_height for part in parts if part.tip_height is not None), default=None),
    )
