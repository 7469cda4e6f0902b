"""Names that lead to this machine: a sandbox has lasting names, whatever ports it got.

A report of the demo must not change with the ports that the operating system
chose, so its configuration speaks of ``btcpay.sandbox.test`` (``.test`` is
reserved, RFC 6761) and clients are told where that is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

Hosts = Mapping[str, tuple[str, int]]  #: name → address and port


@dataclass(slots=True)
class MappedTransport(httpx.AsyncBaseTransport):
    """Connects to where the names in `hosts` lead, and passes every other request on."""

    inner: httpx.AsyncBaseTransport
    hosts: Hosts

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request; its Host header still says the name."""
        if (place := self.hosts.get(request.url.host)) is not None:
            request.url = request.url.copy_with(host=place[0], port=place[1])
        return await self.inner.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the connections."""
        await self.inner.aclose()


def mapped_place(url: str, hosts: Hosts) -> tuple[str, int] | None:
    """Return where a relay's name leads, None for names that are looked up as usual."""
    return hosts.get(urlsplit(url).hostname or "")
