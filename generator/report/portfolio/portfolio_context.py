"""What the figures of the portfolio are made from, and the sum of one figure over projects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from generator.report.census import NetworkCensus
from generator.report.figures.bounds import Bound, added, total
from generator.report.figures.definitions import SIGNED
from generator.report.figures.figure import EVERY_PROJECT, Figure, FigureDefinition, decimal_text
from generator.report.figures.sums import grade
from generator.report.model import ProjectReport
from generator.report.prices import Prices


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioContext:
    """All projects as makers of figures see them."""

    projects: Sequence[ProjectReport]
    prices: Prices
    today: date  #: of as-of
    network_wide: bool  #: every project of the network, not only the configured ones
    listed: bool  #: False while even the list of projects is unknown
    census: NetworkCensus = field(default_factory=NetworkCensus)
    figures: Mapping[str, Figure] = field(default_factory=dict)  #: by name, what earlier makers made

    @property
    def whole(self) -> bool:
        """Tell whether each project that may have money is among `projects`."""
        return self.listed and not self.census.unseen


def summed(
    definition: FigureDefinition,
    parts: Sequence[Figure],
    *,
    listed: bool = True,
    of: str = "",
    unit: str = "",
    every: str = "",
) -> Figure:
    """Return a figure summed over projects, in a currency as decimal text.

    Its inputs are the parts, one by one; or the figure named `every` of each project, where they are that.

    While a part is unknown, or not every part is `listed`, it is at least the
    sum of the others; a figure that can be below zero is unknown then.
    """
    bounds = [*(part.bound for part in parts), *([] if listed else [Bound.UNKNOWN])]
    known = sum((Fraction(part.value) for part in parts if part.value is not None), Fraction())
    return definition.figure(
        None,
        decimal_text(known) if unit else int(known),
        of=of,
        unit=unit,
        bound=added(*bounds) if (of or definition.name) in SIGNED else total(bounds),
        verification=grade(part.verification for part in parts),
        inputs=(EVERY_PROJECT + every,) if every else tuple(part.id for part in parts),
    )
