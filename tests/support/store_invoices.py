"""Invoices of a store whose crowdfund, point of sale and payment request are bound, as BTCPay shows them."""

from datetime import UTC, datetime

import msgspec

from generator.sources.btcpay.greenfield.wire import INVOICE, Invoice

HOME = "https://pay.example.org"
FUND, TILL, BILL = (
    "4NpDR2kvTMEWHkVVLYbhkyzhLbHy",
    "2fRB6WX9QybQdoPTLg83HHoVWgvn",
    "3hQtLk7CbZFQTHJeM6tXqPKw4iRN",
)
TODAY, OLD, OLDEST = (int(datetime(year, 1, 9, tzinfo=UTC).timestamp()) for year in (2026, 2023, 2021))
PUT = ("crowdfund", FUND), ("pos", TILL), ("request", BILL)
TERMS = {"crowdfund": f"crowdfund-app_{FUND}", "pos": f"pos-app_{TILL}", "request": f"PAY_REQUEST_{BILL}"}


def invoice(at: int = TODAY, name: str = "i", back: object = msgspec.UNSET, **metadata: object) -> Invoice:
    """Make a settled invoice of EUR, created at Unix second `at`; `back` is its return page, if any."""
    checkout = {} if back is msgspec.UNSET else {"redirectURL": back}
    body = {
        "id": name,
        "status": "Settled",
        "additionalStatus": "None",
        "createdTime": at,
        "expirationTime": at + 900,
        "currency": "EUR",
        "metadata": metadata,
        "checkout": checkout,
    }
    return INVOICE.decode(msgspec.json.encode(body))
