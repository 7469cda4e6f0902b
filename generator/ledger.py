"""One model of money for both worlds: entries, what they move, and balances.

Every movement is an `Entry`. `MOVES` is the whole accounting of Sunlit on one screen: it says between which
accounts each kind moves money. Balances always sum to zero; pending and excluded entries move nothing.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Final, NoReturn, Self, TypeAlias

import msgspec

from generator.money import MAX_MSAT
from generator.number_bounds import FIRST_YEAR, LAST_YEAR, RecordId, Whole, refuse_far, refuse_odd
from generator.origin import Origins, fields
from generator.places import ANGOR, BTCPAY


class Account(StrEnum):
    """Where money is."""

    BACKERS = "backers"
    FOUNDER = "founder"
    LOCKED = "locked"
    PENALTY = "penalty"
    ANGOR = "angor"
    PAID_OUT = "paid out"
    UNKNOWN = "unknown"


class Kind(StrEnum):
    """What a movement of money means."""

    __hash__ = str.__hash__  # equal to its word, so found like it; Enum's own is slow as well

    PAYMENT = "payment"
    REFUND = "refund"
    PAYOUT = "payout"
    INVESTMENT = "investment"
    FEE = "fee"
    CLAIM = "claim"
    PENALTY = "penalty"
    RELEASE = "release"
    RECOVERY = "recovery"
    UNCLASSIFIED = "unclassified"


class Status(StrEnum):
    """Whether a movement counts."""

    __hash__ = str.__hash__  # as of `Kind`

    CONFIRMED = "confirmed"
    PENDING = "pending"
    EXCLUDED = "excluded"


class Verification(StrEnum):
    """How far a movement was re-derived from public data (design: proven from public data)."""

    PROVEN = "proven"
    REPORTED = "reported"
    FAILED = "failed"


MOVES: dict[Kind, tuple[Account, Account]] = {
    Kind.PAYMENT: (Account.BACKERS, Account.FOUNDER),
    Kind.REFUND: (Account.FOUNDER, Account.BACKERS),
    Kind.PAYOUT: (Account.FOUNDER, Account.PAID_OUT),  # to others than backers
    Kind.INVESTMENT: (Account.BACKERS, Account.LOCKED),
    Kind.FEE: (Account.BACKERS, Account.ANGOR),
    Kind.CLAIM: (Account.LOCKED, Account.FOUNDER),  # a stage came due
    Kind.PENALTY: (Account.LOCKED, Account.PENALTY),  # investor left early
    Kind.RELEASE: (Account.PENALTY, Account.BACKERS),
    Kind.RECOVERY: (Account.LOCKED, Account.BACKERS),  # end of project, below threshold, unfunded, seeder
    Kind.UNCLASSIFIED: (Account.LOCKED, Account.UNKNOWN),  # shown, never guessed
}


class AtReceipt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What part of an entry was worth when it came in, by the invoice's own rate."""

    currency: str
    amount_msat: Whole
    value: Decimal

    def __post_init__(self) -> None:
        refuse_odd(f"worth in {self.currency}", self.value)


Key: TypeAlias = tuple[str, str, str]  #: type of an observation, source, id


class Observation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type", gc=False):
    """One thing that a source said; a value of JSON, in which there is no circle to look for."""

    id: RecordId
    source: RecordId  #: name of the source that observed it

    @property
    def key(self) -> Key:
        """What makes it unique in the log: type, source, id."""
        return (str(self.__struct_config__.tag), self.source, self.id)


