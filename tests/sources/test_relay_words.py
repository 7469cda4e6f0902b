"""What a relay says when it gives nothing reaches people: notices, AUTH, HTTP status; cleaned and cut."""

import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from generator.protocol.nostr import Filter, sign
from generator.sources.relays import Ending, RelayLimits, RelayReading, read_relay
from tests.support.skipping_loop import SKIPPING, SkippingLoop

pytestmark = pytest.mark.anyio
PROJECTS = Filter(kinds=(3030,))
EVENT = sign(bytes([9]) * 32, kind=3030, content="", created_at=5)
Answer = Callable[[ServerConnection], Awaitable[None]]


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, type[SkippingLoop]]]:
    """Give each test a clock that skips waiting."""
    return SKIPPING


@asynccontextmanager
async def saying(*frames: Sequence[object], greeting: Sequence[object] = ()) -> AsyncIterator[str]:
    """Serve a relay that says the same to every question and nothing else."""

    async def answer(connection: ServerConnection) -> None:
        if greeting:
            await connection.send(json.dumps(greeting))
        async for message in connection:
            for frame in frames:
                name = json.loads(message)[1]
                await connection.send(json.dumps(frame).replace("{name}", name))

    async with serve(answer, "127.0.0.1", 0) as server:
        yield f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"


async def read(url: str) -> RelayReading:
    return await read_relay(url, [PROJECTS], RelayLimits())


async def test_a_notice_without_more_is_the_reason_that_is_told() -> None:
    async with saying(["NOTICE", "rate-limited: try again in an hour"]) as url:
        reading = await read(url)
    assert reading.outcome == (
        "timeout (stopped answering; its notice: “rate-limited: try again in an hour”)"
    )


async def test_a_relay_that_greets_with_auth_and_stays_silent_asks_for_a_login() -> None:
    async with saying(greeting=["AUTH", "challenge"]) as url:
        reading = await read(url)
    assert reading.outcome == "timeout (stopped answering; it asks for a login (AUTH))"


async def test_the_words_of_closed_name_the_login_once() -> None:
    closed = ["CLOSED", "{name}", "ERROR: auth-required: members"]
    async with saying(closed, greeting=["AUTH", "challenge"]) as url:
        reading = await read(url)
    assert reading.outcome == "closed (ERROR: auth-required: members)"


CLOSED = [
    *(f"{prefix}: words" for prefix in ("auth-required", "restricted", "invalid", "error", "unsupported")),
    "ERROR: bad req: too many tags",
    "",
]


def closing(reason: str) -> tuple[Answer, list[str]]:
    """Return a relay that closes questions for kind 5, and what it was asked."""
    asked: list[str] = []

    async def answer(connection: ServerConnection) -> None:
        async for message in connection:
            kind, name, *rest = json.loads(message)
            if kind != "REQ":
                continue
            asked.append(name)
            if rest[0]["kinds"] == [5]:
                await connection.send(json.dumps(["CLOSED", name, reason]))
                continue
            if "until" not in rest[0]:
                await connection.send(json.dumps(["EVENT", name, EVENT.to_obj()]))
            await connection.send(json.dumps(["EOSE", name]))

    return answer, asked


@pytest.mark.parametrize("reason", CLOSED)
async def test_a_question_that_is_closed_costs_no_other_its_answer(reason: str) -> None:
    answer, asked = closing(reason)
    async with serve(answer, "127.0.0.1", 0) as server:
        url = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
        reading = await read_relay(url, [Filter(kinds=(5,)), PROJECTS, Filter(kinds=(5,))], RelayLimits())
    assert (reading.outcome, list(reading.events)) == (
        f"closed ({reason})" if reason else "closed",
        [EVENT.id],
    )
    assert asked[-1] == "q2-0"


@pytest.mark.parametrize("reason", ["rate-limited: slow down", "blocked: you", "ERROR: rate-limited: x"])
async def test_a_relay_that_wants_no_more_questions_gets_none(reason: str) -> None:
    answer, asked = closing(reason)
    async with serve(answer, "127.0.0.1", 0) as server:
        url = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
        reading = await read_relay(url, [Filter(kinds=(5,)), PROJECTS], RelayLimits())
    assert (reading.outcome, asked) == (f"closed ({reason})", ["q0-0"])


