"""Figures that differ in a day, week or month alone, written once with the values of all of them; pure.

``{of}`` stands for the day, week or month in what they have in common, so that each figure can be had whole.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Annotated, Final, NamedTuple

import msgspec

from generator.report.figures.bounds import Bound
from generator.report.figures.figure import ALL, Figure

OF: Final = "{of}"
#: The end of an id that names a day, a week or a month.
_TIME: Final = re.compile(r"(?<=[@-])[0-9]{4}-(?:W[0-9]{2}|[0-9]{2}(?:-[0-9]{2})?)\Z")
#: Letters of a text with ``{of}``, and such inputs, at most: a stranger's file may have a million points.
LETTERS: Final = 500
INPUTS: Final = 10
_Pattern = Annotated[str, msgspec.Meta(max_length=LETTERS)]


class SeriesPoint(NamedTuple):
    """What one figure of a series has for itself."""

    of: Annotated[str, msgspec.Meta(max_length=10)]  #: ``2026-03-14``, ``2026-W11`` or ``2026-03``
    value: int | str | None


class FigureSeries(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Several figures; with the `of` of a point in place of ``{of}`` each text is that of one figure."""

    id: _Pattern
    unit: _Pattern
    bound: Bound
    verification: str | None = None
    formula: _Pattern = ""  #: where it is not that of its definition
    inputs: Annotated[list[_Pattern], msgspec.Meta(max_length=INPUTS)] = []
    points: list[SeriesPoint]

    def figures(self) -> Iterator[Figure]:
        """Yield each figure whole."""
        for of, value in self.points:
            name = self.id.replace(OF, of)
            slug, _, own = name.partition("/")
            yield Figure(
                id=name,
                project=None if slug == ALL else slug,
                name=own,
                value=value,
                unit=self.unit,
                bound=self.bound,
                verification=self.verification,
                formula=self.formula.replace(OF, of),
                inputs=tuple(text.replace(OF, of) for text in self.inputs),
            )


def in_series(figures: Iterable[Figure]) -> tuple[list[Figure], list[FigureSeries]]:
    """Return figures that stand alone and series of the others, both by id."""
    alike: defaultdict[_Common, list[tuple[str, Figure]]] = defaultdict(list)
    alone: list[Figure] = []
    for figure in sorted(figures, key=lambda figure: figure.id):
        time = _TIME.search(figure.id)
        common = _common(figure, time[0]) if time else None
        if time is None or common is None:
            alone.append(figure)
        else:
            alike[common].append((time[0], figure))
    alone += (found[0][1] for found in alike.values() if len(found) == 1)
    series = [_series(common, found) for common, found in alike.items() if len(found) > 1]
    return sorted(alone, key=lambda figure: figure.id), sorted(series, key=lambda each: each.id)


class _Common(NamedTuple):
    id: str
    unit: str
    bound: Bound
    verification: str | None
    formula: str
    inputs: tuple[str, ...]


def _common(figure: Figure, of: str) -> _Common | None:
    """Return what a figure shares with those of other times; None where its texts are too long for that."""
    found = _Common(
        figure.id.replace(of, OF),
        figure.unit,
        figure.bound,
        figure.verification,
        figure.formula.replace(of, OF),
        tuple(text.replace(of, OF) for text in figure.inputs),
    )
    texts = (found.id, found.formula, *found.inputs)
    return found if len(found.inputs) <= INPUTS and max(map(len, texts)) <= LETTERS else None


def _series(common: _Common, found: Iterable[tuple[str, Figure]]) -> FigureSeries:
    points = [SeriesPoint(of, figure.value) for of, figure in found]
    return FigureSeries(**common._asdict() | {"inputs": list(common.inputs)}, points=points)
