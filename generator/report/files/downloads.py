"""The ledger as CSV: one row an entry, so that summing rows gives the figures.

CSV follows RFC 4180. A text cell that a spreadsheet would run as a formula gets
an apostrophe before it; numbers are plain integers.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final, TypeAlias

from generator.ledger import Declaration, Entry
from generator.report.figures.figure import decimal_text
from generator.report.model import ProjectReport
from generator.report.prices import Prices

#: First characters that make a spreadsheet read a cell as a formula.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
#: What forces quotes around a cell.
_QUOTED: Final = (",", '"', "\r", "\n")

Cell: TypeAlias = str | int | None
Row: TypeAlias = Mapping[str, Cell]
#: A row of the log with the slug of its project.
Owned: TypeAlias = tuple[str, Entry]
Declared: TypeAlias = tuple[str, Declaration]

#: Column of the slug, which the log does not know.
PROJECT: Final = "project"
ENTRY_COLUMNS: Final = (
    "id",
    "source",
    PROJECT,
    "place",
    "kind",
    "status",
    "reason",
    "verification",
    "amount_msat",
    "at",
    "count",
    "rail",
    "group",
    "purpose",
    "period",
    "party",
    "stage",
    "opens_at",
    "spends",
    "height",
    "block",
)
#: Of each currency of the configuration, after the others: the value at receipt of what has a rate, who said
#: it and what of the row has none.
WORTH_COLUMNS: Final = ("at_receipt", "rate_by", "unrated_msat")
DECLARATION_COLUMNS: Final = (
    "id",
    "source",
    PROJECT,
    "place",
    "amount",
    "currency",
    "day",
    "count",
    "amounts_unknown",
)


def worth_columns(prices: Prices) -> tuple[str, ...]:
    """Return the columns of values: ``at_receipt_EUR``, ``rate_by_EUR``, ``unrated_msat_EUR`` and so on."""
    return tuple(f"{name}_{currency}" for currency in prices.currencies for name in WORTH_COLUMNS)


def worth_cells(entry: Entry, prices: Prices) -> dict[str, Cell]:
    """Return what a row was worth, who says so, and what has no rate: exact decimals, None for n/a."""
    found: dict[str, Cell] = {}
    for currency in prices.currencies:
        then = prices.at_receipt(entry, currency)
        values = (
            None if then.value is None else decimal_text(then.value),
            then.by or None,
            then.unrated_msat,
        )
        found |= zip((f"{name}_{currency}" for name in WORTH_COLUMNS), values, strict=True)
    return found


def entry_row(owned: Owned, prices: Prices) -> dict[str, Cell]:
    """Return one entry as a row of the ledger, with what it was worth."""
    return _row(owned, ENTRY_COLUMNS) | worth_cells(owned[1], prices)


def declaration_row(declared: Declared) -> dict[str, Cell]:
    """Return one declaration as a row; `amount` is decimal text in its currency, None where it is unknown."""
    row = _row(declared, DECLARATION_COLUMNS)
    return row if declared[1].known_amount is not None else {**row, "amount": None}


def _row(owned: Owned | Declared, columns: Iterable[str]) -> dict[str, Cell]:
    slug, record = owned
    return {name: slug if name == PROJECT else _plain(getattr(record, name)) for name in columns}


def ledger_csv(entries: Iterable[Owned], prices: Prices | None = None) -> bytes:
    """Return entries as CSV, in the order given, with a header row; an empty cell is n/a."""
    known = prices or Prices()
    columns = (*ENTRY_COLUMNS, *worth_columns(known))
    return _csv(columns, (entry_row(entry, known) for entry in entries))


def declarations_csv(declarations: Iterable[Declared]) -> bytes:
    """Return declarations as CSV of their own: they are not money that moved."""
    return _csv(DECLARATION_COLUMNS, map(declaration_row, declarations))


def ledger(project: ProjectReport) -> tuple[list[Owned], list[Declared]]:
    """Return the rows of a project with its slug, ordered by time, then id."""
    entries = [(project.slug, entry) for entry in project.entries]
    declarations = [(project.slug, declaration) for declaration in project.declarations]
    entries.sort(key=lambda owned: (owned[1].at, owned[1].id, owned[1].source))
    declarations.sort(key=lambda declared: (declared[1].day, declared[1].key))
    return entries, declarations


def _csv(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    lines = [",".join(columns), *(",".join(_cell(row[name]) for name in columns) for row in rows)]
    return "".join(f"{line}\r\n" for line in lines).encode()


def _plain(value: str | int | Decimal | datetime | None) -> Cell:
    """Return a field as the ledger publishes it: times in ISO 8601 with ``Z``, decimals without exponent."""
    if isinstance(value, datetime):
        return _time(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value) if isinstance(value, str) else value  # a word of an enumeration is text


def _cell(value: Cell) -> str:
    if isinstance(value, int):
        return str(value)
    text = value or ""
    if text.startswith(FORMULA):
        text = f"'{text}"
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in _QUOTED) else text


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
