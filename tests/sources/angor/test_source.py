"""The whole source over the reference's synthetic projects: strict totals, quiet runs, faults, lies."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import httpx
import msgspec
import pytest

from generator.errors import SourceError, Unavailable
from generator.ledger import Entry, Kind, Status
from generator.places import angor_place
from generator.protocol.angor.project_identifier import identifier_of
from generator.snapshot import (
    Announced,
    BranchRecord,
    Census,
    EventRecord,
    Finding,
    HeaderRecord,
    Record,
    Result,
    Run,
    TransactionRecord,
    Withdrawn,
    news,
)
from generator.snapshot import Project as ProjectRecord
from tests.support.angor_reading import AT, about, angor, collected, logged, of, relay
from tests.support.esplora import (
    FAULTS,
    Esplora,
    Fault,
    Project,
    event,
)

pytestmark = pytest.mark.anyio
EVIDENCE = (EventRecord, TransactionRecord, HeaderRecord, BranchRecord)


def sums(records: Sequence[Record], *, status: Status = Status.CONFIRMED) -> dict[str, int]:
    """Return satoshis by kind."""
    totals: Counter[str] = Counter()
    for record in records:
        if isinstance(record, Entry) and record.status is status:
            totals[record.kind] += record.amount_msat // 1000
    return dict(totals)


async def test_the_invest_project_has_its_strict_totals(invest: Project) -> None:
    async with relay(invest.events) as url:
        source = angor(url, [Esplora(projects=[invest])], {invest.identifier: "fixture"})
        records = await collected(source)
    expected = invest.expected
    assert sums(records) == {
        Kind.INVESTMENT: expected["strict_rule"]["amountInvested"],
        Kind.FEE: expected["fee_totals"]["angorFeesFromValidInvestments"],
        Kind.CLAIM: expected["spends"]["founderTotal"],
        Kind.PENALTY: expected["spends"]["penalty"]["sats"],
        Kind.RELEASE: expected["spends"]["penalty"]["sats"],
        Kind.RECOVERY: expected["spends"]["unfundedRelease"]["sats"]
        + expected["spends"]["endOfProject"]["sats"],
    }
    assert sums(records, status=Status.PENDING) == {Kind.INVESTMENT: 1_980_000, Kind.FEE: 20_000}
    entries = [record for record in records if isinstance(record, Entry)]
    confirmed = [e for e in entries if e.kind is Kind.INVESTMENT and e.status is Status.CONFIRMED]
    assert len({entry.party for entry in confirmed}) == expected["strict_rule"]["investorCountUniqueKeys"]
    assert len({entry.id[:64] for entry in confirmed}) == expected["strict_rule"]["investmentTxCount"]
    [project] = [record for record in records if isinstance(record, ProjectRecord)]
    assert (project.id, project.kind, project.title) == (
        angor_place(invest.identifier),
        "invest",
        "Fixture Invest",
    )
    assert project.founding_txid == expected["txids"]["creation"]
    assert project.description == "# Fixture Invest\n\nSynthetic description."


async def test_the_subscribe_project_has_its_strict_totals(subscribe: Project) -> None:
    async with relay(subscribe.events) as url:
        source = angor(url, [Esplora(projects=[subscribe])], {subscribe.identifier: "sub"})
        records = await collected(source)
    expected = subscribe.expected
    assert sums(records) == {
        Kind.INVESTMENT: expected["amountInvested"],
        Kind.FEE: 10_000,
        Kind.CLAIM: expected["founderTotal"],
        Kind.RECOVERY: expected["endOfProject"],
    }
    [project] = of(records, ProjectRecord)
    assert (project.kind, project.goal, project.ends_at, project.stages) == ("subscribe", None, None, ())


async def test_each_entry_knows_its_place_stage_and_evidence(invest: Project) -> None:
    async with relay(invest.events) as url:
        records = await collected(angor(url, [Esplora(projects=[invest])], {invest.identifier: "fixture"}))
    entries = {entry.id: entry for entry in of(records, Entry)}
    evidence = {record.id for record in records if isinstance(record, EVIDENCE)}
    assert all(set(entry.evidence) <= evidence for entry in entries.values())
    i2, recovery = invest.txid("invest_i2"), invest.txid("recovery_penalty_i2")
    stage = entries[f"{i2}:3"]
    status = invest.rows["invest_i2"]["status"]
    assert (stage.stage, stage.height, stage.block) == (2, status["block_height"], status["block_hash"])
    assert stage.at == datetime.fromtimestamp(status["block_time"], UTC)
    assert stage.opens_at == datetime(2025, 8, 1, tzinfo=UTC)
    penalty = entries[f"{recovery}/0"]
    assert (penalty.kind, penalty.spends, penalty.party) == (Kind.PENALTY, stage.id, stage.party)
    release = entries[f"{invest.txid('penalty_release_i2')}/0"]
    assert (release.kind, release.spends) == (Kind.RELEASE, f"{recovery}:0")
    assert (release.stage, release.opens_at, release.party) == (2, stage.opens_at, stage.party)
    assert len(entries) == 4 * 6 - 4 + 5 + 2 + 3 + 3 + 4 + 4


async def test_findings_say_what_was_checked(invest: Project) -> None:
    async with relay(invest.events) as url:
        source = angor(url, [Esplora(projects=[invest])], {invest.identifier: "fixture"})
        records = await collected(source)
    findings = {(f.check, f.subject): f for f in of(records, Finding)}
    results = {key: str(finding.result) for key, finding in findings.items()}
    own, creation = invest.identifier, invest.txid("creation")
    for check in (
        "founder-key-address",
        "event-id",
        "event-signature",
        "event-author",
        "network-name",
        "history",
    ):
        assert results[check, own] == "ok", check
    assert results["founding-commitment", creation] == "ok"
    assert results["stage-scripts", invest.txid("invest_i1")] == "ok"
    assert results["stage-scripts", invest.txid("invest_fake_p2tr")] == "failed"
    assert results["window", invest.txid("invest_i1")] == "ok"
    late = findings["window", invest.txid("invest_i4_after_end_date")]
    assert late.reason == "in a block of 2025-07-16, after the window closed on 2025-06-07"
    assert results["window", invest.txid("invest_unconfirmed")] == "not checked"
    second = findings["single-founding", invest.txid("second_creation_other_event")]
    assert second.reason.endswith(f"the earliest, {creation}, counts")
    assert results["penalty-days", f"{invest.txid('recovery_penalty_i2')}/0"] == "ok"
    assert results["spend-script", f"{invest.txid('founder_claim_stage1')}/1"] == "ok"
    counts = source.tally.counts
    assert counts["investments"] == 5
    assert counts["refused_transactions"] == 1
    assert counts["foreign_transactions"] == 2  # the donation and the one with swapped outputs
    assert source.tally.tip_height == 940_000


async def test_all_projects_are_discovered_and_strangers_are_counted(
    invest: Project, subscribe: Project
) -> None:
    projects = [invest, subscribe]
    spam = [
        event(1, content, kind=3030) for content in ("0xdf71", "{", "{}", '{"projectIdentifier":"angor1q"}')
    ]
    copied = json.dumps({**invest.info, "targetAmount": 1, "founderKey": "02" + "11" * 32})
    spam.append(event(2_000_000_000, copied, kind=3030))
    async with relay([*invest.events, *subscribe.events, *spam]) as url:
        source = angor(url, [Esplora(projects=projects)], {invest.identifier: "mine"}, discover="all")
        records = await collected(source)
        alone = await collected(angor(url, [Esplora(projects=projects)], {invest.identifier: "mine"}))
    assert {project.id for project in of(records, ProjectRecord)} == {
        angor_place(project.identifier) for project in (invest, subscribe)
    }
    assert set(map(repr, alone)) < set(map(repr, records))
    assert source.tally.counts["foreign_events"] == len(spam)


async def test_an_identifier_of_another_network_is_told(invest: Project) -> None:
    there = identifier_of(invest.info["founderKey"], "regtest")
    definition = event(1, json.dumps({**invest.info, "projectIdentifier": there}), kind=3030)
    listed = {there: "mine", invest.identifier: "well"}
    async with relay([*invest.events, definition]) as url:
        records = await collected(angor(url, [Esplora(projects=[invest])], listed, discover="all"))
    [finding] = [found for found in of(records, Finding) if found.subject == there]
    assert "its founder's key leads to it on angornet, not on main: is the network right?" in finding.reason
    assert [record.id for record in of(records, ProjectRecord)] == [angor_place(invest.identifier)]


async def test_a_later_event_of_the_same_project_changes_nothing(invest: Project) -> None:
    newer = event(2_000_000_000, json.dumps({**invest.info, "targetAmount": 1}), kind=3030)
    async with relay(invest.events) as honest, relay([*invest.events, newer]) as busy:
        servers = [Esplora(projects=[invest])]
        expected = await collected(angor(honest, servers, {invest.identifier: "a"}, discover="all"))
        assert await collected(angor(busy, servers, {invest.identifier: "a"}, discover="all")) == expected


async def test_a_second_run_has_no_news_and_asks_little(invest: Project, subscribe: Project) -> None:
    server = Esplora(projects=[invest, subscribe])
    listed = {invest.identifier: "a", subscribe.identifier: "b"}
    async with relay([*invest.events, *subscribe.events]) as url:
        first = await collected(angor(url, [server], listed))
        asked_first = len(server.asked)
        known = logged(first)
        server.asked.clear()
        second = await collected(angor(url, [server], listed), known, at=AT + timedelta(days=1))
        assert news(known, second) == []
        assert {record.key for record in second} == set(known.records)
    # two probes, the tip and its header, the highest block; of the project that stands its count and its open
    # outputs, asked of many, which it does not tell, and of one; of the one with money that waits the count,
    # two pages, and of each investment that is not all spent its own
    assert len(server.asked) == 2 + 2 + 1 + (1 + 2) + (1 + 2 + 2)
    assert asked_first > 3 * len(server.asked)
    assert not any("/hex" in path for path in server.asked)
    assert sum("/block/" in path for path in server.asked) == 1


async def test_records_do_not_depend_on_pages_or_the_kind_of_server(invest: Project) -> None:
    listed = {invest.identifier: "a"}
    async with relay(invest.events) as url:
        expected = await collected(angor(url, [Esplora(projects=[invest])], listed))
        for options in ({"page": 2}, {"electrum": True, "page": 10}, {"prefix": "/api/v1"}):
            found = await collected(angor(url, [Esplora(projects=[invest], **options)], listed))
            assert found == expected, options


@pytest.mark.parametrize(("fault", "kind", "says"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
async def test_a_faulty_indexer_is_replaced_with_identical_records(
    invest: Project, fault: Fault, kind: type[SourceError], says: str
) -> None:
    del kind
    listed = {invest.identifier: "a"}

    def later(request: httpx.Request) -> httpx.Response | None:
        return fault(request) if "/address/" in request.url.path or "/tx/" in request.url.path else None

    async with relay(invest.events) as url:
        expected = await collected(angor(url, [Esplora(projects=[invest])], listed))
        for broken in (fault, later):
            servers = [Esplora(projects=[invest], fault=broken), Esplora(projects=[invest])]
            assert await collected(angor(url, servers, listed)) == expected
        with pytest.raises(Unavailable, match="no indexer answers") as caught:
            await collected(angor(url, [Esplora(projects=[invest], fault=fault)], listed))
    assert "i0.example" in str(caught.value)
    assert says == "damaged or cut off" or says in str(caught.value)


@pytest.mark.parametrize("path", ["/hex", "/outspends", "/header", "/txids", "/txs"])
async def test_one_project_that_fails_keeps_its_records_and_the_other_is_read(
    invest: Project, subscribe: Project, path: str
) -> None:
    theirs = {invest.address, *(row["txid"] for row in invest.rows.values()), *invest.headers}

    def fault(request: httpx.Request) -> httpx.Response | None:
        hit = request.url.path.endswith(path) and any(part in theirs for part in request.url.path.split("/"))
        return httpx.Response(200, text="<html>") if hit else None

    listed = {invest.identifier: "a", subscribe.identifier: "b"}
    async with relay([*invest.events, *subscribe.events]) as url:
        healthy = await collected(angor(url, [Esplora(projects=[invest, subscribe])], listed))
        broken = Esplora(projects=[invest, subscribe], fault=fault)
        records = await collected(angor(url, [broken], listed))
        assert [entry for entry in of(records, Entry) if entry.place == angor_place(invest.identifier)] == []
        assert [r for r in of(records, Entry) if r.place == angor_place(subscribe.identifier)] == [
            r for r in of(healthy, Entry) if r.place == angor_place(subscribe.identifier)
        ]
        [finding] = [f for f in of(records, Finding) if f.place == angor_place(invest.identifier)]
        assert (finding.id, finding.result) == (f"history/{invest.identifier}", "not checked")
        assert "i0.example" in finding.reason
        # with the healthy run in the log only what changes is the project's own mark, and back again
        known = logged([record for record in healthy if not isinstance(record, EVIDENCE)])
        changed = news(known, await collected(angor(url, [broken], listed), known))
        marked = [record for record in changed if not isinstance(record, EVIDENCE)]
        assert [type(record).__name__ for record in marked] == ["Announced", "Project", "Finding"]
        assert not of(marked, ProjectRecord)[0].complete
        again = logged(healthy, changed)
        recovered = news(
            again, await collected(angor(url, [Esplora(projects=[invest, subscribe])], listed), again)
        )
        assert [type(record).__name__ for record in recovered] == ["Announced", "Project", "Finding"]


async def test_without_relays_or_their_quorum_the_source_is_unavailable(invest: Project) -> None:
    server = [Esplora(projects=[invest])]
    async with relay(invest.events) as url:
        urls = [url, "ws://127.0.0.1:1"]
        with pytest.raises(Unavailable, match=r"1 of 2 relays answered completely, expected 2: .* refused"):
            await collected(angor(urls, server, {invest.identifier: "a"}, quorum=2))
        source = angor(urls, server, {invest.identifier: "a"})
        assert sums(await collected(source))[Kind.INVESTMENT] == 55_440_003
    assert source.tally.reads["relay ws://127.0.0.1:1"].startswith("refused")
    assert source.tally.reads[f"relay {url}"] == "complete"


async def test_no_relay_has_the_committed_event(invest: Project) -> None:
    committed = invest.events[0]["id"]
    async with relay([event for event in invest.events if event["kind"] != 3030]) as url:
        records = await collected(angor(url, [Esplora(projects=[invest])], {invest.identifier: "a"}))
    assert not of(records, Entry)
    assert not of(records, ProjectRecord)
    finding = next(f for f in of(records, Finding) if f.check == "event-id")
    assert finding.result == "not checked"
    assert finding.reason == f"no relay has event {committed}, which the founding transaction commits to"


async def test_an_unfounded_project_is_a_finding_or_a_count(
    invest: Project,
) -> None:
    async with relay(invest.events) as url:
        [finding] = of(await collected(angor(url, [Esplora(projects=[])], {invest.identifier: "a"})), Finding)
        source = angor(url, [Esplora(projects=[])], {}, discover="all")
        [announced] = await collected(source)
    assert isinstance(announced, Announced)
    assert (announced.outcome, announced.cause, announced.at_most_msat) == (Census.UNFOUNDED, None, None)
    assert (finding.check, finding.result) == ("founding-commitment", "not checked")
    assert finding.reason == "no transaction that pays the project names a key, as a founding does"
    assert source.tally.counts["unfounded_projects"] == 1


async def test_a_reorganisation_withdraws_and_moves(invest: Project) -> None:
    listed = {invest.identifier: "a"}
    i4, end = invest.txid("invest_i4_after_end_date"), invest.txid("end_of_project_i4")
    async with relay(invest.events) as url:
        before = logged(await collected(angor(url, [Esplora(projects=[invest])], listed)))
        moved = invest.txid("invest_i3_same_key_as_i1")
        row = invest.rows["invest_i3_same_key_as_i1"]["status"]
        row["block_height"] += 1
        row["block_time"] += 600
        row["block_hash"] = invest.mine(moved, row["block_height"], row["block_time"])
        server = Esplora(projects=[invest], hidden={i4, end})
        changed = news(before, await collected(angor(url, [server], listed), before))
        after = logged(list(before.records.values()), changed)
        assert news(after, await collected(angor(url, [server], listed), after)) == []
    gone = {record.id: record.reason for record in of(changed, Withdrawn)}
    assert {name for name in gone if name.startswith("entry/")} == {
        *(f"entry/{i4}:{vout}" for vout in (0, 2, 3, 4, 5)),
        *(f"entry/{end}/{vin}" for vin in range(4)),
    }
    assert set(gone) == about(before, i4, end)
    assert gone[f"entry/{i4}:2"] == "no longer in the chain: block 905000 was reorganised"
    assert {entry.height for entry in of(changed, Entry)} == {row["block_height"]}
    assert sums(list(after.records.values()))[Kind.INVESTMENT] == 55_440_003 - 990_000


async def test_an_unconfirmed_investment_is_pending_then_confirmed_or_dropped(
    invest: Project,
) -> None:
    listed, txid = {invest.identifier: "a"}, invest.txid("invest_unconfirmed")
    async with relay(invest.events) as url:
        server = Esplora(projects=[invest])
        known = logged(await collected(angor(url, [server], listed)))
        assert {e.at for e in of(list(known.records.values()), Entry) if e.height is None} == {AT}
        dropped = Esplora(projects=[invest], hidden={txid})
        gone = news(known, await collected(angor(url, [dropped], listed), known, at=AT + timedelta(hours=1)))
        assert {record.reason for record in of(gone, Withdrawn) if record.id.startswith("entry/")} == {
            "neither in a block nor waiting for one: replaced or dropped"
        }
        assert sum(record.id.startswith("entry/") for record in of(gone, Withdrawn)) == 5
        mined = 1_764_600_000
        for tip, status in (
            (939_999, Status.PENDING),
            (940_000, Status.PENDING),
            (940_001, Status.CONFIRMED),
        ):
            block = invest.mine(txid, 939_999, mined)
            place = {
                "confirmed": True,
                "block_height": 939_999,
                "block_hash": block,
                "block_time": 1_764_600_000,
            }
            invest.rows["invest_unconfirmed"]["status"] = place
            found = await collected(angor(url, [Esplora(projects=[invest], tip=tip)], listed))
            entries = [entry for entry in of(found, Entry) if entry.id.startswith(txid)]
            assert {entry.status for entry in entries} == {status}, tip
            assert {entry.at for entry in entries} == {datetime.fromtimestamp(mined, UTC)}


async def test_a_lagging_successor_withdraws_nothing_and_does_not_unconfirm(invest: Project) -> None:
    listed = {invest.identifier: "a"}
    end = invest.txid("end_of_project_i4")
    top = invest.rows["end_of_project_i4"]["status"]["block_height"]
    async with relay(invest.events) as url:
        first = await collected(angor(url, [Esplora(projects=[invest], tip=top + 2)], listed))
        known = logged([*first, Run(id="r0", source="runs", at=AT, tip_height=top + 2)])
        behind = Esplora(projects=[invest], tip=top - 1, hidden={end})
        changed = news(known, await collected(angor(url, [behind], listed), known))
    assert changed == []
    assert sums(first)[Kind.RECOVERY] == 4_950_000 + 990_000


async def test_damaged_evidence_is_fetched_again(invest: Project) -> None:
    listed, server = {invest.identifier: "a"}, Esplora(projects=[invest])
    async with relay(invest.events) as url:
        first = await collected(angor(url, [server], listed))
        spoiled = [spoil(record) for record in first]
        assert sum(damaged != other for damaged, other in zip(spoiled, first, strict=True)) == 3 + 13 + 4 * 11
        mended = news(logged(spoiled), await collected(angor(url, [server], listed), logged(spoiled)))
    assert {record.key for record in mended} == {
        record.key for record in first if isinstance(record, EVIDENCE)
    }
    assert list(logged(spoiled, mended).records.values()) == list(logged(first).records.values())


def spoil(record: Record) -> Record:
    match record:
        case EventRecord():
            return msgspec.structs.replace(record, json=record.json[:-1])
        case TransactionRecord() | HeaderRecord():
            return msgspec.structs.replace(record, hex="zz" + record.hex)
        case BranchRecord():
            return msgspec.structs.replace(record, hashes=("00" * 32,))
        case _:
            return record


async def test_a_discovered_project_that_gets_a_slug_is_no_news(invest: Project) -> None:
    server = Esplora(projects=[invest])
    async with relay(invest.events) as url:
        first = await collected(angor(url, [server], {}, discover="all"))
        known = logged(first)
        named = angor(url, [server], {invest.identifier: "village"}, discover="all")
        assert news(known, await collected(named, known)) == []
    [place] = {entry.place for entry in of(first, Entry)}
    assert place == angor_place(invest.identifier)


async def test_what_relays_forget_stays(invest: Project) -> None:
    server = Esplora(projects=[invest])
    async with relay(invest.events) as url:
        known = logged(await collected(angor(url, [server], {}, discover="all")))
    async with relay([]) as url:
        assert news(known, await collected(angor(url, [server], {}, discover="all"), known)) == []


async def test_a_relay_that_forges_the_definition_changes_nothing(invest: Project) -> None:
    cheaper = json.dumps({**invest.info, "targetAmount": 1})
    forged = [{**event, "content": cheaper if event["kind"] == 3030 else "{}"} for event in invest.events]
    forged += [{**event, "sig": "00" * 64} for event in invest.events]
    listed = {invest.identifier: "a"}
    async with relay(invest.events) as honest, relay(forged) as liar:
        expected = await collected(angor(honest, [Esplora(projects=[invest])], listed, discover="all"))
        source = angor([liar, honest], [Esplora(projects=[invest])], listed, discover="all", quorum=2)
        assert await collected(source) == expected
    assert source.tally.counts["forged_events"] > 0


@pytest.mark.parametrize("turned", [False, True])
async def test_an_empty_answer_of_one_server_does_not_make_a_project_unfounded(
    invest: Project, *, turned: bool
) -> None:
    """Fulcrum answers with nothing where it fails, and mempool hands that on with 200."""

    def nothing(request: httpx.Request) -> httpx.Response | None:
        if "/address/" not in request.url.path:
            return None
        listed = request.url.path.endswith("/txs")
        return httpx.Response(200, json=[] if listed else {"chain_stats": {"tx_count": 0}})

    servers = [Esplora(projects=[invest], fault=nothing), Esplora(projects=[invest])]
    async with relay(invest.events) as url:
        found = await collected(angor(url, servers[:: -1 if turned else 1], {}, discover="all"))
    assert [record.id for record in of(found, ProjectRecord)] == [f"angor:{invest.identifier}"]
    assert [finding.result for finding in of(found, Finding) if finding.check == "witness"] == [Result.FAILED]
