"""What moved in each UTC month, added up by what it is to a statement; pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

import msgspec

from generator.ledger import MOVES, Account, Entry, Kind, Status
from generator.report.days import month_text
from generator.report.figures.definitions import BALANCES
from generator.report.figures.exact_sum import ExactSum
from generator.report.figures.sums import CONTRIBUTIONS, contribution_count, kinds_of
from generator.report.prices import Prices

RECEIVED: Final = "received"
RETURNED: Final = "returned"
PAID_OUT: Final = "paid_out"
COUNT: Final = "received_count"
WORTH: Final = "received_at_receipt"
CAME: Final = "account_in"
WENT: Final = "account_out"

#: The accounts that together hold `net`, by the name of the figure that says what lies there now.
ACCOUNTS: Final[Mapping[str, tuple[Account, ...]]] = {
    **{balance.name: balance.accounts for balance in BALANCES},
    "unclassified": (Account.UNKNOWN,),
}
#: Which sum of a month counts rows of a kind; others move nothing between a project and the world.
SUM_OF: Final[Mapping[Kind, str]] = {
    **dict.fromkeys(kinds_of(CONTRIBUTIONS), RECEIVED),
    **{kind: RETURNED for kind, (_, target) in MOVES.items() if target is Account.BACKERS},
    **{
        kind: PAID_OUT
        for kind, (source, target) in MOVES.items()
        if source is Account.FOUNDER and target is not Account.BACKERS
    },
}


class MonthSum(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One sum of a month, as the sums of all projects take it."""

    name: str  #: of its figure, without the month: ``received``, ``account_in@locked``
    value: str | None  #: exact decimal text; None: unknown
    verification: str | None
    exact: bool = True  #: False where a part of it, such as what has no rate, is left out


class MonthPart(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What the sums of all projects take of one month of one."""

    month: str  #: ``2026-03``
    sums: tuple[MonthSum, ...]


@dataclass(slots=True)
class Sum:
    """What is added up under one name."""

    _total: ExactSum = field(default_factory=ExactSum)
    grades: set[str | None] = field(default_factory=set)
    known: bool = False  #: False while nothing known was added
    exact: bool = True

    def add(self, value: int | Fraction | str | None, *grades: str | None, exact: bool = True) -> None:
        """Add a part; of an unknown one (None) it is noted that something is left out."""
        self.exact = self.exact and exact and value is not None
        if value is not None:
            self.known = True
            self._total.add(_exact(value) if isinstance(value, str) else value)
            self.grades.update(grades)

    @property
    def value(self) -> Fraction:
        """What was added and moved."""
        return self._total.value

    def move(self, came: "Sum", went: "Sum") -> None:
        """Let what came in and what went out change a balance."""
        self._total.add(came.value - went.value)
        self.grades |= came.grades | went.grades


def _exact(value: str) -> int | Fraction:
    """Read a decimal number; most are whole."""
    return Fraction(value) if "." in value else int(value)


Sums = defaultdict[str, Sum]


def sums_of_months(entries: Iterable[Entry], prices: Prices) -> dict[str, Sums]:
    """Return by UTC month the sums of a project's confirmed rows; a month in which nothing moved has none."""
    months: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.status is Status.CONFIRMED and _moves(entry.kind):
            months[month_text(entry.at)].append(entry)
    return {month: _sums(rows, prices) for month, rows in sorted(months.items())}


def sums_of_parts(projects: Iterable[Sequence[MonthPart]]) -> dict[str, Sums]:
    """Return by UTC month the sums of all projects' parts."""
    months: defaultdict[str, Sums] = defaultdict(lambda: Sums(Sum))
    for part in (part for parts in projects for part in parts):
        sums = months[part.month]
        for each in part.sums:
            sums[each.name].add(each.value, each.verification, exact=each.exact)
    return dict(sorted(months.items()))


def _moves(kind: Kind) -> bool:
    return kind in SUM_OF or any(crosses(kind, name) for name in ACCOUNTS)


def crosses(kind: Kind, name: str) -> int:
    """Return 1 for what enters some accounts, -1 for what leaves them, 0 for neither."""
    source, target = MOVES[kind]
    accounts = ACCOUNTS[name]
    return (target in accounts) - (source in accounts)


def _sums(rows: Sequence[Entry], prices: Prices) -> Sums:
    found = Sums(Sum)
    for row in rows:
        if row.kind in SUM_OF:
            found[SUM_OF[row.kind]].add(row.amount_msat, row.verification)
        for name in ACCOUNTS:
            if way := crosses(row.kind, name):
                found[f"{CAME if way > 0 else WENT}@{name}"].add(row.amount_msat, row.verification)
    came = [row for row in rows if SUM_OF.get(row.kind) == RECEIVED]
    if came:
        found[COUNT].add(contribution_count(came))
    for currency in prices.currencies if came else ():
        for row in came:
            worth = prices.at_receipt(row, currency)
            found[f"{WORTH}@{currency}"].add(worth.value, row.verification, exact=not worth.unrated_msat)
    return found


def amounts_at(parts: Iterable[MonthPart], month: str) -> dict[str, str | None]:
    """Return what a project's statement of a month says, by name, as text; None is unknown.

    Of a month in which nothing moved it is what was there before, and else zero.
    """
    balance, found = 0, dict[str, str | None]()
    for part in parts:
        sums = {each.name: each.value for each in part.sums}
        came, went = (sums.get(name, "0") for name in (RECEIVED, RETURNED))
        if came is None or went is None:
            return {"closing": None}
        if part.month > month:
            break
        moved = int(came) - int(went)
        if part.month == month:
            own = {name: value for name, value in sums.items() if not name.startswith((CAME, WENT, COUNT))}
            return {"opening": str(balance), **own, "closing": str(balance + moved)}
        balance += moved
        found = {"opening": str(balance), "closing": str(balance)}
    return found
