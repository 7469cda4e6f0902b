"""Openings of stages as rows of a list: how far each is from the day of the report, in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from generator.report import Report
from generator.report.portfolio.openings import StageOpening
from generator.text_format import days_text


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningRow:
    """One opening as a reader sees it."""

    opening: StageOpening
    distance: str  #: ``in 9 days``, ``today``, ``9 days ago``


def opening_rows(report: Report, openings: Iterable[StageOpening]) -> list[OpeningRow]:
    """Return the rows in the order of the openings."""
    today = report.as_of.date()
    return [
        OpeningRow(opening=opening, distance=_distance((opening.stage.opens_on - today).days))
        for opening in openings
    ]


def _distance(days: int) -> str:
    if days == 0:
        return "today"
    return f"in {days_text(days)}" if days > 0 else f"{days_text(-days)} ago"
