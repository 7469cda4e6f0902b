"""Addresses that came as data, from a founder or a publisher: reached on the public internet or not at all.

What is judged is what is connected to, after the name was looked up, so that a name cannot lead
elsewhere a moment later; redirects are followed nowhere. Addresses of the configuration and of the
command line are their owner's choice and do not come here.
"""

import asyncio
import socket
from dataclasses import dataclass
from typing import Final

import httpx

from generator.addresses import is_public

#: What is said of an address that is not.
NOT_PUBLIC: Final = "its name leads to no public address"
_PORTS: Final = {"http": 80, "https": 443}


async def public_address(host: str, port: int) -> str | None:
    """Return the IP address to connect to, None where the name leads to nothing or to anything not public."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return None
    addresses = [str(place[0]) for *_, place in found]
    return addresses[0] if addresses and all(map(is_public, addresses)) else None


@dataclass(slots=True)
class PublicTransport(httpx.AsyncBaseTransport):
    """Connects to public addresses alone; certificates are still asked for by name."""

    inner: httpx.AsyncBaseTransport

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request; its Host header says the name. Raise `httpx.ConnectError` for another place."""
        name = request.url.host
        address = await public_address(name, request.url.port or _PORTS[request.url.scheme])
        if address is None:
            raise httpx.ConnectError(NOT_PUBLIC, request=request)
        request.extensions = {**request.extensions, "sni_hostname": name}
        request.url = request.url.copy_with(host=address)
        return await self.inner.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the connections."""
        await self.inner.aclose()
