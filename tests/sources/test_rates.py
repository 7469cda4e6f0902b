"""Exchange rates: one recorded price a day that needs one, never a guess."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import httpx
import pytest

from generator.config import BTCPayServer, parse
from generator.errors import Invalid, Unavailable
from generator.ledger import Entry, Kind, Status
from generator.snapshot import Finding, Known, Rate, Record, Withdrawn
from generator.sources import Tally
from generator.sources.btcpay.greenfield import Greenfield
from generator.sources.from_config import open_sources
from generator.sources.http import Http
from generator.sources.rates import (
    FilePrices,
    IndexerPrices,
    PriceProvider,
    RatesSource,
    StorePrices,
    missing_days,
)
from generator.sources.rates.own_file import parse_rates
from tests.support.limits import GENEROUS

pytestmark = pytest.mark.anyio
AT = datetime(2026, 5, 20, 18, 30, tzinfo=UTC)
SERVER = BTCPayServer.model_validate(
    {"id": "pay", "url": "https://pay.example.org", "token_env": "BTCPAY_TOKEN", "stores": ["S"]}
)
Answer = Callable[[httpx.Request], httpx.Response]


#: How long ago the last day of the month before was.
MONTH_END = 20


def known(*days_ago: int, rated: tuple[int, ...] = ()) -> Known:
    """Return a log of entries and rates; the rate of the last full month's end is in it."""
    records: list[Record] = [
        Entry(
            id=f"e{ago}",
            source="angor",
            place="p",
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
            price=Decimal(20_000),
        )
        for ago in (*rated, MONTH_END)
    ]
    return Known(records={record.key: record for record in records})


async def ask(
    answer: Answer,
    log: Known,
    *,
    hosts: int = 1,
    providers: tuple[str, ...] = ("mempool",),
    currencies: tuple[str, ...] = ("EUR",),
    own: str = "",
) -> tuple[list[Record], RatesSource]:
    tally = Tally()
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:

        def reader(url: str) -> Http:
            return Http(client=client, source="rates", base_url=url, limits=GENEROUS, counts=tally.counts)

        made: dict[str, list[PriceProvider]] = {
            "mempool": [
                IndexerPrices(reader(f"https://indexer{number}.example.org")) for number in range(hosts)
            ],
            "btcpay": [StorePrices("S", Greenfield(SERVER, reader(SERVER.url)))],
            "csv": [
                FilePrices(parse_rates(b"day,currency,rate,source\n" + own.encode(), "content/rates.csv"))
            ],
        }
        asked = [provider for name in providers for provider in made[name]]
        rates = RatesSource(asked, currencies=currencies, tally=tally)
        return [record async for record in rates.collect(log, at=AT, full=False)], rates


async def collect(
    answer: Answer, log: Known, *, hosts: int = 1, store: bool = False
) -> tuple[list[Rate], RatesSource]:
    found, rates = await ask(answer, log, hosts=hosts, providers=("btcpay",) if store else ("mempool",))
    assert all(isinstance(record, Rate) for record in found)
    return [record for record in found if isinstance(record, Rate)], rates


def history(request: httpx.Request) -> httpx.Response:
    """Answer as mempool does, in thousands of the day: near the moment asked for, or of 40 days."""
    assert request.url.path == "/api/v1/historical-price"
    assert request.url.params["currency"] == "EUR"
    given = request.url.params.get("timestamp")
    noons = (datetime(2026, 5, 20, 12, tzinfo=UTC) - timedelta(days=ago) for ago in range(40))
    moments = [datetime.fromtimestamp(int(given), UTC)] if given else [AT, *noons]
    rows = (
        f'{{"time": {int(moment.timestamp()) - 600}, "EUR": {moment.day}000.10, "USD": 1}}'
        for moment in moments
    )
    return httpx.Response(200, text=f'{{"prices": [{", ".join(rows)}]}}')


async def test_today_and_the_days_of_entries_have_a_rate() -> None:
    found, rates = await collect(history, known(1, 3, 3, 9, rated=(9,)))
    assert [(rate.id, str(rate.price), str(rate.at)) for rate in found] == [
        ("EUR/2026-05-20", "20000.10", "2026-05-20 18:20:00+00:00"),
        ("EUR/2026-05-19", "19000.10", "2026-05-19 11:50:00+00:00"),
        ("EUR/2026-05-17", "17000.10", "2026-05-17 11:50:00+00:00"),
    ]
    assert {rate.provider for rate in found} == {"indexer0.example.org"}
    assert rates.tally.counts["requests"] == 1
    found, rates = await collect(history, known(1, rated=(1,)))
    assert [(rate.day, str(rate.at)) for rate in found] == [("2026-05-20", "2026-05-20 18:20:00+00:00")]
    assert rates.tally.counts["requests"] == 1


