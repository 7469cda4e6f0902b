"""What a run is not shown is not gone: servers that lag, hide, fail or answer short take nothing back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import httpx
import msgspec
import pytest

from generator.ledger import Entry, Kind, Status
from generator.protocol.bitcoin import Transaction
from generator.sandbox.btcpay.faults import Fault as Misbehaviour
from generator.sandbox.indexer import Quirks
from generator.snapshot import (
    Announced,
    Asked,
    Cause,
    Census,
    Finding,
    Known,
    Outcome,
    Record,
    Result,
    Run,
    TransactionRecord,
    Withdrawn,
    news,
)
from generator.snapshot import Project as ProjectRecord
from tests.support import angor_sandbox as sandbox
from tests.support.angor_reading import AT, about, angor, collected, logged, of, relay
from tests.support.esplora import Esplora, Fault, Project, cut, failing
from tests.support.limits import ONCE
from tests.support.skipping_loop import SKIPPING

pytestmark = pytest.mark.anyio
DOWN = cut(httpx.ConnectError)
SLUG = "a"


async def seen(
    project: Project, servers: Sequence[Esplora], known: Known | None = None, *, days: int = 0
) -> list[Record]:
    """Return what a run observes, and with `known` only its news."""
    async with relay(project.events) as url:
        source = angor(url, servers, {project.identifier: SLUG})
        records = await collected(source, known, at=AT + timedelta(days=days))
    return records if known is None else news(known, records)


def ran(tip_height: int | None, number: int = 0) -> Run:
    return Run(id=f"r{number}", source="runs", at=AT, tip_height=tip_height)


@pytest.mark.slow
async def test_what_was_there_before_a_failed_run_is_not_dropped_by_a_late_server() -> None:
    """The run that failed has no tip, and the only server of the next one has no waiting transactions."""
    world = sandbox.played(1)[0]
    ok, failed = ran(world.chain.height), ran(None, 1)
    server, late = sandbox.nearby(world, "server"), sandbox.nearby(world, "late", Quirks(lag_blocks=3))
    async with relay([event.to_obj() for event in world.events]) as url:
        first = await sandbox.read(world, [server], url)
        assert sum(entry.height is None for entry in of(first, Entry)) == 41
        for runs in ([ok], [ok, failed]):
            known = replace(logged(first), runs=tuple(runs))
            for servers in ([late, server], [server, late], [late]):
                assert news(known, await sandbox.read(world, servers, url, known=known)) == []


@pytest.mark.parametrize("path", ["/tip/height", "/address/", "/outspends", "/hex"])
@pytest.mark.parametrize("anyio_backend", [SKIPPING])
async def test_an_indexer_that_never_answers_makes_no_news(path: str) -> None:
    world = sandbox.one_project(4)
    server, stuck = sandbox.nearby(world, "honest"), sandbox.nearby(world, "stuck")
    stuck.quirks = Quirks(lag_blocks=2)
    async with relay([event.to_obj() for event in world.events]) as url:
        first = await sandbox.read(world, [server], url)
        known = logged([*first, ran(world.chain.height)])
        stuck.faults.add(Misbehaviour.TIMEOUT, path=path)
        for servers in ([stuck, server], [server, stuck]):
            told = await sandbox.read(world, servers, url, known=known, limits=ONCE)
            assert news(known, told) == []


async def test_a_block_that_still_stands_is_not_reorganised(invest: Project) -> None:
    hidden = {invest.txid("invest_i4_after_end_date"), invest.txid("end_of_project_i4")}
    rows = [row["status"] for row in invest.rows.values() if row["txid"] in hidden]
    blocks = {row["block_height"]: row["block_hash"] for row in rows}
    known = logged(first := await seen(invest, [Esplora(projects=[invest])]))
    short = [Esplora(projects=[invest], hidden=hidden, blocks=blocks) for _ in range(2)]
    changed = await seen(invest, short, known)
    [project] = of(changed, ProjectRecord)
    [finding] = of(changed, Finding)
    [announced] = of(changed, Announced)
    assert len(changed) == 3
    assert (announced.outcome, announced.cause) == (Census.UNREAD, Cause.HIDDEN)
    assert not project.complete
    assert finding.id == f"history/{invest.identifier}"
    told = f"2 recorded transactions are not shown and not shown to be gone: {min(hidden)}"
    assert (finding.result, finding.reason) == (Result.FAILED, told)
    after = logged(first, changed)
    assert await seen(invest, short, after) == []
    back = await seen(invest, [Esplora(projects=[invest])], after)
    assert {record.key[0] for record in back} == {"announced", "project", "finding"}
    # one of two that says the blocks stand is enough, and one that does not say
    reorganised = Esplora(projects=[invest], hidden=hidden)
    mute = Esplora(projects=[invest], hidden=hidden, fault=failing("/block-height/9"))
    for servers in ([reorganised, short[0]], [reorganised, mute]):
        assert not of(await seen(invest, servers, known), Withdrawn)
    gone = [record.id for record in of(await seen(invest, [reorganised, reorganised], known), Withdrawn)]
    assert sorted(gone) == sorted(about(known, *hidden))
    assert sum(name.startswith("entry/") for name in gone) == 5 + 4


async def test_a_waiting_transaction_is_dropped_when_every_server_says_so(invest: Project) -> None:
    without = {invest.txid("invest_unconfirmed")}
    has, lacks = Esplora(projects=[invest]), Esplora(projects=[invest], hidden=without)
    down = Esplora(projects=[invest], fault=DOWN)
    known = logged(await seen(invest, [has]))
    for servers in ([lacks, down], [down, lacks], [lacks, has], [has, lacks]):
        assert await seen(invest, servers, known) == []
    behind = Esplora(projects=[invest], hidden=without, tip=939_999)
    assert await seen(invest, [lacks, behind], logged([*known.records.values(), ran(940_000)])) == []
    for servers, days in (([lacks, lacks], 0), ([lacks, down], 15)):
        gone = await seen(invest, servers, known, days=days)
        assert {type(record) for record in gone} == {Withdrawn}
        assert sorted(record.id for record in gone) == sorted(about(known, *without))
        assert sum(record.id.startswith("entry/") for record in gone) == 5
    assert await seen(invest, [has, down], known, days=15) == []


async def test_a_waiting_transaction_is_replaced_by_one_in_a_block_that_spends_the_same(
    invest: Project,
) -> None:
    first = await seen(invest, [Esplora(projects=[invest])])
    mined = invest.txid("invest_i1")
    bytes_of = Transaction.parse(bytes.fromhex(invest.raw[mined]))
    earlier = replace(bytes_of, locktime=bytes_of.locktime ^ 1)
    entry = next(entry for entry in of(first, Entry) if entry.id == f"{mined}:2")
    waiting = msgspec.structs.replace(
        entry, id=f"{earlier.txid}:2", height=None, block="", status=Status.PENDING
    )
    evidence = TransactionRecord(id=earlier.txid, source="angor", hex=earlier.serialize().hex())
    servers = [Esplora(projects=[invest]), Esplora(projects=[invest], fault=DOWN)]
    [gone] = await seen(invest, servers, logged([*first, waiting, evidence]))
    reason = f"replaced by {mined}, which spends the same"
    assert gone == Withdrawn(id=f"entry/{waiting.id}", source="angor", reason=reason)


def young(record: Record) -> Record:
    if isinstance(record, Entry) and record.spends:
        return msgspec.structs.replace(record, height=939_990)
    return record


async def test_a_server_that_forgets_who_spent_takes_nothing_back(invest: Project) -> None:
    def unspent(of_txid: str) -> Fault:
        def fault(request: httpx.Request) -> httpx.Response | None:
            parts = request.url.path.split("/")
            hit = parts[-1] == "outspends" and of_txid in ("", parts[-2])
            return httpx.Response(200, json=[{"spent": False}] * 20) if hit else None

        return fault

    first = await seen(invest, [Esplora(projects=[invest])])
    recent = logged([young(record) for record in first])  # asked for in each run
    # the claim that spends this one is read anyway: it spends another investment as well
    one = Esplora(projects=[invest], fault=unspent(invest.txid("invest_i1")))
    assert await seen(invest, [one], logged(first)) == []
    assert not of(await seen(invest, [one], recent), Withdrawn)
    every = await seen(invest, [Esplora(projects=[invest], fault=unspent(""))], recent)
    assert not of(every, Withdrawn)
    assert not of(every, ProjectRecord)[0].complete


async def test_what_is_read_again_and_refused_is_taken_back_with_what_spends_it(invest: Project) -> None:
    first = await seen(invest, [Esplora(projects=[invest])])
    fake = invest.txid("invest_fake_p2tr")
    entry = next(entry for entry in of(first, Entry) if entry.kind is Kind.INVESTMENT)
    wrong = msgspec.structs.replace(entry, id=f"{fake}:2")
    spend = msgspec.structs.replace(entry, kind=Kind.PENALTY, id=f"{'ab' * 32}/0", spends=wrong.id)
    gone = await seen(invest, [Esplora(projects=[invest])], logged([*first, wrong, spend]))
    assert {(type(record), record.id) for record in gone} == {
        (Withdrawn, f"entry/{wrong.id}"),
        (Withdrawn, f"entry/{spend.id}"),
    }


async def test_a_late_server_that_still_sees_it_waiting_does_not_unconfirm(invest: Project) -> None:
    first = await seen(invest, [Esplora(projects=[invest], tip=905_010)])
    row = invest.rows["invest_i4_after_end_date"]
    place, row["status"] = row["status"], {"confirmed": False}
    late = Esplora(projects=[invest], tip=place["block_height"] - 1)
    ahead = replace(invest, rows={**invest.rows, "invest_i4_after_end_date": {**row, "status": place}})
    best = Esplora(projects=[ahead], tip=place["block_height"] + 2)
    known = logged([*first, ran(place["block_height"] + 2)])
    for servers in ([late], [late, best], [best, late]):
        assert await seen(invest, servers, known) == []


async def test_findings_about_the_witness_do_not_flap(invest: Project) -> None:
    hidden = {invest.txid("invest_i2")}
    status = invest.rows["invest_i2"]["status"]
    blocks = {status["block_height"]: status["block_hash"]}

    def pair(tip: int = 940_000) -> list[Esplora]:
        short = Esplora(projects=[invest], hidden=hidden, blocks=blocks, tip=tip)
        return [short, Esplora(projects=[invest], tip=tip)]

    first = await seen(invest, pair())
    [finding] = [f for f in of(first, Finding) if f.check == "witness"]
    assert (finding.result, finding.reason.count("i0.example and i1.example")) == (Result.FAILED, 1)
    known = logged([*first, ran(940_000)])
    liar, honest = pair()
    late = [liar, replace(honest, tip=939_999)]
    for servers in (pair(), pair(940_001), [honest, liar], [replace(liar, fault=DOWN), honest], late):
        assert await seen(invest, servers, known) == []
    agreeing = await seen(invest, [honest, honest], known)
    assert [record.id for record in agreeing] == [f"finding/witness/{invest.identifier}"]


async def test_a_witness_that_is_down_in_one_run_makes_no_news(invest: Project) -> None:
    up, down = Esplora(projects=[invest]), Esplora(projects=[invest], fault=DOWN)
    part = Esplora(projects=[invest], fault=failing("/address/"))
    first = await seen(invest, [up, up])
    known = logged([*first, ran(940_000)])
    for servers in ([up, down], [down, up], [up, part], [part, up], [up, up]):
        assert await seen(invest, servers, known) == []
        assert await seen(invest, servers) == first


async def test_the_run_record_keeps_what_one_indexer_alone_told(invest: Project) -> None:
    """It stands there and not in the log's records, which are equal whoever was down."""
    up, down = Esplora(projects=[invest]), Esplora(projects=[invest], fault=DOWN)

    async def kept(servers: Sequence[Esplora], known: Known | None = None) -> str:
        async with relay(invest.events) as url:
            source = angor(url, servers, {invest.identifier: SLUG})
            await collected(source, known)
        return source.tally.reads.get("unwitnessed", "")

    assert await kept([up, up]) == ""
    assert await kept([up, down]) == await kept([down, up]) == await kept([up]) == invest.identifier
    known = logged([*await seen(invest, [up, up]), ran(940_000)])
    assert await kept([up, down], known) == ""  # nothing was added to what two agreed on
    answered = Asked(source="angor", outcome=Outcome.OK, reads={"unwitnessed": invest.identifier})
    run = msgspec.structs.replace(ran(940_000), asked=(answered,))
    known = replace(known, runs=(run,))
    assert await kept([up, down], known) == invest.identifier
