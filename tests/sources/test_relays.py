"""The relay reader against relays that lie, stall, flood and drop: it always knows how the reading ended."""

import asyncio
import hashlib
import json
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import nostr_sdk
import pytest
from embit import ec
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve

from generator.errors import Unavailable
from generator.protocol.nostr import Filter
from generator.sources.relays import Ending, RelayLimits, Relays, read_relay
from tests.support.skipping_loop import SKIPPING, SkippingLoop

pytestmark = pytest.mark.anyio
KEY = ec.PrivateKey(bytes([7]) * 32)
PUBKEY = KEY.get_public_key().xonly().hex()
#: Seconds of the skipping clock, which stands while anything happens.
FAST = RelayLimits(message_bytes=2**16, page=50, strays=20)
REAL = pytest.mark.parametrize("anyio_backend", ["asyncio"])  #: for what happens in other threads
PROJECTS = Filter(kinds=(3030,))
Json = dict[str, Any]


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, type[SkippingLoop]]]:
    """Give each test a clock that skips waiting."""
    return SKIPPING


def event(at: int, content: str = "", *, kind: int = 3030, d: str = "") -> Json:
    """Sign an event with embit alone, so that the reader is checked by other code than its own."""
    tags = [["d", d]] if d else []
    text = json.dumps([0, PUBKEY, at, kind, tags, content], separators=(",", ":"), ensure_ascii=False)
    id_ = hashlib.sha256(text.encode()).digest()
    return {
        "id": id_.hex(),
        "pubkey": PUBKEY,
        "created_at": at,
        "kind": kind,
        "tags": tags,
        "content": content,
        "sig": KEY.schnorr_sign(id_).serialize().hex(),
    }


GOOD = [event(1_700_000_000 + i, f"event {i}", d=str(i)) for i in range(20)]
IDS = {event["id"] for event in GOOD}


def selected(stored: list[Json], wanted: Json, cap: int) -> list[Json]:
    """Answer a filter as an honest relay does: newest first, silently capped."""
    fitting = [
        event
        for event in stored
        if event["kind"] in wanted.get("kinds", [event["kind"]])
        and event["pubkey"] in wanted.get("authors", [event["pubkey"]])
        and event["id"] in wanted.get("ids", [event["id"]])
        and event["created_at"] <= wanted.get("until", 2**40)
    ]
    fitting.sort(key=lambda event: (-event["created_at"], event["id"]))
    return fitting[: min(cap, wanted["limit"])]


#: What a mode sends between the events and EOSE, as frames; {name} is the subscription.
EXTRA: dict[str, list[Any]] = {
    "garbage": [
        *("not json", "[]", '["EVENT"]', '{"a":1}', "\x00", "[" * 5000, '["NOTICE",5]', bytes(64)),
        *(
            ["EVENT", "{name}", broken]
            for broken in ({"id": 1}, None, {}, {**GOOD[0], "created_at": 1.5}, {**GOOD[0], "tags": "x"})
        ),
    ],
    "forged": [
        ["EVENT", "{name}", {**GOOD[0], "content": "other words"}],
        ["EVENT", "{name}", {**GOOD[1], "sig": "00" * 64}],
        ["EVENT", "{name}", {**event(5, "x"), "id": GOOD[2]["id"]}],
        ["EVENT", "{name}", {**GOOD[3], "created_at": 1_600_000_000}],
    ],
    "foreign": [
        *(["EVENT", "{name}", event(at, "spam", kind=1)] for at in range(3)),
        ["EVENT", "another", event(1, "not asked for")],
    ],
    "closed": [["CLOSED", "{name}", "auth-required: \x1b[31mmembers only"]],
    "huge": [["EVENT", "{name}", event(1, "x" * 2**17)]],
    "flood": [["EVENT", "{name}", event(at, "flood")] for at in range(60)],
    "chatter": [["NOTICE", "hello"]] * 30,
}


