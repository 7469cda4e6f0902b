"""Rows on their way out: what they stand for, how two become one, and the entry that is logged; pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import Final, NamedTuple, Self

from generator.ledger import AtReceipt, Entry, Kind, Status
from generator.sources.btcpay.movement import EXACT, Movement, Stratum, month_of

MIXED: Final = "mixed"  #: rail or class of a row that holds several
#: What parts of a row were worth at receipt, by currency, each once, in order.
Worth = tuple[AtReceipt, ...]


class Cell(NamedTuple):
    """What a row stands for."""

    stratum: Stratum
    day: date  #: UTC
    rail: str
    group: str
    id: str = ""  #: keyed hash under ``rows: payment``

    @classmethod
    def of(cls, movement: Movement, keyed: str) -> Self:
        """Name the cell of a payment or refund; `keyed` is its published id, if it has one."""
        return cls(movement.stratum, movement.at.date(), movement.rail, movement.group, keyed)

    @property
    def kept_exact(self) -> tuple[Stratum, str]:
        """What merging and rounding never leave: the stratum, and the statement month that its day is in."""
        return self.stratum, month_of(self.day)


@dataclass(slots=True)
class Row:
    """The payments of one cell, one or many; grows while they come."""

    cell: Cell
    moment: datetime = field(repr=False)  #: of the first; orders equal rows and never leaves
    amount_msat: int = 0
    count: int = 0
    worth: Worth = ()
    rails: frozenset[str] = frozenset()  #: those in a row of several; their amounts would show payments

    def add(self, movement: Movement) -> None:
        """Add a payment or refund of the same cell."""
        self.amount_msat += movement.amount_msat
        self.count += 1
        if movement.worth is not None:
            self.worth = sum_worth(self.worth, (movement.worth,))

    @property
    def order(self) -> tuple[object, ...]:
        """What orders rows; the key of ids decides nothing before all else is equal."""
        *named, keyed = self.cell
        worth = [(part.currency, part.amount_msat, part.value) for part in self.worth]
        return (*named, self.amount_msat, worth, self.moment, keyed)

    def joined(self, other: Self) -> Self:
        """Join another row of the same stratum and month to this one; day and id are this one's."""
        cell, rails = self.cell, self.rails
        if cell[2:4] != other.cell[2:4]:
            rail, group = other.cell.rail, other.cell.group
            cell = cell._replace(
                rail=cell.rail if cell.rail == rail else MIXED,
                group=cell.group if cell.group == group else MIXED,
            )
        if cell.rail == MIXED:
            rails = self._held | other._held
        return replace(
            self,
            cell=cell,
            amount_msat=self.amount_msat + other.amount_msat,
            count=self.count + other.count,
            worth=sum_worth(self.worth, other.worth),
            rails=rails,
        )

    @property
    def _held(self) -> frozenset[str]:
        return self.rails or frozenset({self.cell.rail})

    def entry(self, source: str) -> Entry:
        """Make what the log holds of this row."""
        stratum, day, rail, group, keyed = self.cell
        place, kind, created_month, status, reason, period, _, purpose = stratum
        return Entry(
            id=keyed or composed_id(self.cell),
            source=source,
            place=place,
            kind=kind,
            created_month=created_month,
            status=status,
            reason=reason,
            period=period,
            amount_msat=self.amount_msat,
            at=datetime.combine(day, time(), UTC),
            count=self.count,
            rail=rail,
            rails=tuple(sorted(self.rails)),
            group=group,
            purpose=purpose,
            at_receipt=self.worth,
        )


def by_stratum(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Yield the rows of each stratum and statement month in order, and keep none that was yielded.

    The last of them takes what rounding leaves, so the order must not change with the key of ids.
    """
    strata: defaultdict[object, list[Row]] = defaultdict(list)
    for row in rows:
        strata[row.cell.kept_exact].append(row)
    while strata:
        yield sorted(strata.popitem()[1], key=lambda row: row.order)


def sum_worth(worth: Worth, more: Worth) -> Worth:
    """Add worth by currency, exactly."""
    if len(worth) == len(more) == 1 and worth[0].currency == more[0].currency:  # nearly always
        return (_both(worth[0], more[0]),)
    sums = {part.currency: part for part in worth}
    for part in more:
        before = sums.get(part.currency)
        sums[part.currency] = part if before is None else _both(before, part)
    return tuple(sums[currency] for currency in sorted(sums))


def _both(first: AtReceipt, second: AtReceipt) -> AtReceipt:
    return AtReceipt(
        currency=first.currency,
        amount_msat=first.amount_msat + second.amount_msat,
        value=EXACT.add(first.value, second.value),
    )


def composed_id(cell: Cell) -> str:
    """Compose ``part/day/rail/class/month[/period]``; a row that does not count says so in its class.

    The period that it was paid in follows from the day.
    """
    place, kind, created_month, status, reason, period, _, purpose = cell.stratum
    part = place.partition("/")[2]
    name = cell.group if kind is Kind.PAYMENT else f"{kind}-{cell.group}" if cell.group else kind
    state = "" if status is Status.CONFIRMED else (reason or status).replace(" ", "-") + "-"
    told = [text.replace(" ", "-") for text in (period, purpose) if text]
    return "/".join((part, str(cell.day), cell.rail, state + name, created_month, *told))


def merged(rows: Iterable[Row], min_group: int) -> Iterator[Row]:
    """Join rows of fewer than `min_group` payments with the next of their month, the last one backwards.

    A row of too few would show one of them.
    """
    for stratum in by_stratum(rows):
        kept: list[Row] = []
        waiting: Row | None = None
        for row in stratum:
            grown = row if waiting is None else row.joined(waiting)
            waiting = grown if grown.count < min_group else None
            if waiting is None:
                kept.append(grown)
        if waiting is not None:
            kept.append(waiting.joined(kept.pop()) if kept else waiting)
        yield from _once_a_cell(kept)  # two rows of a day may both have become mixed


def _once_a_cell(rows: Iterable[Row]) -> Iterable[Row]:
    cells: dict[Cell, Row] = {}
    for row in rows:
        cells[row.cell] = cells[row.cell].joined(row) if row.cell in cells else row
    return cells.values()
