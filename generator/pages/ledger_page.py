"""The ledger of a project: every row, newest first, by month when there are many."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from markupsafe import Markup

from generator.ledger import Entry
from generator.pages.ledger_row import table_rows
from generator.pages.page import Page
from generator.pages.project_page import EXPLORERS, SUMS
from generator.pages.state_marks import StateMark, source_states
from generator.report import Figure, ProjectReport, Report
from generator.report.figures.figure import COUNT
from generator.report.files.project_files import WHOLE_LEDGER, table_name
from generator.report.prices import Prices
from generator.text_format import MONTHS


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerSheet:
    """The rows of one page."""

    name: str  #: ``2025-05``, with ``-2`` and so on for months longer than a page; empty for the only one
    title: str
    table: str  #: name of the file with these rows as data
    entries: tuple[Entry, ...]
    prices: Prices
    explorer: str  #: where transactions are shown, empty for nowhere

    def rows(self, state: Callable[[StateMark], object]) -> Markup:
        """Return the rows of its table; `state` writes a state."""
        return table_rows(self.entries, self.prices, self.explorer, state)


def pages(report: Report, project: ProjectReport) -> Iterator[Page]:
    """Yield the ledger's pages; the newest sheet stands on the first."""
    sheets = sheets_of(project.entries, report.prices, EXPLORERS.get(report.network, ""))
    links = [("index.html" if not at else f"{sheet.name}/index.html") for at, sheet in enumerate(sheets)]
    for number, sheet in enumerate(sheets):
        yield Page(
            path=f"p/{project.slug}/ledger/{links[number]}",
            template="ledger.html",
            title=f"Ledger of {project.title}",
            section="projects",
            description="Every movement of money behind the figures, row by row.",
            values={
                "project": project,
                **source_states(report, project),
                "sheet": sheet,
                "sheets": list(zip(sheets, links, strict=True)),
                "up": "../" if number else "",
                "first": number == 0,
                "figures": _sums(project),
            },
        )


def sheets_of(entries: Sequence[Entry], prices: Prices, explorer: str) -> list[LedgerSheet]:
    """Return the rows newest first: on one sheet, or by month once they are more than a page holds."""
    newest = tuple(reversed(entries))
    sheet = partial(LedgerSheet, prices=prices, explorer=explorer)
    if len(newest) <= WHOLE_LEDGER:
        return [sheet(name="", title="", table=table_name(), entries=newest)]
    found = []
    for month, group in groupby(newest, key=lambda entry: f"{entry.at:%Y-%m}"):
        rows = tuple(group)
        title = f"{MONTHS[int(month[5:]) - 1]} {month[:4]}"
        for part, start in enumerate(range(0, len(rows), WHOLE_LEDGER), 1):
            more = part > 1
            found.append(
                sheet(
                    name=f"{month}-{part}" if more else month,
                    title=f"{title}, part {part}" if more else title,
                    table=table_name(month),
                    entries=rows[start : start + WHOLE_LEDGER],
                )
            )
    return found


def _sums(project: ProjectReport) -> list[tuple[str, Figure]]:
    labels = (*SUMS, ("returned", "Returned to backers, all ways"))
    return [(label, project.figures[name]) for name, label in labels if project.figures[name].unit != COUNT]
