"""A server that fails rests and comes back within the run; one question that fails excludes nobody."""

import asyncio

import httpx
import pytest

from generator.errors import SourceError, Unavailable
from generator.sources.http import HostPace, HttpLimits
from generator.sources.indexers.health import ServerHealth
from tests.support.esplora import Esplora, Fault, Project, cut, down_for, failing, indexers, say
from tests.support.limits import GENEROUS
from tests.support.skipping_loop import SKIPPING

pytestmark = pytest.mark.anyio
LIMITS = HttpLimits(attempts=2)


@pytest.fixture
def anyio_backend() -> object:
    """Give each test a clock that skips waiting."""
    return SKIPPING


async def test_a_server_that_recovers_comes_back_within_the_run(invest: Project) -> None:
    first, second = Esplora(projects=[invest]), Esplora(projects=[invest])
    pool = indexers([first, second], limits=LIMITS)
    await pool.open()
    first.fault = down_for(8)
    await pool.history(invest.address)
    assert [server.http.host for server in pool.healthy] == ["i1.example"]
    await asyncio.sleep(10)
    second.fault = say(status_code=502)
    assert (await pool.history(invest.address)).history.complete
    assert [server.http.host for server in pool.healthy] == ["i0.example"]


async def test_who_cannot_be_reached_costs_one_time_out_and_is_back_in_the_run(invest: Project) -> None:
    first, second = Esplora(projects=[invest]), Esplora(projects=[invest])
    pool, clock = indexers([first, second], limits=LIMITS), asyncio.get_running_loop().time
    tried: list[float] = []

    async def reached_after_two_minutes(request: httpx.Request) -> httpx.Response:
        tried.append(clock())
        if clock() < 120:
            await asyncio.sleep(LIMITS.request_s)
            msg = "planned"
            raise httpx.ConnectTimeout(msg, request=request)
        return first(request)

    pool.servers[0].http.client = httpx.AsyncClient(transport=httpx.MockTransport(reached_after_two_minutes))
    await pool.open()
    assert clock() == pytest.approx(LIMITS.request_s, abs=0.1)
    for number in range(1, 20):
        assert (await pool.history(invest.address)).history.complete
        assert clock() == pytest.approx(LIMITS.request_s + 10 * (number - 1), abs=0.1)  # nobody waits for it
        await asyncio.sleep(10)
    assert len(tried) - len(first.asked) <= 4  # at 0, 40, 80 s …: each rest is longer
    assert (await pool.history(invest.address)).witnessed
    assert pool.all_healthy
    assert any(invest.address in path for path in first.asked)


async def test_who_fails_in_the_middle_is_back_without_another_failing(invest: Project) -> None:
    first, second = Esplora(projects=[invest]), Esplora(projects=[invest])
    pool = indexers([first, second], limits=LIMITS)
    await pool.open()
    first.fault = down_for(20)
    assert not (await pool.history(invest.address)).witnessed
    for _ in range(8):
        await asyncio.sleep(5)
        await pool.history(invest.address)
    assert pool.all_healthy
    assert (await pool.history(invest.address)).witnessed


async def test_who_was_away_and_serves_another_height_is_not_asked(invest: Project) -> None:
    late, second = Esplora(projects=[invest], fault=say(status_code=530)), Esplora(projects=[invest])
    pool = indexers([late, second], limits=LIMITS)
    await pool.open()
    late.fault, late.tip = say(status_code=530), second.tip - 50
    await asyncio.sleep(10)
    late.fault = Esplora(projects=[]).fault
    for _ in range(4):
        await pool.history(invest.address)
        await asyncio.sleep(10)
    assert [server.http.host for server in pool.healthy] == ["i1.example"]
    assert "expected about" in pool.servers[0].faults[-1]


async def test_the_only_server_is_waited_for(invest: Project) -> None:
    alone = Esplora(projects=[invest])
    pool = indexers([alone], limits=LIMITS)
    await pool.open()
    alone.fault = down_for(3)
    with pytest.raises(Unavailable):
        await pool.history(invest.address)
    assert (await pool.history(invest.address)).history.complete
    assert pool.all_healthy


