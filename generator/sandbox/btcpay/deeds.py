"""What donors and owners did at BTCPay, noted by themselves at the moment of acting."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from generator.sandbox.btcpay.crowdfund_page import CrowdfundPage

#: Kinds of places money can belong to in a store; `REST` is what no app or request was paid for.
CROWDFUND: Final = "crowdfund"
POS: Final = "pos"
REQUEST: Final = "request"
REST: Final = "rest"


@dataclass(frozen=True, slots=True)
class PaidPlace:
    """Where money was really paid, whatever its invoice says."""

    store: str
    kind: str = REST
    number: str = ""  #: id of the app or request

    @property
    def name(self) -> str:
        """Return it in plain words: ``crowdfund:<app id>``, ``pos:…``, ``request:…`` or ``rest``."""
        return f"{self.kind}:{self.number}" if self.number else self.kind


class DeedKind(StrEnum):
    """What happened."""

    PAID = "paid"
    OTHER_COIN = "paid in another coin"  #: `amount_msat` in 10⁻¹¹ of the coin that `currency` names
    REFUNDED = "refunded"
    PAID_OUT = "paid out"  #: to somebody who is no donor
    DECLARED = "declared"  #: the owner says money came another way


_OF_PROJECTS: Final = frozenset({DeedKind.PAID, DeedKind.REFUNDED, DeedKind.DECLARED})


class Standing(StrEnum):
    """Whether the money counts, at the world's end."""

    CONFIRMED = "confirmed"
    PENDING = "pending"
    REJECTED = "rejected"  #: the owner marked the invoice invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One movement of money at BTCPay, or one declaration."""

    kind: DeedKind
    project: str  #: slug
    place: PaidPlace = PaidPlace("")
    at: datetime  #: UTC
    made: datetime | None = None  #: UTC: when the invoice was made, which decides its period
    standing: Standing = Standing.CONFIRMED
    amount_msat: int = 0
    rail: str = ""  #: how it was paid
    outcome: str = ""  #: in what state of its invoice: payments of a day, rail and outcome are one row
    currency: str = ""  #: fiat of the invoice or declaration, empty where it was priced in bitcoin
    value: Decimal | None = None  #: in `currency`: worth at receipt, or what was declared


class Deeds(list[Deed]):
    """All deeds for projects, in the order in which they were noted."""

    pages: dict[str, CrowdfundPage]  #: by slug, of crowdfunds
    others: list[Deed]  #: what is in no project's bitcoin: for nobody's project, in other coins, no gift

    def __init__(self) -> None:
        super().__init__()
        self.pages = {}
        self.others = []

    def note(self, deed: Deed) -> None:
        """Add a deed to those of projects, or to the others."""
        (self if deed.project and deed.kind in _OF_PROJECTS else self.others).append(deed)
