"""``figures.json``: every published number with its definition, as canonical bytes."""

from datetime import datetime

import msgspec

from generator.report.figures.figure import Figure
from generator.report.model import Report

SCHEMA = 1
_ENCODER = msgspec.json.Encoder(order="sorted")


class FiguresDocument(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``figures.json`` says."""

    schema: int
    snapshot: str  #: id of the snapshot the figures were computed from
    network: str
    as_of: datetime
    demo: bool
    figures: list[Figure]  #: ordered by id


def encode_figures(report: Report) -> bytes:
    """Return the canonical bytes: sorted keys, figures by id, one figure a line, final newline."""
    document = FiguresDocument(
        schema=SCHEMA,
        snapshot=report.snapshot,
        network=report.network,
        as_of=report.as_of,
        demo=report.demo,
        figures=[],
    )
    rows = b",\n".join(_ENCODER.encode(figure) for figure in report.all_figures())
    frame = _ENCODER.encode(document)
    return frame.replace(b'"figures":[]', b'"figures":[\n' + rows + b"\n]", 1) + b"\n"


def decode_figures(data: bytes) -> FiguresDocument:
    """Read ``figures.json``; raise `msgspec.DecodeError` for anything else."""
    return msgspec.json.decode(data, type=FiguresDocument)
