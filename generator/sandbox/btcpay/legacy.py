"""What a server before 2.0 sends: other names of keys and rails, no payments in the list."""

from typing import Final

Json = dict[str, object]

_RAILS: Final = {"BTC-CHAIN": "BTC", "BTC-LN": "BTC-LightningNetwork", "BTC-LNURL": "BTC-LNURLPAY"}
_KEYS: Final = {
    "paymentMethodId": "paymentMethod",
    "currency": "cryptoCode",
    "paymentMethodFee": "networkFee",
}


def old_invoice(invoice: Json) -> Json:
    """Return an invoice of the list as an old server writes it."""
    kept = {key: value for key, value in invoice.items() if key not in ("paidAmount", "paymentMethods")}
    checkout = invoice["checkout"]
    if isinstance(checkout, dict):
        rails = [_RAILS.get(rail, rail) for rail in checkout["paymentMethods"]]
        kept["checkout"] = {**checkout, "paymentMethods": rails}
    return kept


def old_method(method: Json) -> Json:
    """Return a payment method as an old server writes it."""
    renamed = {_KEYS.get(key, key): value for key, value in method.items()}
    rail = str(method["paymentMethodId"])
    return {**renamed, "paymentMethod": _RAILS.get(rail, rail)}
