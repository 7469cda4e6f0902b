"""``figures.json`` and ``today.json``: every published number with its definition, as canonical bytes.

Those at the root have the figures of no single project; ``figures.json`` lists those of the projects.
"""

from collections.abc import Iterable, Iterator

import msgspec

from generator.report.figures.figure import Figure
from generator.report.files import canonical_json
from generator.report.files.figure_series import FigureSeries, in_series
from generator.report.files.parts import FilePart
from generator.report.model import ProjectReport, Report

SCHEMA = 3


class FiguresDocument(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What each of them says."""

    schema: int
    network: str
    figures: list[Figure]  #: that are no part of a series, ordered by id
    series: list[FigureSeries]  #: the other ones: of days, weeks and months
    projects: list[FilePart]  #: those of the projects, by path; empty in these

    def every(self) -> Iterator[Figure]:
        """Yield each figure whole, also those of series."""
        yield from self.figures
        for series in self.series:
            yield from series.figures()


def encode_figures(report: Report, parts: Iterable[FilePart]) -> bytes:
    """Return the document at the root: figures that are no project's, parts by path, one a line."""
    return _encoded(report.network, report.figures.values(), parts)


def encode_today(report: Report) -> bytes:
    """Return the figures of today, ``today.json``."""
    return _encoded(report.network, report.today.values())


def encode_project_figures(network: str, project: ProjectReport) -> bytes:
    """Return the document of one project, figures by id and series, one a line."""
    return _encoded(network, project.figures.values())


def _encoded(network: str, figures: Iterable[Figure], parts: Iterable[FilePart] = ()) -> bytes:
    document = FiguresDocument(schema=SCHEMA, network=network, figures=[], series=[], projects=[])
    alone, series = in_series(figures)
    return canonical_json.encode(document, {"figures": alone, "projects": parts, "series": series})


def decode_figures(data: bytes) -> FiguresDocument:
    """Read one of them; raise `msgspec.DecodeError` for anything else."""
    return msgspec.json.decode(data, type=FiguresDocument)