async def test_a_server_that_stays_dead_is_given_up(invest: Project) -> None:
    alone = Esplora(projects=[invest])
    pool = indexers([alone], limits=LIMITS)
    await pool.open()
    alone.fault = down_for(1e9)
    for _ in range(20):
        with pytest.raises(SourceError):
            await pool.history(invest.address)
    assert len(alone.asked) < 20
    assert asyncio.get_running_loop().time() < 400


@pytest.mark.parametrize("status", [400, 403, 413, 500])
async def test_one_project_that_a_server_refuses_is_asked_elsewhere(
    invest: Project, subscribe: Project, status: int
) -> None:
    def refuses(request: httpx.Request) -> httpx.Response | None:
        return httpx.Response(status) if subscribe.address in request.url.path else None

    first = Esplora(projects=[invest, subscribe], fault=refuses)
    second = Esplora(projects=[invest, subscribe])
    pool = indexers([first, second], limits=LIMITS)
    await pool.open()
    for _ in range(2):
        assert (await pool.history(subscribe.address)).history.complete
    asked = len(first.asked)
    assert pool.all_healthy
    assert (await pool.history(invest.address)).history.complete
    assert len(first.asked) > asked


@pytest.mark.parametrize(("status", "tries"), [(400, 1), (403, 1), (413, 1), (500, 2)])
async def test_who_refuses_one_address_is_asked_no_more_often_than_helps(
    invest: Project, status: int, tries: int
) -> None:
    first = Esplora(projects=[invest], fault=refusing(invest.address, status))
    pool = indexers([first, Esplora(projects=[invest])])
    await pool.open()
    assert (await pool.history(invest.address)).history.complete
    assert sum(invest.address in path for path in first.asked) == tries


async def test_one_whose_origin_is_gone_rests_at_once(invest: Project) -> None:
    first = Esplora(projects=[invest])
    pool = indexers([first, Esplora(projects=[invest])])
    await pool.open()
    first.fault = say(status_code=530, html="<html>")
    asked = len(first.asked)
    for _ in range(3):
        assert (await pool.history(invest.address)).history.complete
    assert [server.http.host for server in pool.healthy] == ["i1.example"]
    assert len(first.asked) == asked + 1


@pytest.mark.parametrize("servers", [1, 2])
@pytest.mark.parametrize(
    "fault", [say(status_code=503), say(status_code=504), say(status_code=530), cut(httpx.ReadTimeout)]
)
async def test_one_address_at_which_every_server_fails_leaves_the_others_readable(
    invest: Project, subscribe: Project, servers: int, fault: Fault
) -> None:
    def fails(request: httpx.Request) -> httpx.Response | None:
        return fault(request) if subscribe.address in request.url.path else None

    pool = indexers(
        [Esplora(projects=[invest, subscribe], fault=fails) for _ in range(servers)], limits=LIMITS
    )
    await pool.open()
    for _ in range(8):
        with pytest.raises(Unavailable, match=subscribe.address):
            await pool.history(subscribe.address)
        assert pool.healthy
        assert (await pool.history(invest.address)).history.complete


async def test_who_is_alone_is_asked_again_and_again(invest: Project) -> None:
    alone = Esplora(projects=[invest])
    pool = indexers([alone])
    await pool.open()
    alone.fault = refusing(invest.address, 500)
    with pytest.raises(Unavailable):
        await pool.history(invest.address)
    assert sum(invest.address in path for path in alone.asked) == GENEROUS.attempts


async def test_one_that_hangs_at_a_question_costs_one_time_out_where_another_answers(invest: Project) -> None:
    first = Esplora(projects=[invest])
    pool = indexers([first, Esplora(projects=[invest])])
    await pool.open()
    first.fault = cut(httpx.ReadTimeout)
    asked = len(first.asked)
    assert (await pool.history(invest.address)).history.complete
    assert len(first.asked) == asked + 1


