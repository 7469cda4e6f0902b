"""The HTTP reader: patience, limits, and errors that say who must act; over real sockets."""

import asyncio
import gzip
import tracemalloc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import httpx
import msgspec
import pytest

from generator.errors import Invalid, SourceError, Unavailable
from generator.sources.http import Http, HttpLimits, Param, TooHeavy, retry_after
from tests.support.limits import GENEROUS
from tests.support.skipping_loop import SKIPPING
from tests.support.trust import trust

#: Seconds of the skipping clock, which stands while anything happens.
FAST = HttpLimits(attempts=3, request_s=0.3, deadline_s=2, wait_initial_s=0.001, wait_max_s=0.002)
pytestmark = pytest.mark.anyio
NUMBERS = msgspec.json.Decoder(list[int])


@pytest.fixture
def anyio_backend() -> object:
    """Give each test a clock that skips waiting."""
    return SKIPPING


@asynccontextmanager
async def server(*answers: bytes, close: bool = True) -> AsyncIterator[str]:
    """Serve raw bytes on a loopback port, the last answer again and again; yield the address."""
    left = list(answers)
    over = asyncio.Event()
    served = asyncio.TaskGroup()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(left.pop(0) if len(left) > 1 else left[0])
            await writer.drain()
        if not close:
            await over.wait()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    async with served:
        listening = await asyncio.start_server(
            lambda *ends: served.create_task(answer(*ends)), "127.0.0.1", 0
        )
        async with listening:
            yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
            over.set()


