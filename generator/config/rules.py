"""What the models cannot see: rules between different parts of the configuration.

They look at the plain document, not at the models, so that they also speak
when some other part of the file is broken: a maintainer sees all problems at
once. What has the wrong shape is skipped here; the models name it.
"""

from collections.abc import Iterator
from contextlib import suppress
from ipaddress import ip_address
from urllib.parse import urlsplit

from generator.config.binding_rules import Fault, binding_faults
from generator.config.config import PublishConfig, QualityConfig
from generator.config.hints import hint, quoted
from generator.config.positions import KeyPath
from generator.config.value_types import http_address, relay_address

RESERVED = ("all",)


def faults(document: object) -> Iterator[Fault]:
    """Yield every broken rule with the path it stands at."""
    yield from counted_once(document)
    servers = dict(_items(document, "sources", "btcpay"))
    projects = dict(_items(document, "projects"))
    for number, listed in servers.items():
        server = listed | {"url": readable(listed.get("url"))}
        yield from _plain_http(("sources", "btcpay", number, "url"), server.get("url"))
        yield from _route(("sources", "btcpay", number), server)
    yield from _give(projects, servers)
    yield from _hook(_at(document, "hook"), servers)
    yield from _angor(document, projects)
    yield from _moderation(document)
    yield from _rates(document, servers)
    yield from _ages(document)
    yield from _languages(document, projects)


def counted_once(document: object) -> Iterator[Fault]:
    """Yield what gives a project or its money to two; a published configuration shows it as well."""
    servers = dict(_items(document, "sources", "btcpay"))
    projects = dict(_items(document, "projects"))
    yield from _twice(projects, ("projects",), "slug")
    yield from _twice(projects, ("projects",), "angor")
    yield from _twice(servers, ("sources", "btcpay"), "id")
    for number, project in projects.items():
        if project.get("slug") in RESERVED:
            yield (
                ("projects", number, "slug"),
                f"{quoted(str(project['slug']))} is taken by the portfolio: choose another",
                "slug",
            )
    yield from binding_faults(projects, servers)


def _languages(document: object, projects: dict[int, dict[str, object]]) -> Iterator[Fault]:
    """Yield a text in a language that the site does not have, or that its first form is in already."""
    given = _at(document, "site", "languages") or "en"
    languages = given if isinstance(given, list) else [given]
    places: list[tuple[KeyPath, str, object]] = [
        (("site",), key, _at(document, "site", key)) for key in ("titles", "descriptions")
    ]
    places += [(("projects", number), "titles", found.get("titles")) for number, found in projects.items()]
    for path, key, texts in places:
        for code in texts if isinstance(texts, dict) else ():
            if code == languages[0]:
                message = f"{code} is the first language of the site: write this text as {key[:-1]}"
                yield (*path, key, code), message, "language"
            elif isinstance(code, str) and code not in languages:
                message = (
                    f"the site has no language {quoted(code)}, so nobody would see this: "
                    "add it to site.languages, or take it out"
                )
                yield (*path, key, code), message, "language"


def _give(projects: dict[int, dict[str, object]], servers: dict[int, dict[str, object]]) -> Iterator[Fault]:
    """Yield that donors would be sent to somebody else than the server that the report reads."""
    hosts = {server.get("id"): _host(server.get("url")) for server in servers.values()}
    for number, project in projects.items():
        own = project.get("btcpay")
        named = {_at(binding, "source") for binding in (own if isinstance(own, list) else [own])}
        allowed = sorted(host for name, host in hosts.items() if name in named and host)
        host = _host(project.get("give"))
        if host and host not in allowed:
            of = f"on the project's own server, {' or '.join(allowed)}" if allowed else "of a BTCPay server"
            message = f"{quoted(host)} is not where this report reads the project's money: give a page {of}"
            yield ("projects", number, "give"), message, "give"


def _host(url: object) -> str:
    return urlsplit(readable(url) or "").hostname or ""


def _hook(hook: object, servers: dict[int, dict[str, object]]) -> Iterator[Fault]:
    """Yield that a webhook is of a server that nobody reads."""
    named = _at(hook, "server")
    known = [str(server["id"]) for server in servers.values() if "id" in server]
    if isinstance(named, str) and named not in known:
        message = f"no server in sources.btcpay is called {quoted(named)}{hint(named, known)}"
        yield ("hook", "server"), message, "unknown-source"


def _at(value: object, *path: str) -> object:
    for part in path:
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _items(document: object, *path: str) -> Iterator[tuple[int, dict[str, object]]]:
    found = _at(document, *path)
    for number, item in enumerate(found if isinstance(found, list) else []):
        if isinstance(item, dict):
            yield number, item


def _twice(items: dict[int, dict[str, object]], path: KeyPath, name: str) -> Iterator[Fault]:
    seen: dict[object, int] = {}
    for number, item in items.items():
        value = item.get(name)
        if not isinstance(value, str):
            continue
        first = seen.setdefault(value, number)
        if first != number:
            message = (
                f"{quoted(value)} stands twice; the entry number {first + 1} of this list has it already: "
                "write another here, or take this entry away"
            )
            yield (*path, number, name), message, "twice"


def _plain_http(path: KeyPath, url: object) -> Iterator[Fault]:
    if isinstance(url, str) and url.startswith("http://") and not is_private(url):
        yield path, "plain http would show the API key to everyone on the way; use https", "plain-http"


