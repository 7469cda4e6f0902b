"""Which recorded rates the configuration accounts for: those of the providers that it names."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from generator.config import Config
from generator.snapshot import Rate


def unnamed_rates(rates: Iterable[Rate], config: Config) -> list[Rate]:
    """Return the rates of nobody whom the configuration asks: former providers', or a file's own words.

    A rate is never replaced, so those of a provider that is asked no more stay; only the publisher
    stands for them.
    """
    sources = config.sources
    asked = set(sources.rates.asked)
    addresses = [*(sources.indexer_urls if "mempool" in asked else ())]
    addresses += (
        server.url for server in sources.btcpay if "btcpay" in asked and server.id == sources.rates.server
    )
    parts = map(urlsplit, addresses)
    hosts = {(part.hostname or "") + (f":{part.port}" if part.port else "") for part in parts}
    return [rate for rate in rates if rate.provider not in hosts]
