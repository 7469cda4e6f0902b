"""How fast a host is asked: on a clock that the tests move."""

import asyncio
from dataclasses import dataclass

import httpx
import pytest

from generator.config import parse
from generator.errors import Unavailable
from generator.sources import from_config
from generator.sources.angor import AngorSource
from generator.sources.http import HostPace, Http, HttpLimits, QuestionFailed
from generator.sources.indexers import Indexers
from tests.support.skipping_loop import SKIPPING

pytestmark = pytest.mark.anyio
PATIENT = HttpLimits(attempts=1, deadline_s=120)


@pytest.fixture
def anyio_backend() -> object:
    """Give each test a clock that skips waiting."""
    return SKIPPING


@dataclass(kw_only=True)
class Bucket:
    """A server that allows a rate after a burst and says nothing about when to come again."""

    rate: float
    burst: float
    refused: int = 0
    answered: int = 0
    left: float = 0
    last: float = 0
    slow_s: float = 0
    refuses_until: float = 0
    asks: str | None = None

    def __post_init__(self) -> None:
        self.left = self.burst

    async def __call__(self, _: httpx.Request) -> httpx.Response:
        now = asyncio.get_running_loop().time()
        self.left, self.last = min(self.burst, self.left + (now - self.last) * self.rate), now
        if self.left < 1 or now < self.refuses_until:
            self.refused += 1
            return httpx.Response(
                429, html="<html>Enterprise</html>", headers={"Retry-After": self.asks} if self.asks else {}
            )
        self.left -= 1
        self.answered += 1
        await asyncio.sleep(self.slow_s)
        return httpx.Response(200, text="1")


def reader(server: Bucket, limits: HttpLimits = PATIENT, *, most: float | None = None) -> Http:
    client = httpx.AsyncClient(transport=httpx.MockTransport(server))
    return Http(
        client=client, source="s", base_url="https://h.example", limits=limits, pace=HostPace(most=most)
    )


async def ask(http: Http, number: int) -> float:
    begun = asyncio.get_running_loop().time()
    await asyncio.gather(*(http.get("/n", subject="n") for _ in range(number)))
    return asyncio.get_running_loop().time() - begun


@pytest.mark.parametrize(("rate", "burst"), [(3, 10), (0.5, 5), (5, 10), (20, 60)])
async def test_a_quota_that_nobody_states_is_found_and_kept(rate: float, burst: float) -> None:
    server = Bucket(rate=rate, burst=burst)
    took = await ask(reader(server), 120)
    assert server.answered == 120
    assert server.refused <= 20
    assert took <= 5 + 2 * (120 - burst) / rate


async def test_where_nobody_refuses_nothing_is_held_back() -> None:
    assert await ask(reader(Bucket(rate=1e6, burst=1e6)), 300) == 0


async def test_a_rate_of_the_configuration_is_kept_from_the_first_request_on() -> None:
    server = Bucket(rate=3, burst=1)
    took = await ask(reader(server, most=2.0), 40)
    assert server.refused == 0
    assert took == pytest.approx(39 / 2, abs=0.5)


async def test_the_configuration_says_a_rate_for_money_and_prices_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    prices: list[HostPace] = []
    monkeypatch.setattr(from_config, "Http", lambda **fields: prices.append(fields["pace"]))
    config = parse(
        "{version: 1, site: {title: T}, network: main, units: {fiat: EUR}, angor: {discover: all}, sources: {"
        "nostr: {relays: ['wss://r.example']}, rates: {provider: mempool}, "
        "indexers: ['https://a.example', {url: 'https://b.example/', per_second: 0.19}]}}"
    )
    async with from_config.open_sources(config, {}) as opened:
        [angor] = opened.first
        assert isinstance(angor, AngorSource)
        paces = [server.http.pace for server in angor.indexers.servers]
    assert [pace.most for pace in paces] == [None, 0.19]
    assert all(mine is theirs for mine, theirs in zip(prices, paces, strict=True))


def test_no_refusal_makes_us_quicker_than_the_configuration_allows() -> None:
    pace = HostPace(most=0.02)
    pace.refused(1.0, sent_at=0.5)
    for number in range(200):
        pace.answered(2.0 + number, sent_at=1.5 + number)
        assert pace.per_second == 0.02


async def test_a_server_that_refuses_for_a_minute_is_waited_for() -> None:
    server = Bucket(rate=1e6, burst=1e6, refuses_until=60)
    await ask(reader(server), 40)
    assert (server.answered, server.refused) == (40, pytest.approx(12, abs=6))


