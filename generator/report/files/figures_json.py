"""``figures.json`` and ``today.json``: every published number with its definition, as canonical bytes."""

from collections.abc import Sequence

import msgspec

from generator.report.figures.figure import Figure
from generator.report.files import canonical_json
from generator.report.model import Report

SCHEMA = 2


class FiguresDocument(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What each of them says."""

    schema: int
    network: str
    figures: list[Figure]  #: ordered by id


def encode_figures(report: Report) -> bytes:
    """Return the canonical bytes of ``figures.json``, figures by id and one a line."""
    return _encoded(report.network, report.all_figures())


def encode_today(report: Report) -> bytes:
    """Return the same of the figures of today, ``today.json``."""
    return _encoded(report.network, sorted(report.today.values(), key=lambda figure: figure.id))


def _encoded(network: str, figures: Sequence[Figure]) -> bytes:
    document = FiguresDocument(schema=SCHEMA, network=network, figures=[])
    return canonical_json.encode(document, {"figures": figures})


def decode_figures(data: bytes) -> FiguresDocument:
    """Read one of them; raise `msgspec.DecodeError` for anything else."""
    return msgspec.json.decode(data, type=FiguresDocument)
