"""When an entry is proven, and what takes that word away."""

import httpx
import pytest

from generator.ledger import Entry, Kind, Status, Verification
from generator.protocol.proof.header_rules import HeaderRules
from generator.snapshot import Finding, Result, Withdrawn
from tests.support.angor_reading import angor, collected, logged, of, relay
from tests.support.esplora import Esplora, Fault, Project, failing

pytestmark = pytest.mark.anyio


def levels(records: list[object]) -> dict[str, Verification]:
    return {entry.id: entry.verification for entry in of(records, Entry)}


async def test_what_stands_deep_in_blocks_with_work_is_proven(invest: Project) -> None:
    async with relay(invest.events) as url:
        found = await collected(angor(url, [Esplora(projects=[invest])] * 2, {invest.identifier: "a"}))
    entries = of(found, Entry)
    assert {entry.kind for entry in entries} >= {Kind.INVESTMENT, Kind.CLAIM, Kind.PENALTY, Kind.RECOVERY}
    for entry in entries:
        expected = entry.status is Status.CONFIRMED and entry.kind is not Kind.UNCLASSIFIED
        assert (entry.verification is Verification.PROVEN) == expected, entry
    assert any(entry.status is Status.PENDING for entry in entries)
    included = [finding for finding in of(found, Finding) if finding.check == "inclusion"]
    assert {finding.result for finding in included} == {Result.OK}


@pytest.mark.parametrize("path", ["/header", "/merkle-proof"])
async def test_without_header_or_branch_nothing_is_proven(invest: Project, path: str) -> None:
    def absent(request: httpx.Request) -> httpx.Response | None:
        gone = request.url.path.endswith((path, "/txids"))
        return httpx.Response(404, text="not found") if gone else None

    async with relay(invest.events) as url:
        with_it = await collected(angor(url, [Esplora(projects=[invest])], {invest.identifier: "a"}))
        without = await collected(
            angor(url, [Esplora(projects=[invest], fault=absent)], {invest.identifier: "a"})
        )
    assert levels(without).keys() == levels(with_it).keys()
    assert set(levels(without).values()) == {Verification.REPORTED}
    reasons = {finding.reason[:60] for finding in of(without, Finding) if finding.check == "inclusion"}
    assert reasons == {"no indexer shows header and Merkle branch of block " + r[51:] for r in reasons}


async def test_a_header_below_the_difficulty_of_main_shows_nothing(invest: Project) -> None:
    async with relay(invest.events) as url:
        source = angor(url, [Esplora(projects=[invest])] * 2, {invest.identifier: "a"})
        source.indexers.rules = HeaderRules(least_difficulty=10**13)
        found = await collected(source)
    assert Verification.PROVEN not in levels(found).values()
    faults = [fault for server in source.indexers.servers for fault in server.faults]
    assert any("has difficulty 0, expected 10000000000000 or more" in fault for fault in faults)


def elsewhere(height: int) -> Fault:
    """Return a fault that has another block at one height."""

    def fault(request: httpx.Request) -> httpx.Response | None:
        asked = request.url.path.endswith(f"/block-height/{height}")
        return httpx.Response(200, text="ab" * 32) if asked else None

    return fault


async def test_a_block_that_the_witness_does_not_have_proves_nothing_until_then(
    invest: Project,
) -> None:
    listed = {invest.identifier: "a"}
    row = invest.rows["invest_i3_same_key_as_i1"]
    height, block = row["status"]["block_height"], row["status"]["block_hash"]
    async with relay(invest.events) as url:
        good, other = Esplora(projects=[invest]), Esplora(projects=[invest], fault=elsewhere(height))
        agreed = await collected(angor(url, [good, good], listed))
        disputed = await collected(angor(url, [good, other], listed))
        after = await collected(angor(url, [good, good], listed), logged(disputed))
        alone = await collected(angor(url, [good], listed), logged(disputed))
    lost = {row for row, level in levels(agreed).items() if level is not levels(disputed)[row]}
    assert lost
    assert all(entry.block == block or entry.spends for entry in of(disputed, Entry) if entry.id in lost)
    [finding] = [finding for finding in of(disputed, Finding) if finding.check == "header-agreement"]
    assert (finding.subject, finding.result) == (block, Result.FAILED)
    assert finding.reason == f"another indexer has another block at height {height}"
    assert levels(after) == levels(agreed)
    [taken_back] = [withdrawn for withdrawn in of(after, Withdrawn) if "header-agreement" in withdrawn.id]
    assert taken_back.reason == "the indexers agree again"
    assert not [withdrawn for withdrawn in of(alone, Withdrawn) if "header-agreement" in withdrawn.id]


async def test_an_indexer_that_cannot_say_which_block_stands_disputes_nothing(invest: Project) -> None:
    async with relay(invest.events) as url:
        mute = Esplora(projects=[invest], fault=failing("/block-height/9"))
        source = angor(url, [Esplora(projects=[invest]), mute], {invest.identifier: "a"})
        found = await collected(source)
    assert Verification.PROVEN in levels(found).values()
    assert source.tally.counts["unseconded_blocks"] > 0
    assert not [finding for finding in of(found, Finding) if finding.check == "header-agreement"]
