"""A played world, read: the sandbox's handlers answer, the real source asks, the real report counts."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from random import Random

import httpx

from generator import report
from generator.config import parse
from generator.sandbox.chain import ChainWorld
from generator.sandbox.indexer.quirks import Quirks
from generator.sandbox.indexer.server import Indexer
from generator.sandbox.relay.quirks import Quirks as RelayQuirks
from generator.sandbox.relay.quirks import QuirkyRelay, serve_quirky
from generator.snapshot import Announced, Asked, Census, Known, Line, Outcome, Record, Run, fold, news
from generator.sources.angor import AngorSource
from generator.sources.indexers import Indexers
from generator.sources.relays import Relays
from tests.support.angor_sandbox import LISTEN
from tests.support.limits import GENEROUS
from tests.support.skipping_loop import SkippingLoop
from tests.support.trust import trust
from tests.worlds.playing import BEFORE, CONFIRMATIONS, Played

Value = int | str | None

CONFIG = parse(
    """
version: 1
site: {title: A world of chance, description: Drawn and played.}
network: regtest
units: {fiat: []}
angor: {discover: all}
sources:
  nostr: {relays: [wss://one.test, wss://other.test], quorum: 2}
  indexers: [https://first.test, https://second.test]
  confirmations: 3
"""
)


class Shuffled(httpx.AsyncBaseTransport):
    """Answers after a number of turns of chance, so that answers overtake one another."""

    def __init__(self, inner: httpx.AsyncBaseTransport, dice: Random) -> None:
        self.inner, self.dice = inner, dice

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        for _ in range(self.dice.randrange(12)):
            await asyncio.sleep(0)
        return await self.inner.handle_async_request(request)


class Unproving(httpx.AsyncBaseTransport):
    """Knows nothing that would show what is in some blocks."""

    def __init__(self, inner: httpx.AsyncBaseTransport, played: Played, heights: Collection[int]) -> None:
        blocks = [block for block in played.world.chain.blocks if block.height in heights]
        self.inner = inner
        self.paths = {f"/block/{block.hash}/txids" for block in blocks}
        self.paths |= {f"/tx/{txid}/merkle-proof" for block in blocks for txid in block.txids}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.removeprefix("/api/v1").removeprefix("/api") in self.paths:
            return httpx.Response(404, text="Not found", request=request)
        return await self.inner.handle_async_request(request)


def read(
    played: Played,
    *,
    lags: Sequence[int] = (0,),
    disorder: int | None = None,
    unproven: Collection[int] = (),
    full: bool = False,
) -> Known:
    """Return the log after one run for each number of blocks that the world still lacks.

    With `disorder`, a seed, relays send in another order, pages come shuffled, and answers
    overtake one another. Nobody shows what is in the blocks at the heights `unproven`.
    """
    dice = None if disorder is None else Random(disorder)  # noqa: S311 -- an order, not a secret

    def way(inner: httpx.AsyncBaseTransport) -> httpx.AsyncBaseTransport:
        inner = Unproving(inner, played, unproven) if unproven else inner
        return inner if dice is None else Shuffled(inner, dice)

    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        return runner.run(_Reading(played=played, dice=dice, way=way, full=full).runs(lags))


def values(known: Known) -> dict[str, Value]:
    """Return every figure of the report but those of a run: what it restated is no matter of the chain."""
    built = report.build(known, CONFIG, demo=True)
    runs = tuple(f"@{run.id}" for run in known.runs)
    figures = (*built.all_figures(), *built.today.values())
    return {figure.id: figure.value for figure in figures if not figure.id.endswith(runs)}


def earlier(world: ChainWorld, blocks: int) -> ChainWorld:
    """Return a world some blocks ago, when what the next few blocks hold was still waiting."""
    if not blocks:
        return world
    chain = world.chain
    waiting = [tx for block in chain.blocks[-blocks:][: BEFORE + 1] for tx in block.transactions[1:]]
    return replace(world, chain=replace(chain, blocks=chain.blocks[:-blocks], mempool=waiting))


def _only_announced(record: Record) -> bool:
    return isinstance(record, Announced) and record.outcome is Census.UNFOUNDED


@dataclass(frozen=True, kw_only=True)
class _Reading:
    played: Played
    dice: Random | None
    way: Callable[[httpx.AsyncBaseTransport], httpx.AsyncBaseTransport]  #: between us and a server
    full: bool

    async def runs(self, lags: Sequence[int]) -> Known:
        dice, world = self.dice, self.played.world
        quirks = Quirks() if dice is None else Quirks(shuffled=True, page=dice.choice((3, 10, 25)))
        other = RelayQuirks(oldest_first=dice is not None, twice=dice is not None)
        lines: list[Line] = []
        async with AsyncExitStack() as stack:
            relays = [
                await stack.enter_async_context(
                    serve_quirky(QuirkyRelay(events=self.played.events, quirks=quirks))
                )
                for quirks in (RelayQuirks(), other)
            ]
            urls = [relay.url for relay in (relays if dice is None else reversed(relays))]
            for number, lag in enumerate(lags):
                then = earlier(world, lag)
                servers = {
                    f"http://{name}.test": Indexer(world=then, quirks=quirks) for name in ("first", "second")
                }
                # all runs are of one moment here: what was only announced would have no turn
                known = fold(line for line in lines if not _only_announced(line.record))
                lines += await self.run(servers, urls, known, f"r{number}")
        return fold(lines)

    async def run(
        self, servers: dict[str, Indexer], urls: Sequence[str], known: Known, name: str
    ) -> list[Line]:
        mounts = {
            url: self.way(httpx.ASGITransport(app=server.application())) for url, server in servers.items()
        }
        at = self.played.world.now
        async with httpx.AsyncClient(mounts=mounts, verify=trust()) as client:
            angor = AngorSource(
                network="regtest",
                relays=Relays(urls=urls, quorum=2, limits=LISTEN),
                indexers=Indexers.of(mounts, client=client, network="regtest", limits=GENEROUS),
                listed={},
                discover="all",
                confirmations=CONFIRMATIONS,
            )
            found = [record async for record in angor.collect(known, at=at, full=self.full)]
        ran = Run(
            id=name,
            source="runs",
            at=at,
            asked=(Asked(source="angor", outcome=Outcome.OK, reads=dict(angor.tally.reads)),),
            network="regtest",
            tip_height=angor.tally.tip_height,
        )
        return [Line(run=name, record=record) for record in [*news(known, found), ran]]