def refusing(path: str, status: int) -> Fault:
    return lambda request: httpx.Response(status) if path in request.url.path else None


@pytest.mark.parametrize(
    ("fault", "asked"),
    [
        (say(status_code=404), 1),
        (say(status_code=403), 1),
        (say(status_code=413), 1),
        (say(status_code=200, html="<html>"), 1),  # what a single-page application sends for any path
        (cut(httpx.ReadTimeout), 1),
        (say(status_code=500), 2),  # once may be of one transaction that it does not know
        (cut(httpx.RemoteProtocolError), 2),
    ],
)
async def test_a_question_about_many_is_not_asked_again_of_whom_does_not_answer_it(
    invest: Project, fault: Fault, asked: int
) -> None:
    txids = [invest.txid("invest_i1"), invest.txid("invest_i2")]
    server = Esplora(
        projects=[invest],
        fault=lambda request: fault(request) if "/txs/outspends" in request.url.path else None,
    )
    pool = indexers([server])
    await pool.open()
    for _ in range(4):
        assert (await pool.spent_outputs(txids)).keys() == set(txids)
    assert sum("/txs/outspends" in path for path in server.asked) == asked
    assert pool.all_healthy


async def test_many_are_asked_of_a_server_that_takes_them_at_once(invest: Project) -> None:
    txids = [invest.txid("invest_i1"), invest.txid("invest_i2")]
    first = Esplora(projects=[invest], fault=refusing("/txs/outspends", 404))
    second = Esplora(projects=[invest])

    def many(request: httpx.Request) -> httpx.Response | None:
        asked, params = request.url.params.get("txids", ""), request.url.params
        rows = [second.answer(["tx", txid, "outspends"], params) for txid in asked.split(",") if asked]
        return httpx.Response(200, json=rows) if asked else None

    second.fault = many
    pool = indexers([first, second])
    await pool.open()
    for _ in range(3):
        assert (await pool.spent_outputs(txids)).keys() == set(txids)
    assert sum("outspends" in path for path in first.asked) == 1
    assert sum("outspends" in path for path in second.asked) == 3


async def test_a_low_rate_of_the_configuration_leaves_time_to_look_at_a_server(invest: Project) -> None:
    server = Esplora(projects=[invest], prefix="/api/v1")
    pool = indexers([server], limits=LIMITS)
    pool.servers[0].http.pace = HostPace(most=0.05)
    await pool.open()
    assert pool.all_healthy
    assert asyncio.get_running_loop().time() == pytest.approx(100, abs=1)  # six questions


async def test_a_hash_that_comes_as_text_html_is_no_web_page(invest: Project) -> None:
    def express(request: httpx.Request) -> httpx.Response | None:
        path = request.url.path
        return httpx.Response(200, html=server.genesis) if path.endswith("/block-height/0") else None

    server = Esplora(projects=[invest], fault=express)
    pool = indexers([server])
    await pool.open()
    assert pool.all_healthy


@pytest.mark.parametrize("fault", [failing("/outspends"), say(status_code=200, html="<html>")])
async def test_one_that_is_wrong_again_and_again_rests(invest: Project, fault: Fault) -> None:
    first, second = Esplora(projects=[invest]), Esplora(projects=[invest])
    pool = indexers([first, second], limits=LIMITS)
    await pool.open()
    first.fault = fault
    for _ in range(16):
        await pool.spent_outputs([invest.txid("invest_i2")])
    assert [server.http.host for server in pool.healthy] == ["i1.example"]
    assert len(first.asked) < 40


def test_rests_grow_and_failures_under_way_together_are_one() -> None:
    health = ServerHealth(rest_s=5)
    health.failed(10, sent_at=9)
    health.failed(10.1, sent_at=9)
    assert (health.well, health.back_in_s(10), health.back_in_s(15)) == (False, 5, 0)
    health.failed(15, sent_at=15)
    assert health.back_in_s(15) == 10
    health.answered()
    assert health.well