def raw(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def numbers(url: str, limits: HttpLimits = FAST, **headers: str) -> list[int]:
    async with httpx.AsyncClient(verify=trust()) as client:
        reader = Http(client=client, source="s", base_url=url, limits=limits, headers=headers)
        return (await reader.get("/n", subject="numbers")).decode(NUMBERS)


def mocked(answer: Callable[[httpx.Request], httpx.Response], limits: HttpLimits = FAST) -> Http:
    client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    return Http(client=client, source="s", base_url="https://h.example/prefix/", limits=limits)


PACKED = gzip.compress(b"[1]")
TWICE = gzip.compress(PACKED)
FAULTS = [
    (raw(b"", "500 Internal Server Error"), Unavailable, "answered 500"),
    (raw(b"<html>", "502 Bad Gateway"), Unavailable, "answered 502"),
    (raw(b"slow down", "429 Too Many Requests", "Retry-After: 0"), Unavailable, "answered 429"),
    (raw(b"{}", "401 Unauthorized"), Unavailable, "refused the request (401)"),
    (raw(b"{}", "403 Forbidden"), Unavailable, "refused the request (403)"),
    (raw(b"{}", "404 Not Found"), Invalid, "answered 404; expected 200"),
    (raw(b"<html>hello</html>"), Invalid, "answered 200 with a web page; expected JSON: check the address"),
    (raw(b""), Invalid, "answered 200 with nothing; expected JSON"),
    (raw(b"[1, 2"), Invalid, "sent JSON that is damaged or cut off (5 bytes)"),
    (raw(b'["secret"]'), Invalid, "sent JSON of another shape (Expected `int`, got `str` - at `$[0]`)"),
    (raw(b"[1]")[:-2], Unavailable, "the connection broke (RemoteProtocolError)"),
    (
        raw(b"\x00" * 40, "200 OK", "Content-Encoding: gzip"),
        Invalid,
        "cannot be decompressed (gzip that is dam",
    ),
    (raw(PACKED[:-4], "200 OK", "Content-Encoding: gzip"), Invalid, "gzip that is cut off"),
    (raw(PACKED + PACKED, "200 OK", "Content-Encoding: x-gzip"), Invalid, "gzip with more behind its end"),
    (raw(PACKED, "200 OK", "Content-Encoding: br"), Invalid, "(a coding, 'br', where gzip or none was asked"),
    (raw(TWICE, "200 OK", "Content-Encoding: gzip, gzip"), Invalid, "several codings, 'gzip, gzip', where"),
    (raw(TWICE, "200 OK", "Content-Encoding: gzip", "Content-Encoding: gzip"), Invalid, "several codings"),
    (
        raw(b"", "301 Moved", "Location: https://other.example/i/secret?token=1"),
        Invalid,
        "redirects to https://other.example; redirects are not followed",
    ),
]


@pytest.mark.parametrize(("answer", "kind", "says"), FAULTS, ids=[fault[2][:24] for fault in FAULTS])
async def test_each_fault_has_its_error(answer: bytes, kind: type[SourceError], says: str) -> None:
    async with server(answer) as url:
        with pytest.raises(kind) as caught:
            await numbers(url, authorization="token hush")
    host = url.removeprefix("http://")
    assert str(caught.value).startswith(f"s: numbers: {host}")
    assert says in str(caught.value)
    assert "hush" not in str(caught.value)
    assert "secret" not in str(caught.value)


async def test_a_silent_server_is_unavailable() -> None:
    async with server(b"", close=False) as url:
        with pytest.raises(Unavailable, match=r"no answer within 0\.05 s; the next run asks again"):
            await numbers(url, HttpLimits(attempts=2, request_s=0.05, deadline_s=1, wait_initial_s=0.001))


async def test_a_dripping_body_ends_at_the_deadline_of_one_try() -> None:
    async with server(raw(b"[1]")[:-1], close=False) as url:
        with pytest.raises(Unavailable, match="no answer within"):
            await numbers(url, HttpLimits(attempts=1, request_s=0.05, deadline_s=1))


@pytest.mark.parametrize("anyio_backend", ["asyncio"])  # names are looked up in another thread
async def test_a_name_that_does_not_exist_and_a_closed_port() -> None:
    for url in ("http://does-not-exist.invalid", "http://127.0.0.1:1"):
        with pytest.raises(Unavailable, match="cannot connect"):
            await numbers(url, GENEROUS)


async def test_a_busy_server_is_asked_again_until_it_answers() -> None:
    busy = raw(b"", "503 Busy", "Retry-After: 0")
    async with (
        server(busy, raw(b"x", "500 No"), raw(b"[1, 2]")) as url,
        httpx.AsyncClient(verify=trust()) as client,
    ):
        reader = Http(client=client, source="s", base_url=url, limits=FAST)
        answer = await reader.get("/n", subject="numbers")
    assert answer.decode(NUMBERS) == [1, 2]
    assert reader.counts == {"requests": 3, "retries": 2}


async def test_retry_after_is_honoured_and_not_beyond_the_deadline() -> None:
    waits = iter(["0.3", "1", "3600"])
    moments: list[float] = []

    def answer(_: httpx.Request) -> httpx.Response:
        moments.append(asyncio.get_running_loop().time())
        return httpx.Response(429, headers={"Retry-After": next(waits)})

    with pytest.raises(Unavailable, match="answered 429 and asks to wait 3600 s, longer than this run waits"):
        await mocked(answer, HttpLimits(attempts=5, deadline_s=5, wait_initial_s=0.001)).get(
            "/n", subject="n"
        )
    assert len(moments) == 3
    assert 1.0 <= round(moments[2] - moments[1], 6) < 2


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": f"Thu, 01 Jan {'9' * 20} 00:02:00 GMT"}, None),
        ({"retry-after": f"Thu, 01 Jan 2026 00:02:00 +{'9' * 20}"}, None),
        ({"retry-after": "Thu, 01 Jan 2026 00:02:00 GMT"}, None),
        ({"retry-after": "Thu, 01 Jan 2026 00:02:00 GMT", "date": "Thu, 01 Jan 2026 00:00:30 GMT"}, 90.0),
        ({"retry-after": "Thu, 01 Jan 2026 00:00:00 GMT", "date": "Thu, 01 Jan 2026 00:00:30 GMT"}, 0.0),
    ],
)
def test_retry_after_needs_no_clock_of_ours(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


async def test_a_body_beyond_the_limit_is_refused_even_when_it_came_compressed() -> None:
    bomb = gzip.compress(b"[" + b"1," * 500_000 + b"1]")
    assert len(bomb) < 10_000
    async with server(raw(bomb, "200 OK", "Content-Encoding: gzip")) as url:
        with pytest.raises(Invalid, match="more than the 10000 bytes allowed"):
            await numbers(url, HttpLimits(body_bytes=10_000))
        async with httpx.AsyncClient(verify=trust()) as client:
            http = Http(client=client, source="s", base_url=url, limits=HttpLimits(body_bytes=10_000))
            with pytest.raises(TooHeavy):  # less of it may be small enough
                await http.get("/n", subject="numbers", shrinkable=True)
            assert http.counts["requests"] == 1


async def test_a_body_is_decompressed_in_small_steps_and_one_coding_is_asked_for() -> None:
    """64 MiB in one piece of 64 kB: httpx would hold them all."""

    class Packed(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield bomb

    def answer(request: httpx.Request) -> httpx.Response:
        assert request.headers["accept-encoding"] == "gzip"
        return httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=Packed())

    bomb = gzip.compress(bytes(64 * 2**20))
    tracemalloc.start()
    with pytest.raises(Invalid, match="more than the 100000 bytes allowed"):
        await mocked(answer, HttpLimits(body_bytes=100_000)).get("/n", subject="numbers")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 4 * 2**20


async def test_a_packed_body_that_holds_nothing_ends_too() -> None:
    empty = PACKED[:10] + b"\x00\x00\x00\xff\xff" * 4_000  # blocks of no bytes
    async with server(raw(empty, "200 OK", "Content-Encoding: gzip")) as url:
        with pytest.raises(Invalid, match="more than the 10000 bytes allowed"):
            await numbers(url, HttpLimits(body_bytes=10_000))


async def test_what_was_packed_is_read_whole() -> None:
    """A long run of zeros leaves output behind that needs no more input."""
    for size in (0, 1, 65_535, 65_536, 65_537, 1_000_000):
        body = b"[" + b" " * size + b"1]"
        async with server(raw(gzip.compress(body), "200 OK", "Content-Encoding: gzip")) as url:
            assert await numbers(url) == [1]


async def test_the_address_is_joined_as_text_and_parameters_are_plain() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(404, text="no such thing")

    params: dict[str, Param] = {"includeArchived": True, "take": 3, "currencyPair": ["BTC_EUR", "BTC_USD"]}
    found = await mocked(answer).get("/api/x", subject="n", params=params, accept={404})
    assert found.status == 404
    assert found.text() == "no such thing"
    assert str(seen[0].url) == (
        "https://h.example/prefix/api/x?includeArchived=true&take=3&currencyPair=BTC_EUR&currencyPair=BTC_USD"
    )
    assert seen[0].headers["accept"] == "application/json"


async def test_requests_to_one_host_wait_for_their_turn() -> None:
    running = 0
    most = 0

    async def answer(_: httpx.Request) -> httpx.Response:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.01)
        running -= 1
        return httpx.Response(200, json=[])

    client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    reader = Http(client=client, source="s", base_url="https://h.example", limits=HttpLimits(concurrency=2))
    await asyncio.gather(*(reader.get("/n", subject="n") for _ in range(8)))
    assert most == 2