async def test_the_last_day_of_the_last_full_month_has_a_rate() -> None:
    found, _ = await collect(history, Known())
    assert [rate.day for rate in found] == ["2026-05-20", "2026-04-30"]


async def test_what_is_recorded_is_not_asked_again() -> None:
    found, rates = await collect(history, known(0, 1, rated=(0, 1)))
    assert found == []
    assert rates.tally.counts["requests"] == 0


def test_every_day_that_lacks_a_rate_is_asked_for_newest_first() -> None:
    days = missing_days(known(*range(1, 900), rated=(5,)), "EUR", AT)
    assert (len(days), days[0]) == (898, date(2026, 5, 20))
    assert days == sorted(days, reverse=True)


@pytest.mark.parametrize(
    "body",
    [
        '{"prices": []}',
        '{"prices": [{"time": 1779300000, "USD": 5}]}',
        '{"prices": [{"time": 1779300000, "EUR": -1}]}',
        '{"prices": [{"time": 1779300000, "EUR": 0}]}',
        '{"prices": [{"time": 1779300000, "EUR": "much"}]}',
        '{"prices": [{"time": 1279497600, "EUR": 0, "USD": 0}], "exchangeRates": {}}',
        '{"prices": [{"time": 1499904000, "EUR": 1964}]}',
        '{"prices": [{"time": "now", "EUR": 1964}]}',
        '{"prices": [{"EUR": 1964}]}',
    ],
)
async def test_a_price_that_is_not_known_is_absent_and_never_zero(body: str) -> None:
    found, rates = await collect(lambda _: httpx.Response(200, text=body), known(1))
    assert found == []
    assert rates.tally.counts["missing_rates"] == 2


def first_says(answer: httpx.Response) -> Answer:
    """Answer so on the first indexer, as it should be on all others."""
    return lambda request: answer if request.url.host == "indexer0.example.org" else history(request)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(400, text="Prices are not available on testnets."),
        httpx.Response(404, html="Cannot GET /api/v1/historical-price"),
        httpx.Response(530, html="<html>origin unreachable"),
        httpx.Response(503),
        httpx.Response(200, text=""),
        httpx.Response(200, text='{"prices": []}'),
        httpx.Response(
            200, text='{"prices": [{"time": 1279497600, "EUR": 0, "USD": 0}], "exchangeRates": {}}'
        ),
        httpx.Response(200, text='{"prices": [{"time": 1779300000, "EUR": -1, "USD": 20000}]}'),
        # the price of a week ago is not today's, and a thousandth of its neighbours' is none at all
        httpx.Response(200, text='{"prices": [{"time": 1778690000, "EUR": 20000}]}'),
        httpx.Response(200, text='{"prices": [{"time": 1779300000, "EUR": 20.5}]}'),
    ],
    ids=lambda answer: f"{answer.status_code} {answer.text[:60]}",
)
async def test_the_next_indexer_is_asked_when_one_fails_or_knows_no_price(answer: httpx.Response) -> None:
    log = known(1, 2, 30, rated=(1, 2, 30))
    found, rates = await collect(first_says(answer), log, hosts=3)
    assert [(rate.day, rate.provider) for rate in found] == [("2026-05-20", "indexer1.example.org")]
    assert rates.tally.counts["missing_rates"] == rates.tally.counts["refused_rates"] == 0


async def test_only_what_one_indexer_lacks_is_asked_of_the_next() -> None:
    row = f'{{"time": {int(AT.timestamp())}, "EUR": 20001}}'
    found, rates = await collect(
        first_says(httpx.Response(200, text=f'{{"prices": [{row}]}}')), known(3), hosts=3
    )
    assert [(rate.day, rate.provider) for rate in found] == [
        ("2026-05-20", "indexer0.example.org"),
        ("2026-05-17", "indexer1.example.org"),
    ]
    assert rates.tally.counts["requests"] == 2


async def test_a_currency_that_a_server_never_heard_of_costs_the_others_nothing() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200) if request.url.params["currency"] == "PLN" else history(request)

    found, rates = await ask(answer, known(1), currencies=("PLN", "EUR"))
    assert [record.id for record in found if isinstance(record, Rate)] == ["EUR/2026-05-20", "EUR/2026-05-19"]
    assert rates.tally.counts["unanswered_rates"] == 3


