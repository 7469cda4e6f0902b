"""What the probe says of each kind of server that the sandbox plays."""

import asyncio
from dataclasses import replace

import httpx
import pytest

from generator.doctor.probe import MOST, ProbedIndexer, ProbedRelay, ProbeLimits
from generator.doctor.probe.gentle import GentleHost
from generator.doctor.probe.indexer_probe import IndexerProbe
from generator.doctor.probe.probed import advice
from generator.doctor.probe.relay_probe import RelayProbe
from generator.protocol.angor.project_identifier import address_of
from generator.sandbox.indexer import PROFILES, Quirks, serve_indexer
from generator.sandbox.relay import RELAY_PROFILES, ProfiledRelay, serve_profile
from generator.sources.indexers import GENESIS
from generator.sources.relays import information_address
from tests.support.chain_world import world
from tests.support.trust import trust

YES, NO = True, False
SHORT = 20  #: a page of those that send 50, since no history here is longer

#: prefix, page, cursor, an unknown one, spenders, batch, proofs, headers, ids, prices (public-servers.md 5)
INDEXERS = {
    "mempool-fulcrum": ("/api", 10, "after_txid", "the first page", NO, YES, YES, YES, YES, "yes"),
    "mempool-fulcrum-old": ("/api", 10, "after_txid", "the first page", NO, YES, NO, YES, YES, "yes"),
    "mempool-electrumx": ("/api", 10, "after_txid", "the first page", NO, YES, YES, YES, YES, "yes"),
    "mempool-electrs": ("/api", 10, "after_txid", "the first page", NO, YES, YES, YES, YES, "yes"),
    "mempool-space": ("/api", SHORT, "after_txid", "422", YES, YES, YES, YES, YES, "yes"),
    "blockstream": ("/api", 27, "chain", "an empty page", YES, NO, YES, YES, YES, "none"),
    "esplora-stock": ("", 27, "chain", "an empty page", YES, NO, YES, YES, YES, "none"),
    "blockcore": ("/api/v1", SHORT, "none", None, NO, NO, NO, NO, NO, "none"),
    "prices-fresh": ("/api/v1", 27, "after_txid", "an empty page", YES, YES, YES, YES, YES, "empty"),
    "prices-signet": ("/api/v1", 27, "after_txid", "an empty page", YES, YES, YES, YES, YES, "none"),
}
DEAD = {"dead-origin": "530", "dead-host": "cannot be reached"}


def test_every_profile_is_probed() -> None:
    assert {*INDEXERS, *DEAD} == set(PROFILES)


def indexer(name: str, pause_s: float = 0.0) -> ProbedIndexer:
    quirks = PROFILES[name]
    if quirks.page_in_all is not None:
        quirks = replace(quirks, page_in_all=min(quirks.page_in_all, SHORT))
    return indexer_as(quirks, pause_s)


def indexer_as(quirks: Quirks, pause_s: float = 0.0) -> ProbedIndexer:
    made = world()[0]
    fund = next(project for project in made.projects if project.draft.slug == "harvest-fund")

    async def probed(url: str) -> ProbedIndexer:
        async with httpx.AsyncClient(verify=trust()) as client:
            host = GentleHost(client=client, base_url=url, pace=ProbeLimits(pause_s=pause_s))
            addresses = [address_of(fund.identifier, "regtest")]
            return await IndexerProbe(host=host, genesis=GENESIS["regtest"], addresses=addresses).run()

    with serve_indexer(made, quirks=quirks) as served:
        return asyncio.run(probed(served.url))


@pytest.mark.parametrize("name", INDEXERS)
def test_an_indexer_is_what_the_reference_says(name: str) -> None:
    found = indexer(name, pause_s=0.21 if name == "esplora-stock" else 0)  # its quota is 5 a second
    said = advice(found)
    print(said)
    assert found.quota is None
    assert (
        found.prefix,
        found.page_size,
        found.cursor,
        found.unknown_cursor,
        found.spenders,
        found.batch,
        found.proofs,
        found.headers,
        found.block_txids,
        found.price_history,
    ) == INDEXERS[name]
    assert found.right_network
    assert found.tip is (name != "blockcore")
    assert found.requests <= MOST
    assert ("no route for its height" in said.observed) == (name == "blockcore")
    assert ("look for its height block by block" in said.fix) == (name == "blockcore")


def test_what_a_quota_hides_is_unknown_and_not_missing() -> None:
    quirks = PROFILES["esplora-stock"]
    assert quirks.quota is not None
    spent = replace(quirks, quota=replace(quirks.quota, per_s=0.001, burst=8))
    found = indexer_as(spent)
    assert found.quota == "429 at request 9, and does not say for how long"
    assert (found.requests, found.block_txids, found.price_history) == (9, None, None)
    assert "put it last" in advice(found).fix


@pytest.mark.parametrize(("name", "says"), DEAD.items())
def test_a_dead_indexer_costs_one_request(name: str, says: str) -> None:
    found = indexer(name)
    assert (found.requests, found.prefix) == (1, None)
    assert says in found.problem
    assert "Remove it" in advice(found).fix


def relay(name: str, patience_s: float) -> ProbedRelay:
    async def probed() -> ProbedRelay:
        served = ProfiledRelay(events=world()[0].events, profile=RELAY_PROFILES[name])
        async with serve_profile(served) as running, httpx.AsyncClient(verify=trust()) as client:
            pace = ProbeLimits(pause_s=0, patience_s=patience_s)
            host = GentleHost(client=client, base_url=information_address(running.url), pace=pace)
            return await RelayProbe(url=running.url, host=host).run()

    return asyncio.run(probed())


@pytest.mark.parametrize("name", [name for name in RELAY_PROFILES if name.startswith(("refuses-", "hangs"))])
def test_a_relay_that_refuses_is_said_to(name: str) -> None:
    found = relay(name, 60)
    said = advice(found)
    assert said.level == "warning"
    assert found.announced is None
    assert (f"HTTP {name.rpartition('-')[2]}" if "refuses" in name else "cannot be read") in found.problem


@pytest.mark.parametrize(
    "name", ["strfry-default", "khatru-lmdb", "nostream", "sdk-local", "one-event-a-page"]
)
def test_a_relay_that_answers_is_read(name: str) -> None:
    found = relay(name, 60)
    print(advice(found))
    assert (found.problem, found.whole) == ("", True)
    assert found.announced == len(world()[0].projects)
    assert found.requests <= MOST
    assert found.max_limit == (RELAY_PROFILES[name].information or {}).get("limitation", {}).get("max_limit")


@pytest.mark.parametrize("name", ["strfry-members", "khatru-members", "nostream-members"])
def test_a_relay_of_members_says_what_to_do(name: str) -> None:
    found = relay(name, 60)
    said = advice(found)
    assert (said.level, found.announced) == ("warning", None)
    assert said.observed.startswith(f"refuses the question for projects; {name.partition('-members')[0]}; ")
    assert "auth-required: members only”" in said.observed
    assert "auth_key_env" in said.fix


def test_a_relay_that_refuses_the_question_is_no_empty_one() -> None:
    found = relay("strfry-validated", 60)
    assert (found.problem, found.announced) == ("refuses the question for projects", None)
    assert "filter must name an author" in advice(found).observed


def test_a_relay_that_never_ends_is_told_from_a_silent_one() -> None:
    assert relay("rs-relay-slow-reader", 0.5).problem == "no end of its answer within 0.5 s"


def test_a_relay_that_says_nothing_is_left() -> None:
    found = relay("rs-relay-loaded", 0.5)
    assert found.problem == "no answer within 0.5 s"
