"""Founders' words through the whole source: deleted ones, relays they name, and money they never move."""

from collections.abc import Sequence
from datetime import timedelta

import httpx
import pytest
from msgspec.structs import replace

from generator.addresses import is_public
from generator.judge.profile import LONGEST_DESCRIPTION
from generator.ledger import Entry
from generator.protocol.nostr import Event, sign
from generator.sandbox.chain import ChainWorld
from generator.sandbox.indexer import serve_indexer
from generator.sandbox.relay import QuirkyRelay, serve_quirky
from generator.snapshot import EventRecord, Finding, Known, Project, Record, Result
from generator.sources.angor import AngorSource
from generator.sources.indexers import Indexers
from generator.sources.relays import Relays
from generator.sources.relays.relay_lists import chosen, relays_named_in
from tests.support.angor_reading import logged
from tests.support.angor_sandbox import LISTEN, one_project, slugs
from tests.support.limits import GENEROUS
from tests.support.trust import trust

pytestmark = pytest.mark.anyio
NAME = "ws://second.sandbox.test"
PRIVATE = ("wss://127.0.0.1:9", "wss://localhost:10", "wss://10.0.0.1", "wss://[::1]:11")


@pytest.fixture(scope="module")
def world() -> ChainWorld:
    return one_project(4)


def say(world: ChainWorld, kind: int, content: str, *tags: list[str], days: int = 1) -> Event:
    at = world.now - timedelta(days=days)
    return world.projects[0].say(kind, content, at, *tags)


async def collected(
    world: ChainWorld, events: Sequence[Event], beyond: Sequence[Event] = (), known: Known | None = None
) -> tuple[list[Record], Relays, QuirkyRelay]:
    """Read a world whose usual relay has `events` and whose founder's own relay has those `beyond`."""
    usual, named = QuirkyRelay(events=events), QuirkyRelay(events=beyond)
    async with serve_quirky(usual), serve_quirky(named), httpx.AsyncClient(verify=trust()) as client:
        place = ("127.0.0.1", int(named.url.rpartition(":")[2]))
        hosts = {"second.sandbox.test": place}
        relays = Relays(urls=[usual.url], limits=LISTEN, follows=8, hosts=hosts)
        with serve_indexer(world) as server:
            indexers = Indexers.of([server.url], client=client, network="regtest", limits=GENEROUS)
            source = AngorSource(network="regtest", relays=relays, indexers=indexers, listed=slugs(world))
            records = [record async for record in source.collect(known or Known(), at=world.now, full=False)]
    return records, relays, named


def project_in(records: Sequence[Record]) -> Project:
    [project] = [record for record in records if isinstance(record, Project)]
    return project


def entries(records: Sequence[Record]) -> list[Entry]:
    return [record for record in records if isinstance(record, Entry)]


async def test_a_deleted_definition_still_counts_and_says_so(world: ChainWorld) -> None:
    definition = world.projects[0].event
    request = say(world, 5, "", ["e", definition.id])
    plain, _, _ = await collected(world, world.events)
    records, _, _ = await collected(world, [*world.events, request])
    assert entries(records) == entries(plain) != []
    [finding] = [
        record for record in records if isinstance(record, Finding) and record.check == "definition-standing"
    ]
    assert finding.result is Result.FAILED
    assert definition.id in finding.reason
    assert not [
        record for record in plain if isinstance(record, Finding) and record.check == "definition-standing"
    ]
    assert request.id in {record.id for record in records if isinstance(record, EventRecord)}


async def test_a_profile_with_a_picture_and_a_long_description_are_read(world: ChainWorld) -> None:
    picture = '{"name": "Anew", "picture": "data:image/png;base64,' + "A" * 400_000 + '"}'
    large = [say(world, 0, picture), say(world, 30078, "long " * 80_000, ["d", "angor:project"])]
    records, _, _ = await collected(world, [*world.events, *large])
    project = project_in(records)
    assert project.title == "Anew"
    assert project.description == ("long " * 80_000)[:LONGEST_DESCRIPTION]
    assert {event.id for event in large} <= {
        record.id for record in records if isinstance(record, EventRecord)
    }


