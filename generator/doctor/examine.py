"""The whole examination: every source of a configuration, one after another."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime

from generator.config import Config
from generator.doctor.btcpay import examine_btcpay
from generator.doctor.diagnosis import Diagnosis, Level
from generator.doctor.servers import examine_indexers, examine_relays
from generator.protocol import curve
from generator.sources.angor import AngorSource
from generator.sources.clients import open_clients
from generator.sources.from_config import angor_of
from generator.sources.hosts import Hosts
from generator.sources.http import Http, HttpLimits


async def examine(  # noqa: PLR0913 -- as `open_sources`, and what to look at
    config: Config,
    secrets: Mapping[str, str],
    *,
    at: datetime,
    hosts: Hosts | None = None,
    limits: HttpLimits | None = None,
    authorities: Mapping[str, str] | None = None,
    only: str = "",
) -> AsyncIterator[Diagnosis]:
    """Yield what is found; `only` names one source. Secrets are values by environment variable."""
    chosen = limits or HttpLimits()
    async with open_clients(secrets, hosts=hosts, authorities=authorities) as clients:
        for server in config.sources.btcpay:
            if only in ("", server.id):
                http = Http(
                    client=await clients.btcpay(server), source=server.id, base_url=server.url, limits=chosen
                )
                async for found in examine_btcpay(server, config.projects, http, at=at):
                    yield found
        angor = await angor_of(config, clients, chosen)
        if isinstance(angor, AngorSource):
            async for found in _angor(angor, only):
                yield found
    if only in ("", "machine"):
        yield _machine()


async def _angor(angor: AngorSource, only: str) -> AsyncIterator[Diagnosis]:
    if only in ("", "indexers"):
        async for found in examine_indexers(angor.indexers):
            yield found
    if only in ("", "nostr"):
        async for found in examine_relays(angor.relays):
            yield found


def _machine() -> Diagnosis:
    native = curve.is_native()
    return Diagnosis(
        code="curve",
        level=Level.OK if native else Level.WARNING,
        source="machine",
        subject="elliptic curve",
        observed="checked by the native library" if native else "without its native library: slow, and right",
        fix="" if native else "Install embit with its library for this platform",
    )
