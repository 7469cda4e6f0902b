"""The ledger of a project: every row, newest first, by month when there are many."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from generator.ledger import MOVES, Entry, Status, transaction_of
from generator.pages.page import Page
from generator.pages.project_page import EXPLORERS, SUMS
from generator.pages.state_marks import StateMark, source_states
from generator.report import Figure, ProjectReport, Report
from generator.report.figures.figure import COUNT
from generator.report.files.project_files import WHOLE_LEDGER, table_name
from generator.report.series.subtotals import RAILS
from generator.report.source_names import ANGOR
from generator.text_format import MONTHS

GROUPS: Final = {
    "on_time": "in time",
    "late": "after the invoice expired",
    "partial": "part of the invoice",
    "over": "more than the invoice",
    "manual": "marked by hand",
    "mixed": "several classes",
    "archived": "BTCPay no longer shows it",
}
STATUSES: Final = {
    Status.CONFIRMED: StateMark("confirmed", "proven", "ok"),
    Status.PENDING: StateMark("pending", "unchecked", "quiet"),
    Status.EXCLUDED: StateMark("in no sum", "failed", "bad"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """One entry as a reader sees it."""

    entry: Entry
    move: str  #: ``backers → locked``
    status: StateMark
    details: tuple[str, ...]
    txid: str  #: of the transaction, empty for BTCPay


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerSheet:
    """The rows of one page."""

    name: str  #: ``2025-05``, with ``-2`` and so on for months longer than a page; empty for the only one
    title: str
    table: str  #: name of the file with these rows as data
    rows: tuple[LedgerRow, ...]


def pages(report: Report, project: ProjectReport) -> Iterator[Page]:
    """Yield the ledger's pages; the newest sheet stands on the first."""
    sheets = sheets_of(project.entries)
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
                "explorer": EXPLORERS.get(report.network, ""),
            },
        )


def sheets_of(entries: Sequence[Entry]) -> list[LedgerSheet]:
    """Return the rows newest first: on one sheet, or by month once they are more than a page holds."""
    newest = list(reversed(entries))
    if len(newest) <= WHOLE_LEDGER:
        return [LedgerSheet(name="", title="", table=table_name(), rows=tuple(map(row_of, newest)))]
    found = []
    for month, group in groupby(newest, key=lambda entry: f"{entry.at:%Y-%m}"):
        rows = [row_of(entry) for entry in group]
        title = f"{MONTHS[int(month[5:]) - 1]} {month[:4]}"
        for part, start in enumerate(range(0, len(rows), WHOLE_LEDGER), 1):
            more = part > 1
            found.append(
                LedgerSheet(
                    name=f"{month}-{part}" if more else month,
                    title=f"{title}, part {part}" if more else title,
                    table=table_name(month),
                    rows=tuple(rows[start : start + WHOLE_LEDGER]),
                )
            )
    return found


def row_of(entry: Entry) -> LedgerRow:
    """Put an entry into words."""
    source, target = MOVES[entry.kind]
    return LedgerRow(
        entry=entry,
        move=f"{source} → {target}",
        status=STATUSES[entry.status],
        details=tuple(_details(entry)),
        txid=transaction_of(entry) if entry.source == ANGOR else "",
    )


def _details(entry: Entry) -> Iterator[str]:
    if entry.rail:
        yield RAILS.get(entry.rail.upper(), entry.rail)
    if entry.group:
        yield GROUPS.get(entry.group, entry.group)
    if entry.purpose:
        yield entry.purpose
    if entry.stage is not None:
        yield f"stage {entry.stage}"
    if entry.height is not None:
        yield f"block {entry.height}"
    if entry.reason:
        yield entry.reason


def _sums(project: ProjectReport) -> list[tuple[str, Figure]]:
    labels = (*SUMS, ("returned", "Returned to backers, all ways"))
    return [(label, project.figures[name]) for name, label in labels if project.figures[name].unit != COUNT]