def _route(path: KeyPath, server: dict[str, object]) -> Iterator[Fault]:
    """Yield what is wrong with the way to a server: Tor without a proxy, trust without a reason."""
    url, proxy = server.get("url"), server.get("proxy")
    if not isinstance(url, str):
        return
    if (urlsplit(url).hostname or "").endswith(".onion"):
        tor = "proxy: socks5h://127.0.0.1:9050"
        if proxy is None:
            yield (*path, "url"), f"an onion host is reached through Tor only: add {tor}", "no-proxy"
        elif isinstance(proxy, str) and not proxy.startswith("socks5h://"):
            message = f"{proxy.split('://')[0]} cannot look up an onion host: use {tor}"
            yield (*path, "proxy"), message, "no-proxy"
    if server.get("verify") is False and not is_private(url):
        message = (
            "an unchecked certificate shows the API key to whoever is on the way: "
            "leave verify out, or give ca_file for a certificate of your own"
        )
        yield (*path, "verify"), message, "unverified"


def readable(url: object) -> str | None:
    """Return an address as the models read it, None for none: they say what is wrong with it."""
    for parsed in (http_address, relay_address) if isinstance(url, str) else ():
        with suppress(ValueError):
            return parsed(str(url))
    return None


def is_private(url: str) -> bool:
    """Tell whether an address stays on this machine, a local network or Tor."""
    host = urlsplit(url).hostname or ""
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith((".onion", ".local", ".internal", ".test"))
    return address.is_private


def _angor(document: object, projects: dict[int, dict[str, object]]) -> Iterator[Fault]:
    wanted = [number for number, project in projects.items() if project.get("angor")]
    if not wanted and _at(document, "angor", "discover") != "all":
        return
    path: KeyPath = ("projects", wanted[0], "angor") if wanted else ("angor", "discover")
    if _at(document, "sources", "nostr") is None:
        yield path, "Angor projects are found on Nostr relays: add sources.nostr.relays", "no-relays"
    if not _at(document, "sources", "indexers"):
        yield path, "Angor money is read from a Bitcoin indexer: add sources.indexers", "no-indexers"


def _moderation(document: object) -> Iterator[Fault]:
    path: KeyPath = ("angor", "moderation")
    mode, moderators = _at(document, *map(str, path)), _at(document, "angor", "moderators")
    if mode in ("deny", "whitelist") and not moderators:
        message = f"{quoted(str(mode))} follows lists that somebody signs: add their keys as angor.moderators"
        yield path, message, "no-moderators"
    elif mode in (None, "none") and isinstance(moderators, list) and moderators:
        message = "moderators are named and angor.moderation is none: set it to deny or whitelist"
        yield ("angor", "moderators"), message, "no-moderation"


def _rates(document: object, servers: dict[int, dict[str, object]]) -> Iterator[Fault]:
    rates = _at(document, "sources", "rates")
    path: KeyPath = ("sources", "rates")
    said = _at(rates, "provider")
    providers = said if isinstance(said, list) else [said]
    if "none" in providers and len(providers) > 1:
        yield (*path, "provider"), "none stands beside other providers: keep one or the other", "rates"
    if _at(rates, "file") is not None and "csv" not in providers:
        yield (*path, "file"), "a file is named and csv is not among the providers: add it", "rates"
    if not {"mempool", "btcpay", "csv"} & set(map(str, providers)):
        return
    if not _at(document, "units", "fiat"):
        yield (*path, "provider"), "rates need a currency: set units.fiat, such as EUR", "rates"
    if "mempool" in providers and not _at(document, "sources", "indexers"):
        yield (*path, "provider"), "mempool asks sources.indexers, and there is none", "rates"
    if "csv" in providers and _at(rates, "file") is None:
        message = "csv reads a file of your own: name it as sources.rates.file, such as content/rates.csv"
        yield (*path, "provider"), message, "rates"
    if "btcpay" in providers:
        yield from _store(rates, servers)


def _store(rates: object, servers: dict[int, dict[str, object]]) -> Iterator[Fault]:
    path: KeyPath = ("sources", "rates")
    stores = {str(server.get("id")): server.get("stores") for server in servers.values()}
    server, store = _at(rates, "server"), _at(rates, "store")
    if server not in stores:
        message = f"provider btcpay needs the id of a server; allowed: {', '.join(stores) or 'none'}"
        yield (*path, "server"), message, "rates"
        return
    listed = stores[str(server)]
    if isinstance(listed, list) and store not in listed:
        message = f"provider btcpay needs a store of that server; allowed: {', '.join(map(str, listed))}"
        yield (*path, "store"), message, "rates"


def _ages(document: object) -> Iterator[Fault]:
    refresh = _at(document, "publish", "refresh_hours") or PublishConfig().refresh_hours
    age = _at(document, "quality", "max_age_hours") or QualityConfig().max_age_hours
    if isinstance(refresh, int) and isinstance(age, int) and refresh >= age:
        path: KeyPath = (
            ("publish", "refresh_hours") if _at(document, "publish") else ("quality", "max_age_hours")
        )
        message = (
            f"publish.refresh_hours is {refresh} and quality.max_age_hours {age}: refresh must be less, "
            "else a quiet healthy source would look stale"
        )
        yield path, message, "refresh"
