"""What of BTCPay may be published, applied before anything is stored; pure.

The log is public, so this is the only door: movements and promises come in
with everything we know of them, entries and declarations go out with day,
rail, class, month and amounts. Whatever is done, sums and counts by project,
status and month of creation stay exact.
"""

import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from hashlib import sha256
from itertools import groupby
from typing import Final, Self

from generator.config import PrivacyConfig
from generator.ledger import AtReceipt, Declaration, Entry, Kind, Status
from generator.money import MSAT_PER_SAT
from generator.sources.btcpay.payments import Movement, Promise

MIXED: Final = "mixed"  #: rail or class of a row that holds several
RESIDUAL: Final = "residual"  #: class of the row that carries what rounding took from the others
_CENT: Final = Decimal("0.01")
_ID_BYTES: Final = 16
_PRECISION: Final = 60  #: digits of a sum of values; none is ever rounded


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row on its way out: one payment, or several that share day, rail and class."""

    kind: Kind
    project: str
    day: datetime  #: midnight UTC
    rail: str
    group: str
    status: Status
    reason: str
    created_month: str
    amount_msat: int
    count: int = 1
    worth: tuple[AtReceipt, ...] = ()
    id: str = field(default="", repr=False)  #: keyed hash under ``rows: payment``
    moment: datetime | None = field(default=None, repr=False)  #: orders equal rows; never leaves

    @property
    def cell(self) -> tuple[datetime, str, str]:
        """Return what tells rows of one pot apart."""
        return (self.day, self.rail, self.group)

    @property
    def turn(self) -> tuple[object, ...]:
        """Return what orders the rows of a pot; the key of ids decides nothing."""
        worth = [(part.currency, part.amount_msat, part.value) for part in self.worth]
        return (self.pot, self.cell, self.amount_msat, worth, self.moment or self.day, self.id)

    @property
    def pot(self) -> tuple[str, str, str, str, str]:
        """Return what a row never leaves: merging and rounding stay inside and keep its sums."""
        return (self.project, self.kind, self.created_month, self.status, self.reason)

    def joined(self, other: Self) -> Self:
        """Return this row with another one in it; it keeps its own day."""
        return replace(
            self,
            rail=self.rail if self.rail == other.rail else MIXED,
            group=self.group if self.group == other.group else MIXED,
            amount_msat=self.amount_msat + other.amount_msat,
            count=self.count + other.count,
            worth=_sum_worth((*self.worth, *other.worth)),
        )


def keyed_id(key: bytes, private_id: str) -> str:
    """Return the published id of a payment: HMAC-SHA256 of ``store ‖ 0 ‖ payment``, first 128 bits, hex."""
    return hmac.new(key, private_id.encode(), sha256).digest()[:_ID_BYTES].hex()


def fingerprint(key: bytes) -> str:
    """Return what the log may hold of the id key, so that another key is noticed before ids are doubled."""
    return hmac.new(key, b"sunlit id key", sha256).hexdigest()[:16]


@dataclass(slots=True, kw_only=True)
class Door:
    """The one way out: what may be published of one source as of one time.

    Movements are summed while they come, so what is kept grows with rows, not with payments.
    """

    source: str
    privacy: PrivacyConfig
    at: datetime
    key: bytes | None = field(default=None, repr=False)
    next_key: bytes | None = field(default=None, repr=False)  #: another key, to learn the ids it would make
    names: dict[str, str] = field(default_factory=dict, repr=False)  #: id by `key` → id by `next_key`
    _cells: dict[object, Row] = field(default_factory=dict, repr=False)
    _declared: dict[tuple[str, str, str], Declaration] = field(default_factory=dict, repr=False)

    def take(self, movement: Movement) -> None:
        """Let a movement in, if it is old enough."""
        if self._too_young(movement.at):
            return
        row = _row(movement, self._id_of(movement))
        name = (row.pot, row.cell, row.id)
        with localcontext(prec=_PRECISION):
            self._cells[name] = self._cells[name].joined(row) if name in self._cells else row

    def promise(self, promise: Promise) -> None:
        """Let a declaration in, if it is old enough; those of a project, day and currency are one."""
        if self._too_young(promise.at):
            return
        name = (promise.project, f"{promise.at:%Y-%m-%d}", promise.currency)
        before = self._declared.get(name)
        with localcontext(prec=_PRECISION):
            self._declared[name] = Declaration(
                id="/".join(name),
                source=self.source,
                project=promise.project,
                amount=promise.amount + (before.amount if before else 0),
                currency=promise.currency,
                day=name[1],
                count=1 + (before.count if before else 0),
                created_month=promise.created_month,
            )

    def entries(self) -> list[Entry]:
        """Return the entries of what came in, ordered by id."""
        with localcontext(prec=_PRECISION):
            rows: Iterable[Row] = self._cells.values()
            if self.privacy.rows == "day":
                rows = merged(rows, self.privacy.min_group)
            rows = rounded(rows, self.privacy.round_to_sats * MSAT_PER_SAT)
            return sorted((_entry(row, self.source) for row in rows), key=lambda entry: entry.id)

    def declarations(self) -> list[Declaration]:
        """Return the declarations that came in, ordered by project, day and currency."""
        return [declaration for _, declaration in sorted(self._declared.items())]

    def _too_young(self, moment: datetime) -> bool:
        return moment > self.at - timedelta(hours=self.privacy.publish_delay_hours)

    def _id_of(self, movement: Movement) -> str:
        if self.privacy.rows == "day":
            return ""
        if self.key is None:
            msg = "rows: payment needs the id key; the configuration is checked before a source is opened"
            raise ValueError(msg)
        found = keyed_id(self.key, movement.private_id)
        if self.next_key is not None:
            self.names[found] = keyed_id(self.next_key, movement.private_id)
        return found


def by_day(rows: Iterable[Row]) -> Iterator[Row]:
    """Sum rows that share project, day, rail, class, status and month of creation."""
    cells: dict[object, Row] = {}
    for row in rows:
        name = (row.pot, row.cell)
        cells[name] = cells[name].joined(row) if name in cells else row
    yield from cells.values()


def merged(rows: Iterable[Row], min_group: int) -> Iterator[Row]:
    """Join rows of fewer than `min_group` payments with the next of their pot, the last one backwards."""
    for pot in _pots(rows):
        kept: list[Row] = []
        waiting: Row | None = None
        for row in pot:
            grown = row if waiting is None else row.joined(waiting)
            waiting = grown if grown.count < min_group else None
            if waiting is None:
                kept.append(grown)
        if waiting is not None:
            kept.append(waiting.joined(kept.pop()) if kept else waiting)
        yield from by_day(kept)  # two rows of a day may both have become mixed


def rounded(rows: Iterable[Row], unit_msat: int) -> Iterator[Row]:
    """Round rows down to a multiple of `unit_msat`; the last row of each pot takes what the others lost.

    A row that rounds to nothing joins that last row whole, so no count is lost.
    """
    for *others, last in _pots(rows):
        collector = last
        for row in others:
            whole = row.amount_msat // unit_msat * unit_msat if unit_msat else row.amount_msat
            if not whole:
                collector = replace(collector.joined(row), group=RESIDUAL)
            elif whole == row.amount_msat:
                yield row
            else:
                kept, lost = _split(row, whole)
                worth = _sum_worth((*collector.worth, *lost.worth))
                amount_msat = collector.amount_msat + lost.amount_msat
                collector = replace(collector, amount_msat=amount_msat, worth=worth, group=RESIDUAL)
                yield kept
        yield collector


def _row(movement: Movement, keyed: str = "") -> Row:
    day = datetime.combine(movement.at.date(), time(), movement.at.tzinfo)
    worth: tuple[AtReceipt, ...] = ()
    if movement.value is not None:
        part = AtReceipt(currency=movement.currency, amount_msat=movement.amount_msat, value=movement.value)
        worth = (part,)
    return Row(
        kind=movement.kind,
        project=movement.project,
        day=day,
        rail=movement.rail,
        group=movement.group,
        status=movement.status,
        reason=movement.reason,
        created_month=movement.created_month,
        amount_msat=movement.amount_msat,
        worth=worth,
        id=keyed,
        moment=movement.at,
    )


def _pots(rows: Iterable[Row]) -> Iterator[list[Row]]:
    # the last row of a pot takes what rounding leaves: which one it is must not change with the key
    ordered = sorted(rows, key=lambda row: row.turn)
    for _, pot in groupby(ordered, key=lambda row: row.pot):
        yield list(pot)


def _sum_worth(parts: Iterable[AtReceipt]) -> tuple[AtReceipt, ...]:
    sums: dict[str, tuple[int, Decimal]] = {}
    for part in parts:
        amount, value = sums.get(part.currency, (0, Decimal(0)))
        sums[part.currency] = (amount + part.amount_msat, value + part.value)
    return tuple(
        AtReceipt(currency=currency, amount_msat=amount, value=value)
        for currency, (amount, value) in sorted(sums.items())
    )


def _split(row: Row, whole_msat: int) -> tuple[Row, Row]:
    """Return a row's rounded part and the rest of it, each with its share of the worth.

    The rounded part's worth is given to the cent: an exact value at an exact
    rate would give the exact amount back.
    """
    kept, lost = [], []
    seen = shared = 0
    for part in row.worth:
        seen += part.amount_msat
        share = seen * whole_msat // row.amount_msat - shared  # cumulative, so that shares sum exactly
        shared += share
        value = (part.value * share / part.amount_msat).quantize(_CENT, rounding=ROUND_HALF_EVEN)
        kept.append(AtReceipt(currency=part.currency, amount_msat=share, value=value))
        rest = (part.amount_msat - share, part.value - value)
        lost.append(AtReceipt(currency=part.currency, amount_msat=rest[0], value=rest[1]))
    return (
        replace(row, amount_msat=whole_msat, worth=tuple(kept)),
        replace(row, amount_msat=row.amount_msat - whole_msat, worth=tuple(lost)),
    )


def _entry(row: Row, source: str) -> Entry:
    return Entry(
        id=row.id or _composed_id(row),
        source=source,
        project=row.project,
        kind=row.kind,
        amount_msat=row.amount_msat,
        at=row.day,
        status=row.status,
        reason=row.reason,
        count=row.count,
        rail=row.rail,
        group=row.group,
        created_month=row.created_month,
        at_receipt=row.worth,
    )


def _composed_id(row: Row) -> str:
    """Return ``project/day/rail/class/month``; a row that does not count says so in its class."""
    name = row.group if row.kind is Kind.PAYMENT else f"{row.kind}-{row.group}" if row.group else row.kind
    state = "" if row.status is Status.CONFIRMED else (row.reason or row.status).replace(" ", "-") + "-"
    return f"{row.project}/{row.day:%Y-%m-%d}/{row.rail}/{state}{name}/{row.created_month}"
