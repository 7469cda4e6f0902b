"""Payment methods by their many names: which carry bitcoin, and how any may be published; pure."""

import re
from functools import lru_cache
from typing import Final

#: Rails whose value is bitcoin, by each name that a version gives them, upper case. Anything else is
#: another coin, or a plugin's, and in no sum of bitcoin.
_BITCOIN_RAILS: Final = {
    "BTC-CHAIN": "BTC-CHAIN",
    "BTC": "BTC-CHAIN",
    "BTC_BTCLIKE": "BTC-CHAIN",
    "BTC-BTCLIKE": "BTC-CHAIN",
    "BTC-ONCHAIN": "BTC-CHAIN",
    "BTC-LN": "BTC-LN",
    "BTC-LIGHTNINGNETWORK": "BTC-LN",
    "BTC_LIGHTNINGLIKE": "BTC-LN",
    "BTC_OFFCHAIN": "BTC-LN",
    "BTC-LNURL": "BTC-LNURL",
    "BTC-LNURLPAY": "BTC-LNURL",
    "BTC_LNURLPAY": "BTC-LNURL",
}
#: Rails of plugins that pay out bitcoin itself; they must name it as their currency.
_BITCOIN_PLUGINS: Final = frozenset({"ARKADE"})
#: Stands for a rail whose id cannot be published.
_UNNAMED: Final = "UNNAMED"
_PUBLISHABLE: Final = re.compile("[A-Za-z0-9_-]{1,32}")


@lru_cache(maxsize=64)
def bitcoin_rail(name: str | None, coin: str | None) -> str:
    """Return the current name of a payment method; empty when its value is not bitcoin.

    BTCPay's own methods are bitcoin where no coin is named, as in 1.x.
    """
    rail = (name or "").upper()
    if (coin or "BTC").upper() != "BTC":
        return ""
    return _BITCOIN_RAILS.get(rail) or (rail if coin and rail in _BITCOIN_PLUGINS else "")


@lru_cache(maxsize=64)
def rail_name(text: str | None) -> str:
    """Make a payment method's id safe to publish, upper case; a plugin may use any words."""
    return text.upper() if text and _PUBLISHABLE.fullmatch(text) else _UNNAMED
