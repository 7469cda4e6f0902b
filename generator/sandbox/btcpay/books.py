"""What one BTCPay server knows."""

from dataclasses import dataclass, field
from decimal import Decimal

from generator.sandbox.btcpay.model import Crowdfund, Payout, PullPayment, Store
from generator.sandbox.btcpay.shelf import Shelf


@dataclass(slots=True)
class Books:
    """Everything one server knows."""

    now: int
    stores: dict[str, Store] = field(default_factory=dict)
    crowdfunds: dict[str, Crowdfund] = field(default_factory=dict)
    invoices: Shelf = field(default_factory=Shelf)
    pulls: list[PullPayment] = field(default_factory=list)
    payouts: list[Payout] = field(default_factory=list)
    prices: dict[str, Decimal] = field(default_factory=dict)  #: currency → price of one bitcoin now