async def test_without_any_answer_the_source_is_unavailable() -> None:
    with pytest.raises(
        Unavailable,
        match=r"indexer0\.example\.org: answered 503.*; price of .* indexer1\.example\.org: answered",
    ):
        await collect(lambda _: httpx.Response(503), known(1), hosts=2)
    with pytest.raises(
        Invalid, match=r"price of bitcoin in EUR: indexer0\.example\.org answered 200 with a web page"
    ):
        await collect(lambda _: httpx.Response(200, html="<html>"), known(1))


async def test_what_was_answered_before_a_failure_is_kept() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return history(request) if request.url.params["currency"] == "EUR" else httpx.Response(500)

    found, rates = await ask(answer, known(1, 5), currencies=("EUR", "USD"))
    assert [record.id for record in found if isinstance(record, Rate)] == [
        f"EUR/2026-05-{day}" for day in (20, 19, 15)
    ]
    assert rates.tally.counts["unanswered_rates"] == 4


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


def rate(day: str, price: str, currency: str = "EUR") -> Rate:
    return Rate(
        id=f"{currency}/{day}", source="rates", currency=currency, day=day, price=Decimal(price), provider="x"
    )


def logged(log: Known, *records: Record) -> Known:
    return Known(records=log.records | {record.key: record for record in records})


def nobody(_: httpx.Request) -> httpx.Response:
    raise AssertionError


async def test_a_file_of_ones_own_gives_the_days_it_names() -> None:
    own = "2026-05-19,EUR,58000.5,ECB\n2026-05-20,EUR,58230.41,\n2026-05-18,USD,60000,ECB\n"
    found, rates = await ask(nobody, known(1, 2), providers=("csv",), own=own)
    assert [
        (record.id, str(record.price), record.provider, record.at)
        for record in found
        if isinstance(record, Rate)
    ] == [
        ("EUR/2026-05-20", "58230.41", "content/rates.csv", None),
        ("EUR/2026-05-19", "58000.5", "ECB", None),
    ]
    assert rates.tally.counts["missing_rates"] == 1  # the 18th has no EUR: absent, and asked for again


async def test_of_several_providers_the_first_that_knows_a_day_gives_it() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        if request.url.host == "pay.example.org":
            return httpx.Response(200, json=[{"currencyPair": "BTC_EUR", "rate": "20500", "errors": []}])
        return history(request)

    found, _ = await ask(
        answer, known(1, 2), providers=("csv", "btcpay", "mempool"), own="2026-05-19,EUR,19500,ECB\n"
    )
    assert [(record.day, record.provider) for record in found if isinstance(record, Rate)] == [
        ("2026-05-20", "pay.example.org"),
        ("2026-05-19", "ECB"),
        ("2026-05-18", "indexer0.example.org"),
    ]
    assert asked == ["pay.example.org", "indexer0.example.org"]  # a store is not asked for the past


async def test_a_provider_that_fails_leaves_the_others() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(403, json={}) if request.url.host == "pay.example.org" else history(request)

    found, rates = await ask(answer, known(1), providers=("btcpay", "mempool"))
    assert [record.provider for record in found if isinstance(record, Rate)] == ["indexer0.example.org"] * 2
    assert rates.tally.counts["failed_providers"] == 1
    with pytest.raises(Unavailable, match=r"canviewstoresettings.*; price of bitcoin in EUR: indexer0"):
        await ask(lambda _: httpx.Response(403, json={}), known(1), providers=("btcpay", "mempool"))


async def test_each_currency_has_rates_of_its_own() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        currency, price = request.url.params["currency"], {"EUR": "50000", "USD": "60000"}
        seconds = int(AT.timestamp())
        rows = (f'{{"time": {at}, "{currency}": {price[currency]}}}' for at in (seconds, seconds - 86_400))
        return httpx.Response(200, text=f'{{"prices": [{", ".join(rows)}]}}')

    found, _ = await ask(answer, known(1), currencies=("EUR", "USD"))
    assert [(record.id, str(record.price)) for record in found if isinstance(record, Rate)] == [
        ("EUR/2026-05-20", "50000"),
        ("EUR/2026-05-19", "50000"),
        ("USD/2026-05-20", "60000"),
        ("USD/2026-05-19", "60000"),
    ]


@pytest.mark.parametrize(
    "price",
    [
        "1e999",
        "1e-30",
        "58230.4100000000001",
        "1" * 25,
        "NaN",
        "Infinity",
        "-58230.41",
        "0",
        "0.0000001",
        "\uff11\uff12",
    ],
)
async def test_absurd_prices_are_absent(price: str) -> None:
    body = [{"currencyPair": "BTC_EUR", "rate": price, "errors": []}]
    found, rates = await ask(lambda _: httpx.Response(200, json=body), known(), providers=("btcpay",))
    assert found == []
    assert rates.tally.counts["missing_rates"] == 1


