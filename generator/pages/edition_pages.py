"""Editions: the frozen statement of each month, drawn with today's templates, and what was restated since."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final

import msgspec

from generator.pages.files import edition_path
from generator.pages.page import Content, Page
from generator.pages.statements_page import ACCOUNT_NAMES, first_day, has_statements
from generator.report import Figure, ProjectReport, Report
from generator.report.editions import RestatedFigure, restated_since
from generator.report.figures.figure import ALL
from generator.report.history.edits import TERMS
from generator.report.statements.edition import Edition, month_end
from generator.report.statements.statement import ALL_ACCOUNTS, WORTH
from generator.sentence import CalendarMonth, Sentence, say

#: Projects of one statement on a page: of more, only those in which something moved, and then the file.
MOST_ROWS: Final = 100
#: What a figure of a statement is called in a sentence.
NAMES: Final = {
    "opening": say("opening"),
    "received": say("in"),
    "returned": say("out"),
    "closing": say("closing"),
    "paid_out": say("paid out by the founder"),
    "received_count": say("number of contributions"),
    "received_at_receipt": say("in, at receipt"),
    "account_opening": say("opening"),
    "account_in": say("in"),
    "account_out": say("out"),
    "account_closing": say("closing"),
}


_PARTS: Final = ("opening", "in", "out", "closing")


class FrozenRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a frozen statement: of a project, of an account, or of all."""

    title: str
    slug: str  #: of the project's page, empty where there is none
    statements: bool  #: whether the project has a page of its statements
    figures: Mapping[str, Figure]  #: opening, received, returned, closing and more, by name

    @property
    def moved(self) -> bool:
        """Whether anything of it changed in the month."""
        return any(self.figures[name].value not in (0, "0") for name in ("received", "returned"))


class RestatedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A frozen figure that is another one now, as a reader sees it."""

    subject: str  #: title of the project; empty of all together
    slug: str  #: of its page, empty where there is none
    name: Sentence
    restated: RestatedFigure


def pages(report: Report, _content: Content) -> Iterator[Page]:
    """Yield the list of editions and the page of each."""
    titles = {project.slug: project for project in report.projects}
    yield Page(
        path="report/index.html",
        template="editions.html",
        title=say("Editions"),
        section="data",
        description=say("The frozen report of each month, to be cited."),
        values={
            "editions": [(first_day(edition.month), edition) for edition in reversed(report.editions)],
        },
    )
    months = [first_day(edition.month) for edition in report.editions]
    for edition, before, after in zip(report.editions, (None, *months), (*months[1:], None), strict=False):
        yield _page(report, edition, titles, (before, after))


def _page(
    report: Report,
    edition: Edition,
    titles: Mapping[str, ProjectReport],
    neighbours: tuple[date | None, date | None],
) -> Page:
    frozen = edition.projects
    rows = [_row(titles, slug, frozen[slug]) for slug in _in_order(report, frozen)]
    shown = rows if len(rows) <= MOST_ROWS else [row for row in rows if row.moved][:MOST_ROWS]
    month, path = CalendarMonth.of(edition.month), f"report/{edition.month}/index.html"
    everything = frozen.get(ALL, {})
    told = (figure for name, figure in everything.items() if name.startswith(f"{WORTH.name}@"))
    worths = (figure for figure in told if figure.value is not None)
    return Page(
        path=path,
        template="edition.html",
        title=say("{month}", month=month),
        section="data",
        description=say(
            "The frozen report of {month}: opening, in, out and closing of each project.", month=month
        ),
        values={
            "edition": edition,
            "first_day": first_day(edition.month),
            "neighbours": neighbours,
            "last_day": month_end(edition.month).date() - timedelta(days=1),
            "rows": shown,
            "left_out": len(rows) - len(shown),
            "everything": everything,
            "worth": next(worths, None),
            "accounts": [
                (word, figures, name == ALL_ACCOUNTS)
                for name, word in ACCOUNT_NAMES.items()
                if all(figures := [everything.get(f"account_{part}@{name}") for part in _PARTS])
            ],
            "edits": [
                (titles.get(edit.project), edit, TERMS[edit.term], date.fromisoformat(edit.day))
                for edit in edition.document.edits
            ],
            "restated": [_restated(titles, each) for each in restated_since(edition, report)],
            "file": edition_path(edition.month).rpartition("/")[2],
            "address": f"{report.base_url.rstrip('/')}/report/{edition.month}/",
        },
    )


def _in_order(report: Report, frozen: Mapping[str, Mapping[str, Figure]]) -> list[str]:
    """Return the projects of an edition in today's order, then those that are none any more."""
    known = [project.slug for project in report.projects if project.slug in frozen]
    return known + sorted(frozen.keys() - {*known, ALL})


def _row(titles: Mapping[str, ProjectReport], slug: str, figures: Mapping[str, Figure]) -> FrozenRow:
    project = titles.get(slug)
    return FrozenRow(
        title=project.title if project else slug,
        slug=slug if project else "",
        statements=project is not None and has_statements(project),
        figures=figures,
    )


def _restated(titles: Mapping[str, ProjectReport], restated: RestatedFigure) -> RestatedRow:
    base, _, of = restated.name.partition("@")
    project = titles.get(restated.project)
    subject = "" if restated.project == ALL else project.title if project else restated.project
    name, where = NAMES.get(base, say("a figure of another version")), ACCOUNT_NAMES.get(of, of)
    name = say("{figure}, {where}", figure=name, where=where) if where else name
    return RestatedRow(subject=subject, slug=project.slug if project else "", name=name, restated=restated)
