"""The ledger of a project or store: every movement, newest first, whole months on a page."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from itertools import groupby
from typing import Any, Final

import msgspec
from markupsafe import Markup

from generator.language import Language
from generator.ledger import Entry
from generator.pages.figure_labels import LEVELS, SUMS
from generator.pages.ledger_row import RowWriter
from generator.pages.page import Page
from generator.pages.project_page import EXPLORERS
from generator.pages.state_marks import StateMark, source_states
from generator.report import Figure, ProjectReport, Report
from generator.report.days import month_text
from generator.report.figures.bounds import Bound
from generator.report.figures.figure import COUNT
from generator.report.files.project_files import WHOLE_LEDGER, table_name
from generator.report.ledger_rows import LedgerRow, ledger_rows, short_id
from generator.report.prices import Prices
from generator.sentence import Sentence, Text, say
from generator.wording import Form, Shown, Words, joined

#: Rows of a page, where no month alone has more; the first page may have those of two.
PAGE_ROWS: Final = 40
FIRST_PAGE_ROWS: Final = 60
#: Sums of a month, and what is said of one that is zero, and of one that is not.
_SUMS_OF_MONTH: Final = {
    "received": (say("nothing in"), say("{amount} in")),
    "returned": (say("nothing back"), say("{amount} back")),
    "paid_out": (None, say("{amount} paid out")),
    "pending_in": (None, say("{amount} pending")),
}


class LedgerMonth(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of one UTC month, newest first."""

    day: date  #: its first
    rows: tuple[LedgerRow, ...]
    sums: Words  #: what came in, went back and is pending in all of the month; nothing where nothing counts
    part: int = 1  #: of a month with more rows than a page holds, counted from the oldest


class LedgerSheet(msgspec.Struct, frozen=True, kw_only=True):
    """The rows of one page."""

    months: tuple[LedgerMonth, ...]  #: newest first
    #: Files of these rows as data, and their month where not all are in one.
    tables: tuple[tuple[str, date | None], ...]

    @property
    def name(self) -> str:
        """Its address where it is not the first: its newest month, with ``-2`` and so on for later parts."""
        newest = self.months[0]
        return f"{month_text(newest.day)}-{newest.part}" if newest.part > 1 else month_text(newest.day)

    def written(
        self,
        language: Language,
        prices: Prices,
        explorer: str,
        state: Callable[[StateMark], object],
        places: Mapping[str, Sentence],
    ) -> Iterator[tuple[LedgerMonth, Markup]]:
        """Yield each month with its rows as they stand in the table.

        `state` writes a state; `places` names those whose rows say where they belong.
        """
        writer, names = RowWriter.of(language, prices, explorer, state, places), Counter[str]()
        for month in self.months:
            yield month, writer.rows([(_name(row, names), row) for row in month.rows])


def pages(report: Report, project: ProjectReport) -> Iterator[Page]:
    """Yield the ledger's pages, the newest sheet on the first; none of a project without rows."""
    sheets = sheets_of(project.entries, partial(_month_sums, project))
    for values in sheet_values(sheets) if project.has_rows else ():
        yield Page(
            path=f"p/{project.slug}/ledger/{values['link']}",
            template="ledger.html",
            title=say("Ledger of {title}", title=project.title),
            section="projects",
            description=say("Every movement of money behind the figures, row by row."),
            values={
                **values,
                "project": project,
                **source_states(report, project),
                "changed_at": _changed_at(project, values),
                "declarations": project.declarations,
                "explorer": EXPLORERS.get(report.network, ""),
                "figures": _sums(project),
                "levels": LEVELS,
                "place_words": {},
                "figures_file": f"p/{project.slug}/figures.json",
            },
        )


def _changed_at(project: ProjectReport, values: Mapping[str, Any]) -> datetime | None:
    """Return when what a page shows last changed: of all but the first its rows, by their months."""
    months = [] if values["first"] else [month_text(month.day) for month in values["sheet"].months]
    times = [project.changed_in[month] for month in months if month in project.changed_in]
    return max(times, default=project.changed_at)


def sheet_values(sheets: Sequence[LedgerSheet]) -> Iterator[dict[str, Any]]:
    """Yield what each page of a ledger is told about its sheet and the others; an empty ledger has a page."""
    links = [("index.html" if not at else f"{sheet.name}/index.html") for at, sheet in enumerate(sheets)]
    for number, link in enumerate(links or ["index.html"]):
        yield {
            "link": link,
            "sheet": sheets[number] if sheets else None,
            "sheets": list(zip(sheets, links, strict=True)),
            "up": "../" if number else "",
            "first": number == 0,
        }


def sheets_of(entries: Sequence[Entry], sums: Callable[[str], Words]) -> list[LedgerSheet]:
    """Return the pages of a ledger, newest first; `sums` says what a month adds up to.

    Months are put together from the oldest on, so that only the first page changes while nothing old does.
    """
    packs: list[list[LedgerMonth]] = []
    for month in _months(entries, sums):
        if packs and _size(packs[-1]) + len(month.rows) <= PAGE_ROWS:
            packs[-1].append(month)
        else:
            packs.append([month])
    if len(packs) > 1 and _size(packs[-2]) + _size(packs[-1]) <= FIRST_PAGE_ROWS:
        packs[-2:] = [packs[-2] + packs[-1]]
    whole = len(entries) <= WHOLE_LEDGER
    return [_sheet(pack[::-1], whole=whole) for pack in reversed(packs)]


def _size(months: Sequence[LedgerMonth]) -> int:
    return sum(len(month.rows) for month in months)


def _sheet(months: Sequence[LedgerMonth], *, whole: bool) -> LedgerSheet:
    named = dict.fromkeys((table_name(month_text(month.day)), month.day) for month in months)
    return LedgerSheet(months=tuple(months), tables=((table_name(), None),) if whole else tuple(named))


def _months(entries: Sequence[Entry], sums: Callable[[str], Words]) -> Iterator[LedgerMonth]:
    """Yield the months of a ledger, oldest first; a long one in parts."""
    for month, group in groupby(ledger_rows(entries), key=lambda row: month_text(row.first.at)):
        rows, said = tuple(group), sums(month)
        for part, start in enumerate(range(0, len(rows), WHOLE_LEDGER), 1):
            some = rows[start : start + WHOLE_LEDGER][::-1]
            yield LedgerMonth(day=date.fromisoformat(f"{month}-01"), rows=some, sums=said, part=part)


def _month_sums(project: ProjectReport, month: str) -> Words:
    """Say what came in, went back, was paid out and is pending; nothing of what is not known."""
    found: list[Words] = []
    for name, (none, some) in _SUMS_OF_MONTH.items():
        figure = project.figures.get(f"{name}@{month}")
        if figure is None or figure.value is None:
            continue
        if figure.value or figure.bound is not Bound.EXACT:
            found.append((replace(some, values=(("amount", Shown(figure, Form.EXACT)),)),))
        elif none:
            found.append((none,))
    return joined(found, last=", ") if found else ()


def _name(row: LedgerRow, names: Counter[str]) -> str:
    """Return the name that links to a row go to, once on a page."""
    name = f"{'tx' if row.parts else 'row'}-{short_id(row.id)[:8]}"
    names[name] += 1
    return f"{name}-{names[name]}" if names[name] > 1 else name


def _sums(project: ProjectReport) -> list[tuple[Text, Figure]]:
    labels = (*SUMS, ("returned", say("Returned to backers, all ways")))
    return [(label, project.figures[name]) for name, label in labels if project.figures[name].unit != COUNT]
