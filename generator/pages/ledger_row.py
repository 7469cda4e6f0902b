"""One movement of money as a row of the ledger's table; a large site has a million, so Python writes them."""

from collections.abc import Callable, Iterable, Iterator
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
_MOVES: Final[dict[Kind, str]] = {kind: f"{source} → {target}" for kind, (source, target) in MOVES.items()}


def table_rows(
    entries: Iterable[Entry], prices: Prices, explorer: str, state: Callable[[StateMark], object]
) -> Markup:
    """Return the rows in this order; `state` writes a state, `explorer` is where transactions are shown."""
    states = {status: str(state(mark)) for status, mark in STATUSES.items()}
    rows = (_row(entry, prices, explorer, states[entry.status]) for entry in entries)
    return Markup("".join(rows))  # noqa: S704 -- each text in it is escaped


def _row(entry: Entry, prices: Prices, explorer: str, state: str) -> str:
    at, of, kind = entry.at, escaped(entry.id), str(entry.kind)
    if entry.count > 1:
        kind = f'<data value="{entry.count}" data-count="{of}">{group(str(entry.count))}</data> {kind}s'
    worth = "".join(
        f'<td class="num">{_receipt(entry, of, currency, prices)}</td>' for currency in prices.currencies
    )
    txid = escaped(transaction_of(entry)) if explorer and entry.source == ANGOR else ""
    shown = f'<a rel="noopener noreferrer" href="{explorer}{txid}">{of}</a>' if txid else of
    return (
        f'<tr><th scope="row"><time datetime="{at:%Y-%m-%dT%H:%M:%SZ}">{day_text(at)}</time></th>'
        f'<td>{kind}</td><td class="num">'
        f'<data value="{entry.amount_msat}" data-entry="{of}">{sat_text(entry.amount_msat)}</data></td>'
        f'{worth}<td class="moves">{_MOVES[entry.kind]}</td><td>{state}</td><td>{entry.verification}</td>'
        f'<td class="details" data-said="source">{escaped(", ".join(_details(entry)))}</td>'
        f'<td class="hash">{shown}</td></tr>\n'
    )


def _receipt(entry: Entry, of: str, currency: str, prices: Prices) -> str:
    """Return what a row was worth when it came in; `of` is its id, escaped."""
    value, unrated_msat, _ = prices.at_receipt(entry, currency)
    if value is None:
        return f'<span class="unknown">{NOT_AVAILABLE}</span>'
    text, code = decimal_text(value), escaped(currency)
    shown = escaped(fiat_text(Decimal(text), currency))
    mark = AT_LEAST if unrated_msat else ""
    return f'{mark}<data value="{text}" data-receipt="{of}" data-currency="{code}">{shown}</data>'


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
