"""Statements as CSV: one row a month, opening + received - returned = closing in millisatoshis; pure."""

from collections.abc import Iterator, Sequence
from typing import Final

from generator.report.figures.bounds import Bound
from generator.report.figures.figure import MSAT, Figure
from generator.report.files.downloads import Cell, csv_bytes
from generator.report.statements.statement import Statement

#: The column that names each cell of a row that is not exact: ``received_msat:at_least``.
BOUNDS: Final = "not_exact"


def statements_csv(statements: Sequence[Statement], currencies: Sequence[str]) -> bytes:
    """Return one row a month, oldest first; an empty cell is unknown, or of what no row is known."""
    rows = (tuple(_row(statement)) for statement in statements)
    return csv_bytes(statement_columns(currencies), rows)


def statement_columns(currencies: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the columns."""
    worths = (f"received_at_receipt_{currency}" for currency in currencies)
    columns = ("opening_msat", "received_msat", "returned_msat", "closing_msat", "paid_out_msat")
    return ("month", *columns, *worths, BOUNDS)


def _row(statement: Statement) -> Iterator[Cell]:
    equation = (statement.opening, statement.received, statement.returned, statement.closing)
    figures = (*equation, statement.paid_out, *statement.worths)
    yield statement.month
    yield from (figure.value if figure else None for figure in figures)
    yield " ".join(f"{_column(figure)}:{figure.bound}" for figure in figures if figure and _is_open(figure))


def _is_open(figure: Figure) -> bool:
    return figure.bound is not Bound.EXACT


def _column(figure: Figure) -> str:
    name = figure.name.partition("@")[0]
    return f"{name}_{'msat' if figure.unit == MSAT else figure.unit}"
