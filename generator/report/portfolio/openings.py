"""Stages by the day they open: what may be claimed now, what opens soon, and how much is at stake."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from generator.report.figures.figure import Figure, FigureDefinition
from generator.report.figures.sums import grade
from generator.report.model import ProjectReport
from generator.report.portfolio.portfolio_context import PortfolioContext
from generator.report.series.stages import StageRow

SOON: Final = timedelta(days=90)
CLAIMABLE: Final = FigureDefinition(
    "claimable", "Locked in stages that have opened: founders may claim it, investors may still leave."
)
DUE_SOON: Final = FigureDefinition(
    "due_soon", "Locked in stages that open in the 90 days after the day of the report."
)
DUE_LATER: Final = FigureDefinition(
    "due_later", "Locked in stages that open later than 90 days after the day of the report."
)
STAKES: Final = (CLAIMABLE, DUE_SOON, DUE_LATER)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageOpening:
    """One opening day of one project at which something is still locked, or may be."""

    project: ProjectReport
    stage: StageRow

    @property
    def stake(self) -> Figure:
        """What is still locked in it; unknown where part of the history is missing."""
        return self.stage.locked


def openings(projects: Iterable[ProjectReport]) -> tuple[StageOpening, ...]:
    """Return every opening with something at stake, by day, then by slug."""
    found = [
        StageOpening(project=project, stage=stage) for project in projects for stage in project.open_stages
    ]
    return tuple(sorted(found, key=lambda opening: (opening.stage.opens_on, opening.project.slug)))


def open_now(found: Sequence[StageOpening], today: date) -> list[StageOpening]:
    """Return openings whose day has come, longest open first."""
    return [opening for opening in found if opening.stage.opens_on <= today]


def ahead(found: Sequence[StageOpening], today: date) -> list[StageOpening]:
    """Return openings whose day is still to come, soonest first."""
    return [opening for opening in found if opening.stage.opens_on > today]


def largest(found: Iterable[StageOpening], most: int) -> list[StageOpening]:
    """Return the openings with the most at stake, then by day and slug; unknown stakes are left out."""
    known = [opening for opening in found if isinstance(opening.stake.value, int)]
    known.sort(
        key=lambda opening: (-int(opening.stake.value or 0), opening.stage.opens_on, opening.project.slug)
    )
    return known[:most]


def stake_figures(context: PortfolioContext) -> Iterator[Figure]:
    """Yield the three sums of the portfolio; they add up to `locked`, and are as uncertain."""
    locked = context.figures["locked"]
    found = openings(context.projects)
    for definition in STAKES:
        parts = [
            opening.stake for opening in found if _due(opening.stage.opens_on, context.today) is definition
        ]
        yield definition.figure(
            None,
            sum(int(part.value or 0) for part in parts),
            bound=locked.bound,
            verification=grade(part.verification for part in parts),
            inputs=tuple(part.id for part in parts),
        )


def _due(day: date, today: date) -> FigureDefinition:
    return CLAIMABLE if day <= today else DUE_SOON if day <= today + SOON else DUE_LATER
