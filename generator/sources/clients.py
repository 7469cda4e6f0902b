"""The HTTP clients of a run: one carries each key, to its own server alone, and one carries none."""

import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Final

import httpx

from generator import __version__
from generator.config import BTCPayServer
from generator.sources.btcpay.greenfield import authorization, transport
from generator.sources.hosts import Hosts, MappedTransport
from generator.sources.http import HostPace, refuse_odd_environment
from generator.sources.http.server_clocks import ServerClocks

AGENT: Final = f"sunlit/{__version__}"


@dataclass(slots=True, kw_only=True)
class Clients:
    """Makes one client for each secret it carries, and closes them all."""

    stack: AsyncExitStack
    hosts: Hosts
    secrets: Mapping[str, str] = field(repr=False)
    authorities: Mapping[str, str] = field(default_factory=dict)
    clocks: ServerClocks | None = None
    plain: httpx.AsyncClient | None = field(default=None)
    _paces: dict[str, HostPace] = field(default_factory=dict)

    def pace(self, url: str, per_second: float | None = None) -> HostPace:
        """Return the pace of a public server, the same for all that read it: money and prices.

        `per_second` is the most that the configuration allows it to be asked.
        """
        return self._paces.setdefault(url, HostPace(most=per_second))

    async def btcpay(self, server: BTCPayServer) -> httpx.AsyncClient:
        """Open a client that carries a server's key to this server alone."""
        trusting = transport(server, self.authorities.get(server.id))
        return await self._open(trusting, authorization(self.secrets[server.token_env]))

    async def _open(
        self, transport: httpx.AsyncBaseTransport | None, headers: Mapping[str, str] | None = None
    ) -> httpx.AsyncClient:
        if self.hosts and transport:
            transport = MappedTransport(transport, self.hosts)
        client = httpx.AsyncClient(
            transport=transport,
            verify=trust(),
            headers={"User-Agent": AGENT, **(headers or {})},
            event_hooks={"response": [self.clocks.hear]} if self.clocks else None,
        )
        return await self.stack.enter_async_context(client)

    async def public(self) -> httpx.AsyncClient:
        """Share one client among all servers that need no key."""
        if self.plain is None:
            self.plain = await self._open(httpx.AsyncHTTPTransport(verify=trust()) if self.hosts else None)
        return self.plain


@cache
def trust() -> ssl.SSLContext:
    """Return what a client trusts that needs no authority of its own; reading it costs 40 ms a time."""
    return httpx.create_ssl_context()


@asynccontextmanager
async def open_clients(
    secrets: Mapping[str, str],
    *,
    hosts: Hosts | None = None,
    authorities: Mapping[str, str] | None = None,
    clocks: ServerClocks | None = None,
) -> AsyncIterator[Clients]:
    """Yield what makes clients; they close with the block. Raise `SunlitError` for an odd environment."""
    refuse_odd_environment()
    async with AsyncExitStack() as stack:
        yield Clients(
            stack=stack, hosts=hosts or {}, secrets=secrets, authorities=authorities or {}, clocks=clocks
        )
