"""What the figures of one project are made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.report.figures.figure import Figure
from generator.report.figures.goal_terms import GoalTerms
from generator.report.figures.sums import Sums
from generator.report.joined_projects import JoinedProject
from generator.report.prices import Prices


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectContext:
    """One project as makers of figures see it."""

    project: JoinedProject
    sums: Sums  #: of its entries
    terms: GoalTerms
    prices: Prices
    figures: Mapping[str, Figure] = field(default_factory=dict)  #: by name, what earlier makers made

    @property
    def slug(self) -> str:
        """The project's slug."""
        return self.project.slug
