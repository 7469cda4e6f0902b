"""The source against the sandbox over real connections: what actors noted is what it reads."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from generator.errors import Unavailable
from generator.ledger import Entry, Status
from generator.places import angor_place
from generator.sandbox.acts import Act, Acts
from generator.sandbox.btcpay.faults import Fault
from generator.sandbox.chain import ChainWorld
from generator.sandbox.indexer import Quirks, serve_indexer
from generator.sandbox.relay import serve_relays
from generator.snapshot import Finding, Known, Record, Result, Run, news
from generator.snapshot import Project as ProjectRecord
from tests.support.angor_reading import logged, relay
from tests.support.angor_sandbox import LISTEN, nearby, one_project, played, read, slugs, source
from tests.support.limits import ONCE
from tests.support.skipping_loop import SKIPPING

pytestmark = pytest.mark.anyio


def told(world: ChainWorld, acts: Acts) -> Iterator[tuple[object, ...]]:
    for act in acts:
        yield (*act_of(act), act.at if act.status.value == "confirmed" else world.now)


def act_of(act: Act) -> tuple[object, ...]:
    money = (angor_place(act.identifier), act.kind.value, act.id, act.amount_msat, act.status.value)
    return (*money, act.stage, act.opens_at, act.spends, act.investor_key)


def seen(records: Sequence[Record]) -> Iterator[tuple[object, ...]]:
    for entry in records:
        if isinstance(entry, Entry):
            money = (entry.place, entry.kind.value, entry.id, entry.amount_msat, entry.status.value)
            party = "" if entry.kind.value == "fee" else entry.party
            at = entry.at
            yield (*money, entry.stage, entry.opens_at, entry.spends, party, at)


@pytest.fixture(scope="module")
def world() -> ChainWorld:
    return played(1)[0]


@pytest.mark.slow
@pytest.mark.proof(1)
@pytest.mark.parametrize(("seed", "projects"), [(1, 0), (2, 3), (77, 3)])
async def test_every_act_is_read_and_nothing_else(seed: int, projects: int) -> None:
    world, acts = played(seed, projects)
    with serve_indexer(world) as server:
        async with relay([event.to_obj() for event in world.events]) as url:
            records = await read(world, [server], url)
            assert len(acts) > 700
            assert sorted(seen(records), key=str) == sorted(told(world, acts), key=str)
            asked = len(server.asked)
            again = await read(world, [server], url, known=logged(records), days=1)
            assert news(logged(records), again) == []
            assert len(server.asked) - asked < asked / 5
    kept = [record for record in records if isinstance(record, ProjectRecord)]
    assert {project.id for project in kept} == set(map(angor_place, slugs(world)))
    assert all(project.complete and project.title and project.description for project in kept)


@pytest.mark.proof(1)
@pytest.mark.parametrize(
    "quirks",
    [
        Quirks(page=10, names_spenders=False, proves=False),
        Quirks(page=3),
        Quirks(page=7, follows_after_txid=False),
    ],
    ids=["electrum", "short pages", "blockstream"],
)
async def test_the_kind_of_server_changes_nothing(quirks: Quirks) -> None:
    world = one_project(4)
    usual, other = nearby(world, "usual"), nearby(world, "other", quirks)
    async with relay([event.to_obj() for event in world.events]) as url:
        expected = await read(world, [usual], url)
        assert await read(world, [other], url) == expected
        assert await read(world, [usual, other], url) == expected
        assert await read(world, [other, usual], url) == expected


@pytest.mark.slow
@pytest.mark.proof(1)
@pytest.mark.parametrize("fault", [fault for fault in Fault if fault not in (Fault.SLOW, Fault.TIMEOUT)])
async def test_a_faulty_indexer_is_replaced_or_named(fault: Fault) -> None:
    world = one_project(4)
    with serve_indexer(world) as broken, serve_indexer(world) as healthy:
        async with relay([event.to_obj() for event in world.events]) as url:
            expected = await read(world, [healthy], url)
            assert len(list(seen(expected))) > 30
            for path in ("", "/outspends"):
                broken.faults.heal()
                broken.faults.add(fault, path=path, seconds=0.01)
                assert await read(world, [broken, healthy], url) == expected, path
            broken.faults.heal()
            broken.faults.add(fault, seconds=0.01)
            with pytest.raises(Unavailable, match=r"angor: no indexer answers: .*127\.0\.0\.1"):
                await read(world, [broken], url)
    # one route that fails is not the server: the others are still asked there
    assert len(broken.asked) < 150


@pytest.mark.parametrize("anyio_backend", [SKIPPING])
async def test_an_indexer_that_never_answers_is_replaced_or_named() -> None:
    world = one_project(4)
    broken, healthy = nearby(world, "broken"), nearby(world, "healthy")
    async with relay([event.to_obj() for event in world.events]) as url:
        expected = await read(world, [healthy], url)
        for path in ("", "/outspends"):
            broken.faults.heal()
            broken.faults.add(Fault.TIMEOUT, path=path)
            assert await read(world, [broken, healthy], url, limits=ONCE) == expected, path
        broken.faults.heal()
        broken.faults.add(Fault.TIMEOUT)
        with pytest.raises(Unavailable, match=r"angor: no indexer answers: .*broken\.near\.test"):
            await read(world, [broken], url, limits=ONCE)
    # a dead server costs one patience, not one for each request that waits for it
    assert len(broken.asked) < 60


async def test_a_fault_that_passes_is_waited_out() -> None:
    world = one_project(4)
    server = nearby(world)
    async with relay([event.to_obj() for event in world.events]) as url:
        expected = await read(world, [server], url)
        server.faults.add(Fault.LIMITED, path="/outspends", times=1, seconds=0.01)
        server.faults.add(Fault.ERROR, path="/hex", times=1)
        assert await read(world, [server], url) == expected


@pytest.mark.slow
async def test_a_failing_project_is_kept_and_comes_back(world: ChainWorld) -> None:
    broken = world.projects[2]
    place = angor_place(broken.identifier)
    server = nearby(world)
    async with relay([event.to_obj() for event in world.events]) as url:
        first = await read(world, [server], url)
        known = logged(first)
        project = next(p for p in known.of(ProjectRecord) if p.id == place)
        server.faults.add(Fault.HTML, path=f"/address/{project.address}/txs")
        changed = news(known, await read(world, [server], url, known=known))
        server.faults.heal()
        after = logged(first, changed)
        back = news(after, await read(world, [server], url, known=after))
    assert [(type(record).__name__, record.id) for record in changed] == [
        ("Announced", place),
        ("Project", place),
        ("Finding", f"history/{broken.identifier}"),
    ]
    [finding] = [record for record in changed if isinstance(record, Finding)]
    assert (finding.result, finding.place) == (Result.NOT_CHECKED, place)
    assert "answered 200 with a web page" in finding.reason
    assert logged(first, changed, back).records == known.records


@pytest.mark.slow
async def test_a_successor_behind_the_first_takes_nothing_back(world: ChainWorld) -> None:
    run = Run(id="r0", source="runs", at=world.now, tip_height=world.chain.height)
    server, late = nearby(world, "server"), nearby(world, "late", Quirks(lag_blocks=3))
    async with relay([event.to_obj() for event in world.events]) as url:
        first = await read(world, [server], url)
        known = logged([*first, run])
        assert news(known, await read(world, [late, server], url, known=known)) == []
        alone = news(known, await read(world, [late], url, known=known))
    confirmed = {r.id for r in first if isinstance(r, Entry) and r.status is Status.CONFIRMED}
    assert not [record for record in alone if record.id.partition("/")[2] in confirmed]


@pytest.mark.slow
async def test_two_real_relays_and_a_liar_give_what_one_honest_relay_gives(world: ChainWorld) -> None:
    few_seconds = replace(LISTEN, idle_s=5)  # the liar is waited for in real time, twice
    server = nearby(world)
    with serve_relays(world) as relays:
        honest = await read(world, [server], relays.honest[0])
        async with source(world, [server], relays.lying, *relays.honest, listen=few_seconds) as angor:
            records = [record async for record in angor.collect(Known(), at=world.now, full=False)]
        assert records == honest
        assert sorted(seen(records), key=str) == sorted(told(*played(1)), key=str)
        assert angor.tally.reads[f"relay {relays.lying}"] == "timeout (stopped answering)"
        assert {angor.tally.reads[f"relay {url}"] for url in relays.honest} == {"complete"}
        counts, definitions = angor.tally.counts, sum(event.kind == 3030 for event in world.events)
        # of each definition: one forged, and two that a stranger really signed
        assert (counts["forged_events"], counts["events"]) == (definitions, 3 * definitions + 1)
        assert counts["foreign_events"] == 1
        async with source(world, [server], relays.lying, listen=few_seconds) as alone:
            with pytest.raises(
                Unavailable, match=r"0 of 1 relays answered completely, expected 1: .* timeout"
            ):
                await anext(alone.collect(Known(), at=world.now, full=False))
