"""Prices as mempool tells them, and the four ways in which it tells none (public-servers.md 4)."""

from datetime import UTC, datetime
from typing import Final

from starlette.exceptions import HTTPException

from generator.sandbox.indexer.question import Question
from generator.sandbox.indexer.quirks import PriceTable

_BEFORE_ALL: Final = 1_279_497_600  #: 2010-07-19, which an empty table answers with


def historical_price(asked: Question) -> object:
    """Return the invented price of a currency at or before a time, or the whole table (mempool's API)."""
    currency, timestamp = asked.query.get("currency", "USD"), asked.query.get("timestamp")
    match asked.quirks.prices:
        case PriceTable.NONE:
            raise HTTPException(404, "Cannot GET /api/v1/historical-price")
        case PriceTable.TESTNET:
            raise HTTPException(400, "Prices are not available on testnets.")
        case PriceTable.EMPTY:
            row = {"time": _BEFORE_ALL, currency: 0, "USD": 0}
            return {"prices": [row], "exchangeRates": {}}
        case PriceTable.MISSING:
            return {"prices": [{"time": int(timestamp or _BEFORE_ALL), currency: -1}], "exchangeRates": {}}
        case PriceTable.FULL:
            return _told(asked, currency, timestamp)


def _told(asked: Question, currency: str, timestamp: str | None) -> object:
    if timestamp is None:
        rows = [
            {"time": int(quote.at.timestamp()), currency: quote.prices.get(currency, -1)}
            for quote in reversed(asked.prices.quotes)
        ]
        return {"prices": rows, "exchangeRates": {}}
    if not timestamp.isdigit():
        raise HTTPException(400, "Invalid timestamp")
    quote = asked.prices.at(datetime.fromtimestamp(int(timestamp), UTC))
    if quote is None or currency not in quote.prices:
        return {"prices": [], "exchangeRates": {}}
    shown = {name: quote.prices[name] for name in (currency, "USD")}
    return {"prices": [{"time": int(quote.at.timestamp()), **shown}], "exchangeRates": {}}
