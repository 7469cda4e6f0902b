"""What a relay says about itself (NIP-11): asked once, with the one header that works, and respected."""

import json
from dataclasses import replace

import httpx
import pytest

from generator.protocol.nostr import Filter, sign
from generator.sandbox.relay import RELAY_PROFILES, ProfiledRelay, RelayProfile, serve_profile
from generator.sources.relays import RelayInformation, RelayLimits, Relays, parse_information
from generator.sources.relays.questions import fitting
from tests.support.skipping_loop import SKIPPING, SkippingLoop
from tests.support.trust import trust

pytestmark = pytest.mark.anyio
EVENTS = [
    sign(bytes([9]) * 32, kind=3030, content=str(number), created_at=1_700_000_000 + number)
    for number in range(60)
]
PROJECTS = Filter(kinds=(3030,))
LIMITED = replace(RELAY_PROFILES["khatru-lmdb"], most=40)


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, type[SkippingLoop]]]:
    """Give each test a clock that skips waiting."""
    return SKIPPING


def announcing(**limitation: object) -> RelayProfile:
    return replace(LIMITED, information={"name": "x", "limitation": limitation})


async def read(profile: RelayProfile, *wanted: Filter) -> tuple[ProfiledRelay, Relays]:
    async with (
        serve_profile(ProfiledRelay(events=EVENTS, profile=profile)) as relay,
        httpx.AsyncClient(verify=trust()) as client,
    ):
        relays = Relays(urls=[relay.url], quorum=0, client=client)
        for _ in range(2):
            await relays.read(wanted or (PROJECTS,))
    return relay, relays


async def test_a_page_is_no_larger_than_the_relay_announces_and_it_is_asked_once() -> None:
    relay, relays = await read(announcing(max_limit=40))
    assert relay.informed == ["application/nostr+json"]
    assert {wanted["limit"] for wanted in relay.asked} == {40}
    assert relays.endings == {relay.url: "complete"}


@pytest.mark.parametrize("limit", [None, 0, -5, "40", True, 1.5, 10**9])
async def test_a_limit_that_is_none_changes_nothing(limit: object) -> None:
    relay, _ = await read(announcing(max_limit=limit))
    assert {wanted["limit"] for wanted in relay.asked} == {500}


async def test_a_question_is_no_longer_than_the_relay_takes() -> None:
    ids = tuple(event.id for event in EVENTS)
    relay, relays = await read(announcing(max_message_length=1_024), Filter(ids=ids))
    asked = [json.dumps(["REQ", "q00-0", wanted]) for wanted in relay.asked]
    assert max(map(len, asked)) <= 1_024
    assert {id_ for wanted in relay.asked for id_ in wanted["ids"]} == set(ids)
    assert relays.endings == {relay.url: "complete"}


async def test_a_question_that_cannot_be_shorter_is_put_as_it_is() -> None:
    wanted = Filter(authors=("a" * 64, "b" * 64))
    assert [part.authors for part in fitting([wanted], 10)] == [("a" * 64,), ("b" * 64,)]


async def test_a_login_that_is_announced_is_named_where_the_relay_gives_nothing() -> None:
    profile = replace(RELAY_PROFILES["rs-relay-loaded"], information={"limitation": {"auth_required": True}})
    relay, relays = await read(profile)
    assert relays.endings == {relay.url: "timeout (stopped answering; it asks for a login (AUTH))"}


@pytest.mark.parametrize("profile", ["js-nostr-relay", "refuses-429", "hangs-up"])
async def test_a_relay_without_a_document_is_read_all_the_same(profile: str) -> None:
    relay, relays = await read(RELAY_PROFILES[profile])
    assert len(relay.informed) == 1
    assert ("complete" in relays.endings[relay.url]) == (profile == "js-nostr-relay")


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b"null", b"\xff", b'{"limitation":' + b"[" * 100_000]
)
async def test_what_is_no_document_is_none(body: bytes) -> None:
    assert parse_information(body) is None


async def test_a_document_larger_than_any_is_not_read_on() -> None:
    profile = replace(announcing(max_limit=40), information={"name": "x" * 100_000})
    relay, _ = await read(profile)
    assert {wanted["limit"] for wanted in relay.asked} == {500}


async def test_limits_of_another_shape_are_left_out() -> None:
    assert parse_information(b'{"limitation": [1], "software": "\\u001b[31mx"}') == RelayInformation(
        software="[31mx"
    )
    assert RelayLimits().within(RelayInformation()) == RelayLimits()
