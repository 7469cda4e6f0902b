"""The way out of this machine: odd variables, a dead proxy, a relay that sends us elsewhere."""

import asyncio
import socket
from collections.abc import Iterator

import httpx
import pytest

from generator.errors import SourceError, SunlitError, Unavailable
from generator.sources.clients import open_clients
from generator.sources.http import Http, HttpLimits, proxy_of
from generator.sources.public_internet import NOT_PUBLIC, PublicTransport
from generator.sources.relays import Ending, RelayLimits, Relays, read_relay

pytestmark = pytest.mark.anyio
#: Every name under which a proxy or trusted certificates are looked for.
VARIABLES = (
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "WSS_PROXY",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
)


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def dead() -> Iterator[str]:
    """Take a port of this machine where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{taken.getsockname()[1]}"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HTTPS_PROXY", "ftp://proxy.example:1"),
        ("ALL_PROXY", "http://[bad"),
        ("HTTP_PROXY", "http://proxy.example:99999"),
        ("http_proxy", "http://"),
        ("SSL_CERT_FILE", "/nowhere/ca.pem"),
        ("SSL_CERT_FILE", __file__),
        ("SSL_CERT_DIR", "/nowhere"),
    ],
)
async def test_a_variable_that_ends_every_connection_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SunlitError, match=f"^environment variable {name.upper()} .*unset it$"):
        async with open_clients({}) as clients:
            await clients.public()


@pytest.mark.parametrize(
    "value", ["proxy.example", "http://user:word@proxy.example:3128", "socks5h://[::1]:9050"]
)
async def test_a_proxy_that_can_be_used_is(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", value)
    async with open_clients({}) as clients:
        await clients.public()
    assert "word" not in proxy_of("https://server.example/")
    assert proxy_of("http://server.example/") == ""
    monkeypatch.setenv("NO_PROXY", "server.example")
    assert proxy_of("https://server.example/") == ""


@pytest.mark.parametrize("scheme", ["http", "socks5h"])
async def test_a_dead_proxy_is_named_and_not_the_server(
    monkeypatch: pytest.MonkeyPatch, dead: str, scheme: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"{scheme}://user:word@{dead}")
    async with open_clients({}) as clients:
        http = Http(
            client=await clients.public(),
            source="rates",
            base_url="https://server.example",
            limits=HttpLimits(attempts=1),
        )
        with pytest.raises(Unavailable) as caught:
            await http.get("/", subject="the price")
    assert f"cannot reach the proxy {dead} (" in str(caught.value)
    assert "word" not in str(caught.value)
    reading = await read_relay("wss://relay.example", [], RelayLimits())
    assert reading.ending is Ending.REFUSED
    assert dead in reading.detail
    assert "proxy" in reading.detail


async def test_a_proxy_of_the_configuration_is_named(dead: str) -> None:
    proxy = f"http://{dead}"
    async with httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(proxy=proxy)) as client:
        limits = HttpLimits(attempts=1)
        http = Http(client=client, source="pay", base_url="https://pay.example", proxy=proxy, limits=limits)
        with pytest.raises(Unavailable, match=f"cannot reach the proxy {dead}"):
            await http.get("/", subject="invoices")


@pytest.mark.parametrize("place", [True, False])
async def test_no_relay_sends_us_to_another_place(*, place: bool) -> None:
    """A founder's relay may answer with the address of anything in our network; nobody goes there."""
    visits: list[bytes] = []
    inside = b"HTTP/1.1 302 Found\r\nLocation: ws://localhost:%d/inside\r\nContent-Length: 0\r\n\r\n"

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visits.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(inside % port)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1")
    async with server:
        port = server.sockets[0].getsockname()[1]
        where = ("127.0.0.1", port) if place else None
        reading = await read_relay(f"ws://127.0.0.1:{port}", [], RelayLimits(), place=where)
    assert reading.ending is Ending.REFUSED
    assert "302" in reading.detail
    assert len(visits) == 1


#: Names and spellings of this machine and of what is in its network.
INSIDE = [
    "localhost",
    "127.0.0.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "127.1",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "169.254.169.254",
    "10.0.0.1",
    "[64:ff9b::7f00:1]",
    "nowhere.invalid",
]


@pytest.mark.parametrize("host", INSIDE)
async def test_an_address_from_data_leads_into_no_network_of_ours(host: str) -> None:
    asked: list[httpx.Request] = []
    inner = httpx.MockTransport(lambda request: asked.append(request) or httpx.Response(200))  # type: ignore[func-returns-value]
    async with httpx.AsyncClient(transport=PublicTransport(inner)) as client:
        http = Http(client=client, source="s", base_url=f"http://{host}:8080", limits=HttpLimits(attempts=1))
        with pytest.raises(SourceError, match=f"{NOT_PUBLIC}|is no address"):
            await http.get("/latest/meta-data", subject="blocks")
    reading = await Relays(urls=[f"ws://{host}:8080"], strangers=True).read([], quorum=0)
    assert (reading, asked) == ({}, [])


async def test_the_address_that_was_judged_is_the_one_that_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that leads elsewhere when it is looked up again is not looked up again."""
    answers = iter(["93.184.215.14", "127.0.0.1"])

    async def getaddrinfo(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), 443))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)
    asked: list[httpx.Request] = []
    inner = httpx.MockTransport(lambda request: asked.append(request) or httpx.Response(302))  # type: ignore[func-returns-value]
    async with httpx.AsyncClient(transport=PublicTransport(inner)) as client:
        await client.get("https://rebound.example/blocks")
        with pytest.raises(httpx.ConnectError):
            await client.get("https://rebound.example/blocks")
    [request] = asked
    assert str(request.url) == "https://93.184.215.14/blocks"
    assert request.headers["host"] == request.extensions["sni_hostname"] == "rebound.example"
