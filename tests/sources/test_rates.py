"""Exchange rates: one recorded price a day that needs one, never a guess."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import httpx
import pytest

from generator.config.model import BTCPayServer
from generator.config.model import Rates as RatesConfig
from generator.errors import Invalid, Unavailable
from generator.ledger import Entry, Kind, Status
from generator.snapshot import Known, Rate, Record
from generator.sources.http import Limits
from generator.sources.rates import MOST_DAYS, Rates, missing_days

pytestmark = pytest.mark.anyio
AT = datetime(2026, 5, 20, 18, 30, tzinfo=UTC)
FAST = Limits(attempts=2, wait_initial_s=0.001, deadline_s=2)
MEMPOOL = RatesConfig(provider="mempool")
BTCPAY = RatesConfig(provider="btcpay", server="pay", store="S")
SERVER = BTCPayServer.model_validate(
    {"id": "pay", "url": "https://pay.example.org", "token_env": "BTCPAY_TOKEN", "stores": ["S"]}
)
Answer = Callable[[httpx.Request], httpx.Response]


def known(*days_ago: int, rated: tuple[int, ...] = ()) -> Known:
    records: list[Record] = [
        Entry(
            id=f"e{ago}",
            source="angor",
            project="p",
            kind=Kind.PAYMENT,
            amount_msat=1,
            at=AT - timedelta(days=ago),
            status=Status.CONFIRMED,
        )
        for ago in days_ago
    ]
    records += [
        Rate(
            id=f"EUR/{AT.date() - timedelta(days=ago)}",
            source="rates",
            currency="EUR",
            day=str(AT.date() - timedelta(days=ago)),
            price=Decimal(1),
        )
        for ago in rated
    ]
    return Known(records={record.key: record for record in records})


async def collect(
    answer: Answer, log: Known, *, hosts: int = 1, store: bool = False
) -> tuple[list[Rate], Rates]:
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        rates = Rates(
            BTCPAY if store else MEMPOOL,
            currency="EUR",
            client=client,
            indexers=[f"https://indexer{number}.example.org" for number in range(hosts)],
            server=SERVER if store else None,
            limits=FAST,
        )
        found = [record async for record in rates.collect(log, at=AT, full=False)]
        assert all(isinstance(record, Rate) for record in found)
        return [record for record in found if isinstance(record, Rate)], rates


def history(request: httpx.Request) -> httpx.Response:
    """Answer as mempool does, with the price near the moment asked for: the day in thousands."""
    assert request.url.path == "/api/v1/historical-price"
    assert request.url.params["currency"] == "EUR"
    asked = datetime.fromtimestamp(int(request.url.params["timestamp"]), UTC)
    price = f'{{"prices": [{{"time": {int(asked.timestamp()) - 600}, "EUR": {asked.day}000.10, "USD": 1}}]}}'
    return httpx.Response(200, text=price)


async def test_today_and_the_days_of_entries_have_a_rate() -> None:
    found, rates = await collect(history, known(1, 3, 3, 9, rated=(9,)))
    assert [(rate.id, str(rate.price), str(rate.at)) for rate in found] == [
        ("EUR/2026-05-20", "20000.10", "2026-05-20 18:20:00+00:00"),
        ("EUR/2026-05-19", "19000.10", "2026-05-19 11:50:00+00:00"),
        ("EUR/2026-05-17", "17000.10", "2026-05-17 11:50:00+00:00"),
    ]
    assert {rate.provider for rate in found} == {"indexer0.example.org"}
    assert rates.tally.counts["requests"] == 3


async def test_what_is_recorded_is_not_asked_again() -> None:
    found, rates = await collect(history, known(0, 1, rated=(0, 1)))
    assert found == []
    assert rates.tally.counts["requests"] == 0


def test_one_run_asks_for_a_bounded_number_of_days_newest_first() -> None:
    days = missing_days(known(*range(1, 900)), "EUR", AT)
    assert (len(days), days[0]) == (MOST_DAYS, date(2026, 5, 20))
    assert days == sorted(days, reverse=True)


@pytest.mark.parametrize(
    "body",
    [
        '{"prices": []}',
        '{"prices": [{"time": 1779300000, "USD": 5}]}',
        '{"prices": [{"time": 1779300000, "EUR": -1}]}',
        '{"prices": [{"time": 1779300000, "EUR": 0}]}',
        '{"prices": [{"time": 1779300000, "EUR": "much"}]}',
        '{"prices": [{"time": 1499904000, "EUR": 1964}]}',
        '{"prices": [{"time": "now", "EUR": 1964}]}',
        '{"prices": [{"EUR": 1964}]}',
    ],
)
async def test_a_price_that_is_not_known_is_absent_and_never_zero(body: str) -> None:
    found, rates = await collect(lambda _: httpx.Response(200, text=body), known(1))
    assert found == []
    assert rates.tally.counts["missing_rates"] == 2


async def test_the_next_indexer_is_asked_when_one_fails() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "indexer0.example.org":
            return httpx.Response(400, text="Prices are not available on testnets.")
        return history(request)

    found, rates = await collect(answer, known(1), hosts=2)
    assert [rate.provider for rate in found] == ["indexer1.example.org"] * 2
    assert rates.tally.counts["requests"] == 3


async def test_without_any_answer_the_source_is_unavailable() -> None:
    with pytest.raises(
        Unavailable, match=r"rates: price of bitcoin in EUR: indexer1\.example\.org: answered 503"
    ):
        await collect(lambda _: httpx.Response(503), known(1), hosts=2)
    with pytest.raises(
        Invalid, match=r"price of bitcoin in EUR: indexer0\.example\.org answered 200 with a web page"
    ):
        await collect(lambda _: httpx.Response(200, html="<html>"), known(1))


async def test_what_was_answered_before_a_failure_is_kept() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        young = int(request.url.params["timestamp"]) > (AT - timedelta(days=2)).timestamp()
        return history(request) if young else httpx.Response(500)

    found, rates = await collect(answer, known(1, 5, 6))
    assert [rate.day for rate in found] == ["2026-05-20", "2026-05-19"]
    assert rates.tally.counts["unanswered_rates"] == 2


async def test_a_store_tells_todays_rate_and_nothing_of_the_past() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/api/v1/stores/S/rates"
        assert request.url.params["currencyPair"] == "BTC_EUR"
        return httpx.Response(200, json=[{"currencyPair": "BTC_EUR", "rate": "58230.41", "errors": []}])

    found, _ = await collect(answer, known(1, 5), store=True)
    assert [(rate.day, str(rate.price), rate.at) for rate in found] == [("2026-05-20", "58230.41", AT)]
    nothing = [{"currencyPair": "BTC_EUR", "rate": None, "errors": ["RateUnavailable"]}]
    assert (await collect(lambda _: httpx.Response(200, json=nothing), known(), store=True))[0] == []
    with pytest.raises(Unavailable, match=r"it lacks btcpay\.store\.canviewstoresettings"):
        await collect(lambda _: httpx.Response(403, json={}), known(), store=True)
