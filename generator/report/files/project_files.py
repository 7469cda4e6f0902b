"""What is published as data: of a project figures and rows, of a store the rows that are no project's."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import groupby
from typing import Final

from generator.report.files.downloads import Owned, declarations_csv, in_order, ledger, ledger_csv
from generator.report.files.figures_json import encode_project_figures
from generator.report.files.findings_json import encode_findings
from generator.report.files.parts import RowKind, RowsFile
from generator.report.files.statements_csv import statements_csv
from generator.report.model import ProjectReport, Report
from generator.report.prices import Prices
from generator.report.store_account import StoreAccount

#: Rows of a ledger that stand in one file, and on one page (below 150 KiB); with more, months have their own.
WHOLE_LEDGER: Final = 120


def data_of_project(report: Report, project: ProjectReport) -> Iterator[RowsFile]:
    """Yield a project's data files; where it has no rows of a kind there is no file."""

    def file(kind: RowKind, name: str, encode: Callable[[], bytes], rows: int, month: str = "") -> RowsFile:
        path = f"p/{project.slug}/{name}"
        return RowsFile(kind=kind, project=project.slug, path=path, encode=encode, rows=rows, month=month)

    figures = partial(encode_project_figures, report.network, project)
    yield file(RowKind.FIGURES, "figures.json", figures, len(project.figures))
    rows = cache(lambda: dict(ledger_months(ledger(project)[0])))  # asked for where a file is made alone
    for month, count in file_months(project.ledger_sums.months).items():
        name = f"ledger/{table_name(month)}"
        yield file(RowKind.ENTRIES, name, partial(_table, rows, month, report.prices), count, month)
    if count := len(project.declarations):
        table = partial(_declared, project)
        yield file(RowKind.DECLARATIONS, "ledger/declarations.csv", table, count)
    if project.has_extras and (months := len(project.month_parts)):  # one for each statement
        table = partial(_statements, report, project)
        yield file(RowKind.STATEMENTS, "statements/statements.csv", table, months)
    if project.findings:
        found = partial(encode_findings, project.findings)
        yield file(RowKind.FINDINGS, "findings.json", found, len(project.findings))


def data_of_store(report: Report, account: StoreAccount) -> Iterator[RowsFile]:
    """Yield the files with the movements of a store that belong to no project."""
    entries = in_order(("", entry) for entry in account.entries)
    for month, rows in ledger_months(entries):
        path = f"{store_folder(account)}/ledger/{table_name(month)}"
        encode = partial(ledger_csv, rows, report.prices)
        yield RowsFile(
            kind=RowKind.STORES,
            source=account.state.name,
            path=path,
            encode=encode,
            rows=len(rows),
            month=month,
        )


def store_folder(account: StoreAccount) -> str:
    """Return where the pages and rows of a store stand."""
    return f"sources/{account.state.name}"


def _table(rows: Callable[[], Mapping[str, Sequence[Owned]]], month: str, prices: Prices) -> bytes:
    return ledger_csv(rows()[month], prices)


def _declared(project: ProjectReport) -> bytes:
    _, declarations = ledger(project)
    return declarations_csv(declarations)


def _statements(report: Report, project: ProjectReport) -> bytes:
    return statements_csv(project.statements, report.prices.currencies)


def table_name(month: str = "") -> str:
    """Return the name of the file with the entries of a month, or with all of them."""
    return f"{month or 'ledger'}.csv"


def file_months(months: Mapping[str, int]) -> Mapping[str, int]:
    """Return the rows of each file of a ledger that `ledger_months` yields, from those of each month."""
    count = sum(months.values())
    return {"": count} if 0 < count <= WHOLE_LEDGER else months


def ledger_months(entries: Sequence[Owned]) -> Iterator[tuple[str, Sequence[Owned]]]:
    """Yield month and rows of each file of a ledger, oldest first; the month is empty where one has all."""
    if 0 < len(entries) <= WHOLE_LEDGER:
        yield "", entries
    elif entries:
        for month, rows in groupby(entries, key=lambda owned: f"{owned[1].at:%Y-%m}"):
            yield month, list(rows)