@asynccontextmanager
async def relay(
    stored: list[Json], mode: str = "", cap: int = 500, asked: list[str] | None = None
) -> AsyncIterator[str]:
    """Serve events on loopback, honestly or in one of the ways relays fail; note questions in `asked`."""

    async def handle(socket: ServerConnection) -> None:
        async for text in socket:
            kind, name, *rest = json.loads(text)
            if kind != "REQ":
                continue
            if asked is not None:
                asked.append(name)
            for event in [] if mode == "silent" else selected(stored, rest[0], cap):
                await socket.send(json.dumps(["EVENT", name, event]))
            for frame in EXTRA.get(mode, []):
                named = json.dumps(frame).replace("{name}", name) if isinstance(frame, list) else frame
                await socket.send(named)
            if mode == "drop":
                await socket.close()
            elif mode == "abort":
                socket.transport.abort()
            elif mode not in {"silent", "no-eose", "closed"}:
                await socket.send(json.dumps(["EOSE", name]))

    async with serve(handle, "127.0.0.1", 0) as server:
        yield f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"


ENDINGS = [
    ("", Ending.COMPLETE, 20, {}),
    ("garbage", Ending.COMPLETE, 20, {"malformed": 2 * (6 + 5)}),
    ("forged", Ending.COMPLETE, 20, {"forged": 4 + 3, "foreign": 1}),
    ("foreign", Ending.COMPLETE, 20, {"foreign": 2 * 3}),
    ("closed", Ending.CLOSED, 20, {}),
    ("silent", Ending.TIMEOUT, 0, {}),
    ("no-eose", Ending.TIMEOUT, 20, {}),
    ("drop", Ending.DROPPED, 20, {}),
    ("abort", Ending.DROPPED, 20, {}),
    ("huge", Ending.FLOOD, 20, {}),
    ("flood", Ending.FLOOD, 51, {}),
    ("chatter", Ending.FLOOD, 20, {}),
]


@pytest.mark.parametrize(
    ("mode", "ending", "count", "counts"), ENDINGS, ids=[e[0] or "honest" for e in ENDINGS]
)
async def test_each_way_to_end_is_told_apart(
    mode: str, ending: Ending, count: int, counts: dict[str, int]
) -> None:
    async with relay(GOOD, mode) as url:
        reading = await read_relay(url, [PROJECTS], FAST)
    assert (reading.ending, len(reading.events)) == (ending, count)
    if count == 20:
        assert reading.events.keys() == IDS
    seen = {name: reading.counts[name] for name in ("forged", "foreign", "malformed")}
    assert seen == {"forged": 0, "foreign": 0, "malformed": 0, **counts}
    assert str(reading).startswith(f"{url} {ending}")
    assert str(reading).isprintable()


LARGE = event(1_800_000_000, "x" * 400_000)


async def test_large_events_are_read_of_those_who_were_asked_for_and_not_of_anybody() -> None:
    limits = RelayLimits(page=50)
    by_name = [Filter(authors=(PUBKEY,)), Filter(ids=(LARGE["id"],))]
    async with relay([*GOOD, LARGE]) as url:
        for wanted in by_name:
            reading = await read_relay(url, [wanted], limits)
            assert (reading.ending, LARGE["id"] in reading.events) == (Ending.COMPLETE, True)
        reading = await read_relay(url, [PROJECTS], limits)
    assert (reading.ending, reading.events.keys()) == (Ending.COMPLETE, IDS)
    assert reading.reasons == {"too large": 1}


async def test_pages_full_of_large_events_hide_nothing_behind_them() -> None:
    large = [event(1_800_000_000 + at, "x" * 70_000) for at in range(60)]
    async with relay([*GOOD, *large], cap=25) as url:
        reading = await read_relay(url, [PROJECTS], RelayLimits(page=50))
    assert (reading.ending, reading.events.keys()) == (Ending.COMPLETE, IDS)


async def test_what_one_relay_sends_has_room_in_memory() -> None:
    large = [event(at, "x" * 100_000) for at in range(9)]
    async with relay(large) as url:
        reading = await read_relay(url, [Filter(authors=(PUBKEY,))], RelayLimits(page=50, bytes=500_000))
    assert (reading.ending, len(reading.events)) == (Ending.FLOOD, 5)
    assert reading.detail == "sent more than 500000 bytes"


@REAL
async def test_a_refused_port_and_a_name_that_does_not_exist() -> None:
    for url in ("ws://127.0.0.1:1", "ws://does-not-exist.invalid"):
        reading = await read_relay(url, [PROJECTS], FAST)
        assert (reading.ending, reading.events) == (Ending.REFUSED, {})


