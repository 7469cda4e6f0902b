"""The ledger as CSV: one row an entry, so that summing rows gives the figures.

CSV follows RFC 4180. A text cell that a spreadsheet would run as a formula gets
an apostrophe before it; numbers are plain integers.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Final, TypeAlias

from generator.ledger import Declaration, Entry
from generator.report.figures.figure import decimal_text
from generator.report.model import ProjectReport
from generator.report.prices import Prices

#: First characters that make a spreadsheet read a cell as a formula.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
#: What forces quotes around a cell.
_QUOTED: Final = re.compile('[,"\r\n]')
#: A text without any of both stands as it is.
_CARE: Final = re.compile(f"\\A[{re.escape(''.join(FORMULA))}]|{_QUOTED.pattern}")

Cell: TypeAlias = str | int | Decimal | datetime | None
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
_ENTRY: Final = attrgetter(*(name for name in ENTRY_COLUMNS if name != PROJECT))
_DECLARATION: Final = attrgetter(
    *("known_amount" if name == "amount" else name for name in DECLARATION_COLUMNS if name != PROJECT)
)
#: Where the slug stands in both.
_SLUG_AT: Final = ENTRY_COLUMNS.index(PROJECT)


def worth_columns(prices: Prices) -> tuple[str, ...]:
    """Return the columns of values: ``at_receipt_EUR``, ``rate_by_EUR``, ``unrated_msat_EUR`` and so on."""
    return tuple(f"{name}_{currency}" for currency in prices.currencies for name in WORTH_COLUMNS)


def ledger_csv(entries: Iterable[Owned], prices: Prices | None = None) -> bytes:
    """Return entries as CSV, in the order given, with a header row; an empty cell is n/a."""
    known = prices or Prices()
    rows = ((*_owned(slug, _ENTRY(entry)), *_worth(entry, known)) for slug, entry in entries)
    return csv_bytes((*ENTRY_COLUMNS, *worth_columns(known)), rows)


def declarations_csv(declarations: Iterable[Declared]) -> bytes:
    """Return declarations as CSV of their own: they are not money that moved."""
    return csv_bytes(DECLARATION_COLUMNS, (_owned(slug, _DECLARATION(row)) for slug, row in declarations))


def ledger(project: ProjectReport) -> tuple[list[Owned], list[Declared]]:
    """Return the rows of a project with its slug, ordered by time, then id."""
    entries = in_order((project.slug, entry) for entry in project.entries)
    declarations = [(project.slug, declaration) for declaration in project.declarations]
    declarations.sort(key=lambda declared: (declared[1].day, declared[1].key))
    return entries, declarations


def in_order(rows: Iterable[Owned]) -> list[Owned]:
    """Return rows in the order of their files."""
    return sorted(rows, key=lambda owned: (owned[1].at, owned[1].id, owned[1].source))


def _owned(slug: str, fields: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """Put the slug, which the log does not know, in its column among the fields of a row."""
    return (*fields[:_SLUG_AT], slug, *fields[_SLUG_AT:])


def _worth(entry: Entry, prices: Prices) -> Iterator[Cell]:
    """Yield what a row was worth, who says so, and what has no rate: exact decimals, None for n/a."""
    for currency in prices.currencies:
        then = prices.at_receipt(entry, currency)
        yield from (None if then.value is None else decimal_text(then.value), then.by, then.unrated_msat)


def csv_bytes(columns: Sequence[str], rows: Iterable[Iterable[Cell]]) -> bytes:
    """Return a table as CSV with a header row; an empty cell is n/a."""
    lines = [",".join(columns), *(",".join([_cell(value) for value in row]) for row in rows), ""]
    return "\r\n".join(lines).encode()


def _cell(value: Cell) -> str:
    """Return a field as the ledger publishes it: times in ISO 8601 with ``Z``, decimals without exponent."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _text(value) if _CARE.search(value) else value
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return _text(f"{value:f}")


def _text(text: str) -> str:
    if text.startswith(FORMULA):
        text = f"'{text}"
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text
