"""Exchange rates: the price of one bitcoin on the UTC days that have entries, and today's."""

from generator.sources.rates.providers import History, Own, Price, Provider, Store
from generator.sources.rates.source import MOST_DAYS, SOURCE, Rates, missing_days

__all__ = ["MOST_DAYS", "SOURCE", "History", "Own", "Price", "Provider", "Rates", "Store", "missing_days"]
