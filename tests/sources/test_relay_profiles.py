"""The reader against each relay profile of the sandbox: complete means all, and the rest says why not."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import cache

import pytest

from generator.protocol.nostr import Event, Filter, sign
from generator.sandbox.relay import RELAY_PROFILES, ProfiledRelay, serve_profile
from generator.sources.relays import Ending, RelayLimits, Relays, read_relay
from tests.support.skipping_loop import SKIPPING, SkippingLoop

pytestmark = pytest.mark.anyio
SECRET = bytes([9]) * 32
PROJECTS = Filter(kinds=(3030,))
#: Profile → ending, events read and words that are told; all others are read to the end.
ELSE = {
    "strfry-validated": (Ending.CLOSED, 0, "ERROR: filter must name an author or a tag"),
    "strfry-members": (Ending.CLOSED, 0, "ERROR: auth-required: members only"),
    "khatru-members": (Ending.CLOSED, 0, "auth-required: members only"),
    "nostream-members": (Ending.CLOSED, 0, "auth-required: members only"),
    "rs-relay-loaded": (Ending.TIMEOUT, 0, "stopped answering"),
    "rs-relay-slow-reader": (Ending.TIMEOUT, 3, "stopped answering"),
    "rs-scraper-guard": (Ending.COMPLETE, 0, ""),  # one relay alone cannot be told from an empty one
    "khatru-storage-error": (Ending.DOUBTFUL, 0, "MDB_READERS_FULL"),
    "one-event-a-page": (Ending.SAME_SECOND, 4, "one event a page"),
    "hangs-up": (Ending.REFUSED, 0, "hung up before it answered"),
    **{
        f"refuses-{status}": (Ending.REFUSED, 0, f"HTTP {status}")
        for status in (403, 404, 426, 429, 503, 530)
    },
}


@cache
def many() -> list[Event]:
    """Return two events to a second, so that the edge of a page falls between equals."""
    return [
        sign(SECRET, kind=3030, content=str(number), created_at=1_700_000_000 + number // 2)
        for number in range(1_100)
    ]


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, type[SkippingLoop]]]:
    """Give each test a clock that skips waiting."""
    return SKIPPING


@asynccontextmanager
async def relay_of(name: str, events: list[Event]) -> AsyncIterator[ProfiledRelay]:
    async with serve_profile(ProfiledRelay(events=events, profile=RELAY_PROFILES[name])) as relay:
        yield relay


@pytest.mark.parametrize("name", RELAY_PROFILES)
async def test_each_profile_is_read_to_the_end_or_says_why_not(name: str) -> None:
    stored = many()[:8] if name == "one-event-a-page" else many()
    async with relay_of(name, stored) as relay:
        reading = await read_relay(relay.url, [PROJECTS], RelayLimits())
    ending, count, words = ELSE.get(name, (Ending.COMPLETE, len(stored), ""))
    assert (reading.ending, len(reading.events)) == (ending, count), reading.outcome
    assert words in reading.outcome
    assert all("limit" in wanted for wanted in relay.asked)


async def test_a_relay_that_guards_against_scrapers_is_named_and_decides_nothing() -> None:
    async with (
        relay_of("rs-scraper-guard", many()[:9]) as guard,
        relay_of("strfry-default", many()[:9]) as open_,
    ):
        relays = Relays(urls=[guard.url, open_.url], quorum=2)
        found = await relays.read([PROJECTS])
    assert found.keys() == {event.id for event in many()[:9]}
    assert relays.endings == {
        guard.url: "complete, without any of the 9 events that other relays have",
        open_.url: "complete",
    }


async def test_a_relay_that_keeps_an_impostors_copy_alone_is_named() -> None:
    copy = sign(bytes([8]) * 32, kind=3030, content=many()[0].content, created_at=1_800_000_000)
    async with relay_of("rs-relay", [copy]) as other, relay_of("rs-relay", many()[:3]) as honest:
        relays = Relays(urls=[other.url, honest.url], quorum=2)
        committed = await relays.read([Filter(ids=(many()[0].id,))])
    assert committed == {many()[0].id: many()[0]}
    assert relays.endings == {
        other.url: "complete, without the event that other relays have",
        honest.url: "complete",
    }


async def test_a_relay_that_cuts_its_answers_is_named_by_what_others_share() -> None:
    """A liar's spam, which it alone has, names nobody: signed events are cheap."""
    spam = [sign(bytes([8]) * 32, kind=3030, content=str(at), created_at=at) for at in range(40)]
    async with (
        relay_of("rs-relay", many()[:30]) as first,
        relay_of("rs-relay", many()[:28]) as second,
        relay_of("rs-relay", many()[20:30]) as short,
        relay_of("rs-relay", [*many()[:30], *spam]) as spammer,
    ):
        urls = [relay.url for relay in (first, second, short, spammer)]
        relays = Relays(urls=urls, quorum=4)
        found = await relays.read([PROJECTS])
    assert len(found) == 70
    assert relays.endings == {
        **dict.fromkeys((first.url, second.url, spammer.url), "complete"),
        short.url: "complete, without 20 of the 30 events that two others have",
    }


@pytest.mark.parametrize(("per_minute", "ending"), [(20, Ending.COMPLETE), (1, Ending.CLOSED)])
async def test_a_relay_that_is_asked_too_often_is_asked_again_after_a_pause(
    per_minute: int, ending: Ending
) -> None:
    profile = replace(RELAY_PROFILES["khatru-lmdb"], burst=2, per_minute=per_minute)
    async with serve_profile(ProfiledRelay(events=many()[:130], profile=profile)) as relay:
        reading = await read_relay(relay.url, [PROJECTS], RelayLimits(page=50))
    assert (reading.ending, len(reading.events) == 130) == (ending, ending is Ending.COMPLETE)
    assert ending is Ending.COMPLETE or "rate-limited: there is a bug" in reading.outcome


async def test_who_is_asked_too_often_from_the_beginning_is_not_asked_again() -> None:
    profile = replace(RELAY_PROFILES["khatru-lmdb"], burst=0)
    async with serve_profile(ProfiledRelay(events=many()[:130], profile=profile)) as relay:
        reading = await read_relay(relay.url, [PROJECTS], RelayLimits(page=50))
    assert (reading.ending, len(relay.asked)) == (Ending.CLOSED, 1)


async def test_dates_beyond_all_calendars_are_paged_through() -> None:
    """Who signs may write any date; the judge leaves out what is dated after the run."""
    times = [2**53 - 1, 2**53 - 1, 2**32, 4_000_000_000, 1, 0, 0]
    odd = [sign(SECRET, kind=3030, content=str(number), created_at=at) for number, at in enumerate(times)]
    for name in ("strfry-default", "nostream"):
        async with relay_of(name, [*odd, *many()[:30]]) as relay:
            reading = await read_relay(relay.url, [PROJECTS], RelayLimits(page=10))
        assert (reading.outcome, len(reading.events)) == ("complete", 37)


async def test_closed_without_a_reason_after_the_end_is_no_refusal() -> None:
    ids = tuple(event.id for event in many()[:3])
    async with relay_of("sdk-local", many()) as relay:
        reading = await read_relay(relay.url, [Filter(ids=ids), Filter(ids=ids[:1]), PROJECTS], RelayLimits())
    assert (reading.outcome, len(reading.events)) == ("complete", len(many()))
