"""A figure as a tree: its definition, its inputs, and the rows at its leaves with their evidence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from generator.errors import SunlitError
from generator.ledger import Declaration, Entry
from generator.money import fiat_text, sat_text
from generator.report.figures.fiat import AT_RECEIPT, BY_DAY, WITHOUT_RATE
from generator.report.figures.headline import decimal_text
from generator.report.model import Figure, ProjectReport, Report
from generator.report.prices import INVOICE, Prices
from generator.report.trace.rows import DECLARATIONS, ENTRIES, selected_declarations, selected_entries

Tree = tuple[str, list["Tree"]]


class UnknownFigure(SunlitError):
    """The report has no figure of this id."""


def explain(report: Report, figure_id: str) -> str:
    """Return the tree of one figure as text, from its value to rows and snapshot.

    Raises `UnknownFigure`, with a similar id if there is one.
    """
    figure = report.figure(figure_id)
    if figure is None:
        near = get_close_matches(figure_id, [one.id for one in report.all_figures()], n=1)
        hint = f"did you mean {near[0]}?" if near else "figures.json lists all ids"
        msg = f"no figure {figure_id!r} in snapshot {report.snapshot}: {hint}"
        raise UnknownFigure(msg)
    name, branches = _figure(report, figure)
    origin = f"snapshot {report.snapshot}, network {report.network}, as of {_time(report.as_of)}"
    return "\n".join([name, *_drawn([*branches, (origin, [])])]) + "\n"


def value_text(figure: Figure) -> str:
    """Return a figure's value with its unit; ``unknown`` for null, ``at least`` where it may be more."""
    if figure.value is None:
        return "unknown"
    if isinstance(figure.value, int):
        text = f"{sat_text(figure.value)} sat" if figure.unit == "msat" else str(figure.value)
    else:
        text = f"{figure.value} {'%' if figure.unit == 'percent' else figure.unit}"
    return text if figure.complete else f"at least {text}"


def _figure(report: Report, figure: Figure) -> Tree:
    checked = f" ({figure.verification})" if figure.verification else ""
    branches = [_input(report, figure, one) for one in figure.inputs]
    return f"{figure.id} = {value_text(figure)}{checked}", [(figure.formula, []), *branches]


def _input(report: Report, figure: Figure, name: str) -> Tree:
    projects = [one for one in report.projects if figure.project in (None, one.slug)]
    kind, _, of = name.partition(":")
    if kind == ENTRIES:
        entries = selected_entries(projects, name)
        total = sat_text(sum(entry.amount_msat for entry in entries))
        return f"{name}: {_many(entries)}, {total} sat", _rows(
            entries, Worth(report.prices, _currency(figure))
        )
    if kind == DECLARATIONS:
        found = selected_declarations(projects, name)
        return f"{name}: {_many(found)}", [(_declaration(one), []) for one in found]
    if kind == "rates":
        return _rate(report.prices, name, of), []
    if kind in ("config", "record"):
        return _source(of if kind == "record" else "", projects), []
    inner = report.figure(name)
    return (name, []) if inner is None else _figure(report, inner)


def _source(source: str, projects: Sequence[ProjectReport]) -> str:
    if not source:
        return "named in config.yaml"
    event = next((one.event_id for one in projects), "") if source == "angor" else ""
    return f"named by the source {source}" + (f", Nostr event {event}" if event else "")


def _currency(figure: Figure) -> str:
    """Return the currency in which a figure values rows; empty for figures of satoshis."""
    family, _, of = figure.name.partition("@")
    return of[:3] if family in (AT_RECEIPT, WITHOUT_RATE, BY_DAY) else ""


def _rate(prices: Prices, name: str, of: str) -> str:
    currency, _, day = of.partition("/")
    if not day:
        return f"{name}: the rate of each row stands beside it"
    rate = prices.on(currency, day)
    if rate is None:
        return f"{name}: none is recorded"
    moment = f", of {_time(rate.at)}" if rate.at else ""
    return f"{name}: {rate.price:f} {currency} by {rate.provider or 'unnamed'}{moment}"


