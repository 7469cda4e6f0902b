"""The source of Angor over the sandbox's chain worlds, served over real connections."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import cache

import httpx

from generator.sandbox.acts import Acts
from generator.sandbox.chain import ChainWorld, build_chain
from generator.sandbox.indexer import Indexer, Quirks
from generator.snapshot import Known, Record
from generator.sources.angor import AngorSource
from generator.sources.http import HttpLimits
from generator.sources.indexers import Indexers
from generator.sources.relays import RelayLimits, Relays
from tests.support.limits import GENEROUS
from tests.support.trust import trust

LISTEN = RelayLimits(open_s=60, idle_s=60, total_s=120)

NEAR = ".near.test"  #: servers of this process, whom a skipping clock may wait for


class Near(httpx.ASGITransport):
    """The way to a server of this process, which is closed when the server's quirks say so."""

    def __init__(self, server: Indexer) -> None:
        super().__init__(app=server.application())
        self._server = server

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Ask, unless nothing listens there any more."""
        quirks, asked = self._server.quirks, self._server.asked
        if quirks.closed or (quirks.dies_after is not None and len(asked) >= quirks.dies_after):
            msg = "All connection attempts failed"
            raise httpx.ConnectError(msg, request=request)
        return await super().handle_async_request(request)


@cache
def played(seed: int, projects: int = 0) -> tuple[ChainWorld, Acts]:
    """Return a world and what its actors noted; building it is pure, so tests share it."""
    acts = Acts()
    return build_chain(seed, acts, projects=projects), acts


@asynccontextmanager
async def source(
    world: ChainWorld,
    servers: Sequence[Indexer],
    *urls: str,
    listed: dict[str, str] | None = None,
    limits: HttpLimits = GENEROUS,
    listen: RelayLimits = LISTEN,
) -> AsyncIterator[AngorSource]:
    """Open the source as the job does; without `listed` it discovers everything."""
    near = {server.url: Near(server) for server in servers if server.url.endswith(NEAR)}
    async with httpx.AsyncClient(mounts=near, verify=trust()) as client:
        yield AngorSource(
            network="regtest",
            relays=Relays(urls=urls, limits=listen),
            indexers=Indexers.of(
                [server.url for server in servers], client=client, network="regtest", limits=limits
            ),
            listed=slugs(world) if listed is None else listed,
            discover="all",
        )


def nearby(world: ChainWorld, name: str = "indexer", quirks: Quirks | None = None) -> Indexer:
    """Return a server that `source` asks without a socket, which takes half of the time."""
    return Indexer(world=world, url=f"http://{name}{NEAR}", quirks=quirks or Quirks())


def one_project(number: int) -> ChainWorld:
    """Return the world of seed 1 as if its founders but one had published nothing."""
    world = played(1)[0]
    return replace(world, projects=(world.projects[number],))


def slugs(world: ChainWorld) -> dict[str, str]:
    return {project.identifier: project.draft.slug for project in world.projects}


async def read(
    world: ChainWorld,
    servers: Sequence[Indexer],
    *urls: str,
    known: Known | None = None,
    days: int = 0,
    limits: HttpLimits = GENEROUS,
) -> list[Record]:
    async with source(world, servers, *urls, limits=limits) as angor:
        at = world.now + timedelta(days=days)
        return [record async for record in angor.collect(known or Known(), at=at, full=False)]
