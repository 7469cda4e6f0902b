"""A run after another: only what changed is read again, and nothing that changed is missed."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from generator.ledger import Entry
from generator.sandbox.btcpay.faults import Fault
from generator.sandbox.chain import ChainWorld
from generator.sandbox.indexer import Indexer, Quirks
from generator.snapshot import Asked, Known, Outcome, Record, Run, news
from generator.sources.angor.angor_source import planned
from tests.support.angor_reading import logged, relay
from tests.support.angor_sandbox import nearby, played, source

pytestmark = pytest.mark.anyio

#: Blocks that the chain lacks in each run: most of the story, months, days, an hour, none.
LAGS = (1500, 400, 40, 1, 0)
EPOCH = datetime(2026, 2, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def world() -> ChainWorld:
    return played(1)[0]


class Job:
    """Runs of one log over the same servers, as the job makes them."""

    def __init__(self, world: ChainWorld, *servers: Indexer, relays: tuple[str, ...]) -> None:
        self.world, self.servers, self.relays = world, servers, relays
        self.runs: list[list[Record]] = []
        self.counts: Counter[str] = Counter()

    @property
    def known(self) -> Known:
        return logged(*self.runs)

    async def run(self, *, days: int = 0, full: bool = False) -> list[Record]:
        """Make one run and return its news, which are appended."""
        at = self.world.now + timedelta(days=days)
        async with source(self.world, self.servers, *self.relays) as angor:
            found = [record async for record in angor.collect(self.known, at=at, full=full)]
            self.counts = angor.tally.counts
            asked = Asked(source="angor", outcome=Outcome.OK, reads=dict(angor.tally.reads))
        changed = list(news(self.known, found))
        ran = Run(
            id=f"{len(self.runs)}", source="runs", at=at, asked=(asked,), tip_height=angor.tally.tip_height
        )
        self.runs.append([*changed, ran])
        return changed

    def standing(self) -> dict[tuple[str, str, str], Record]:
        """Return what stands, but for the times at which waiting transactions were first seen."""
        return {
            key: replace_time(record)
            for key, record in self.known.records.items()
            if not isinstance(record, Run)
        }


def replace_time(record: Record) -> Record:
    waiting = isinstance(record, Entry) and record.height is None
    return msgspec.structs.replace(record, at=EPOCH) if waiting else record


def questions(server: Indexer) -> Counter[str]:
    """Return how often a server was asked each kind of question, and forget it."""
    asked = Counter(path.split("/")[2].partition("?")[0] for path in server.asked)
    server.asked.clear()
    return asked


@pytest.mark.slow
async def test_growing_with_the_chain_equals_reading_it_at_once(world: ChainWorld) -> None:
    server, fresh = nearby(world, "server"), nearby(world, "fresh")
    async with relay([event.to_obj() for event in world.events]) as url:
        job, anew = Job(world, server, relays=(url,)), Job(world, fresh, relays=(url,))
        await anew.run()
        at_once = sum(questions(fresh).values())
        for lag in LAGS:
            server.quirks = Quirks(lag_blocks=lag)
            changed = await job.run()
            asked, unchanged = sum(questions(server).values()), job.counts["unchanged_projects"]
            print(f"{lag} blocks before the end: {len(changed)} news, {unchanged} of 6 unchanged, ", end="")
            print(f"{asked} requests; at once {at_once}")
        assert unchanged >= 3
        assert asked < at_once / 5
    assert job.standing() == anew.standing()


@pytest.mark.slow
async def test_nothing_new_costs_one_request_a_project_and_the_tip(world: ChainWorld) -> None:
    # what waits is looked at in each run, so here nothing does
    quiet = replace(world, chain=replace(world.chain, mempool=[]))
    one, other = nearby(quiet, "one"), nearby(quiet, "other")
    async with relay([event.to_obj() for event in world.events]) as url:
        job = Job(world, one, other, relays=(url,))
        await job.run()
        first = sum((questions(one) + questions(other)).values())
        for days in (1, 2):
            assert await job.run(days=days) == []
            assert job.counts["unchanged_projects"] == 6
            each = questions(one), questions(other)
            print(f"day {days}: 6 projects, {each[0]} and {each[1]}; the first run {first}")
            together = each[0] + each[1]
            assert together["address"] == 6
            assert together["txs"] == 1  # one question for up to fifty investments
            assert max(map(Counter.total, each)) <= 6 + len(("tip", "first block", "highest block"))
        one.quirks = other.quirks = Quirks(takes_many=False)
        assert await job.run(days=3) == []
        singly = questions(one) + questions(other)
        print(f"with servers that take one investment a question: {singly}")
        assert singly["address"] == 6
        assert 20 < singly["tx"] < 120
        # the block that all rests on cannot be seen: everything is looked at, and is as it was
        one.faults.add(Fault.ERROR, path="/block-height/2")
        assert await job.run(days=4) == []
        assert job.counts["unchanged_projects"] == 0
        one.faults.heal()
        assert await job.run(days=8) == []
        assert job.counts["unchanged_projects"] == 0


@pytest.mark.parametrize(
    ("days", "full", "due"),
    [(0, False, False), (6, False, False), (7, False, True), (1, True, True), (-1, False, True)],
)
def test_everything_is_read_every_seven_days(*, days: int, full: bool, due: bool) -> None:
    last = Asked(source="angor", outcome=Outcome.OK, reads={"full_at": f"{EPOCH:%Y-%m-%dT%H:%M:%SZ}"})
    at = EPOCH + timedelta(days=days)
    assert planned(last, at, full=full) == (due, at if due else EPOCH)
    before = Asked(source="angor", outcome=Outcome.OK, reads={})
    assert planned(before, at, full=False)[0]  # a log of before dates were kept
