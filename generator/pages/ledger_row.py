"""One movement of money as a row of the ledger's table; a large site has a million, so Python writes them."""

from collections.abc import Callable, Iterable, Iterator
from datetime import time
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from generator.ledger import MOVES, Entry, Kind, Status, transaction_of
from generator.money import fiat_text, group, sat_text
from generator.pages.clean import escaped
from generator.pages.numbers import NOT_AVAILABLE
from generator.pages.state_marks import StateMark
from generator.report.figures.figure import decimal_text
from generator.report.prices import Prices
from generator.report.series.subtotals import RAILS
from generator.report.source_names import ANGOR
from generator.text_format import day_text
from generator.wording import AT_LEAST

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
_MIDNIGHT: Final = time()
_MOVES: Final[dict[Kind, str]] = {kind: f"{source} → {target}" for kind, (source, target) in MOVES.items()}


def table_rows(
    entries: Iterable[Entry], prices: Prices, explorer: str, state: Callable[[StateMark], object]
) -> Markup:
    """Return the rows in this order; `state` writes a state, `explorer` is where transactions are shown."""
    states = {status: str(state(mark)) for status, mark in STATUSES.items()}
    rows = (_row(entry, prices, explorer, states[entry.status]) for entry in entries)
    return Markup("".join(rows))  # noqa: S704 -- each text in it is escaped


def _row(entry: Entry, prices: Prices, explorer: str, state: str) -> str:
    """Return one row; its numbers are those of the id in its last cell, which stands there once."""
    at, of, kind = entry.at, escaped(entry.id), str(entry.kind)
    named = f"{at:%Y-%m-%d}" if at.time() == _MIDNIGHT else f"{at:%Y-%m-%dT%H:%M:%SZ}"
    if entry.count > 1:
        kind = f'<data value="{entry.count}" data-count>{group(str(entry.count))}</data> {kind}s'
    worth = "".join(f"<td>{_receipt(entry, currency, prices)}</td>" for currency in prices.currencies)
    txid = escaped(transaction_of(entry)) if explorer and entry.source == ANGOR else ""
    shown = f'<a href="{explorer}{txid}">{of}</a>' if txid else of
    said = ' data-said="source"' if _quotes(entry) else ""
    return (
        f'<tr><th scope="row"><time datetime="{named}">{day_text(at)}</time></th><td>{kind}</td>'
        f'<td><data value="{entry.amount_msat}" data-entry>{sat_text(entry.amount_msat)}</data></td>'
        f"{worth}<td>{_MOVES[entry.kind]}</td><td>{state}</td><td>{entry.verification}</td>"
        f"<td{said}>{escaped(', '.join(_details(entry)))}</td><td data-row>{shown}</td></tr>\n"
    )


def _receipt(entry: Entry, currency: str, prices: Prices) -> str:
    """Return what a row was worth when it came in."""
    value, unrated_msat, _ = prices.at_receipt(entry, currency)
    if value is None:
        return f'<span class="unknown">{NOT_AVAILABLE}</span>'
    text, code = decimal_text(value), escaped(currency)
    shown = escaped(fiat_text(Decimal(text), currency))
    mark = AT_LEAST if unrated_msat else ""
    return f'{mark}<data value="{text}" data-receipt data-currency="{code}">{shown}</data>'


def _quotes(entry: Entry) -> bool:
    """Tell whether the details hold words of others, who may say any number."""
    words = (entry.rail and entry.rail.upper() not in RAILS) or (entry.group and entry.group not in GROUPS)
    return bool(words or entry.purpose or entry.reason)


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