async def test_a_store_that_answers_for_another_currency_gives_nothing() -> None:
    body = [{"currencyPair": "BTC_USD", "rate": "60000", "errors": []}]
    found, _ = await ask(lambda _: httpx.Response(200, json=body), known(), providers=("btcpay",))
    assert found == []


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (httpx.Response(200, text='{"prices": [{"time": 17'), r"damaged or cut off \(23 bytes\)"),
        (httpx.Response(200, text=""), "answered 200 with nothing"),
        (
            httpx.Response(200, text=f'{{"prices": [{{"time": 1, "EUR": 1e{"9" * 20}}}]}}'),
            "a number that nobody can read",
        ),
        (httpx.Response(200, text="[]"), "JSON of another shape"),
        (httpx.Response(302, headers={"location": "https://elsewhere.example/login"}), "redirects to"),
    ],
)
async def test_a_damaged_answer_is_named_and_nothing_is_recorded(
    answer: httpx.Response, message: str
) -> None:
    with pytest.raises(Invalid, match=message):
        await collect(lambda _: answer, known(1))


async def test_a_clock_ahead_tells_no_price() -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        ahead = int((AT + timedelta(hours=20)).timestamp())
        return httpx.Response(200, text=f'{{"prices": [{{"time": {ahead}, "EUR": 20000}}]}}')

    found, rates = await collect(answer, known())
    assert found == []
    assert rates.tally.counts["missing_rates"] == 1


@pytest.mark.parametrize(("price", "word"), [("1923041.5", "above"), ("1.90", "below")])
async def test_a_price_ten_times_off_its_neighbours_is_a_finding_and_no_rate(price: str, word: str) -> None:
    log = known(1, 2, 3, rated=(2, 3))
    found, rates = await ask(nobody, log, providers=("csv",), own=f"2026-05-19,EUR,{price},typo\n")
    [finding] = found
    assert isinstance(finding, Finding)
    assert finding.id == "rate-plausible/EUR/2026-05-19"
    assert finding.reason.startswith(f"typo says about {1_000_000 if word == 'above' else 1} EUR, more than")
    assert f"more than 10 times {word} 20000 EUR of 2026-05-18; it is not recorded" in finding.reason
    assert rates.tally.counts["refused_rates"] == 1
    # asked again: a good price is recorded, and the finding goes
    found, _ = await ask(nobody, logged(log, finding), providers=("csv",), own="2026-05-19,EUR,19000,typo\n")
    assert [type(record) for record in found] == [Rate, Withdrawn]
    assert isinstance(found[1], Withdrawn)
    assert found[1].withdraws == finding.key


async def test_one_slip_among_many_days_does_not_doubt_the_others() -> None:
    own = "".join(f"2026-05-{day:02d},EUR,{2_000_000 if day == 15 else 20_000}\n" for day in range(10, 21))
    rows = own.replace("\n", ",\n")
    found, _ = await ask(nobody, known(*range(1, 11)), providers=("csv",), own=rows)
    assert [record.subject for record in found if isinstance(record, Finding)] == ["EUR/2026-05-15"]
    assert len([record for record in found if isinstance(record, Rate)]) == 10


async def test_of_two_prices_that_contradict_each_other_none_is_taken() -> None:
    own = "2026-05-19,EUR,20000,a\n2026-05-20,EUR,2000000,b\n"
    unrated = {name: record for name, record in known(1).records.items() if isinstance(record, Entry)}
    found, _ = await ask(nobody, Known(records=unrated), providers=("csv",), own=own)
    assert [type(record) for record in found] == [Finding, Finding]


async def test_years_apart_prices_may_differ_a_thousandfold() -> None:
    log = logged(known(0), rate("2013-01-05", "10"), rate("2013-01-06", "11"))
    found, _ = await ask(nobody, log, providers=("csv",), own="2026-05-20,EUR,58000,a\n")
    assert [type(record) for record in found] == [Rate]


async def test_a_configuration_opens_its_providers_in_order() -> None:
    config = parse(
        "version: 1\nsite: {title: T}\nnetwork: main\nunits: {fiat: [EUR, USD]}\n"
        "sources: {rates: {provider: csv, file: content/rates.csv}}\n"
    )
    own = parse_rates(
        b"day,currency,rate\n2026-05-19,USD,60000.5\n2026-05-20,EUR,52000\n", "content/rates.csv"
    )
    async with open_sources(config, {}, own_rates=own) as sources:
        [rates] = sources.then
        found = [record async for record in rates.collect(known(1), at=AT, full=False)]
    assert [record.id for record in found] == ["EUR/2026-05-20", "USD/2026-05-19"]
    assert rates.tally.counts["missing_rates"] == 3
