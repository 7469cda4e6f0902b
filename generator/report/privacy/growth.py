"""What a public log tells by growing: two lines about the same money differ by what came in between."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from generator.ledger import Entry
from generator.report.subjects import BTCPAY, speaker
from generator.snapshot import Key, Known, Line, Withdrawn

#: Source, project, kind, status, month of creation: sums by these are exact whatever `privacy` says.
Pot = tuple[str, str, str, str, str]
_NOTHING: Final = (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A run after which the sums of one pot hold exactly one payment more."""

    run: str  #: id
    project: str  #: slug
    created_month: str
    amount_msat: int  #: by how much the sum grew: that payment, to the millisatoshi


def steps(known: Known) -> tuple[Step, ...]:
    """Return every run that added one payment alone to a sum of BTCPay rows, oldest first.

    The first run of a source is none: there is nothing to compare it with.
    """
    by_run: defaultdict[str, list[tuple[Key, Entry | None]]] = defaultdict(list)
    for key, line in _lines(known):
        by_run[line.run].append((key, line.record if isinstance(line.record, Entry) else None))
    standing: dict[Key, Entry] = {}
    sums: defaultdict[Pot, tuple[int, int]] = defaultdict(lambda: _NOTHING)
    found: list[Step] = []
    read: set[str] = set()  #: sources of earlier runs
    for run in sorted(by_run):
        before: dict[Pot, tuple[int, int]] = {}
        for key, entry in by_run[run]:
            for one, sign in ((standing.pop(key, None), -1), (entry, 1)):
                if one is None:
                    continue
                pot = _pot(one)
                before.setdefault(pot, sums[pot])
                sums[pot] = (sums[pot][0] + sign * one.amount_msat, sums[pot][1] + sign * one.count)
            if entry is not None:
                standing[key] = entry
        found += _grown(run, {pot: sum_ for pot, sum_ in before.items() if pot[0] in read}, sums)
        read |= {pot[0] for pot in before}
    return tuple(found)


def _grown(
    run: str, before: dict[Pot, tuple[int, int]], sums: defaultdict[Pot, tuple[int, int]]
) -> Iterator[Step]:
    for pot, (amount, count) in sorted(before.items()):
        more = sums[pot][0] - amount
        if sums[pot][1] - count == 1 and more > 0:
            yield Step(run=run, project=pot[1], created_month=pot[4], amount_msat=more)


def _lines(known: Known) -> Iterable[tuple[Key, Line]]:
    """Yield every line about a BTCPay row, of one key oldest first."""
    for key, record in known.records.items():
        if key not in known.history and _is_row(key):
            yield key, Line(run=known.seen[key], record=record)
    for key, chain in known.history.items():
        if _is_row(key):
            yield from ((key, line) for line in chain if isinstance(line.record, Entry | Withdrawn))


def _is_row(key: Key) -> bool:
    return key[0] == "entry" and speaker(key[1]) == BTCPAY


def _pot(entry: Entry) -> Pot:
    return (entry.source, entry.project, entry.kind, entry.status, entry.created_month)
