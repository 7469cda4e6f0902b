"""What donors and owners did at BTCPay, noted by themselves at the moment of acting."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from generator.sandbox.btcpay.crowdfund_page import CrowdfundPage


class DeedKind(StrEnum):
    """What happened."""

    PAID = "paid"
    REFUNDED = "refunded"
    DECLARED = "declared"  #: the owner says money came another way


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
    at: datetime  #: UTC
    standing: Standing = Standing.CONFIRMED
    amount_msat: int = 0
    rail: str = ""  #: how it was paid
    currency: str = ""  #: fiat of the invoice or declaration, empty where it was priced in bitcoin
    value: Decimal | None = None  #: in `currency`: worth at receipt, or what was declared


class Deeds(list[Deed]):
    """All deeds in the order in which they were noted."""

    pages: dict[str, CrowdfundPage]  #: by slug, of crowdfunds

    def __init__(self) -> None:
        super().__init__()
        self.pages = {}
