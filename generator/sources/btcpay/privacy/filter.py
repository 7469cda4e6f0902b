"""The one way out: what may be published of one source as of one time; pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from generator.config import PrivacyConfig
from generator.ledger import Declaration, Entry, Kind, OtherMoney
from generator.money import MSAT_PER_SAT
from generator.sources.btcpay.movement import (
    EXACT,
    MarkedSettled,
    Movement,
    OtherCoinMovement,
    Stratum,
)
from generator.sources.btcpay.privacy.keyed_ids import KeyedIds
from generator.sources.btcpay.privacy.rounding import rounded
from generator.sources.btcpay.privacy.rows import Cell, Row, merged


@dataclass(slots=True, kw_only=True)
class PrivacyFilter:
    """Lets in money of any age and detail; lets out entries and declarations.

    Movements are summed while they come, so what is kept grows with rows, not with payments.
    """

    source: str
    privacy: PrivacyConfig
    at: datetime
    ids: KeyedIds | None = None  #: needed for ``rows: payment``
    _rows: dict[Cell, Row] = field(default_factory=dict, repr=False)
    _strata: dict[Stratum, Stratum] = field(default_factory=dict, repr=False)  #: one for all its rows
    _declared: dict[tuple[str, str, str], Declaration] = field(default_factory=dict, repr=False)
    _other: dict[tuple[str, ...], OtherMoney] = field(default_factory=dict, repr=False)
    _newest: datetime = field(init=False)  #: what is younger waits for a later run

    def __post_init__(self) -> None:
        self._newest = self.at - timedelta(hours=self.privacy.publish_delay_hours)
        if self.privacy.rows == "day":
            self.ids = None  # its ids are public words
        elif self.ids is None:
            msg = "rows: payment needs the id key; the configuration is checked before a source is opened"
            raise ValueError(msg)

    def is_due(self, at: datetime) -> bool:
        """Tell whether something is old enough to be published."""
        return at <= self._newest

    def take(self, movement: Movement) -> bool:
        """Let a payment or refund in, if it is old enough; tell whether it is."""
        if not self.is_due(movement.at):
            return False
        cell = Cell.of(movement, self.ids.make(movement.private_id) if self.ids else "")
        row = self._rows.get(cell)
        if row is None:
            stratum = self._strata.setdefault(cell.stratum, cell.stratum)
            cell = cell._replace(stratum=stratum)
            row = self._rows[cell] = Row(cell, movement.at)
        row.add(movement)
        return True

    def declare(self, marked: MarkedSettled) -> None:
        """Let a declaration in, if it is old enough; those of a place, day and currency are one."""
        if marked.at > self._newest:
            return
        name = (marked.place, f"{marked.at:%Y-%m-%d}", marked.currency)
        before = self._declared.get(name)
        self._declared[name] = Declaration(
            id="/".join(name),
            source=self.source,
            place=marked.place,
            amount=EXACT.add(marked.amount or 0, before.amount if before else 0),
            currency=marked.currency,
            day=name[1],
            count=1 + (before.count if before else 0),
            amounts_unknown=(marked.amount is None) + (before.amounts_unknown if before else 0),
            created_month=marked.created_month,
        )

    def take_other(self, payment: OtherCoinMovement) -> None:
        """Let money in another coin in, if it is old enough: months of creation are all that leaves."""
        if payment.at > self._newest:
            return
        kind = () if payment.kind is Kind.PAYMENT else (payment.kind,)
        name = (payment.place, payment.created_month, payment.coin, payment.rail, payment.status, *kind)
        before = self._other.get(name)
        self._other[name] = OtherMoney(
            id="/".join(name),
            source=self.source,
            place=payment.place,
            created_month=payment.created_month,
            kind=payment.kind,
            coin=payment.coin,
            rail=payment.rail,
            status=payment.status,
            amount=EXACT.add(payment.amount or 0, before.amount if before else 0),
            count=payment.count + (before.count if before else 0),
            amounts_unknown=(payment.count if payment.amount is None else 0)
            + (before.amounts_unknown if before else 0),
        )

    def entries(self) -> list[Entry]:
        """Make the entries of everything that came in, ordered by id: merged, then rounded; once."""
        summed = self._let_go()
        rows = merged(summed, self.privacy.min_group) if self.privacy.rows == "day" else summed
        whole = rounded(rows, self.privacy.round_to_sats * MSAT_PER_SAT)
        return sorted((row.entry(self.source) for row in whole), key=lambda entry: entry.id)

    def _let_go(self) -> Iterator[Row]:
        """Yield the rows and keep none: what has become an entry is in memory once."""
        while self._rows:
            yield self._rows.popitem()[1]

    def declarations(self) -> list[Declaration]:
        """List the declarations that came in, ordered by place, day and currency."""
        return [declaration for _, declaration in sorted(self._declared.items())]

    def other_money(self) -> list[OtherMoney]:
        """List what came in other coins, ordered by place, month, coin, rail and status."""
        return [money for _, money in sorted(self._other.items())]
