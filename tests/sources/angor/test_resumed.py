"""A first run over many projects that is ended or killed again and again: the log ends as one whole run's."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest

from generator.config import Config
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
from generator.snapshot import Announced, Cause, Census, Finding, Known, Outcome, Project, Record, run_id
from generator.snapshot.batch import Batch
from generator.snapshot.run_record import UNDER_WAY
from generator.sources.angor import AngorSource
from generator.sources.collect import RunRequest, collect
from generator.sources.indexers import Indexers
from generator.sources.relays import RelayLimits, Relays
from generator.store import append, journal, load, take_up
from tests.support.limits import GENEROUS
from tests.support.proving import in_full
from tests.support.skipping_loop import SKIPPING, SkippingLoop

pytestmark = [pytest.mark.anyio, pytest.mark.proof]

PROJECTS, INVESTORS = in_full((24, 2), (1000, 2))
#: Seconds that a run may take, and that an answer takes.
BUDGET_S, ANSWER_S = in_full(30, 600), 1 / 3
SEED = 5
#: The relay is not what is slow here, though the clock goes on while it answers.
LISTEN = RelayLimits(open_s=10_000, idle_s=10_000, total_s=20_000)


@pytest.fixture
def anyio_backend() -> object:
    """Give runs a clock that goes on only when a server takes its time."""
    return SKIPPING


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

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:  # noqa: ANN401 -- ASGI
        if self.dies_after is not None:
            if not self.dies_after:
                raise httpx.ConnectError("refused")  # noqa: EM101 -- as a closed port does
            self.dies_after -= 1
        self.asked[scope["path"]] += 1
        loop = asyncio.get_running_loop()
        assert isinstance(loop, SkippingLoop)
        loop.advance(ANSWER_S)
        await self.indexer.application()(scope, receive, send)


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

    async def run(
        self, *, budget_s: float | None = None, killed_s: float | None = None, days: int = 0
    ) -> str:
        """Take a snapshot as `build` does, or be killed in the middle; return how the source ended."""
        at = self.world.now + timedelta(minutes=10 * self.runs, days=days)
        self.runs += 1
        journals = self.log.parent / f"{self.log.name}-journal"
        take_up(journals, self.log, network="regtest", refresh_hours=24)
        request = RunRequest(run=run_id(at, "x"), at=at, network="regtest")
        path = journals / f"{request.run}.jsonl"
        begun = Batch(run=request.run, at=at, network="regtest")
        try:
            async with asyncio.timeout(killed_s), self._source(budget_s) as angor:
                with journal(path, begun) as add:
                    found = await collect([angor], self.known, request, journal=add)
        except TimeoutError:
            if path.exists():
                path.write_bytes(path.read_bytes() + b'{"records":[{"amount_msat":1')  # the line it was at
            return "killed"
        append(self.log, found.batch, refresh_hours=24)
        path.unlink(missing_ok=True)
        return found.batch.asked[0].outcome

    @asynccontextmanager
    async def _source(self, budget_s: float | None) -> AsyncIterator[AngorSource]:
        mounts = {"http://slow.test": httpx.ASGITransport(app=self.server)}
        async with httpx.AsyncClient(mounts=mounts) as client:
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


def read_whole(known: Known) -> set[str]:
    return {record.id for record in known.of(Announced) if record.outcome is Census.READ}


def check_published(known: Known, whole: Known) -> None:
    """Check that what can be published is right, and incomplete while it is not all."""
    final = money(whole)
    read = read_whole(known)
    entries = {entry.key: entry for entry in known.of(Entry)}
    assert entries == {entry.key: entry for entry in whole.of(Entry) if entry.place in read}
    assert all(final[project.key] == project for project in known.of(Project))
    config = Config.model_validate(CONFIG)
    report, complete = (build(some, config, demo=False) for some in (known, whole))
    ours, theirs = report.figures["raised"], complete.figures["raised"]
    assert isinstance(ours.value, int)
    assert isinstance(theirs.value, int)
    assert ours.value <= theirs.value
    assert (ours.bound is Bound.EXACT) == (read == read_whole(whole))
    counted = [report.figures[name].value for name in ("projects", "projects_read")]
    right = [complete.figures["projects"].value, len(read)]
    answered = any(run.asked[0].outcome is Outcome.OK for run in known.runs)
    # where every run was killed nobody knows whether relays had named all
    assert counted == (right if answered else [None, None])
    over = {row.identifier for row in report.census.unseen if row.cause is Cause.BUDGET}
    assert over == {identifier_in(name) for name in read_whole(whole) - read}


CONFIG: dict[str, object] = {
    "version": 1,
    "site": {"title": "Network"},
    "network": "regtest",
    "angor": {"discover": "all"},
    "sources": {"nostr": {"relays": ["ws://127.0.0.1:1"]}, "indexers": ["http://127.0.0.1:1"]},
}


def grown(counts: Iterable[int] | Iterable[str]) -> bool:
    """Tell whether each number is higher than the one before."""
    return all(before < after for before, after in pairwise(counts))  # type: ignore[operator]


async def test_runs_that_are_ended_and_killed_end_as_one_that_was_not(tmp_path: Path) -> None:
    async with jobs(tmp_path, "whole", "parts") as (whole, parts):
        assert await whole.run() == Outcome.OK
        at_once = whole.known
        assert len(read_whole(at_once)) == PROJECTS
        counts, sizes, killed = [0], [0], 0
        while counts[-1] < PROJECTS:
            kill = parts.runs % 3 == 0
            done = parts.server.asked.total()
            limits = {"killed_s": BUDGET_S} if kill else {"budget_s": BUDGET_S}
            ended = await parts.run(**limits)
            killed += ended == "killed"
            if ended == "killed":
                take_up(tmp_path / "parts-journal", parts.log, network="regtest", refresh_hours=24)
            asked, known = parts.server.asked.total() - done, parts.known
            counts.append(len(read_whole(known)))
            sizes.append(len(known.records))
            print(f"run {parts.runs}: {ended}, {asked} requests, {counts[-1]} of {PROJECTS} projects read")
            assert asked <= BUDGET_S / ANSWER_S + 40  # what was on its way
            if known.runs:
                check_published(known, at_once)
        assert grown(sizes)
        assert killed
        assert len(counts) > 3
        print(f"{whole.server.asked.total()} requests at once, {parts.server.asked.total()} in parts")
    assert money(parts.known) == money(at_once)


async def test_what_was_read_before_the_server_died_is_kept(tmp_path: Path) -> None:
    async with jobs(tmp_path, "whole", "parts") as (whole, parts):
        await whole.run()
        parts.server.dies_after = 120
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
        report = build(known, Config.model_validate(CONFIG), demo=False)
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
        assert grown(places)
        assert {read["full_at"] for read in reads[:-1]} == {first.runs[0].asked[0].reads["full_at"]}
        assert reads[-1]["full_at"] > reads[0]["full_at"]
