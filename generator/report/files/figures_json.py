"""``figures.json``: every published number with its definition, as canonical bytes."""

import msgspec

from generator.report.figures.figure import Figure
from generator.report.files import canonical_json
from generator.report.model import Report

SCHEMA = 2


class FiguresDocument(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``figures.json`` says."""

    schema: int
    network: str
    figures: list[Figure]  #: ordered by id


def encode_figures(report: Report) -> bytes:
    """Return the canonical bytes, figures by id and one a line."""
    document = FiguresDocument(schema=SCHEMA, network=report.network, figures=[])
    return canonical_json.encode(document, {"figures": report.all_figures()})


def decode_figures(data: bytes) -> FiguresDocument:
    """Read ``figures.json``; raise `msgspec.DecodeError` for anything else."""
    return msgspec.json.decode(data, type=FiguresDocument)
