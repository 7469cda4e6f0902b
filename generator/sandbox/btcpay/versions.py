"""Servers of other versions: what they call things, leave out and refuse."""

from enum import StrEnum
from typing import Final

Json = dict[str, object]

_RAILS: Final = {"BTC-CHAIN": "BTC", "BTC-LN": "BTC-LightningNetwork", "BTC-LNURL": "BTC-LNURLPAY"}
#: The same rails as a checkout of 1.x lists them.
_OFFERED: Final = {"BTC-CHAIN": "BTC", "BTC-LN": "BTC_LightningLike", "BTC-LNURL": "BTC_LNURLPAY"}
_METHOD_KEYS: Final = {
    "paymentMethodId": "paymentMethod",
    "currency": "cryptoCode",
    "paymentMethodFee": "networkFee",
}
_PAYOUT_KEYS: Final = {
    "payoutMethodId": "paymentMethod",
    "payoutCurrency": "cryptoCode",
    "payoutAmount": "paymentMethodAmount",
    "originalAmount": "amount",
}


class Version(StrEnum):
    """A version of BTCPay Server whose answers differ from its neighbours'."""

    CURRENT = "2.4.1"
    SINGLE = "2.3.5"  #: the list does not tell payments: each invoice is asked about singly
    SHUT = "2.0.4"  #: nor what was paid; and an app is shown only to who may change the store
    FIRST = "1.13.5"  #: and keys and rails have other names
    OLD = "1.10.4"  #: and what is paid out is shown only to who may change it (1.12)

    @property
    def is_bulk(self) -> bool:
        """Tell whether the list can tell payments (2.3.6)."""
        return self is Version.CURRENT

    @property
    def shows_apps(self) -> bool:
        """Tell whether any key may read an app (2.0.5)."""
        return self in (Version.CURRENT, Version.SINGLE)

    def right(self, right: str) -> str:
        """Return the right that this version asks for instead."""
        paid_out = right in ("btcpay.store.canviewpullpayments", "btcpay.store.canviewpayouts")
        return "btcpay.store.canmanagepullpayments" if self is Version.OLD and paid_out else right

    def invoice(self, document: Json) -> Json:
        """Return an invoice of the list as this version writes it."""
        if self.is_bulk:
            return document
        left_out = {"paymentMethods"} if self is Version.SINGLE else {"paymentMethods", "paidAmount"}
        kept = {key: value for key, value in document.items() if key not in left_out}
        checkout = kept["checkout"]
        if self in _OLD_NAMES and isinstance(checkout, dict):
            rails = [_OFFERED.get(rail, rail) for rail in checkout["paymentMethods"]]
            kept["checkout"] = {**checkout, "paymentMethods": rails}
        return kept

    def method(self, document: Json) -> Json:
        """Return a payment method as this version writes it."""
        return self._renamed(document, _METHOD_KEYS, "paymentMethodId")

    def payout(self, document: Json) -> Json:
        """Return a payout as this version writes it."""
        return self._renamed(document, _PAYOUT_KEYS, "payoutMethodId")

    def _renamed(self, document: Json, names: dict[str, str], rail: str) -> Json:
        if self not in _OLD_NAMES:
            return document
        renamed = {names.get(key, key): value for key, value in document.items()}
        return {**renamed, names[rail]: _RAILS.get(str(document[rail]), document[rail])}


_OLD_NAMES: Final = (Version.FIRST, Version.OLD)
