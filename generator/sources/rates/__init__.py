"""Exchange rates: the price of one bitcoin on the UTC days that have entries, and today's."""

from generator.sources.rates.providers import FilePrices, IndexerPrices, Price, PriceProvider, StorePrices
from generator.sources.rates.rates_source import SOURCE, RatesSource, missing_days