@dataclass(frozen=True, slots=True)
class Worth:
    """Says what a row was worth, where a figure is about that."""

    prices: Prices
    currency: str

    def of(self, entry: Entry) -> list[str]:
        """Return value and rate; for figures of satoshis what the invoices say."""
        if not self.currency:
            return [fiat_text(one.value, one.currency) + " at receipt" for one in entry.at_receipt]
        value, by = self.prices.told(entry, self.currency)
        if value is None:
            return [f"n/a, no {self.currency} rate of {entry.at:%Y-%m-%d}"]
        rate = self.prices.on(self.currency, f"{entry.at:%Y-%m-%d}")
        used = f"at {rate.price:f} by {by}" if rate and by != INVOICE else f"by {by}"
        return [f"{decimal_text(value)} {self.currency} {used}"]


def _rows(entries: Sequence[Entry], worth: Worth) -> list[Tree]:
    """Return rows as leaves; those that rest on the same evidence stand below it, which is said once."""
    shared: dict[tuple[str, ...], list[Entry]] = {}
    for entry in entries:
        shared.setdefault(entry.evidence or (entry.source, entry.id), []).append(entry)
    return [
        (_entry(some[0], worth), []) if len(some) == 1 else _together(some, worth) for some in shared.values()
    ]


def _together(entries: Sequence[Entry], worth: Worth) -> Tree:
    """Return the rows of one transaction."""
    one = entries[0]
    total = sat_text(sum(entry.amount_msat for entry in entries))
    parts = [
        f"transaction {one.evidence[0]}",
        _time(one.at),
        f"{_many(entries)}, {total} sat",
        *_proof(entries),
    ]
    return " | ".join(parts), [(_part(entry, worth), []) for entry in sorted(entries, key=_number)]


def _number(entry: Entry) -> int:
    """Return the number of the output or input that a row stands for; ids sort as text, 10 before 2."""
    number = entry.id.removeprefix(entry.evidence[0])[1:]
    return int(number) if number.isdecimal() else 0


def _part(entry: Entry, worth: Worth) -> str:
    name = entry.id.removeprefix(entry.evidence[0])
    place = (
        f"output {name[1:]}"
        if name.startswith(":")
        else f"input {name[1:]}"
        if name.startswith("/")
        else name
    )
    parts = [place, f"{sat_text(entry.amount_msat)} sat", *(worth.of(entry) if worth.currency else [])]
    parts += [f"spends {entry.spends}"] if entry.spends else []
    return " | ".join(parts)


def _proof(entries: Sequence[Entry]) -> Iterator[str]:
    """Yield block, verification and evidence; rows of one transaction share all but their verification."""
    one = entries[0]
    if one.height is not None:
        yield f"block {one.height} {one.block}".rstrip()
    levels = sorted({str(entry.verification) for entry in entries})
    yield f"{' and '.join(levels)} by {one.source}"
    if one.evidence and one.evidence[1:] == (f"{one.evidence[0]}@{one.block}", one.block):
        yield "evidence: its bytes, its Merkle branch and this block's header"
    elif one.evidence:
        yield f"evidence {', '.join(one.evidence)}"


def _entry(entry: Entry, worth: Worth) -> str:
    parts = [f"{entry.id}", _time(entry.at), f"{sat_text(entry.amount_msat)} sat"]
    if entry.count > 1:
        parts.append(f"{entry.count} payments")
    parts += worth.of(entry)
    parts += [f"spends {entry.spends}"] if entry.spends else []
    return " | ".join([*parts, *_proof([entry])])


def _declaration(one: Declaration) -> str:
    return f"{one.id} | {one.day} | {one.amount:f} {one.currency} | {one.count} | declared on {one.source}"


def _many(rows: Sequence[object]) -> str:
    return "1 row" if len(rows) == 1 else f"{len(rows)} rows"


def _drawn(branches: Sequence[Tree], before: str = "") -> Iterator[str]:
    for number, (text, inner) in enumerate(branches, 1):
        last = number == len(branches)
        yield before + ("└─ " if last else "├─ ") + text
        yield from _drawn(inner, before + ("   " if last else "│  "))


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