@pytest.mark.parametrize(
    ("status", "headers", "kind", "says"),
    [
        (503, {}, Unavailable, "h.example: answered 503; run it again"),
        (302, {"location": "https://other.example/x"}, Invalid, "redirects to https://other.example"),
    ],
)
async def test_what_changes_something_is_sent_once(
    status: int, headers: dict[str, str], kind: type[SourceError], says: str
) -> None:
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(status, headers=headers)

    with pytest.raises(kind, match=says):
        await mocked(answer).send("POST", "/x", {"a": 1}, subject="a wish")
    assert [(request.method, request.url.path, request.read()) for request in sent] == [
        ("POST", "/prefix/x", b'{"a":1}')
    ]


async def test_an_answer_to_what_was_sent_is_handed_over_whatever_its_status() -> None:
    reader = mocked(lambda request: httpx.Response(422, content=request.read()))
    answer = await reader.send("PUT", "/x", {"a": 1}, subject="a wish")
    assert (answer.status, answer.content, reader.counts["requests"]) == (422, b'{"a":1}', 1)


@pytest.mark.parametrize("status", [500, 502, 504, 524])
async def test_a_question_that_can_be_made_smaller_is_not_repeated_as_it_is(status: int) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(status)

    reader = mocked(answer)
    with pytest.raises(TooHeavy):
        await reader.get("/n", subject="numbers", shrinkable=True)
    assert len(asked) == 1
    with pytest.raises(Unavailable):
        await reader.get("/n", subject="numbers")
    assert len(asked) == 1 + FAST.attempts


async def test_a_busy_or_silent_server_is_told_from_one_that_was_asked_for_too_much() -> None:
    with pytest.raises(Unavailable):  # 503 says "later", not "less"
        await mocked(lambda _: httpx.Response(503)).get("/n", subject="numbers", shrinkable=True)
    async with server(b"", close=False) as url, httpx.AsyncClient(verify=trust()) as client:
        reader = Http(client=client, source="s", base_url=url, limits=FAST)
        with pytest.raises(TooHeavy):
            await reader.get("/n", subject="numbers", shrinkable=True)
