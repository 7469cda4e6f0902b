"""Runs that end before all is read, as budgets or servers do: what is kept, and how the next goes on."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from generator.errors import NothingPublishable
from generator.ledger import Entry, Key
from generator.places import identifier_in
from generator.report import build
from generator.report.figures.bounds import Bound
from generator.sandbox.acts import Acts
from generator.sandbox.chain import ChainWorld
from generator.sandbox.chain.crowd import chance_draft, crowd
from generator.sandbox.chain.play import WORLD_NOW, Play
from generator.sandbox.indexer.server import Indexer, Quirks
from generator.sandbox.relay.quirks import QuirkyRelay, serve_quirky
from generator.sandbox.worth import Prices
from generator.snapshot import Announced, Cause, Finding, Known, Outcome, Project, Record, run_id
from generator.snapshot.batch import Batch
from generator.snapshot.run_record import UNDER_WAY
from generator.sources.angor import AngorSource
from generator.sources.collect import RunRequest, collect
from generator.sources.indexers import Indexers
from generator.sources.relays import Relays
from generator.store import append, journal, load
from tests.support.interrupted_runs import CONFIG, LISTEN, read_whole
from tests.support.limits import GENEROUS
from tests.support.proving import in_full
from tests.support.skipping_loop import SKIPPING, SkippingLoop
from tests.support.trust import trust

pytestmark = [pytest.mark.anyio, pytest.mark.proof]

PROJECTS, INVESTORS = in_full(16, 100), 2
ANSWER_S = 1 / 3  #: seconds that an answer takes
SEED = 5


@pytest.fixture
def anyio_backend() -> object:
    """Give runs a clock that goes on only when a server takes its time."""
    return SKIPPING


@cache
def world() -> ChainWorld:
    """Return projects of chance with some investors each, really mined and signed."""
    play = Play.of(SEED)
    for number in range(PROJECTS):
        draft = chance_draft(play.dice, number)
        first, last = (draft.starts_at + timedelta(days=days) for days in (1, 20))
        crowd(play.venture(draft), INVESTORS, first, last, (150_000, 5_000_000))
    play.run(Acts())
    projects = tuple(venture.project for venture in play.ventures)
    return ChainWorld(seed=SEED, chain=play.chain, projects=projects, prices=Prices.of(SEED), now=WORLD_NOW)


@dataclass(slots=True)
class SlowServer:
    """An indexer whose answers take time, one after another."""

    indexer: Indexer
    dies_after: int | None = None  #: requests that it answers, None for all
    asked: Counter[str] = field(default_factory=Counter)
    app: Starlette = field(init=False)

    def __post_init__(self) -> None:
        self.app = self.indexer.application()

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:  # noqa: ANN401 -- ASGI
        if self.dies_after is not None:
            if not self.dies_after:
                raise httpx.ConnectError("refused")  # noqa: EM101 -- as a closed port does
            self.dies_after -= 1
        self.asked[scope["path"]] += 1
        loop = asyncio.get_running_loop()
        assert isinstance(loop, SkippingLoop)
        loop.advance(ANSWER_S)
        await self.app(scope, receive, send)


@dataclass(slots=True, kw_only=True)
class Job:
    """Runs of one log over one server."""

    world: ChainWorld
    relay: str
    log: Path
    server: SlowServer
    runs: int = 0

    @property
    def known(self) -> Known:
        return load(self.log)

    async def run(self, *, budget_s: float | None = None, days: int = 0) -> str:
        """Take a snapshot as `build` does; return how the source ended."""
        at = self.world.now + timedelta(minutes=10 * self.runs, days=days)
        self.runs += 1
        request = RunRequest(run=run_id(at, "x"), at=at, network="regtest")
        path = self.log.parent / f"{self.log.name}-journal" / f"{request.run}.jsonl"
        begun = Batch(run=request.run, at=at, network="regtest")
        async with self._source(budget_s) as angor:
            with journal(path, begun) as add:
                found = await collect([angor], self.known, request, journal=add)
        append(self.log, found.batch, refresh_hours=24)
        path.unlink(missing_ok=True)
        return found.batch.asked[0].outcome

    @asynccontextmanager
    async def _source(self, budget_s: float | None) -> AsyncIterator[AngorSource]:
        mounts = {"http://slow.test": httpx.ASGITransport(app=self.server)}
        async with httpx.AsyncClient(mounts=mounts, verify=trust()) as client:
            yield AngorSource(
                network="regtest",
                relays=Relays(urls=(self.relay,), limits=LISTEN),
                indexers=Indexers.of(mounts, client=client, network="regtest", limits=GENEROUS),
                listed={},
                discover="all",
                budget_s=budget_s,
            )


@asynccontextmanager
async def jobs(folder: Path, *names: str) -> AsyncIterator[list[Job]]:
    made = world()
    async with serve_quirky(QuirkyRelay(events=made.events)) as relay:
        yield [
            Job(
                world=made, relay=relay.url, log=folder / name, server=SlowServer(indexer=Indexer(world=made))
            )
            for name in names
        ]


def money(known: Known) -> dict[Key, Record]:
    """Return projects, entries, findings and the census."""
    kinds = (Project, Entry, Finding, Announced)
    return {key: record for key, record in known.records.items() if isinstance(record, kinds)}


def check_published(known: Known, whole: Known) -> None:
    """Check that what can be published is right, and incomplete while it is not all."""
    final = money(whole)
    read = read_whole(known)
    entries = {entry.key: entry for entry in known.of(Entry)}
    assert entries == {entry.key: entry for entry in whole.of(Entry) if entry.place in read}
    assert all(final[project.key] == project for project in known.of(Project))
    report, complete = (build(some, CONFIG, demo=False) for some in (known, whole))
    ours, theirs = report.figures["raised"], complete.figures["raised"]
    assert isinstance(ours.value, int)
    assert isinstance(theirs.value, int)
    assert ours.value <= theirs.value
    assert (ours.bound is Bound.EXACT) == (read == read_whole(whole))
    counted = [report.figures[name].value for name in ("projects", "projects_read")]
    right = [complete.figures["projects"].value, len(read)]
    answered = any(run.asked[0].outcome is Outcome.OK for run in known.runs)
    # where no run was whole nobody knows whether relays had named all
    assert counted == (right if answered else [None, None])
    over = {row.identifier for row in report.census.unseen if row.cause is Cause.BUDGET}
    assert over == {identifier_in(name) for name in read_whole(whole) - read}


@pytest.mark.slow
async def test_what_was_read_before_the_server_died_is_kept(tmp_path: Path) -> None:
    async with jobs(tmp_path, "whole", "parts") as (whole, parts):
        await whole.run()
        parts.server.dies_after = 7 * PROJECTS + 8  # each is counted before the first one is read
        assert await parts.run() == Outcome.UNAVAILABLE
        first = len(read_whole(parts.known))
        assert 0 < first < PROJECTS
        check_published(parts.known, whole.known)
        asked, parts.server.dies_after = parts.server.asked.total(), None
        assert await parts.run() == Outcome.OK
    assert money(parts.known) == money(whole.known)
    again = parts.server.asked.total() - asked
    print(
        f"{first} of {PROJECTS} read, {again} requests for the rest, all at once {whole.server.asked.total()}"
    )
    assert again < whole.server.asked.total()


async def test_a_server_that_dies_before_anything_was_read_leaves_nothing(tmp_path: Path) -> None:
    async with jobs(tmp_path, "log") as (job,):
        job.server.dies_after = PROJECTS + 10
        with pytest.raises(NothingPublishable, match="no source answered"):
            await job.run()
        assert not list((tmp_path / "log-journal").iterdir())


@pytest.mark.slow
async def test_who_was_read_before_and_had_no_turn_is_at_least(tmp_path: Path) -> None:
    async with jobs(tmp_path, "whole", "parts") as (whole, parts):
        await whole.run()
        parts.server.indexer.quirks = Quirks(lag_blocks=200)
        await parts.run()
        before = parts.known
        parts.server.indexer.quirks = Quirks()
        assert await parts.run(budget_s=1) == Outcome.OK  # nobody was even counted
        known = parts.known
        assert {entry.key for entry in known.of(Entry)} == {entry.key for entry in before.of(Entry)}
        assert {record.cause for record in known.of(Announced)} == {Cause.BUDGET}
        report = build(known, CONFIG, demo=False)
        assert report.figures["raised"].bound is Bound.AT_LEAST
        assert all(project.figures["raised"].bound is Bound.AT_LEAST for project in report.projects)
        assert await parts.run(budget_s=1) == Outcome.OK
        assert money(parts.known) == money(known)  # saying it again is no news
        await parts.run()
    assert money(parts.known) == money(whole.known)


async def test_reading_all_again_goes_on_over_runs_and_says_nothing_new(tmp_path: Path) -> None:
    async with jobs(tmp_path, "log") as (job,):
        await job.run()
        first, reads = job.known, list[dict[str, str]]()
        for _ in range(3 * PROJECTS):
            await job.run(budget_s=3 * PROJECTS * ANSWER_S, days=8)
            reads.append(job.known.runs[-1].asked[0].reads)
            if UNDER_WAY not in reads[-1]:
                break
        assert money(job.known) == money(first)
        places = [read[UNDER_WAY] for read in reads[:-1]]
        print(f"read again in {len(reads)} runs, up to {places} and the end")
        assert places
        assert all(before < after for before, after in pairwise(places))
        assert {read["full_at"] for read in reads[:-1]} == {first.runs[0].asked[0].reads["full_at"]}
        assert reads[-1]["full_at"] > reads[0]["full_at"]
