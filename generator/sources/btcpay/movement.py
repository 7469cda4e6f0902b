"""Money as a server's answers tell it: private, before `privacy` decides what may be published; pure."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Context, Decimal
from typing import Final, NamedTuple

import msgspec

from generator.ledger import AtReceipt, Kind, Status
from generator.periods import Periods

#: Arithmetic with more digits than any sum or product of sent values has: nothing is ever rounded.
EXACT: Final = Context(prec=60)
#: How far a server's clock may be ahead of ours; what it dates later is left out, and said.
_AHEAD: Final = timedelta(minutes=10)


class Stratum(NamedTuple):
    """What merging and rounding never leave, so that sums and counts by it, and by UTC month, stay exact."""

    place: str
    kind: Kind
    created_month: str  #: ``2026-03``, of the invoice's creation, or of a payout's date
    status: Status
    reason: str = ""  #: why it is excluded
    period: str = ""  #: first day of the goal's period that the invoice was created in, ``2026-03-28``
    paid_in: str = ""  #: first day of the goal's period that it was paid in, where that decides; never logged
    purpose: str = ""  #: of money out, in a public word


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacePeriods:
    """The periods that money of one place is told apart by, as of one run."""

    created: Periods | None = None  #: of a crowdfund's own goal: by the invoice's creation
    paid: Periods | None = None  #: of a goal that the place is not asked for itself: by the day of payment

    def of(self, stratum: Stratum, created: datetime, paid: datetime) -> Stratum:
        """Put a payment of an invoice into its periods."""
        return stratum._replace(
            period=self.created.name_at(created) if self.created else "",
            paid_in=self.paid.name_on(paid.date()) if self.paid else "",
        )


class Movement(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One payment, refund or other payout; a struct, because a store has very many."""

    stratum: Stratum
    private_id: str  #: ``rail ‖ 0 ‖ payment``; only its keyed hash may leave
    rail: str
    group: str  #: class of the payment: on_time, late, partial, over, manual; of money out mostly empty
    amount_msat: int
    at: datetime  #: when the server recorded it
    worth: AtReceipt | None = None  #: net value at receipt; None when priced in bitcoin or unreadable

    def __repr__(self) -> str:
        """Leave out what must not be in a message."""
        return f"Movement({self.stratum}, {self.rail}, {self.group}, {self.amount_msat}, {self.at:%Y-%m-%d})"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedSettled:
    """An invoice that its owner marked settled although no payment was seen."""

    place: str
    amount: Decimal | None  #: None where the invoice says none, as a top-up without an amount
    currency: str
    at: datetime  #: creation of the invoice; when it was marked is not known
    created_month: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherCoinMovement:
    """Money in another coin, or through a plugin: never summed as bitcoin."""

    place: str
    created_month: str
    kind: Kind = Kind.PAYMENT
    private_id: str = field(repr=False)  #: never leaves
    coin: str  #: ``XXX`` where the server names none
    rail: str
    status: Status
    amount: Decimal | None  #: in the coin's unit; None where it cannot be read
    at: datetime  #: when the server recorded it; creation of the invoice where that cannot be read
    count: int = 1


Money = Movement | MarkedSettled | OtherCoinMovement


def is_ahead(dated: datetime, at: datetime) -> bool:
    """Tell whether a server dates something after a run of the time `at`: no delay explains it."""
    return dated - at > _AHEAD


def month_of(at: date) -> str:
    """Name the month of a UTC day, or of an aware UTC time: ``2026-03``."""
    return f"{at.year}-{at.month:02}"