async def test_a_relay_that_drips_ends_at_the_total_time() -> None:
    async def handle(socket: ServerConnection) -> None:
        while True:
            await socket.send('["NOTICE","wait"]')
            await asyncio.sleep(0.05)

    async with serve(handle, "127.0.0.1", 0) as server:
        url = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
        reading = await read_relay(url, [PROJECTS], RelayLimits(idle_s=1, total_s=0.3))
    assert reading.ending is Ending.TIMEOUT


@pytest.mark.parametrize(
    "frame", ['["NOTICE","wait"]', json.dumps(["EVENT", "q0-0", {**GOOD[0], "sig": "00" * 64}])]
)
async def test_chatter_and_forgeries_do_not_buy_time(frame: str) -> None:
    async def handle(socket: ServerConnection) -> None:
        while True:
            await socket.send(frame)
            await asyncio.sleep(0.05)

    async with serve(handle, "127.0.0.1", 0) as server:
        url = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
        reading = await read_relay(url, [PROJECTS], RelayLimits(idle_s=0.3, strays=10_000))
    assert (reading.ending, len(reading.events)) == (Ending.TIMEOUT, 0)


async def test_a_slow_relay_that_goes_on_sending_is_read_to_the_end() -> None:
    async def handle(socket: ServerConnection) -> None:
        async for text in socket:
            kind, name, *rest = json.loads(text)
            if kind == "REQ":
                for event in selected(GOOD, rest[0], 500):
                    await asyncio.sleep(0.04)
                    await socket.send(json.dumps(["EVENT", name, event]))
                await socket.send(json.dumps(["EOSE", name]))

    async with serve(handle, "127.0.0.1", 0) as server:
        url = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
        reading = await read_relay(url, [PROJECTS], RelayLimits(idle_s=0.5))
    assert (reading.ending, len(reading.events)) == (Ending.COMPLETE, 20)


