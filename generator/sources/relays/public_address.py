"""Where a name of a stranger's choice leads, judged before anything connects to it."""

import asyncio
import socket
from ipaddress import ip_address
from urllib.parse import urlsplit

from generator.sources.hosts import Hosts, mapped_place


async def public_place(url: str, hosts: Hosts, *, patience_s: float) -> tuple[str, int] | None:
    """Return address and port to connect to, None where that is not on the public internet.

    The address that was judged is the one connected to, so that a name cannot
    lead elsewhere a moment later.
    """
    if (mapped := mapped_place(url, hosts)) is not None:
        return mapped
    parts = urlsplit(url)
    try:
        async with asyncio.timeout(patience_s):
            loop = asyncio.get_running_loop()
            found = await loop.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, TimeoutError):
        return None
    addresses = [str(place[0]) for *_, place in found]
    if not addresses or not all(map(is_public, addresses)):
        return None
    return addresses[0], parts.port or 443


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the public internet."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None) or parsed
    return bool(mapped.is_global and not mapped.is_multicast)
