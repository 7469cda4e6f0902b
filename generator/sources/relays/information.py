"""What a relay says about itself and its limits (NIP-11); a relay without a document is read all the same."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

import httpx
import msgspec

from generator.sources.http import ACCEPT_CODING, AnswerTooLarge, read_body
from generator.sources.relays.relay_words import printable
from generator.unreadable import UNREADABLE

#: Exactly this: strfry and khatru compare the whole header.
ACCEPT: Final = "application/nostr+json"
_HEADERS: Final = {"Accept": ACCEPT, **ACCEPT_CODING}
_BYTES: Final = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayInformation:
    """Limits that a relay announces, None where it announces none or nonsense."""

    software: str = ""  #: with its version, printable
    max_limit: int | None = None  #: events a page
    max_message_length: int | None = None  #: bytes of one question
    max_subscriptions: int | None = None  #: open at a time; we open one
    max_filters: int | None = None  #: of one question; we send one
    auth_required: bool | None = None
    payment_required: bool | None = None


def parse_information(body: bytes) -> RelayInformation | None:
    """Read the document, None where it is none; a limit of another type is left out."""
    try:
        said = msgspec.json.decode(body, type=dict[str, Any])
    except UNREADABLE:
        return None
    given = said.get("limitation")
    limits = given if isinstance(given, Mapping) else {}

    def number(name: str) -> int | None:
        found = limits.get(name)
        return found if isinstance(found, int) and not isinstance(found, bool) and found > 0 else None

    def flag(name: str) -> bool | None:
        found = limits.get(name)
        return found if isinstance(found, bool) else None

    return RelayInformation(
        software=printable(" ".join(str(said.get(key, ""))[:100] for key in ("software", "version"))),
        max_limit=number("max_limit"),
        max_message_length=number("max_message_length"),
        max_subscriptions=number("max_subscriptions"),
        max_filters=number("max_filters"),
        auth_required=flag("auth_required"),
        payment_required=flag("payment_required"),
    )


async def read_information(
    client: httpx.AsyncClient, url: str, *, patience_s: float
) -> RelayInformation | None:
    """Ask a relay for its document, once and within bounds; None where there is none to be had."""
    try:
        async with (
            asyncio.timeout(patience_s),
            client.stream("GET", information_address(url), headers=_HEADERS) as response,
        ):
            if response.status_code != httpx.codes.OK:
                return None
            body = await read_body(response, _BYTES)
    except (httpx.HTTPError, httpx.InvalidURL, AnswerTooLarge, TimeoutError, OSError):
        return None
    return parse_information(body)


def information_address(url: str) -> str:
    """Return where a relay's document is asked for: the same address by HTTP."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(scheme={"wss": "https", "ws": "http"}[parts.scheme]))