@pytest.mark.parametrize("cap", [7, 20, 33, 500])
async def test_a_silent_cap_hides_nothing(cap: int) -> None:
    stored = [event(1_700_000_000 + i // 3, f"n{i}") for i in range(120)]
    async with relay(stored, cap=cap) as url:
        reading = await read_relay(url, [PROJECTS], FAST)
    assert (reading.ending, len(reading.events)) == (Ending.COMPLETE, 120)


async def test_more_events_in_one_second_than_a_page_holds_is_said() -> None:
    stored = [event(1_700_000_500, f"s{i}") for i in range(70)] + GOOD
    async with relay(stored, cap=50) as url:
        reading = await read_relay(url, [PROJECTS], FAST)
    assert reading.ending is Ending.SAME_SECOND
    assert len(reading.events) == 50 + 20
    assert reading.events.keys() >= IDS


async def test_filters_are_asked_one_after_the_other_and_ids_stop_when_found() -> None:
    stored = [*GOOD, event(9, "profile", kind=0)]
    async with relay(stored) as url:
        wanted = [Filter(ids=(GOOD[4]["id"],)), Filter(kinds=(0,), authors=(PUBKEY,))]
        reading = await read_relay(url, wanted, FAST)
    assert {event.kind for event in reading.events.values()} == {3030, 0}
    assert reading.counts["pages"] == 1 + 3  # no page held two events, so the last looks past that second


async def test_a_filter_is_paged_to_the_end_even_where_another_brought_its_newest_events() -> None:
    async with relay(GOOD, cap=5) as url:
        newest = tuple(event["id"] for event in GOOD[-5:])
        reading = await read_relay(url, [Filter(ids=newest), PROJECTS], FAST)
    assert (reading.ending, len(reading.events)) == (Ending.COMPLETE, 20)


async def test_the_union_of_relays_is_verified_and_a_liar_changes_nothing() -> None:
    async with relay(GOOD[:12]) as first, relay(GOOD[8:]) as second, relay([], "forged") as liar:
        relays = Relays(urls=[first, second, liar], quorum=2, limits=FAST)
        events = await relays.read([PROJECTS])
        honest = await Relays(urls=[first, second], quorum=2, limits=FAST).read([PROJECTS])
    assert events == honest
    assert list(events) == sorted(IDS)
    assert relays.counts["forged_events"] == 4
    assert relays.endings[first] == relays.endings[second] == "complete"
    assert relays.endings[liar] == "complete, without any of the 20 events that other relays have"


async def test_without_a_quorum_every_relay_is_named_with_its_ending() -> None:
    async with relay(GOOD) as good, relay(GOOD, "silent") as silent, relay(GOOD, "closed") as closed:
        urls = [good, silent, closed, "ws://127.0.0.1:1"]
        relays = Relays(urls=urls, quorum=2, limits=FAST)
        with pytest.raises(Unavailable) as caught:
            await relays.read([PROJECTS])
        assert (await Relays(urls=urls, quorum=1, limits=FAST).read([PROJECTS])).keys() == IDS
    message = str(caught.value)
    assert message.startswith("angor: 1 of 4 relays answered completely, expected 2: ")
    for part in (
        f"{good} complete",
        f"{silent} timeout (stopped answering)",
        f"{closed} closed (auth-required: [31mmembers only)",
        "ws://127.0.0.1:1 refused (cannot connect: ConnectionRefusedError)",
    ):
        assert part in message
    assert relays.endings[good] == "complete"


@pytest.mark.parametrize("seed", range(12))
async def test_complete_is_never_said_too_early(seed: int) -> None:
    """Whatever the times and the cap: complete means all, and only overfull seconds may lose events."""
    dice = random.Random(seed)  # noqa: S311 -- reproducible cases, no secret
    cap = dice.choice((20, 25, 40))
    spread = dice.choice((1, 3, 10, 200))
    stored = [
        event(1_700_000_000 + dice.randrange(spread), f"{seed}/{i}") for i in range(dice.randint(1, 110))
    ]
    async with relay(stored, cap=cap) as url:
        reading = await read_relay(url, [PROJECTS], FAST)
    seconds = Counter(event["created_at"] for event in stored)
    safe = {event["id"] for event in stored if seconds[event["created_at"]] < cap}
    assert reading.events.keys() >= safe
    everything = len(reading.events) == len(stored)
    assert reading.ending in {Ending.COMPLETE, Ending.SAME_SECOND}
    assert everything or reading.ending is Ending.SAME_SECOND
    assert reading.ending is Ending.COMPLETE or max(seconds.values()) >= cap


async def test_a_relay_is_found_where_its_name_leads() -> None:
    async with relay(GOOD) as url:
        port = int(url.rpartition(":")[2])
        named = Relays(
            urls=["ws://relay.sandbox.test"], limits=FAST, hosts={"relay.sandbox.test": ("127.0.0.1", port)}
        )
        assert (await named.read([PROJECTS])).keys() == IDS
        assert named.endings == {"ws://relay.sandbox.test": "complete"}


@REAL
async def test_a_real_relay_that_caps_at_500_is_read_to_the_end() -> None:
    """The relay of nostr-sdk: another implementation of the protocol, with its own silent cap."""
    limit = nostr_sdk.RateLimit(max_reqs=1000, notes_per_minute=1_000_000)
    local = nostr_sdk.LocalRelayBuilder().addr("127.0.0.1").rate_limit(limit).build()
    await local.run()
    url = str(await local.url())
    stored = [event(1_700_000_000 + i // 3, f"n{i}") for i in range(1_200)]
    async with connect(url) as socket:
        for sent in stored:
            await socket.send(json.dumps(["EVENT", sent]))
        for _ in stored:
            assert json.loads(await socket.recv())[2] is True
    reading = await read_relay(url, [PROJECTS, Filter(kinds=(3030,), authors=(PUBKEY,))], RelayLimits())
    local.shutdown()
    assert (reading.ending, len(reading.events)) == (Ending.COMPLETE, 1_200)
    assert reading.counts["pages"] == 2 * 4  # 500, 500, the rest, and one page without news


async def test_a_silent_relay_is_waited_for_once_in_a_run() -> None:
    asked: list[str] = []
    clock = asyncio.get_running_loop().time
    async with relay(GOOD) as good, relay(GOOD, "no-eose", asked=asked) as silent:
        relays = Relays(urls=[good, silent], limits=FAST)
        before = clock()
        for _ in range(5):
            assert (await relays.read([PROJECTS])).keys() == IDS
        waited_s = clock() - before
    assert asked == ["q0-0"]
    assert waited_s == pytest.approx(FAST.idle_s, abs=0.01)
    assert relays.endings == {good: "complete", silent: "timeout (stopped answering)"}
