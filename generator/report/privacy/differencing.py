"""What a public log gives away by growing: the difference of two snapshots is what came in between."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from generator.ledger import Entry
from generator.report.source_names import BTCPAY, source_kind
from generator.snapshot import Key, Known, Line, Withdrawn

#: Source, place, kind, status, month of creation, period, month: such sums are exact whatever `privacy` says.
SumKey: TypeAlias = tuple[str, str, str, str, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposedPayment:
    """A run after which one sum holds exactly one payment more."""

    run: str  #: id
    place: str
    created_month: str
    amount_msat: int  #: by how much the sum grew: that payment, to the millisatoshi


@dataclass(slots=True)
class _Total:
    """Millisatoshis and payments of one sum."""

    amount_msat: int = 0
    count: int = 0


def exposed_payments(known: Known) -> tuple[ExposedPayment, ...]:
    """Return every run that added one payment alone to a sum of BTCPay rows, oldest first.

    The first run of a source is none: there is nothing to compare it with.
    """
    by_run: defaultdict[str, list[tuple[Key, Entry | None]]] = defaultdict(list)
    for key, line in _lines(known):
        by_run[line.run].append((key, line.record if isinstance(line.record, Entry) else None))
    standing: dict[Key, Entry] = {}
    found: list[ExposedPayment] = []
    read: set[str] = set()  #: sources of earlier runs
    for run, lines in sorted(by_run.items()):
        grown = _applied(lines, standing)
        for (source, place, _, _, created_month, *_), more in sorted(grown.items()):
            if source in read and more.count == 1 and more.amount_msat > 0:
                exposed = ExposedPayment(
                    run=run, place=place, created_month=created_month, amount_msat=more.amount_msat
                )
                found.append(exposed)
        read |= {key[0] for key in grown}
    return tuple(found)


def _applied(
    lines: list[tuple[Key, Entry | None]], standing: dict[Key, Entry]
) -> defaultdict[SumKey, _Total]:
    """Bring the standing rows up to date with the lines of one run; return by how much each sum grew."""
    grown: defaultdict[SumKey, _Total] = defaultdict(_Total)
    for key, entry in lines:
        for row, sign in ((standing.pop(key, None), -1), (entry, 1)):
            if row is not None:
                stratum = (row.place, row.kind, row.status, row.created_month, row.period)
                total = grown[row.source, *stratum, f"{row.at:%Y-%m}"]
                total.amount_msat += sign * row.amount_msat
                total.count += sign * row.count
        if entry is not None:
            standing[key] = entry
    return grown


def _lines(known: Known) -> Iterator[tuple[Key, Line]]:
    """Yield every line about a BTCPay row, of one key oldest first."""
    for key, record in known.records.items():
        if key not in known.history and _is_row(key):
            yield key, Line(run=known.seen[key], record=record)
    for key, chain in known.history.items():
        if _is_row(key):
            yield from ((key, line) for line in chain if isinstance(line.record, Entry | Withdrawn))


def _is_row(key: Key) -> bool:
    return key[0] == "entry" and source_kind(key[1]) == BTCPAY