async def test_a_ban_ends_a_request_and_those_that_wait_are_not_all_sent() -> None:
    server = Bucket(rate=0, burst=0)
    http = reader(server)
    with pytest.raises(Unavailable, match="answered 429; the next run asks again"):
        await http.get("/n", subject="n")
    assert server.refused == 10
    assert asyncio.get_running_loop().time() < 120


async def test_one_question_that_is_always_refused_does_not_slow_down_the_others_for_ever() -> None:
    refused: list[float] = []

    async def long_history(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0.2)
        if request.url.path == "/long":
            refused.append(asyncio.get_running_loop().time())
            return httpx.Response(429)
        return httpx.Response(200, text="1")

    client = httpx.AsyncClient(transport=httpx.MockTransport(long_history))
    http = Http(client=client, source="s", base_url="https://h.example", replaceable=lambda: True)

    async def others() -> None:
        for _ in range(40):
            await http.get("/n", subject="n")

    with pytest.raises(QuestionFailed, match=r"a long history: .*answered 429"):
        await asyncio.gather(http.get("/long", subject="a long history"), others())
    assert len(refused) == 5


async def test_a_ban_is_not_waited_for_where_another_server_answers() -> None:
    server = Bucket(rate=0, burst=0)
    http = reader(server)
    http.replaceable = lambda: True
    asked = await asyncio.gather(*(http.get("/n", subject="n") for _ in range(3)), return_exceptions=True)
    assert [type(found) for found in asked] == [Unavailable] * 3
    assert server.refused <= 7
    assert asyncio.get_running_loop().time() < 10


async def test_a_minute_that_a_server_asks_for_is_waited_for_where_nobody_else_answers() -> None:
    server = Bucket(rate=1e6, burst=1e6, refuses_until=60, asks="60")
    http = reader(server)
    http.replaceable = lambda: True
    with pytest.raises(Unavailable, match="asks to wait 60 s"):
        await http.get("/n", subject="n")
    http.replaceable = lambda: False
    assert await ask(http, 1) == pytest.approx(60, abs=1)


async def test_an_hour_that_one_question_is_told_to_wait_is_said_of_it_alone() -> None:
    server = Bucket(rate=0, burst=0, asks="3600")
    http = reader(server)
    for number in (1, 2):
        with pytest.raises(Unavailable, match="answered 429 and asks to wait 3600 s"):
            await http.get("/n", subject="n")
        assert server.refused == number


async def test_waiting_for_a_turn_is_not_held_against_a_request() -> None:
    server = Bucket(rate=0.4, burst=1)
    await ask(reader(server, HttpLimits(attempts=1, deadline_s=30)), 60)
    assert server.answered == 60


def test_answers_that_become_slow_lower_the_rate_and_quick_ones_raise_it_again() -> None:
    pace, now = HostPace(), 0.0
    for _ in range(50):
        pace.answered(now := now + 0.1, sent_at=now - 0.05)
    assert pace.per_second is None
    pace.answered(now := now + 20, sent_at=now - 20)
    lowered = pace.per_second
    assert lowered is not None
    assert lowered <= 5
    for _ in range(500):
        pace.answered(now := now + 0.1, sent_at=now - 0.05)
    assert pace.per_second > 2 * lowered


def test_requests_that_were_under_way_together_are_one_refusal() -> None:
    pace = HostPace()
    for _ in range(40):
        pace.answered(0.9, sent_at=0.5)
    for _ in range(4):
        pace.refused(1.0, sent_at=0.95)
    assert pace.per_second == 20
    assert pace.wait_s(1.0) == 0.5


async def test_a_dead_server_costs_its_time_out_once_a_run() -> None:
    asked: list[str] = []

    async def silence(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        await asyncio.sleep(1e6)
        return httpx.Response(200)

    client, pace = httpx.AsyncClient(transport=httpx.MockTransport(silence)), HostPace()
    pool = Indexers.of(["https://h.example"], client=client, network="main", pace=lambda _: pace)
    with pytest.raises(Unavailable, match="no indexer answers"):
        await pool.open()
    prices = Http(client=client, source="rates", base_url="https://h.example", pace=pace)
    with pytest.raises(Unavailable, match="it did not answer its first question"):
        await prices.get("/api/v1/historical-price", subject="a price")
    assert len(asked) == 1
    assert asyncio.get_running_loop().time() == pytest.approx(30, abs=1)
