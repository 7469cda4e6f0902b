"""Answers of real indexers that look like something else (public-servers.md 6), each beside an honest one."""

import asyncio
import dataclasses
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import httpx
import pytest

from generator.ledger import Entry
from generator.protocol.bitcoin import address_of_script
from generator.sandbox.chain import ChainWorld
from generator.sandbox.indexer import PROFILES, Indexer, Quirks
from generator.sandbox.indexer.quirks import TransactionJson
from generator.sandbox.relay import RelayProfile
from generator.snapshot import Announced, Cause, Census, Known, Project, Record, news
from generator.snapshot.announced import UNFOUNDED_ALONE, UNWITNESSED
from generator.sources.indexers import Indexers
from tests.support.angor_reading import logged, of, relay
from tests.support.angor_sandbox import nearby, one_project, played, source
from tests.support.limits import GENEROUS
from tests.support.paths import ROOT

pytestmark = pytest.mark.anyio

NOWHERE = "ab" * 32
CAPPED = replace(PROFILES["mempool-fulcrum"], cap=3)


@cache
def small() -> ChainWorld:
    return one_project(4)


async def read(
    *servers: Indexer, known: Known | None = None, listed: bool = True, world: ChainWorld | None = None
) -> tuple[list[Record], dict[str, str]]:
    """Return a run's records, and what one indexer alone told."""
    world, slugs = world or small(), None if listed else {}
    async with (
        relay([event.to_obj() for event in world.events]) as url,
        source(world, servers, url, listed=slugs) as angor,
    ):
        found = [record async for record in angor.collect(known or Known(), at=world.now, full=False)]
    alone = (UNWITNESSED, UNFOUNDED_ALONE)
    return found, {key: angor.tally.reads[key] for key in alone if key in angor.tally.reads}


@pytest.fixture(scope="module")
def honest() -> list[Record]:
    return asyncio.run(read(nearby(small())))[0]


def asking(client: httpx.AsyncClient, server: Indexer) -> Indexers:
    return Indexers.of([server.url], client=client, network="regtest", limits=GENEROUS)


@pytest.mark.parametrize("style", TransactionJson)
async def test_a_coinbase_that_pays_an_address_is_listed(style: TransactionJson) -> None:
    [output, *_] = small().chain.blocks[1].transactions[0].outputs
    server = nearby(small(), quirks=Quirks(json=style))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=server.application())) as client:
        pool = asking(client, server)
        await pool.open()
        history = (await pool.history(address_of_script(output.script, "bcrt") or "")).history
    assert history.complete
    assert small().chain.blocks[1].txids[0] in history.listings


async def test_a_question_about_many_that_fails_for_one_is_asked_for_each() -> None:
    server = nearby(small(), quirks=replace(PROFILES["mempool-space"], many_fail=True))
    known = small().chain.blocks[-1].txids[0]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=server.application())) as client:
        pool = asking(client, server)
        await pool.open()
        await pool.fetch_spends([known, NOWHERE])
        assert await pool.spent_outputs([known]) == {known: frozenset()}
        assert await pool.spenders(known, {}) == {}


async def test_nothing_is_asked_that_may_be_stale_or_unchecked() -> None:
    """mempool.space keeps ``/api/block/`` 30 days; ``/outspend/`` knows of transactions that nobody made."""
    server = nearby(small(), quirks=PROFILES["mempool-space"])
    await read(server)
    asked = {re.sub(r"[0-9a-f]{64}", "HASH", path) for path in server.asked}
    assert {path for path in asked if "/block/" in path} <= {
        "GET /api/block/HASH/header",
        "GET /api/block/HASH/txids",
    }
    assert not [path for path in asked if "/outspend/" in path]


async def test_a_server_that_lists_nothing_that_waits_takes_nothing_back() -> None:
    world = played(1)[0]
    [number] = [at for at, project in enumerate(world.projects) if project.draft.slug == "harvest-fund"]
    fund = one_project(number)
    first, _ = await read(nearby(fund), world=fund)
    assert any(entry.height is None for entry in of(first, Entry))
    found, _ = await read(nearby(fund, quirks=Quirks(lists_waiting=False)), world=fund, known=logged(first))
    assert news(logged(first), found) == []


def test_each_fact_that_surprises_has_a_mode_and_a_test() -> None:
    page = (ROOT / "docs" / "indexers.md").read_text()
    rows = [re.split(r" *\| *", row) for row in re.findall(r"(?m)^\| (?:\d+|besides): .*", page)]
    assert [row[1].partition(":")[0] for row in rows] == [*map(str, range(1, 11)), "besides"]
    fields = {field.name for kind in (Quirks, RelayProfile) for field in dataclasses.fields(kind)}
    written = "".join(path.read_text() for path in (ROOT / "tests").glob("*/**/test_*.py"))
    for _, fact, modes, tests, _ in rows:
        assert set(re.findall("`(.*?)`", modes)) <= fields, fact
        assert all(f"def {name}(" in written for name in tests.split(", ")), fact


async def test_a_list_that_breaks_off_is_one_servers_word(honest: Sequence[Record]) -> None:
    server = nearby(small(), quirks=replace(PROFILES["mempool-fulcrum"], breaks_off=4))
    found, alone = await read(server)
    assert len(found) < len(honest)
    assert alone == {UNWITNESSED: small().projects[0].identifier}  # its page and /health/ say so
    beside, alone = await read(server, nearby(small(), "honest"))
    assert {record.key for record in honest} <= {record.key for record in beside}
    assert alone == {}


@pytest.mark.parametrize("listed", [True, False])
async def test_an_empty_answer_makes_nothing_of_a_recorded_project(
    honest: Sequence[Record],
    listed: bool,  # noqa: FBT001 -- a parametrised flag
) -> None:
    known = logged(honest)
    found = news(known, (await read(nearby(small(), quirks=CAPPED), known=known, listed=listed))[0])
    [announced] = of(found, Announced)
    assert (announced.outcome, announced.cause) == (Census.UNREAD, Cause.HIDDEN)
    assert [project.complete for project in of(found, Project)] == [False]


@pytest.mark.parametrize("listed", [True, False])
async def test_that_nothing_founds_a_project_is_said_to_be_one_servers_word(
    listed: bool,  # noqa: FBT001 -- a parametrised flag
) -> None:
    """A server that lists nothing where it fails looks like one that knows of nothing."""
    name = small().projects[0].identifier

    async def outcome(*servers: Quirks) -> tuple[Census, dict[str, str]]:
        asked = [nearby(small(), f"s{number}", quirks) for number, quirks in enumerate(servers)]
        found, reads = await read(*asked, listed=listed)
        [announced] = of(found, Announced)
        return announced.outcome, reads

    assert await outcome(CAPPED) == (Census.UNFOUNDED, {UNFOUNDED_ALONE: name})
    assert await outcome(CAPPED, CAPPED) == (Census.UNFOUNDED, {})
    assert await outcome(CAPPED, PROFILES["dead-origin"]) == (Census.UNFOUNDED, {UNFOUNDED_ALONE: name})
    assert await outcome(CAPPED, Quirks()) == await outcome(Quirks(), CAPPED) == (Census.READ, {})