async def test_a_relay_that_closes_everything_is_left_after_three_questions() -> None:
    answer, asked = closing("restricted: members")
    async with serve(answer, "127.0.0.1", 0) as server:
        url = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
        reading = await read_relay(url, [Filter(kinds=(5,))] * 9, RelayLimits())
    assert (reading.outcome, len(asked)) == ("closed (restricted: members)", 3)


HOSTILE = [
    "\x1b[31mred\x1b[0m",
    "\u202edesrever",
    "two\nlines\r\n",
    "x" * 300_000,
    "\ufeff\u200b\u2066",
    5,
    None,
    ["nested"],
    {"a": "b"},
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_what_a_relay_says_cannot_colour_reorder_or_flood_a_message(text: object) -> None:
    frames = [["NOTICE", text], ["NOTICE", "second"], ["NOTICE", "third"], ["CLOSED", "{name}", text]]
    async with saying(*frames) as url:
        reading = await read(url)
    assert reading.ending is Ending.CLOSED
    assert str(reading).isprintable()
    assert len(reading.outcome) < 300


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (401, "HTTP 401 Unauthorized"),
        (403, "HTTP 403 Forbidden"),
        (404, "HTTP 404 Not Found"),
        (426, "HTTP 426 Upgrade Required"),
        (429, "HTTP 429 Too Many Requests"),
        (503, "HTTP 503 Service Unavailable"),
        (530, "HTTP 530"),
    ],
)
async def test_the_http_status_of_a_refused_connection_is_told(status: int, told: str) -> None:
    def refuse(connection: ServerConnection, _request: Request) -> Response:
        response = connection.respond(503, "<h1>\x1b[31mno</h1>")
        response.status_code, response.reason_phrase = status, "ignored"
        return response

    async def answer(_connection: ServerConnection) -> None:
        raise AssertionError

    async with serve(answer, "127.0.0.1", 0, process_request=refuse) as server:
        reading = await read(f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}")
    assert reading.outcome == f"refused (answered {told} instead of opening a connection)"


@pytest.mark.parametrize(
    ("after", "told"),
    [("120", "wait 120 s"), ("Sat, 28 Nov 2026 23:00:00 GMT", "wait Sat, 28 Nov 2026 23:00:00 GMT")],
)
async def test_how_long_a_refused_connection_is_to_wait_is_told(after: str, told: str) -> None:
    def refuse(connection: ServerConnection, _request: Request) -> Response:
        response = connection.respond(503, "later")
        response.headers["Retry-After"] = after
        return response

    async with serve(lambda _connection: None, "127.0.0.1", 0, process_request=refuse) as server:
        reading = await read(f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}")
    assert reading.outcome == (
        f"refused (answered HTTP 503 Service Unavailable instead of opening a connection and asks to {told})"
    )


async def test_a_connection_that_is_never_opened_is_told_from_one_that_falls_silent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:  # accepts, and never speaks
        reading = await read(f"ws://127.0.0.1:{server.getsockname()[1]}")
    assert reading.outcome == "timeout (did not open a connection in time)"


async def test_a_door_that_shuts_before_a_word_is_named() -> None:
    async with serve(lambda _connection: None, "127.0.0.1", 0, process_request=_hang_up) as server:
        reading = await read(f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}")
    assert reading.ending is Ending.REFUSED
    assert "hung up before it answered" in reading.outcome


def _hang_up(connection: ServerConnection, _request: Request) -> None:
    connection.transport.abort()


async def test_the_reason_with_which_a_relay_hangs_up_is_quoted() -> None:
    async def answer(connection: ServerConnection) -> None:
        await connection.recv()
        await connection.close(1008, "policy: no\x07 bots")

    async with serve(answer, "127.0.0.1", 0) as server:
        reading = await read(f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}")
    assert reading.outcome == "dropped (closed the connection before the end, saying “policy: no bots”)"


async def test_a_message_names_no_part_of_an_address_that_may_hold_a_key() -> None:
    reading = RelayReading(url="wss://user:secret1@relay.example.org:8443/secret2?key=secret3")
    assert str(reading) == "wss://relay.example.org:8443 refused"
