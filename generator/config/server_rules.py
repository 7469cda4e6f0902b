"""Rules of servers: each stands once, since one that is asked twice agrees with itself."""

from collections.abc import Iterator
from typing import Final

from generator.addresses import server_key
from generator.config.positions import KeyPath, YamlDocument
from generator.config.rules import readable
from generator.errors import Problem

#: Lists of servers, and what they are.
_LISTS: Final[tuple[tuple[KeyPath, str], ...]] = (
    (("sources", "nostr", "relays"), "relay"),
    (("sources", "indexers"), "indexer"),
    (("sources", "btcpay"), "BTCPay server"),
)


def server_problems(document: YamlDocument) -> Iterator[Problem]:
    """Yield servers that stand twice in a list, however they are spelled.

    A BTCPay server may stand once for each key: several organisations can have stores on one.
    """
    for path, kind in _LISTS:
        seen: dict[tuple[str, object], tuple[KeyPath, str]] = {}
        for place, url, owner in _servers(document.value, path):
            if readable(url) is None:
                continue
            key = server_key(url, indexer=kind == "indexer")
            first, spelled = seen.setdefault((key, owner), (place, url))
            if first != place:
                yield document.problem(place, _twice(kind, document.place(first)[0], url, spelled), "twice")


def _twice(kind: str, line: int, url: str, spelled: str) -> str:
    again = f"this {kind} stands in line {line} already" + (", in another spelling" if url != spelled else "")
    if kind == "BTCPay server":
        return f"{again}, with the same key: keep one entry with the stores of both"
    return f"{again}; a server that is asked twice agrees with itself: keep one"


def _servers(document: object, path: KeyPath) -> Iterator[tuple[KeyPath, str, object]]:
    """Yield the servers of a list: where the address stands, the address, and whose key reads it."""
    value = document
    for part in path:
        value = value.get(part) if isinstance(value, dict) else None
    for number, item in enumerate(value if isinstance(value, list) else []):
        url, owner, place = item, None, (*path, number)
        if isinstance(item, dict):
            owner = str(item.get("token_env")) if path[-1] == "btcpay" else None
            url, place = item.get("url"), (*place, "url")
        if isinstance(url, str):
            yield place, url, owner
