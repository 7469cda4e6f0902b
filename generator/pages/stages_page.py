"""What opens when, and how much is at stake: the stages of all projects by their day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from generator.charts.chart import Chart
from generator.charts.due_soon import openings as chart_of
from generator.pages.lists import Sheet, sheets
from generator.pages.page import Page
from generator.report.model import Report
from generator.report.series.openings import SOON, Opening, ahead, largest, open_now, openings

CALENDAR: Final = "stages/stages.ics"
#: Stages of the short list: those with the most at stake.
MOST: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A list on pages of its own."""

    folder: str
    title: str
    caption: str
    empty: str


COMING: Final = Family(
    folder="stages/coming",
    title="What opens next?",
    caption="Every opening still to come, soonest first.",
    empty="No funded stage is ahead.",
)
OPEN: Final = Family(
    folder="stages/open",
    title="What is open and not claimed?",
    caption="Every stage that has opened and still holds money, longest open first.",
    empty="No stage that has opened holds money.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The openings of a report, seen from its day."""

    today: date
    coming: tuple[Opening, ...]
    soon: tuple[Opening, ...]
    open: tuple[Opening, ...]
    chart: Chart | None

    @classmethod
    def of(cls, report: Report) -> "Calendar":
        """Collect the openings of all projects and draw the next 90 days."""
        today = report.as_of.date()
        found = openings(report.projects)
        coming = tuple(ahead(found, today))
        soon = tuple(one for one in coming if one.stage.opens_on <= today + SOON)
        return cls(
            today=today,
            coming=coming,
            soon=soon,
            open=tuple(open_now(found, today)),
            chart=chart_of(soon, report.figures["due_soon"], today),
        )


def pages(report: Report, calendar: Calendar) -> Iterator[Page]:
    """Yield the page of stages and the pages of its two lists."""
    yield Page(
        path="stages/index.html",
        template="stages.html",
        title="Stages",
        section="stages",
        description="What opens when, what is open and unclaimed, and how much is at stake.",
        values={
            "calendar": calendar,
            "largest": largest(calendar.coming, MOST),
            "waits": waits(calendar),
            "lists_empty": [family.empty for family, _ in _families(calendar)],
            "ics": CALENDAR,
        },
    )
    for family, rows in _families(calendar):
        for sheet in sheets(rows):
            yield _list(report, family, sheet, calendar.today)


def waits(calendar: Calendar) -> list[Opening]:
    """Return what has been open longest without being claimed whole."""
    return list(calendar.open[:MOST])


def _families(calendar: Calendar) -> tuple[tuple[Family, Sequence[Opening]], ...]:
    return (COMING, calendar.coming), (OPEN, calendar.open)


def _list(report: Report, family: Family, sheet: Sheet[Opening], today: date) -> Page:
    folder = f"{sheet.number}/" if sheet.number > 1 else ""
    return Page(
        path=f"{family.folder}/{folder}index.html",
        template="openings.html",
        title=family.title,
        section="stages",
        description=family.caption,
        values={
            "family": family,
            "sheet": sheet,
            "up": "../" if folder else "",
            "today": today,
            "counted": report.figures["locked"],
        },
    )
