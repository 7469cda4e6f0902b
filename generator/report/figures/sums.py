"""One pass over a project's entries: sums by kind, and how far each was verified."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import lru_cache

import msgspec

from generator.ledger import MOVES, Account, Entry, Kind, Status, Verification, transaction_of

Path = tuple[Account, Account]  #: from, to

#: Money that comes in; the only paths that `raised` sums.
CONTRIBUTIONS: tuple[Path, ...] = (
    (Account.BACKERS, Account.FOUNDER),
    (Account.BACKERS, Account.LOCKED),
)


def kinds_of(paths: Collection[Path]) -> tuple[Kind, ...]:
    """Return the kinds whose rule moves money along one of these paths."""
    return tuple(kind for kind, rule in MOVES.items() if rule in paths)


def crossing(accounts: Collection[Account]) -> tuple[Kind, ...]:
    """Return the kinds whose rule moves money into or out of some accounts taken together."""
    return tuple(
        kind for kind, (source, target) in MOVES.items() if (source in accounts) != (target in accounts)
    )


def selectors(kinds: Iterable[Kind], status: Status = Status.CONFIRMED, where: str = "") -> tuple[str, ...]:
    """Return which ledger rows a figure sums: ``entries:<kind>:<status>``, maybe with a condition."""
    return _selectors(tuple(kinds), status, where)


@lru_cache(maxsize=4096)  # a report of many projects holds the same ones for each
def _selectors(kinds: tuple[Kind, ...], status: Status, where: str) -> tuple[str, ...]:
    return tuple(f"entries:{kind}:{status}" + (f":{where}" if where else "") for kind in kinds)


def contributions(entries: Iterable[Entry]) -> list[Entry]:
    """Return the confirmed entries that `raised` sums, in the order given."""
    kinds = kinds_of(CONTRIBUTIONS)
    return [entry for entry in entries if entry.status is Status.CONFIRMED and entry.kind in kinds]


def contribution_count(rows: Iterable[Entry]) -> int:
    """Return how many contributions these rows are: payments, and distinct investment transactions."""
    payments, transactions = 0, set[str]()
    for row in rows:
        if row.kind is Kind.INVESTMENT:
            transactions.add(transaction_of(row))
        else:
            payments += row.count
    return payments + len(transactions)


class Sums(msgspec.Struct):
    """Millisatoshis and verification by kind and status."""

    amounts: dict[tuple[Kind, Status], int] = msgspec.field(default_factory=lambda: defaultdict(int))
    grades: dict[tuple[Kind, Status], set[Verification]] = msgspec.field(
        default_factory=lambda: defaultdict(set)
    )
    proven: dict[tuple[Kind, Status], int] = msgspec.field(default_factory=lambda: defaultdict(int))

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "Sums":
        """Add up entries, whatever their order."""
        sums = cls()
        for entry in entries:
            key = (entry.kind, entry.status)
            sums.amounts[key] += entry.amount_msat
            sums.grades[key].add(entry.verification)
            if entry.verification is Verification.PROVEN:
                sums.proven[key] += entry.amount_msat
        return sums

    def amount_msat(self, kinds: Collection[Kind], status: Status) -> int:
        """Return what entries of these kinds and this status move."""
        return sum(self.amounts.get((kind, status), 0) for kind in kinds)

    def proven_msat(self, kinds: Collection[Kind], status: Status) -> int:
        """Return what the proven ones among them move."""
        return sum(self.proven.get((kind, status), 0) for kind in kinds)

    def grade(self, kinds: Collection[Kind], status: Status) -> str | None:
        """Return how far the entries of these kinds and this status are verified, as `grade`."""
        return grade(level for kind in kinds for level in self.grades.get((kind, status), ()))


def grade(grades: Iterable[Verification | str | None]) -> str | None:
    """Return the weakest of several verifications: proven only if all are; None where there is no row."""
    found = {str(level) for level in grades if level is not None}
    if not found:
        return None
    return str(Verification.PROVEN) if found == {str(Verification.PROVEN)} else str(Verification.REPORTED)
