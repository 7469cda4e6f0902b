"""The one order of projects on the first page: those furthest behind come first."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Final

from generator.report.model import ProjectReport
from generator.report.status import ProjectStatus

_RUNNING, _ENDLESS, _UNREAD, _ENDED, _REACHED, _NO_GOAL = range(6)
_PLACES: Final = {
    ProjectStatus.UPCOMING: _UNREAD,
    ProjectStatus.ENDED: _ENDED,
    ProjectStatus.REACHED: _REACHED,
    ProjectStatus.NO_GOAL: _NO_GOAL,
}
_WHOLE: Final = 100
#: Of a project whose share of its goal is not known: after all others of its place.
_NO_SHARE: Final = Decimal("Infinity")


def behind_first(projects: Iterable[ProjectReport], today: date) -> list[ProjectReport]:
    """Return those running towards a last day by share of goal less share of time, lowest first; then others.

    These are: running without a last day, by share; not begun, or not read and never known; ended below
    their goal; reached; without a goal. Of equals the slug decides.
    """
    return sorted(projects, key=lambda project: (*_place(project, today), project.slug))


def time_gone(project: ProjectReport, today: date) -> Decimal | None:
    """Return the percentage of time that is gone of a goal with a first and a last day; else None."""
    begins, until = project.terms.goal_from, project.terms.goal_until
    if begins is None or until is None or until.date() <= begins.date():
        return None
    gone = Decimal((today - begins.date()).days) / (until.date() - begins.date()).days
    return _WHOLE * min(max(gone, Decimal()), Decimal(1))


def _place(project: ProjectReport, today: date) -> tuple[int, Decimal]:
    value = project.figures["progress"].value
    share = _NO_SHARE if value is None else Decimal(value)
    place, gone = _PLACES.get(project.status), time_gone(project, today)
    if place is None:  # running, or not known: by what was known last
        ended = project.ends_at is not None and project.ends_at.date() <= today
        if ended:
            place = _ENDED
        elif value is None and project.status is ProjectStatus.UNKNOWN:
            place = _UNREAD
        else:
            place = _ENDLESS if gone is None else _RUNNING
    return place, share - gone if place == _RUNNING and gone is not None else share
