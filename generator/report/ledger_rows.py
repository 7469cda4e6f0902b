"""The ledger as people read it: one row a movement, with what one transaction does folded into it."""

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from hashlib import sha256
from typing import Final

from generator.ledger import MOVES, Account, Entry, Kind, transaction_of
from generator.places import ANGOR
from generator.report.figures.figure import Figure
from generator.report.figures.sums import selectors
from generator.report.prices import Prices

#: A transaction id, or the keyed hash of a payment (design.md, BTCPay ids).
_HASH: Final = re.compile("[0-9a-f]{32}(?:[0-9a-f]{32})?")
_TXID_LENGTH: Final = 64
#: Where money is that left the project.
_OUTSIDE: Final = (Account.BACKERS, Account.PAID_OUT)
_OUT: Final = frozenset(kind for kind, (_, target) in MOVES.items() if target in _OUTSIDE)


@dataclass(frozen=True, kw_only=True)
class LedgerRow:
    """One movement: a row of BTCPay, or what one transaction does in one way."""

    entries: tuple[Entry, ...]  #: that it sums; alike but in amount and stage, of one transaction if several
    fees: tuple[Entry, ...] = ()  #: paid on top of an investment, in no sum of the row

    @property
    def first(self) -> Entry:
        """An entry that says what all of them have in common."""
        return self.entries[0]

    @cached_property
    def id(self) -> str:
        """Its transaction on chain, else the id of its entry."""
        return transaction_of(self.first) if self.first.source == ANGOR else self.first.id

    @property
    def parts(self) -> tuple[Entry, ...]:
        """Outputs or inputs of its transaction, in their order there; of BTCPay none."""
        return (*self.entries, *self.fees) if self.first.source == ANGOR else ()

    @property
    def is_out(self) -> bool:
        """Tell whether the money left: to backers, or paid out to others."""
        return self.first.kind in _OUT

    @property
    def amount_msat(self) -> int:
        """Its amount; below zero where money left."""
        amount_msat = sum(entry.amount_msat for entry in self.entries)
        return -amount_msat if self.is_out else amount_msat

    def at_receipt(self, prices: Prices, currency: str) -> tuple[Fraction | None, bool]:
        """Return what it was worth when it came in, None if nothing has a rate; and whether some has none."""
        worths = [prices.at_receipt(entry, currency) for entry in self.entries]
        rated = [worth.value for worth in worths if worth.value is not None]
        return (sum(rated, Fraction()) if rated else None), any(worth.unrated_msat for worth in worths)


def ledger_rows(entries: Iterable[Entry]) -> list[LedgerRow]:
    """Return the rows of a ledger, in the order of their first entries."""
    groups: dict[Hashable, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(_movement_of(entry), []).append(entry)
    return [_row(group) for group in groups.values()]


def row_counts(entries: Iterable[Entry]) -> dict[str, int]:
    """Return how many rows of a ledger are of each kind and status, by the selector that sums name."""
    movements = {(entry.kind, entry.status, _movement_of(entry)) for entry in entries}
    counts = Counter((kind, status) for kind, status, _ in movements)
    return {selectors([kind], status)[0]: count for (kind, status), count in sorted(counts.items())}


def rows_behind(counts: Mapping[str, int], figures: Iterable[Figure]) -> dict[str, int]:
    """Return how many rows of a ledger, as counted, make each of some sums over all of it, by its name."""
    return {figure.name: sum(counts.get(each, 0) for each in figure.inputs) for figure in figures}


def short_id(row: str) -> str:
    """Return the id of a row as a page shows it: ``19277f94…0394`` of a transaction, else eight digits."""
    if not _HASH.fullmatch(row):
        return sha256(row.encode()).hexdigest()[:8]
    return f"{row[:8]}…{row[-4:]}" if len(row) == _TXID_LENGTH else row[:8]


def _movement_of(entry: Entry) -> Hashable:
    """Return what entries of one row have in common."""
    if entry.source != ANGOR:
        return entry.source, entry.id
    kind = Kind.INVESTMENT if entry.kind is Kind.FEE else entry.kind
    judged = (entry.status, entry.reason, entry.verification)
    return entry.place, transaction_of(entry), kind, entry.at, judged


def _row(group: list[Entry]) -> LedgerRow:
    if len(group) == 1:
        return LedgerRow(entries=(group[0],))
    group.sort(key=lambda entry: (entry.stage or 0, len(entry.id), entry.id))
    fees = tuple(entry for entry in group if entry.kind is Kind.FEE)
    entries = tuple(entry for entry in group if entry.kind is not Kind.FEE)
    return LedgerRow(entries=entries, fees=fees) if entries else LedgerRow(entries=fees)
