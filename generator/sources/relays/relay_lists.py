"""Where founders say that they write (NIP-65): their relays are read too, within bounds.

Whoever founds a project chooses these addresses, so they are a stranger's input:
only ``wss``, only public addresses of the internet, few for each author, few in all.
"""

import asyncio
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from generator.addresses import server_key
from generator.protocol.nostr import Event
from generator.sources.hosts import Hosts, mapped_place
from generator.sources.public_internet import public_address

RELAY_LIST: Final = 10002
EACH: Final = 4  #: relays of one author
_LONGEST: Final = 200


def relays_named_in(event: Event, hosts: Hosts) -> tuple[str, ...]:
    """Return the addresses an author writes to, the first few that we would read."""
    named = (_plain(tag[1], hosts) for tag in event.tags if len(tag) > 1 and tag[0] == "r" and _writes(tag))
    return tuple(dict.fromkeys(url for url in named if url))[:EACH]


def chosen(lists: Iterable[Event], known: Iterable[str], hosts: Hosts, *, most: int) -> dict[str, set[str]]:
    """Return at most so many relays that are not `known`, the most named first, and who names them."""
    authors: dict[str, set[str]] = {}
    spelled: dict[str, str] = {}
    for event in lists:
        for url in relays_named_in(event, hosts):
            key = server_key(url)
            spelled[key] = min(url, spelled.get(key, url))
            authors.setdefault(key, set()).add(event.pubkey)
    for url in known:
        authors.pop(server_key(url), None)
    by_votes = sorted(authors, key=lambda key: (-len(authors[key]), spelled[key]))
    return {spelled[key]: authors[key] for key in by_votes[:most]}


def _writes(tag: tuple[str, ...]) -> bool:
    return len(tag) < 3 or tag[2] != "read"  # noqa: PLR2004 - the marker is the third item


def _plain(url: str, hosts: Hosts) -> str:
    """Return an address without its last slash, empty when it is not one that we would read."""
    if len(url) > _LONGEST or not url.isascii() or not url.isprintable() or " " in url:
        return ""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return ""
    allowed = parts.scheme == "wss" or (parts.scheme == "ws" and mapped_place(url, hosts) is not None)
    if (
        not allowed
        or not (parts.hostname or "").strip(".")
        or parts.username
        or parts.password
        or parts.fragment
        or parts.query
    ):
        return ""
    return url.rstrip("/")


async def public_place(url: str, hosts: Hosts, *, patience_s: float) -> tuple[str, int] | None:
    """Return address and port to connect to, None where that is not on the public internet."""
    if (mapped := mapped_place(url, hosts)) is not None:
        return mapped
    parts = urlsplit(url)
    port = parts.port or (80 if parts.scheme == "ws" else 443)
    try:
        async with asyncio.timeout(patience_s):
            address = await public_address(parts.hostname or "", port)
    except TimeoutError:
        return None
    return None if address is None else (address, port)
