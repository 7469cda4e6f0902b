"""What a store is remembered by beside its money: its own numbers, what was decided, what was promised."""

from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

import msgspec

from generator.ledger import Observation
from generator.number_bounds import Whole, refuse_odd
from generator.origin import Origins, fields
from generator.places import BTCPAY


class Difference(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """By how much, and why, a server's own sum is not ours."""

    reason: str  #: one word: late, declared, currency, coin, fee, period, cap, other
    value: Decimal  #: the server's less ours, in the currency of the number
    count: Whole  #: invoices or payments

    def __post_init__(self) -> None:
        refuse_odd(self.reason, self.value)


class OwnNumber(Observation, frozen=True, kw_only=True, omit_defaults=True, tag="own_number"):
    """What a server's own page counts for a project, of invoices created in one month.

    `id` is ``<place>/<month>``; `raised` is `counted` plus all differences.
    """

    ORIGINS: ClassVar[Origins] = {
        BTCPAY: fields(
            derived="id source place",
            btcpay="created_month currency raised pending contributors counted differences",
        )
    }

    place: str
    created_month: str
    currency: str  #: of the server's goal
    raised: Decimal  #: as the server counts
    pending: Decimal
    contributors: Whole = 0  #: invoices, not people
    counted: Decimal  #: what we count of the same invoices, in the same currency
    differences: tuple[Difference, ...] = ()

    def __post_init__(self) -> None:
        refuse_odd(f"own number {self.id}", self.raised, self.pending, self.counted)
        parts = (self.counted, *(difference.value for difference in self.differences))
        if Fraction(self.raised) != sum(
            map(Fraction, parts)
        ):  # sums of decimals are rounded, fractions never
            msg = f"own number {self.id}: {self.raised} is not {self.counted} and its differences"
            raise ValueError(msg)


class Attributed(Observation, frozen=True, kw_only=True, omit_defaults=True, tag="attributed"):
    """How much of a store's settled money one verdict decided, of invoices created in one month.

    `id` is ``<place>/<month>/<how>``, with the other places; sums are those of confirmed payments.
    """

    ORIGINS: ClassVar[Origins] = {
        BTCPAY: fields(derived="id source place amount_msat count", btcpay="created_month how others")
    }

    place: str
    created_month: str
    how: str = ""  #: what ties the invoices to the place; empty for the plain rest of a store
    others: tuple[str, ...] = ()  #: places that unassigned money may belong to, or that the rest names
    count: Whole
    amount_msat: Whole


class PromisedMoney(Observation, frozen=True, kw_only=True, omit_defaults=True, tag="promised_money"):
    """What is remembered of a pull payment: once it is archived, BTCPay shows its payouts no more.

    `id` is a token of its id, or a keyed hash; no name, no recipient.
    """

    ORIGINS: ClassVar[Origins] = {
        BTCPAY: fields(derived="source", btcpay="id place how sealed final archived")
    }

    place: str = ""  #: whose money went back, empty for what is no refund as far as we know
    how: str = ""  #: what ties it to that place
    sealed: str = ""  #: what it paid, to be read only with its id
    final: bool = False  #: there were payouts, and each that still stood was completed
    archived: bool = False
