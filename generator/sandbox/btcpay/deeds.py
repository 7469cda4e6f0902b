"""What donors and owners did at BTCPay, noted by themselves at the moment of acting."""

from collections.abc import Iterator
from dataclasses import dataclass, field
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


@dataclass(slots=True)
class Deeds:
    """All deeds in the order in which they were noted."""

    noted: list[Deed] = field(default_factory=list)
    pages: dict[str, CrowdfundPage] = field(default_factory=dict)  #: by slug, of crowdfunds

    def add(self, deed: Deed) -> None:
        """Note one deed."""
        self.noted.append(deed)

    def __iter__(self) -> Iterator[Deed]:
        return iter(self.noted)

    def __len__(self) -> int:
        return len(self.noted)
