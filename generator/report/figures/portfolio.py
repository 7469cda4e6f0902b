"""The figures of the portfolio: sums of the same figure over all projects."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from generator.report.figures.declared import declared_share
from generator.report.figures.definitions import (
    COUNT,
    COUNTS,
    DECLARED,
    DECLARED_SHARE,
    HEADLINES,
    MSAT,
    PROVEN,
    PROVEN_SHARE,
    SUM_OF_PROJECTS,
    figure_id,
)
from generator.report.figures.headline import decimal_text
from generator.report.figures.proven import proven_share
from generator.report.figures.sums import grade
from generator.report.model import Figure


def portfolio_figures(projects: Sequence[dict[str, Figure]], *, known: bool) -> dict[str, Figure]:
    """Return the sums over projects; `known` is False while even the list of projects is unknown."""
    sums = {name: _sum([one[name] for one in projects], name, known=known) for name in HEADLINES}
    promised = sums["declarations"].complete
    sums[PROVEN_SHARE] = proven_share(None, sums[PROVEN], sums["raised"])
    sums[DECLARED_SHARE] = declared_share(None, sums["declarations"], sums["payments"])
    for name in sorted({name for one in projects for name in one if name.startswith(DECLARED)}):
        found = _sum([one[name] for one in projects if name in one], name, known=True)
        sums[name] = replace(found, complete=found.complete and promised)
    return sums


def _sum(parts: Sequence[Figure], name: str, *, known: bool) -> Figure:
    """Add up one figure over projects; one unknown part makes the sum unknown."""
    unknown = not known or any(part.value is None for part in parts)
    total = sum((Fraction(part.value) for part in parts if part.value is not None), Fraction())
    fiat = name.startswith(DECLARED)
    unit = name.removeprefix(DECLARED) if fiat else COUNT if name in COUNTS else MSAT
    return Figure(
        id=figure_id(None, name),
        project=None,
        name=name,
        value=None if unknown else decimal_text(total) if fiat else int(total),
        unit=unit,
        complete=not unknown and all(part.complete for part in parts),
        verification=None if unknown else grade(part.verification for part in parts),
        formula=SUM_OF_PROJECTS,
        inputs=tuple(part.id for part in parts),
    )
