"""``figures.json`` and ``today.json``: every published number, as canonical bytes.

Those at the root have the figures of no single project. ``figures.json`` has the definitions of all figures
and lists the files of the projects, which do not repeat definitions.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Annotated, Final

import msgspec

from generator.report.figures.bounds import Bound
from generator.report.figures.figure import Figure, slug_and_name
from generator.report.files import canonical_json
from generator.report.files.figure_series import LETTERS, FigureSeries, in_series
from generator.report.files.figure_shorthand import Defined, Definition, Shorthand, by_figure, definitions
from generator.report.files.parts import FilePart
from generator.report.model import ProjectReport, Report

SCHEMA: Final = 4
_Text = Annotated[str, msgspec.Meta(max_length=LETTERS)]


class FigureRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One figure, to be read without its definition; inputs of the same project begin with ``./``."""

    id: _Text
    value: int | str | None
    unit: str
    bound: Bound
    verification: str | None = None
    formula: str = ""  #: where it is not that of its definition
    inputs: list[str] | None = None  #: where they are not those of its definition


class FiguresDocument(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What each of them says."""

    schema: int
    network: str
    project: _Text | None  #: slug, in the file of one project
    definitions: list[Definition]  #: of all figures, in ``figures.json`` at the root
    figures: list[FigureRow]  #: that are no part of a series, ordered by id
    series: list[FigureSeries]  #: the other ones: of days, weeks and months
    projects: list[FilePart]  #: files of the projects, by path, in ``figures.json`` at the root

    def every(self, known: Defined) -> Iterator[Figure]:
        """Yield each figure whole, also those of series; `known` are definitions of the file at the root."""
        shorthand = Shorthand(self.project, known)
        yield from (_whole(row, shorthand) for row in self.figures)
        for series in self.series:
            yield from _whole_series(series, shorthand).figures()


def encode_figures(report: Report, parts: Iterable[FilePart]) -> bytes:
    """Return the document at the root: definitions, figures that are no project's, parts by path."""
    return _encoded(report.network, report.figures.values(), parts=parts, defined=definitions())


def encode_today(report: Report) -> bytes:
    """Return the figures of today, ``today.json``."""
    return _encoded(report.network, report.today.values())


def encode_project_figures(network: str, project: ProjectReport) -> bytes:
    """Return the document of one project, figures by id and series, one a line."""
    return _encoded(network, project.figures.values(), slug=project.slug)


def _encoded(
    network: str,
    figures: Iterable[Figure],
    *,
    slug: str | None = None,
    parts: Iterable[FilePart] = (),
    defined: Iterable[Definition] = (),
) -> bytes:
    empty: dict[str, list[object]] = {"definitions": [], "figures": [], "series": [], "projects": []}
    document = {"schema": SCHEMA, "network": network, "project": slug, **empty}
    alone, series = in_series(figures)
    shorthand = Shorthand(slug, _known())
    lists = {
        "definitions": defined,
        "figures": (_row(figure, shorthand) for figure in alone),
        "projects": parts,
        "series": (_short_series(each, shorthand) for each in series),
    }
    return canonical_json.encode(document, lists)


def decode_figures(data: bytes) -> FiguresDocument:
    """Read one of them; raise `msgspec.DecodeError` for anything else."""
    return msgspec.json.decode(data, type=FiguresDocument)


@cache
def _known() -> Defined:
    return by_figure(definitions())


def _row(figure: Figure, shorthand: Shorthand) -> FigureRow:
    inputs = shorthand.short_inputs(figure.inputs)
    return FigureRow(
        id=figure.id,
        value=figure.value,
        unit=figure.unit,
        bound=figure.bound,
        verification=figure.verification,
        formula="" if figure.formula == shorthand.formula(figure.id) else figure.formula,
        inputs=None if inputs == shorthand.usual_inputs(figure.id) else inputs,
    )


def _whole(row: FigureRow, shorthand: Shorthand) -> Figure:
    project, name = slug_and_name(row.id)
    inputs = shorthand.usual_inputs(row.id) if row.inputs is None else row.inputs
    return Figure(
        id=row.id,
        project=project,
        name=name,
        value=row.value,
        unit=row.unit,
        bound=row.bound,
        verification=row.verification,
        formula=row.formula or shorthand.formula(row.id),
        inputs=tuple(shorthand.whole_inputs(inputs)),
    )


def _short_series(series: FigureSeries, shorthand: Shorthand) -> FigureSeries:
    return msgspec.structs.replace(
        series,
        formula="" if series.formula == shorthand.formula(series.id) else series.formula,
        inputs=shorthand.short_inputs(series.inputs),
    )


def _whole_series(series: FigureSeries, shorthand: Shorthand) -> FigureSeries:
    return msgspec.structs.replace(
        series,
        formula=series.formula or shorthand.formula(series.id),
        inputs=shorthand.whole_inputs(series.inputs),
    )
