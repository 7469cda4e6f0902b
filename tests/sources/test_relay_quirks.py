"""Every quirk of a relay is a mode of the sandbox's, and the reader tells each ending from the others."""

import asyncio
import json

import pytest

from generator.errors import Unavailable
from generator.protocol.nostr import Event, Filter, newest, sign
from generator.sandbox.relay import Quirks, QuirkyRelay, serve_quirky
from generator.sources.relays import Ending, RelayLimits, RelayReading, Relays, read_relay
from tests.support.skipping_loop import SKIPPING, SkippingLoop

pytestmark = pytest.mark.anyio
SECRET = bytes([9]) * 32
LIMITS = RelayLimits(page=50, strays=30)
PROJECTS = Filter(kinds=(3030,))


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, type[SkippingLoop]]]:
    """Give each test a clock that skips waiting."""
    return SKIPPING


def events(count: int, *, a_second: int = 1, start: int = 1_700_000_000) -> list[Event]:
    """Sign events, so many in each second."""
    return [
        sign(SECRET, kind=3030, content=f"{start}/{number}", created_at=start + number // a_second)
        for number in range(count)
    ]


TWENTY = events(20)
MANY = events(130)


async def reading_of(
    stored: list[Event], quirks: Quirks, wanted: Filter = PROJECTS, limits: RelayLimits = LIMITS
) -> tuple[RelayReading, QuirkyRelay]:
    relay = QuirkyRelay(events=stored, quirks=quirks)
    async with serve_quirky(relay):
        return await read_relay(relay.url, [wanted], limits), relay


QUIRKS = {
    "none": (Quirks(), MANY, Ending.COMPLETE, 130),
    "silent-cap": (Quirks(cap=7), MANY, Ending.COMPLETE, 130),
    "silent": (Quirks(silent=True), MANY, Ending.TIMEOUT, 0),
    "no-eose": (Quirks(no_eose=True), MANY, Ending.TIMEOUT, 50),
    "closed": (Quirks(closed="auth-required: members only"), TWENTY, Ending.CLOSED, 20),
    "drops": (Quirks(drops=True), TWENTY, Ending.DROPPED, 20),
    "drips": (Quirks(drip_s=3.5), TWENTY, Ending.TIMEOUT, 4),
    "chatter": (Quirks(chatter=31), TWENTY, Ending.FLOOD, 20),
    "oldest-first": (Quirks(oldest_first=True), MANY, Ending.UNPAGED, 100),
    "oldest-first-but-all": (Quirks(oldest_first=True), TWENTY, Ending.COMPLETE, 20),
    "ignores-until": (Quirks(ignores_until=True), MANY, Ending.UNPAGED, 50),
    "everything": (Quirks(everything=True), TWENTY, Ending.UNPAGED, 20),
    "twice": (Quirks(twice=True, cap=20), MANY, Ending.COMPLETE, 130),
    "huge": (Quirks(huge=True), TWENTY, Ending.FLOOD, 20),
    "deep": (Quirks(deep=True), TWENTY, Ending.COMPLETE, 20),
    "beyond-limit": (Quirks(beyond_limit=True), MANY, Ending.FLOOD, 51),
}


@pytest.mark.parametrize("name", QUIRKS)
async def test_each_quirk_has_its_ending_and_none_brings_an_event_nobody_signed(name: str) -> None:
    quirks, stored, ending, count = QUIRKS[name]
    reading, _ = await reading_of(stored, quirks)
    assert (reading.ending, len(reading.events)) == (ending, count)
    assert reading.events.keys() <= {event.id for event in stored}
    assert (reading.ending is Ending.COMPLETE) <= (len(reading.events) == len(stored))


async def test_an_end_said_before_the_events_is_no_proof_that_there_are_none() -> None:
    """An early EOSE looks like an empty relay; the quorum and the union are what protects."""
    early = QuirkyRelay(events=TWENTY, quirks=Quirks(early_eose=True))
    honest = QuirkyRelay(events=TWENTY)
    async with serve_quirky(early), serve_quirky(honest):
        relays = Relays(urls=[early.url, honest.url], quorum=2, limits=LIMITS)
        events = await relays.read([PROJECTS])
    assert events.keys() == {event.id for event in TWENTY}


@pytest.mark.parametrize("cap", [2, 5, 19, 20, 33])
async def test_a_second_fuller_than_any_page_is_reported_never_silently_cut(cap: int) -> None:
    stored = [*events(cap + 8, a_second=1_000, start=1_700_000_500), *TWENTY]
    reading, _ = await reading_of(stored, Quirks(cap=cap))
    assert reading.ending is Ending.SAME_SECOND
    assert reading.events.keys() >= {event.id for event in TWENTY}
    assert len(reading.events) == cap + 20


@pytest.mark.parametrize("cap", [5, 20])
async def test_equal_times_within_a_page_are_paged_through(cap: int) -> None:
    stored = events(60, a_second=4)
    reading, _ = await reading_of(stored, Quirks(cap=cap))
    assert (reading.ending, len(reading.events)) == (Ending.COMPLETE, 60)


async def test_events_without_a_d_tag_are_found_because_nothing_is_asked_by_tag() -> None:
    reading, relay = await reading_of(TWENTY, Quirks(no_tags=True))
    assert (reading.ending, len(reading.events)) == (Ending.COMPLETE, 20)
    assert not any(name.startswith("#") for wanted in relay.asked for name in wanted)
    by_tag, _ = await reading_of(TWENTY, Quirks(), Filter(kinds=(3030,), tags=(("d", ("x",)),)))
    assert by_tag.events == {}


async def test_a_relay_has_so_many_seconds_of_a_run_however_often_it_is_asked() -> None:
    relay = QuirkyRelay(events=events(4), quirks=Quirks(drip_s=2))
    limits = RelayLimits(page=50, total_s=25)
    clock = asyncio.get_running_loop().time
    async with serve_quirky(relay):
        relays = Relays(urls=[relay.url], quorum=0, limits=limits)
        before = clock()
        for _ in range(6):  # each takes 8 + 2 seconds
            await relays.read([PROJECTS])
        assert 25 <= clock() - before < 27
    assert relay.connections == 3
    assert relays.endings[relay.url].startswith("timeout")


@pytest.mark.parametrize(("quorum", "enough"), [(1, True), (2, True), (3, False)])
async def test_a_relay_that_ended_otherwise_does_not_count_for_the_quorum(
    quorum: int, *, enough: bool
) -> None:
    honest = [QuirkyRelay(events=TWENTY[:12]), QuirkyRelay(events=TWENTY[8:])]
    bad = QuirkyRelay(events=TWENTY, quirks=Quirks(no_eose=True))
    async with serve_quirky(honest[0]), serve_quirky(honest[1]), serve_quirky(bad):
        relays = Relays(urls=[relay.url for relay in (*honest, bad)], quorum=quorum, limits=LIMITS)
        if enough:
            assert len(await relays.read([PROJECTS])) == 20
        else:
            with pytest.raises(Unavailable, match="2 of 3 relays answered completely, expected 3"):
                await relays.read([PROJECTS])


GOOD = TWENTY[0].to_obj()


def frame(**fields: object) -> str:
    return json.dumps(["EVENT", "{name}", {**GOOD, **fields}])


def raw(old: str, new: str) -> str:
    return json.dumps(["EVENT", "{name}", GOOD]).replace(old, new)


AT = f'"created_at": {GOOD["created_at"]}'
HOSTILE = {
    "not JSON": ("nonsense", "not a message"),
    "bytes": (b"\x00\xff", "not a message"),
    "deep": ("[" * 100_000, "not a message"),
    "deep event": (raw('"tags": []', '"tags": ' + "[" * 3_000 + "]" * 3_000), "not a message"),
    "text for a number": (frame(created_at="1700000000"), "bad created_at"),
    "a fraction": (frame(created_at=1.5), "bad created_at"),
    "negative": (frame(created_at=-1), "bad created_at"),
    "NaN": (raw(AT, '"created_at": NaN'), "not a message"),
    "infinity": (raw(AT, '"created_at": Infinity'), "not a message"),
    "1e400": (raw(AT, '"created_at": 1e400'), "not a message"),
    "10^30": (raw(AT, '"created_at": 1' + "0" * 30), "bad created_at"),
    "true": (frame(created_at=True), "bad created_at"),
    "lone surrogate": (raw('"content": "', '"content": "\\ud800'), "not a message"),
    "kind out of range": (frame(kind=70_000), "bad kind"),
    "key of no length": (frame(pubkey=""), "bad pubkey"),
    "capital digits": (frame(id="AB" * 32), "bad id"),
    "tags are no list": (frame(tags="x"), "bad tags"),
    "a tag of numbers": (frame(tags=[[1]]), "bad tags"),
    "no object": ('["EVENT", "{name}", null]', "not an object"),
    "missing": ('["EVENT", "{name}", {"id": 1}]', "missing field"),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_each_hostile_message_is_refused_with_a_named_reason(name: str) -> None:
    sent, reason = HOSTILE[name]
    reading, _ = await reading_of(TWENTY, Quirks(frames=[sent]))
    assert (reading.ending, len(reading.events)) == (Ending.COMPLETE, 20)
    assert reading.reasons == {reason: 2}  # once on each of two pages


async def test_a_duplicate_key_does_not_get_past_id_and_signature() -> None:
    twice = raw('"content": ', '"content": "first", "content": "last", "x": ')
    reading, _ = await reading_of(TWENTY, Quirks(frames=[twice]))
    assert (reading.ending, reading.counts["forged"]) == (Ending.COMPLETE, 2)
    assert reading.events == {event.id: event for event in TWENTY}


async def test_the_lowest_id_wins_among_events_of_one_second() -> None:
    same = [sign(SECRET, kind=0, content=str(number), created_at=5) for number in range(9)]
    reading, _ = await reading_of(same, Quirks(cap=500), Filter(kinds=(0,)))
    chosen = newest(list(reading.events.values()))
    assert chosen is not None
    assert chosen.id == min(event.id for event in same)