class Entry(Observation, frozen=True, kw_only=True, omit_defaults=True, tag="entry"):
    """One movement of money; `id`: ``txid:vout`` of outputs, ``txid/vin`` of spends, made of BTCPay."""

    ORIGINS: ClassVar[Origins] = {
        ANGOR: fields(
            derived="id source place kind amount_msat at status verification evidence party stage opens_at "
            "spends height block"
        ),
        BTCPAY: fields(
            derived="id source place kind",
            btcpay="amount_msat at status reason count rail rails group created_month period at_receipt",
            publisher="purpose",
        ),
    }

    place: str  #: where the money belongs at its source, see `generator.places`
    kind: Kind
    amount_msat: int  #: always above zero; the kind gives the direction
    at: datetime  #: aware UTC: block time, or when the payment was received
    status: Status
    reason: str = ""  #: why it is excluded, one short word or phrase
    verification: Verification = Verification.REPORTED
    evidence: tuple[str, ...] = ()  #: ids of `Evidence` records
    count: Whole = 1  #: movements in this row (day rows of payments)
    rail: str = ""  #: BTCPay payment method id
    rails: tuple[str, ...] = ()  #: those in a row of several, whose `rail` is ``mixed``
    group: str = ""  #: BTCPay class: on_time, late, partial, over, manual
    purpose: str = ""  #: what a payout was for, in a public word of the configuration
    created_month: str = ""  #: month of the invoices' creation, ``2026-03``; of money out, of its own day
    period: str = ""  #: first day of the goal's period it belongs to, ``2026-03-28``; empty without one
    at_receipt: tuple[AtReceipt, ...] = ()
    party: str = ""  #: investor key (33-byte hex)
    stage: Whole | None = None  #: Angor stage, counted from 1
    opens_at: datetime | None = None  #: when the founder may claim this output
    spends: str = ""  #: outpoint ``txid:vout`` this entry spends
    height: Whole | None = None  #: block height, None while unconfirmed
    block: str = ""  #: block hash

    def __post_init__(self) -> None:
        if not 0 < self.amount_msat <= MAX_MSAT:
            self._refuse(f"amount {self.amount_msat} msat, expected 1 to {MAX_MSAT}")
        if not FIRST_YEAR <= self.at.year <= LAST_YEAR:  # no text of an id before it is due: entries are many
            refuse_far(f"entry {self.id}", self.at)
        if self.at.tzinfo is not UTC or (self.opens_at is not None and self.opens_at.tzinfo is not UTC):
            self._refuse_other_zones()
        if (self.status is Status.EXCLUDED) != bool(self.reason):
            self._refuse(f"status {self.status} with reason {self.reason!r}")
        if self.count < 1:
            self._refuse(f"count {self.count}, expected at least 1")

    def _refuse_other_zones(self) -> None:
        for name, moment in (("at", self.at), ("opens_at", self.opens_at)):
            if moment is not None and moment.utcoffset() != UTC.utcoffset(None):
                self._refuse(f"{name} is {moment.isoformat()}, expected an aware UTC time")

    def _refuse(self, fault: str) -> NoReturn:
        msg = f"entry {self.id}: {fault}"
        raise ValueError(msg)

    def excluded(self, reason: str) -> Self:
        """Return the same movement, listed but never summed."""
        return msgspec.structs.replace(self, status=Status.EXCLUDED, reason=reason)


#: Stands for a currency or a coin that nobody names readably (ISO 4217: no currency).
NO_CURRENCY: Final = "XXX"
#: Why a payment is excluded of which nobody knows whether it counts: its server used a word we do not know.
UNKNOWN_STATUS: Final = "unknown status"


class Declaration(Observation, frozen=True, kw_only=True, omit_defaults=True, tag="declaration"):
    """Money a maintainer marked as received without any payment seen; listed beside *raised*, never in it."""

    ORIGINS: ClassVar[Origins] = {
        BTCPAY: fields(
            derived="id source place", btcpay="amount currency day count amounts_unknown created_month"
        )
    }

    place: str
    amount: Decimal  #: in `currency`, never converted; of those whose amount can be read
    currency: str  #: ``XXX`` where the invoice names none that can be read (ISO 4217: no currency)
    day: str  #: ``2026-03-01``, UTC
    count: Whole = 1
    amounts_unknown: Whole = 0  #: how many of `count` say no amount: their sum is "at least"
    created_month: str = ""

    def __post_init__(self) -> None:
        refuse_odd(f"declaration {self.id}", self.amount)

    @property
    def known_amount(self) -> Decimal | None:
        """The amount, at least; None where not one of them says any."""
        return None if self.amounts_unknown == self.count else self.amount


class OtherMoney(Observation, frozen=True, kw_only=True, omit_defaults=True, tag="other_money"):
    """Money in another coin, or by a rail that nobody knows to be bitcoin: in no sum of bitcoin.

    `id` is ``<place>/<month>/<coin>/<rail>/<status>``, of money out with its kind behind.
    """

    ORIGINS: ClassVar[Origins] = {
        BTCPAY: fields(
            derived="id source place kind",
            btcpay="created_month coin rail status amount count amounts_unknown",
        )
    }

    place: str
    created_month: str  #: of the invoices' creation, ``2026-03``; of money out, when it was claimed
    kind: Kind = Kind.PAYMENT  #: or refund, or payout
    coin: str  #: its code as the server writes it, such as ``USDt``; ``XXX`` where it names none
    rail: str  #: payment method id, upper case
    status: Status
    amount: Decimal  #: in the coin's own unit, never converted; of those whose amount can be read
    count: Whole
    amounts_unknown: Whole = 0  #: how many of `count` have no readable amount: their sum is "at least"

    def __post_init__(self) -> None:
        refuse_odd(f"other money {self.id}", self.amount)


def moves(entry: Entry) -> bool:
    """Tell whether an entry moves money: confirmed and not contradicted."""
    return entry.status is Status.CONFIRMED and entry.verification is not Verification.FAILED


def transaction_of(entry: Entry) -> str:
    """Return the transaction id of an on-chain entry, from ``txid:vout`` or ``txid/vin``."""
    return entry.id.replace("/", ":").split(":")[0]


def balances(entries: Iterable[Entry]) -> dict[Account, int]:
    """Return millisatoshis by account; the values always sum to zero."""
    totals = dict.fromkeys(Account, 0)
    for entry in entries:
        if moves(entry):
            source, target = MOVES[entry.kind]
            totals[source] -= entry.amount_msat
            totals[target] += entry.amount_msat
    return totals
