"""Rails that plugins bring, as they name them: which coin each carries, and what it is worth.

By the plugins' source: Arkade, Cashu, Liquid, USDt, Monero, Stripe. Only Ark is bitcoin like BTCPay's own.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Final

from generator.sandbox.btcpay.model import MSAT_PER_BTC, RAILS, Invoice, Payment, btc


@dataclass(frozen=True, slots=True)
class Coin:
    """What a rail carries: its code (empty for the invoice's own currency), digits, and price of one.

    Without a price it is worth what bitcoin is.
    """

    code: str
    digits: int
    price: str = ""  #: in the invoice's currency, whichever that is


COINS: Final = {
    "ARKADE": Coin("BTC", 8),
    "BTC-ARKADE": Coin("BTC", 8),  # a plugin that nobody knows
    "CASHU": Coin("BTC", 8),
    "LBTC-CHAIN": Coin("LBTC", 8),
    "USDT-TRON": Coin("USDt", 6, "0.9"),
    "XMR-CHAIN": Coin("XMR", 12, "150"),
    "STRIPE": Coin("", 2, "1"),
}
#: Rails whose payments count as bitcoin; all others are told by coin.
COUNTED: Final = (*RAILS, "ARKADE")
_BITCOIN: Final = Coin("BTC", 8)


def coin_of(invoice: Invoice, rail: str) -> str:
    """Return the code of what a rail carries."""
    return COINS.get(rail, _BITCOIN).code or invoice.currency


def rate_of(invoice: Invoice, rail: str) -> Decimal:
    """Return the price of one coin in the invoice's currency."""
    price = COINS.get(rail, _BITCOIN).price
    return Decimal(price) if price else invoice.rate


def asked_in(invoice: Invoice, rail: str) -> int:
    """Return what an invoice asks by a rail, in 10⁻¹¹ of its coin, rounded up to digits that both have."""
    step = Decimal(1).scaleb(-min(COINS[rail].digits, 11))
    coins = (invoice.price / rate_of(invoice, rail)).quantize(step, rounding=ROUND_CEILING)
    return int(coins * MSAT_PER_BTC)


def value_text(payment: Payment) -> str:
    """Return a payment's amount with its coin's digits."""
    coin = COINS.get(payment.rail)
    return f"{payment.value:.{coin.digits}f}" if coin else btc(payment.amount_msat)
