"""Many projects whose history did not change: what a run asks, by the servers' own logs."""

from collections import Counter
from datetime import timedelta

import httpx
import pytest

from generator.sandbox.acts import Acts
from generator.sandbox.chain import ChainWorld
from generator.sandbox.chain.crowd import chance_draft, crowd
from generator.sandbox.chain.play import WORLD_NOW, Play
from generator.sandbox.indexer.server import Indexer
from generator.sandbox.relay.quirks import QuirkyRelay, serve_quirky
from generator.sandbox.worth import Prices
from generator.snapshot import Asked, Known, Line, Outcome, Project, Record, Run, fold, news
from generator.sources.angor import AngorSource
from generator.sources.indexers import Indexers
from generator.sources.relays import Relays
from tests.support.angor_sandbox import LISTEN
from tests.support.proving import in_full
from tests.support.skipping_loop import SKIPPING
from tests.support.trust import trust

pytestmark = [pytest.mark.anyio, pytest.mark.proof]


@pytest.fixture
def anyio_backend() -> object:
    """Give the run a clock that stands while anybody works: relay, servers and reader share this process."""
    return SKIPPING


PROJECTS = in_full(100, 1000)
SEED = 5


def world() -> ChainWorld:
    """Return projects of chance with one investor each, really mined and signed."""
    play = Play.of(SEED)
    for number in range(PROJECTS):
        draft = chance_draft(play.dice, number)
        first, last = (draft.starts_at + timedelta(days=days) for days in (1, 20))
        crowd(play.venture(draft), 1, first, last, (150_000, 5_000_000))
    play.run(Acts())
    projects = tuple(venture.project for venture in play.ventures)
    return ChainWorld(seed=SEED, chain=play.chain, projects=projects, prices=Prices.of(SEED), now=WORLD_NOW)


@pytest.mark.slow
async def test_a_run_asks_at_most_one_question_a_project_and_host_and_the_tip() -> None:
    made = world()
    # the servers answer in this process, because 12,000 answers over sockets take a minute
    servers = {f"http://{name}.test": Indexer(world=made) for name in ("first", "second")}
    mounts = {url: httpx.ASGITransport(app=server.application()) for url, server in servers.items()}
    known, lines = Known(), list[Line]()
    counts: dict[int, list[Counter[str]]] = {}
    async with serve_quirky(QuirkyRelay(events=made.events)) as relay:
        for day in (0, 1):
            async with httpx.AsyncClient(mounts=mounts, verify=trust()) as client:
                angor = AngorSource(
                    network="regtest",
                    relays=Relays(urls=(relay.url,), limits=LISTEN),
                    indexers=Indexers.of(mounts, client=client, network="regtest"),
                    listed={},
                    discover="all",
                )
                at = made.now + timedelta(days=day)
                found = [record async for record in angor.collect(known, at=at, full=False)]
            changed = list(news(known, found))
            asked = Asked(source="angor", outcome=Outcome.OK, reads=dict(angor.tally.reads))
            ran = Run(id=str(day), source="runs", at=at, asked=(asked,), tip_height=angor.tally.tip_height)
            said: list[Record] = [*changed, ran]
            lines += [Line(run=str(day), record=record) for record in said]
            known = fold(lines)
            counts[day] = [kinds(server) for server in servers.values()]
            print(f"day {day}: {len(changed)} news; requests of the first and the second server:")
            print("    ", " and ".join(f"{host.total()} {dict(host)}" for host in counts[day]))
    assert len(known.of(Project)) == PROJECTS
    assert changed == []
    assert angor.tally.counts["unchanged_projects"] == PROJECTS
    tip = 3  # its height, the first block, and the highest block that money stands in
    assert all(host.total() <= PROJECTS + tip for host in counts[1])
    assert sum(host["address"] for host in counts[1]) == PROJECTS
    assert sum(host["txs"] for host in counts[1]) == PROJECTS / 50
    assert sum(map(Counter.total, counts[0])) > 10 * sum(map(Counter.total, counts[1]))


def kinds(server: Indexer) -> Counter[str]:
    """Return how often a server was asked each kind of question, and forget it."""
    asked = Counter(path.split("/")[2].partition("?")[0] for path in server.asked)
    server.asked.clear()
    return asked
