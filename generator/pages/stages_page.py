"""What opens when, and how much is at stake: the stages of all projects by their day."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Self

import msgspec

from generator.charts import due_soon
from generator.pages.calendar import CALENDAR
from generator.pages.list_pages import Sheet, sheets
from generator.pages.own_words import called_in
from generator.pages.page import Content, Page
from generator.pages.state_marks import last_change, not_fresh
from generator.report import ProjectReport, Report
from generator.report.figures.bounds import Bound
from generator.report.portfolio.openings import StageOpening, ahead, largest, open_now, openings
from generator.sentence import Sentence, Text, say, say_count

#: Stages of each short list: those with the most at stake, and those that wait longest.
MOST: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningRow:
    """One opening as a reader sees it."""

    opening: StageOpening
    distance: Text  #: ``in 9 days``, ``today``, ``9 days ago``

    @property
    def project(self) -> ProjectReport:
        """Whose stage it is."""
        return self.opening.project

    def called_in(self, code: str) -> Self:
        """Return the same with the project's name in a language."""
        return replace(self, opening=replace(self.opening, project=called_in(self.project, code)))


class OpeningList(msgspec.Struct, frozen=True, kw_only=True):
    """A list of openings on pages of its own."""

    folder: str
    title: Text
    caption: Text
    empty: Text


COMING: Final = OpeningList(
    folder="stages/coming",
    title=say("What opens next?"),
    caption=say("Every opening still to come, soonest first."),
    empty=say("No funded stage is ahead."),
)
OPEN: Final = OpeningList(
    folder="stages/open",
    title=say("What is open and not claimed?"),
    caption=say("Every stage that has opened and still holds money, longest open first."),
    empty=say("No stage that has opened holds money."),
)


def pages(report: Report, _content: Content) -> Iterator[Page]:
    """Yield the page of stages."""
    found, today = openings(report.projects), report.as_of.date()
    coming, waiting = ahead(found, today), open_now(found, today)
    chart = due_soon.chart(report)
    yield Page(
        path="stages/index.html",
        template="stages.html",
        title=say("Stages"),
        section="stages",
        description=say("What opens when, what is open and unclaimed, and how much is at stake."),
        values={
            "status": status(len(due_soon.soon(report)), len(waiting)),
            "chart": chart,
            "largest": opening_rows(report, largest(coming, MOST)),
            "waiting": opening_rows(report, waiting[:MOST]),
            "coming_list": COMING,
            "open_list": OPEN,
            "calendar": CALENDAR,
            **_change(report),
        },
        charts=(chart,) if chart else (),
        folder="stages",
    )


def _change(report: Report) -> dict[str, Any]:
    return {
        "changed_at": last_change(project for project in report.projects if project.has_stages),
        "not_fresh": not_fresh(report),
    }


def status(soon: int, waiting: int) -> Sentence:
    """Return the first sentences: how many stages open in 90 days, and how many are open."""
    first = say("No funded stage opens in the next 90 days.")
    if soon:
        first = say_count(
            "One stage opens in the next 90 days.", "{count} stages open in the next 90 days.", soon
        )
    second = say("No stage that has opened holds money.")
    if waiting:
        second = say_count(
            "One stage that has opened still holds money.",
            "{count} stages that have opened still hold money.",
            waiting,
        )
    return say("{first} {second}", first=first, second=second)


def list_pages(report: Report) -> Iterator[Page]:
    """Yield the pages of the two lists."""
    found, today, change = openings(report.projects), report.as_of.date(), _change(report)
    known = report.figures["locked"].bound is Bound.EXACT
    for family, some in ((COMING, ahead(found, today)), (OPEN, open_now(found, today))):
        for sheet in sheets(opening_rows(report, some)):
            yield _list_page(family, sheet, {**change, "known": known})


def _list_page(family: OpeningList, sheet: Sheet[OpeningRow], told: Mapping[str, Any]) -> Page:
    folder = f"{sheet.number}/" if sheet.number > 1 else ""
    return Page(
        path=f"{family.folder}/{folder}index.html",
        template="openings.html",
        title=family.title,
        section="stages",
        description=family.caption,
        values={
            "list": family,
            "sheet": sheet,
            "up": "../" if folder else "",
            **told,
        },
    )


def opening_rows(report: Report, openings: Iterable[StageOpening]) -> list[OpeningRow]:
    """Return the rows in the order of the openings."""
    today = report.as_of.date()
    return [
        OpeningRow(opening=opening, distance=_distance((opening.stage.opens_on - today).days))
        for opening in openings
    ]


def _distance(days: int) -> Sentence:
    if days == 0:
        return say("today")
    if days > 0:
        return say_count("in {count} day", "in {count} days", days)
    return say_count("{count} day ago", "{count} days ago", -days)
