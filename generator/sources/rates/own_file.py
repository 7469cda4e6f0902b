"""A file of exchange rates of one's own: CSV → prices, or every problem at once with its place.

Columns ``day,currency,rate[,source]`` in any order, the first line names them:
``2026-05-20,EUR,58230.41,European Central Bank``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from generator.config.hints import hint
from generator.errors import ConfigError, Problem

NEEDED: Final = ("day", "currency", "rate")
COLUMNS: Final = (*NEEDED, "source")
#: Longer texts would stand in every row's details.
LONGEST_SOURCE: Final = 80
LONGEST_LINE: Final = 1_000  #: letters
#: Plain decimals between a millionth and a quadrillion: no sign, exponent or grouping.
_RATE: Final = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,12})?")
_LEAST: Final = Decimal("0.000001")
_CODE: Final = re.compile(r"[A-Z]{3}")
_CELL: Final = re.compile(r'"((?:[^"]|"")*)"(?=,|$)|([^",]*)(?=,|$)')


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRate:
    """What a file says one bitcoin cost on a day."""

    day: date  #: UTC
    currency: str
    price: Decimal
    source: str  #: who says so: the row, else the file


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    column: int  #: counted from 1


class _Faults(Exception):
    """What is wrong with one line: pairs of column and message."""

    def __init__(self, *found: tuple[int, str]) -> None:
        super().__init__()
        self.found = found


def parse_rates(data: bytes, file: str) -> tuple[OwnRate, ...]:
    """Return the rates of a file, in its order; raise `ConfigError` with all problems."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ConfigError(_problem(file, line, 1, "this is not UTF-8; save the file as UTF-8")) from None
    head, *lines = [line.removesuffix("\r") for line in text.split("\n")]
    try:
        names = _names(head)
    except _Faults as faults:
        raise ConfigError(*(_problem(file, 1, *fault) for fault in faults.found)) from None
    problems: list[Problem] = []
    rates: dict[tuple[str, date], tuple[int, OwnRate]] = {}
    for number, row in enumerate(lines, 2):
        try:
            if row.strip():
                _take(_row(row, names), file, number, rates)
        except _Faults as faults:
            problems += [_problem(file, number, *fault) for fault in faults.found]
    if problems:
        raise ConfigError(*problems)
    return tuple(rate for _, rate in rates.values())


def _take(
    cells: dict[str, _Cell], file: str, number: int, rates: dict[tuple[str, date], tuple[int, OwnRate]]
) -> None:
    """Add one line's rate, if it is the first of its day and currency."""
    rate = _rate(cells, file)
    first, _ = rates.setdefault((rate.currency, rate.day), (number, rate))
    if first != number:
        message = f"{rate.currency} of {rate.day} stands twice; line {first} has it already: keep one"
        raise _Faults((cells["day"].column, message))


def _problem(file: str, line: int, column: int, message: str) -> Problem:
    return Problem(file=file, line=line, column=column, path="", message=message, code="rates-file")


def _cells(line: str) -> list[_Cell]:
    """Split a line as RFC 4180 says; a cell does not go on in the next line."""
    if len(line) > LONGEST_LINE:
        raise _Faults((LONGEST_LINE + 1, f"the line is longer than {LONGEST_LINE} letters"))
    cells: list[_Cell] = []
    at = 0
    while True:
        match = _CELL.match(line, at)
        if match is None:
            raise _Faults((at + 1, "a quote is not closed, or stands inside an unquoted cell"))
        text = match[2] if match[1] is None else match[1].replace('""', '"')
        cells.append(_Cell(text.strip(), at + 1))
        at = match.end() + 1
        if match.end() == len(line):
            return cells


def _names(line: str) -> list[str]:
    cells = _cells(line)
    names = [cell.text.lower() for cell in cells]
    faults = [
        (cell.column, f"unknown column {cell.text!r}{hint(name, COLUMNS)}; allowed: {', '.join(COLUMNS)}")
        for cell, name in zip(cells, names, strict=True)
        if name not in COLUMNS and line.strip()
    ]
    faults += [
        (cell.column, f"column {name!r} stands twice")
        for at, (cell, name) in enumerate(zip(cells, names, strict=True))
        if name in names[:at]
    ]
    missing = [name for name in NEEDED if name not in names]
    if missing and not faults:
        faults.append(
            (1, f"the first line must name the columns day,currency,rate; missing: {', '.join(missing)}")
        )
    if faults:
        raise _Faults(*faults)
    return names


def _row(line: str, names: list[str]) -> dict[str, _Cell]:
    cells = _cells(line)
    if len(cells) != len(names):
        message = f"{len(cells)} cells, expected {len(names)}: {','.join(names)}"
        if len(cells) > len(names):
            message += "; write decimals with a point and no grouping, or quote the cell"
        raise _Faults((cells[min(len(cells), len(names)) - 1].column, message))
    return dict(zip(names, cells, strict=True))


def _rate(cells: dict[str, _Cell], file: str) -> OwnRate:
    faults = list(_wrong(cells))
    if faults:
        raise _Faults(*faults)
    source = cells.get("source")
    return OwnRate(
        day=date.fromisoformat(cells["day"].text),
        currency=cells["currency"].text,
        price=Decimal(cells["rate"].text),
        source=(source.text if source else "") or file,
    )


def _wrong(cells: dict[str, _Cell]) -> Iterator[tuple[int, str]]:
    day, currency, rate, source = (cells.get(name) for name in COLUMNS)
    if day and not _is_day(day.text):
        yield day.column, f"day is {day.text!r}, expected a UTC day such as 2026-05-20"
    if currency and not _CODE.fullmatch(currency.text):
        yield currency.column, f"currency is {currency.text!r}, expected three capital letters such as EUR"
    if rate and not _RATE.fullmatch(rate.text):
        yield rate.column, f"rate is {rate.text!r}, expected a plain decimal above zero such as 58230.41"
    elif rate and Decimal(rate.text) < _LEAST:
        yield (
            rate.column,
            f"rate is {rate.text}, expected a price of one bitcoin above zero; leave out what is unknown",
        )
    if source and (len(source.text) > LONGEST_SOURCE or not source.text.isprintable()):
        yield source.column, f"source is longer than {LONGEST_SOURCE} characters, or holds control characters"


def _is_day(text: str) -> bool:
    try:
        return len(text) == len("2026-05-20") and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
