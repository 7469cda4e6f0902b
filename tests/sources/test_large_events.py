"""Large lists and profiles are read as far as relays pass them on; what is larger is named, all else read."""

import json
import tracemalloc
from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from generator.protocol.nostr import Event, Filter, sign
from generator.sandbox.relay import QuirkyRelay, serve_quirky
from generator.sources.relays import Ending, RelayLimits, RelayReading, read_relay
from generator.sources.relays.large_event import LARGE, LargeEvent, large_message_in
from tests.support.skipping_loop import SKIPPING, SkippingLoop

pytestmark = pytest.mark.anyio
SECRET = bytes([9]) * 32
GOOD = [sign(SECRET, kind=3030, content=str(at), created_at=at) for at in range(20)]
AUTHOR = GOOD[0].pubkey
#: More than a message that is decoded, between the good ones.
HUGE = sign(
    SECRET,
    kind=30000,
    content="é" + '\\n"\u2028' * 10,
    created_at=10,
    tags=[["p", "k" * LARGE], ["d", 'a"b']],
)


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, type[SkippingLoop]]]:
    """Give each test a clock that skips waiting."""
    return SKIPPING


def deny_list(count: int) -> Event:
    keys = [["p", f"{number:064x}"] for number in range(count)]
    return sign(SECRET, kind=30000, content="", created_at=5, tags=[["d", "angor:deny"], *keys])


async def read(stored: Sequence[Event], wanted: Filter) -> RelayReading:
    async with serve_quirky(QuirkyRelay(events=stored)) as relay:
        return await read_relay(relay.url, [wanted], RelayLimits())


async def test_lists_and_profiles_are_read_as_far_as_relays_pass_them_on() -> None:
    """Of known relays the most generous takes 524,288 bytes (public-servers.md 3.1): about 7,000 keys."""
    profile = sign(SECRET, kind=0, content="x" * 400_000, created_at=6)
    kept = [deny_list(2_500), deny_list(7_000), profile]
    beyond = deny_list(20_000)
    reading = await read([*kept, beyond, *GOOD], Filter(authors=(AUTHOR,)))
    assert (reading.ending, reading.events) == (
        Ending.COMPLETE,
        {event.id: event for event in (*kept, *GOOD)},
    )
    (named,) = reading.too_large.values()
    assert (named.id, named.d) == (beyond.id, "angor:deny")
    assert str(named) == f"event {beyond.id} has 1300011 bytes of text, more than are read"


@pytest.mark.parametrize("forged", [False, True])
async def test_one_event_beyond_every_bound_is_named_and_hides_nothing_behind_it(*, forged: bool) -> None:
    sent = replace(HUGE, content="other words") if forged else HUGE
    reading = await read([*GOOD, sent], Filter(authors=(AUTHOR,)))
    assert (reading.ending, reading.events) == (Ending.COMPLETE, {event.id: event for event in GOOD})
    assert (reading.counts["forged"] > 0) is forged
    assert [(large.id, large.kind, large.d) for large in reading.too_large.values()] == (
        [] if forged else [(HUGE.id, 30000, 'a"b')]
    )


async def test_it_stops_nothing_where_anybody_may_have_sent_it() -> None:
    stranger = sign(bytes([8]) * 32, kind=3030, content="x" * LARGE, created_at=10)
    reading = await read([*GOOD, stranger], Filter(kinds=(3030,)))
    assert (reading.ending, reading.events) == (Ending.COMPLETE, {event.id: event for event in GOOD})
    assert reading.reasons == {"too large": 1}


async def test_what_is_too_large_is_judged_in_the_room_of_its_text() -> None:
    """Decoded, as many empty lists take ninety megabytes."""
    fields = {**HUGE.to_obj(), "tags": [[]]}
    text = json.dumps(["EVENT", "q", fields]).replace("[[]]", "[" + "[]," * (LARGE // 3) + "[]]")
    tracemalloc.start()
    message = large_message_in(text)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    found = message[2]
    assert isinstance(found, LargeEvent)
    assert found.problem is not None
    assert peak < 8 * len(text)


@pytest.mark.parametrize("end", ['{"id":1}', '["EVENT","q",{}]', '["NOTICE","words"]', "[" * 50])
def test_a_large_message_that_is_no_event_is_none(end: str) -> None:
    assert large_message_in(" " * 1_000 + end) == []
