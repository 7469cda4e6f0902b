"""Rows of the ledger's table; a large site has a million, so Python writes them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from generator.ledger import MOVES, Entry, Kind, Status, Verification
from generator.money import fiat_text, group, sat_text
from generator.pages.clean import escaped
from generator.pages.numbers import NOT_AVAILABLE
from generator.pages.state_marks import StateMark
from generator.places import ANGOR
from generator.report.figures.figure import decimal_text
from generator.report.ledger_rows import LedgerRow, short_id
from generator.report.prices import Prices
from generator.report.series.subtotals import RAILS
from generator.text_format import day_text
from generator.wording import AT_LEAST

#: What is said of a class of payments; of those in time nothing.
GROUPS: Final = {
    "on_time": "",
    "late": "after the invoice expired",
    "partial": "in part",
    "over": "overpaid",
    "manual": "marked by hand",
    "mixed": "several classes",
    "archived": "BTCPay no longer shows it",
}
STATUSES: Final = {
    Status.CONFIRMED: StateMark("confirmed", "reached", "ok"),
    Status.PENDING: StateMark("pending", "pending", "warn"),
    Status.EXCLUDED: StateMark("in no sum", "failed", "bad"),
}
EVIDENCE: Final = {
    Verification.PROVEN: StateMark("proven", "proven", "proven"),
    Verification.REPORTED: StateMark("reported", "reported", "reported"),
    Verification.FAILED: StateMark("failed", "failed", "bad"),
}
_MIDNIGHT: Final = time()
_MOVES: Final[dict[Kind, str]] = {kind: f"{source} → {target}" for kind, (source, target) in MOVES.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class RowWriter:
    """Writes the rows of one page."""

    prices: Prices
    explorer: str  #: where transactions are shown, empty for nowhere
    statuses: dict[Status, str]  #: as they stand in a cell
    evidence: dict[Verification, str]

    @classmethod
    def of(cls, prices: Prices, explorer: str, state: Callable[[StateMark], object]) -> "RowWriter":
        """Return a writer; `state` writes a state."""
        return cls(
            prices=prices,
            explorer=explorer,
            statuses={status: str(state(mark)) for status, mark in STATUSES.items()},
            evidence={level: str(state(mark)) for level, mark in EVIDENCE.items()},
        )

    def rows(self, rows: Iterable[tuple[str, LedgerRow]]) -> Markup:
        """Return rows with the name that links go to, in this order."""
        return Markup("".join([self._row(name, row) for name, row in rows]))  # noqa: S704 -- texts are escaped

    def _row(self, name: str, row: LedgerRow) -> str:
        """Return one row; its numbers are those of the id in its last cell."""
        first, at = row.first, row.first.at
        named = f"{at:%Y-%m-%d}" if at.time() == _MIDNIGHT else f"{at:%Y-%m-%dT%H:%M:%SZ}"
        worth = "".join(f"<td>{self._receipt(row, currency)}</td>" for currency in self.prices.currencies)
        void = ' class="void"' if first.status is Status.EXCLUDED else ""
        reason = f'<span class="sub" data-said="source">{escaped(first.reason)}</span>' if void else ""
        return (
            f'<tr id="{name}"{void}><th scope="row">'
            f'<time datetime="{named}">{day_text(at, year=False)}</time></th>'
            f"{_what(row)}<td>{_MOVES[first.kind]}</td><td>{_sats(row.amount_msat)}</td>{worth}"
            f"<td>{self.statuses[first.status]}{reason}</td><td>{self.evidence[first.verification]}</td>"
            f"<td data-row>{self._id(name, row)}</td></tr>\n"
        )

    def _id(self, name: str, row: LedgerRow) -> str:
        on_chain = self.explorer and row.first.source == ANGOR
        where, of = f"{self.explorer}{row.id}" if on_chain else f"#{name}", escaped(row.id)
        return f'<a href="{escaped(where)}" title="{of}">{short_id(row.id)}</a>'

    def _receipt(self, row: LedgerRow, currency: str) -> str:
        """Return what a row was worth when it came in."""
        value, some_unrated = row.at_receipt(self.prices, currency)
        if value is None:
            return f'<span class="unknown">{NOT_AVAILABLE.text}</span>'
        text, code = decimal_text(value), escaped(currency)
        shown = escaped(fiat_text(Decimal(text), currency))
        mark = AT_LEAST if some_unrated else ""
        return f'{mark}<data value="{text}" data-receipt data-currency="{code}">{shown}</data>'


def _sats(amount_msat: int, of: str = "") -> str:
    """Return an amount of the row, or of the part whose id ends like this; thousandths of a satoshi small."""
    whole, point, rest = sat_text(amount_msat).partition(".")
    small = f'<span class="milli">{point}{rest}</span>' if point else ""
    part = f'="{of}"' if of else ""
    return f'<data value="{amount_msat}" data-entry{part}>{whole}{small}</data>'


def _what(row: LedgerRow) -> str:
    """Return the cell that says what moved; parts of a transaction unfold."""
    first = row.first
    if first.source == ANGOR:
        parts = "".join(f"<li>{_part(entry, row.id)}</li>" for entry in row.parts if len(row.parts) > 1)
        block = "" if first.height is None else f"<li>block {first.height}</li>"
        if parts or block:
            return f"<td><details><summary>{_on_chain(row)}</summary><ul>{parts}{block}</ul></details></td>"
        return f"<td>{_on_chain(row)}</td>"
    kind = str(first.kind)
    if first.count > 1:
        kind = f'<data value="{first.count}" data-count>{group(str(first.count))}</data> {kind}s'
    said = ' data-said="source"' if _quotes(first) else ""
    return f"<td{said}>{', '.join([kind, *map(escaped, _details(first))])}</td>"


def _on_chain(row: LedgerRow) -> str:
    stages = {entry.stage for entry in row.entries}
    number, kind = len(row.entries), str(row.first.kind)
    if number > 1:
        of = f"of stage {row.first.stage}" if len(stages) == 1 and None not in stages else ""
        parts = "stages" if len(stages) == number else f"outputs {of}".rstrip()
        return f"{kind}, {number} {parts}"
    return kind if row.first.stage is None else f"{kind}, stage {row.first.stage}"


def _part(entry: Entry, row: str) -> str:
    stage = "part" if entry.stage is None else f"stage {entry.stage}"
    name = "fee on top" if entry.kind is Kind.FEE else stage
    opens = f", opens {day_text(entry.opens_at)}" if entry.kind is Kind.INVESTMENT and entry.opens_at else ""
    return f"{name}: {_sats(entry.amount_msat, escaped(entry.id.removeprefix(row)))}{opens}"


def _quotes(entry: Entry) -> bool:
    """Tell whether the details hold words of others, who may say any number."""
    words = (entry.rail and entry.rail.upper() not in RAILS) or (entry.group and entry.group not in GROUPS)
    return bool(words or entry.purpose)


def _details(entry: Entry) -> Iterator[str]:
    if entry.rail:
        yield RAILS.get(entry.rail.upper(), entry.rail)
    if word := GROUPS.get(entry.group, entry.group):
        yield word
    if entry.purpose:
        yield entry.purpose
