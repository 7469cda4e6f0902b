"""What of a configuration a site publishes: all that its figures rest on, and nothing that is private."""

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from generator.config.config import Config
from generator.config.project_settings import BTCPayBinding, ProjectConfig
from generator.config.source_settings import BTCPayServer, IndexerServer
from generator.places import TOKEN, token_of

#: Stands where the name of a secret stood; no figure depends on it.
PRIVATE_ENV: Final = "NOT_PUBLISHED"


def published(config: Config) -> Config:
    """Return the configuration as it may be published; doing it twice changes nothing.

    Addresses keep scheme and host: a path, a query or credentials may hold a key.
    """
    sources = config.sources
    nostr = sources.nostr
    rates = sources.rates
    return config.model_copy(
        update={
            "hook": None,
            "sources": sources.model_copy(
                update={
                    "btcpay": tuple(map(_server, sources.btcpay)),
                    "nostr": nostr
                    and nostr.model_copy(
                        update={"relays": tuple(_host(url) for url in nostr.relays), "auth_key_env": None}
                    ),
                    "indexers": tuple(IndexerServer(url=_host(url)) for url in sources.indexer_urls),
                    "rates": rates.model_copy(update={"store": rates.store and _token("store", rates.store)}),
                }
            ),
            "projects": tuple(map(_project, config.projects)),
        }
    )


def without_ids(config: Config) -> Callable[[str], str]:
    """Return what makes a message public: for each id of a store or app its token, and whose it is."""
    names = {
        store: f"{token_of('store', store)} (store {number} of {server.id})"
        for server in config.sources.btcpay
        for number, store in enumerate(server.stores, 1)
    }
    for project in config.projects:
        for binding in project.bindings:
            if private_id := binding.app or binding.pos or binding.payment_request:
                names[private_id] = f"{token_of(binding.kind, private_id)} (of {project.slug})"
    if not names:
        return str
    ids = re.compile(rf"(?<![0-9A-Za-z])(?:{'|'.join(map(re.escape, names))})(?![0-9A-Za-z])")
    return lambda text: ids.sub(lambda found: names[found[0]], text)


def _server(server: BTCPayServer) -> BTCPayServer:
    hidden = {
        "url": _host(server.url),
        "token_env": PRIVATE_ENV,
        "stores": tuple(_token("store", store) for store in server.stores),
        "purposes": (),  # names hold personal data; what they decide stands in the log
    }
    way = {"proxy": None, "ca_file": None, "verify": True}  # where from it is asked is nobody's business
    return server.model_copy(update=hidden | way)


def _project(project: ProjectConfig) -> ProjectConfig:
    return project.model_copy(update={"btcpay": tuple(map(_binding, project.bindings)) or None})


def _binding(binding: BTCPayBinding) -> BTCPayBinding:
    kinds = {"app": "crowdfund", "pos": "pos", "payment_request": "request", "store": "store"}
    ids = {name: getattr(binding, name) for name in kinds}
    return binding.model_copy(
        update={name: _token(kinds[name], private) for name, private in ids.items() if private}
    )


def _token(kind: str, private_id: str) -> str:
    return TOKEN + token_of(kind, private_id)


def _host(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