async def test_a_profile_too_large_to_be_kept_is_named_until_a_newer_one_is_read(world: ChainWorld) -> None:
    large = say(world, 0, '{"name": "Anew", "x": "' + "A" * 2_000_000 + '"}')
    records, _, _ = await collected(world, [*world.events, large])
    [finding] = [record for record in records if isinstance(record, Finding) and record.check == "profile"]
    assert large.id in finding.reason
    assert project_in(records).title not in ("", "Anew")
    newer = say(world, 0, '{"name": "Small again"}', days=0)
    records, _, _ = await collected(world, [*world.events, large, newer])
    assert project_in(records).title == "Small again"
    assert not [record for record in records if isinstance(record, Finding) and record.check == "profile"]


@pytest.mark.slow
async def test_deleted_words_stay_deleted_when_the_relay_forgets_the_request(world: ChainWorld) -> None:
    words = [event for event in world.events if event.kind in (0, 30078)]
    request = say(world, 5, "", *(["e", event.id] for event in words))
    records, _, _ = await collected(world, [*world.events, request])
    assert (project_in(records).title, project_in(records).description) == ("", "")
    plain, _, _ = await collected(world, world.events)
    assert project_in(plain).title
    again, _, _ = await collected(world, world.events, known=logged(plain, records))
    assert project_in(again).title == ""
    assert entries(again) == entries(plain)


async def test_a_relay_the_founder_names_is_read_too(world: ChainWorld) -> None:
    named = [["r", NAME + "/"], ["r", "ws://second.example"], *(["r", url] for url in PRIVATE)]
    listing = say(world, 10002, "", *named)
    later = say(world, 0, '{"name":"Told elsewhere"}', days=0)
    records, relays, second = await collected(world, [*world.events, listing], [later])
    assert project_in(records).title == "Told elsewhere"
    assert relays.endings[NAME] == "complete"
    assert all({*wanted["authors"]} == {later.pubkey} for wanted in second.asked)
    refused = {url: ending for url, ending in relays.endings.items() if url in PRIVATE}
    assert set(refused.values()) == {"refused (its name leads to no public address)"}
    assert len(refused) == 3  # four of one author are read at most, and one of them answers


async def test_a_relay_list_of_the_future_and_one_of_a_stranger_lead_nowhere(world: ChainWorld) -> None:
    future = say(world, 10002, "", ["r", NAME], days=-2)
    stranger = sign(bytes([5]) * 32, kind=10002, content="", created_at=1, tags=[["r", NAME]])
    _, relays, second = await collected(world, [*world.events, future, stranger])
    assert (second.connections, NAME in relays.endings) == (0, False)


def test_only_plain_public_addresses_are_taken_from_a_list() -> None:
    urls = [
        "https://relay.example", "ws://relay.example", "wss://user:secret@relay.example", "wss://",
        "wss://relay.example:99999999", "wss://relay.example/?q=1", "wss://" + "x" * 300, "wss://r\u202e.example",
        "file:///etc/passwd", "", "wss://good.example/", "wss://good.example", "wss://two.example/path",
    ]  # fmt: skip
    event = sign(bytes([5]) * 32, kind=10002, content="", created_at=1, tags=[["r", url] for url in urls])
    assert relays_named_in(event, {}) == ("wss://good.example", "wss://two.example/path")
    reads = replace(event, tags=(("r", "wss://a.example", "read"), ("r", "wss://b.example", "write"), ("r",)))
    assert relays_named_in(reads, {}) == ("wss://b.example",)


def test_a_relay_in_two_spellings_is_read_once_and_one_that_is_configured_not_again() -> None:
    urls = ["wss://a.example/", "wss://A.example:443", "wss://known.example", "wss://./"]
    event = sign(bytes([5]) * 32, kind=10002, content="", created_at=1, tags=[["r", url] for url in urls])
    assert chosen([event], ["wss://KNOWN.example/"], {}, most=8) == {"wss://A.example:443": {event.pubkey}}


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "::1",
     "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "0.0.0.0",  # noqa: S104 -- nothing is bound
     "240.0.0.1", "192.0.0.8", "::", "::7f00:1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::",
     "2001::1", "fec0::1", "5f00::1", "3fff::1", "nonsense"],
)  # fmt: skip
def test_an_address_of_this_machine_or_network_is_not_public(address: str) -> None:
    assert not is_public(address)
    assert is_public("1.1.1.1")
    assert is_public("2606:4700::1111")
    assert is_public("2001:4860:4860::8888")
