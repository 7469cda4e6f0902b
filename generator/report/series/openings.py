"""Stages by the day they open: what may be claimed now, what opens soon, and how much is at stake."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from generator.report.figures.definitions import MSAT, figure_id
from generator.report.figures.sums import grade
from generator.report.model import Figure, ProjectReport, StageRow

SOON: Final = timedelta(days=90)
CLAIMABLE, DUE_SOON, DUE_LATER = "claimable", "due_soon", "due_later"
STAKES: Final = {
    CLAIMABLE: "Locked in stages that have opened: founders may claim it, investors may still leave.",
    DUE_SOON: "Locked in stages that open in the 90 days after the day of the report.",
    DUE_LATER: "Locked in stages that open later than 90 days after the day of the report.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One opening day of one project at which something is still locked, or may be."""

    project: ProjectReport
    stage: StageRow

    @property
    def stake(self) -> Figure:
        """Return what is still locked in it; unknown where part of the history is missing."""
        return self.stage.locked


def openings(projects: Iterable[ProjectReport]) -> tuple[Opening, ...]:
    """Return every opening with something at stake, by day, then by slug."""
    found = [
        Opening(project=project, stage=stage)
        for project in projects
        for stage in project.stages
        if stage.locked.value != 0
    ]
    return tuple(sorted(found, key=lambda one: (one.stage.opens_on, one.project.slug)))


def open_now(found: Sequence[Opening], today: date) -> list[Opening]:
    """Return openings whose day has come, longest open first."""
    return [one for one in found if one.stage.opens_on <= today]


def ahead(found: Sequence[Opening], today: date) -> list[Opening]:
    """Return openings whose day is still to come, soonest first."""
    return [one for one in found if one.stage.opens_on > today]


def largest(found: Iterable[Opening], most: int) -> list[Opening]:
    """Return the openings with the most at stake, then by day and slug; unknown stakes are left out."""
    known = [one for one in found if isinstance(one.stake.value, int)]
    known.sort(key=lambda one: (-int(one.stake.value or 0), one.stage.opens_on, one.project.slug))
    return known[:most]


def part_of(day: date, today: date) -> str:
    """Return which of the three sums an opening day belongs to."""
    return CLAIMABLE if day <= today else DUE_SOON if day <= today + SOON else DUE_LATER


def stakes(projects: Sequence[ProjectReport], locked: Figure, today: date) -> Mapping[str, Figure]:
    """Return the three sums of the portfolio; they add up to `locked`, and are unknown where it is."""
    parts: dict[str, list[Figure]] = {name: [] for name in STAKES}
    for one in openings(projects):
        parts[part_of(one.stage.opens_on, today)].append(one.stake)
    known = locked.value is not None
    return {
        name: Figure(
            id=figure_id(None, name),
            project=None,
            name=name,
            value=sum(part.value for part in some if isinstance(part.value, int)) if known else None,
            unit=MSAT,
            complete=locked.complete,
            verification=grade(part.verification for part in some) if known else None,
            formula=STAKES[name],
            inputs=tuple(part.id for part in some),
        )
        for name, some in parts.items()
    }
