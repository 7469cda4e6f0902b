"""Where a project is found among thousands: by its title, state, last day, or the key of its founder.

Each of the four is a list on pages of short rows, and every page says where the others begin. What a payment
changes stands on none of them, so they are units that are seldom made anew.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

import msgspec

from generator.pages.list_pages import ROWS, Sheet, sheets
from generator.pages.own_words import said_in, texts_of, wordings
from generator.pages.page import Page
from generator.pages.state_marks import STATUSES
from generator.pages.studio import Studio
from generator.pages.surroundings import SiteWords
from generator.report import ProjectReport, ProjectStatus
from generator.report.days import day_of
from generator.sentence import Sentence, say
from generator.text_format import shortened
from generator.units.unit import Made, Unit

#: Rows of one page: with titles of 120 letters it stays below 150 KiB.
ROWS_OF_INDEX: Final = 150
_MARK: Final = 24  #: letters of a title that tell where a page begins
_ORDER: Final = {status: number for number, status in enumerate(STATUSES)}
_CAPITALS: Final = re.compile("[A-Z]")


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexRow:
    """A project as these lists know it."""

    slug: str
    title: str
    titles: Mapping[str, str]
    status: ProjectStatus
    last_day: date | None
    end_known: bool
    founder_key: str

    @classmethod
    def of(cls, project: ProjectReport) -> "IndexRow":
        """Take what the lists say out of a project's report."""
        end = project.ends_at
        return cls(
            slug=project.slug,
            title=project.title,
            titles=project.titles,
            status=project.status,
            last_day=day_of(end - timedelta(microseconds=1)) if end else None,
            end_known=project.end_known,
            founder_key=project.founder_key,
        )


class ProjectIndex(msgspec.Struct, frozen=True, kw_only=True):
    """One of the lists: its order, and what stands for the first row of a page in the list of pages."""

    name: str  #: of its folder
    title: Sentence
    order: Callable[[IndexRow], Any]
    mark: Callable[[IndexRow], Any]


class OneIndex(msgspec.Struct, frozen=True, kw_only=True):
    """What the unit of a list is made from."""

    report: SiteWords
    name: str
    rows: tuple[IndexRow, ...]


def _by_title(row: IndexRow) -> tuple[str, str]:
    """Order by letters, large ones as small; by Python's tables it would depend on its version."""
    return _CAPITALS.sub(lambda letter: letter[0].lower(), row.title.strip(" \"'“”„«»([")), row.slug


def _day_mark(row: IndexRow) -> date | Sentence:
    return row.last_day or (say("no last day") if row.end_known else say("last day not known"))


INDEXES: Final = {
    index.name: index
    for index in (
        ProjectIndex(
            name="by-title",
            title=say("Projects by title"),
            order=_by_title,
            mark=lambda row: shortened(row.title, _MARK),
        ),
        ProjectIndex(
            name="by-state",
            title=say("Projects by state"),
            order=lambda row: (_ORDER[row.status], _by_title(row)),
            mark=lambda row: STATUSES[row.status].word,
        ),
        ProjectIndex(
            name="by-last-day",
            title=say("Projects by last day"),
            order=lambda row: (row.last_day or date.max, not row.end_known, _by_title(row)),
            mark=_day_mark,
        ),
        ProjectIndex(
            name="by-founder",
            title=say("Projects by key of the founder"),
            order=lambda row: (row.founder_key, _by_title(row)),
            mark=lambda row: row.founder_key[:8],
        ),
    )
}


def has_index(count: int) -> bool:
    """Tell whether so many projects need lists to be found in: more than stand on the first page."""
    return count > ROWS


def index_units(words: SiteWords, projects: Iterable[ProjectReport]) -> Iterator[Unit[Any, Studio]]:
    """Yield the units of the four lists; none where the first page has all projects."""
    rows = tuple(map(IndexRow.of, projects))
    if has_index(len(rows)):
        for name in INDEXES:
            some = tuple(row for row in rows if row.founder_key) if name == "by-founder" else rows
            value = OneIndex(report=words, name=name, rows=some)
            yield Unit(id=f"index/{name}", value=value, templates=("index_list.html",), make=index_unit)


def index_unit(value: OneIndex, studio: Studio) -> Made:
    """Make the pages of one list."""
    found: dict[str, bytes] = {}
    texts = (*texts_of(value.report), *(row.titles for row in value.rows))
    for code, codes in wordings(studio.languages, texts):
        rows = [replace(row, title=row.titles.get(code, row.title)) for row in value.rows]
        pages = _pages(INDEXES[value.name], rows)
        found |= studio.files(pages, said_in(value.report, code), codes=codes)
    return found, ""


def _pages(index: ProjectIndex, rows: Iterable[IndexRow]) -> Iterator[Page]:
    every = sheets(sorted(rows, key=index.order), ROWS_OF_INDEX)
    begins = [
        (sheet.number, index.mark(sheet.rows[0]), index.mark(sheet.rows[-1])) for sheet in every if sheet.rows
    ]
    for sheet in every:
        yield _page(index, sheet, begins)


def _page(index: ProjectIndex, sheet: Sheet[IndexRow], begins: list[tuple[int, Any, Any]]) -> Page:
    folder = f"{sheet.number}/" if sheet.number > 1 else ""
    return Page(
        path=f"projects/{index.name}/{folder}index.html",
        template="index_list.html",
        title=index.title,
        section="projects",
        description=say("Every project of this report, to find one among many."),
        values={
            "index": index,
            "indexes": INDEXES,
            "sheet": sheet,
            "begins": begins,
            "up": "../" if folder else "",
            "statuses": STATUSES,
        },
    )
