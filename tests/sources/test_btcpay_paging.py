"""Paging a list without cursor, count or stable order: everything, once, or it says that it may be less."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.sources.btcpay.paging import Listing, month_start, walk
from generator.sources.btcpay.wire import Invoice

pytestmark = pytest.mark.anyio
START = int(datetime(2026, 1, 31, 23, 59, 50, tzinfo=UTC).timestamp())


def invoice(number: int, created: int) -> Invoice:
    return Invoice(
        id=f"i{number}",
        status="Settled",
        additional_status="None",
        created_time=created,
        expiration_time=created + 900,
        currency="EUR",
    )


class Server:
    """A store's list as BTCPay orders it: newest first, equal times in any order, at each request anew."""

    def __init__(self, created: Sequence[float], *, seed: int = 0, cap: int = 10**9) -> None:
        self.created = created  #: with parts of a second, which the answer does not show
        self.random = Random(seed)  # noqa: S311 -- a repeatable shuffle, no secret
        self.cap = cap
        self.requests = 0

    async def fetch(self, first: int, last: int, skip: int, take: int) -> tuple[Invoice, ...]:
        self.requests += 1
        rows = [(moment, number) for number, moment in enumerate(self.created) if first <= moment <= last]
        rows.sort(key=lambda row: (-row[0], self.random.random()))
        page = rows[skip : skip + min(take, self.cap)]
        return tuple(invoice(number, int(moment)) for moment, number in page)


async def read(server: Server, take: int, since: int = START - 10**8, until: int = START + 10**8) -> Listing:
    return await walk(server.fetch, since=since, until=until, take=take)


@given(
    st.lists(st.integers(0, 40) | st.integers(0, 10**7), max_size=60),
    st.integers(1, 12),
    st.integers(0, 9),
    st.integers(1, 12),
)
async def test_every_invoice_comes_or_the_listing_says_so(
    offsets: list[int], take: int, seed: int, cap: int
) -> None:
    server = Server([START + offset for offset in offsets], seed=seed, cap=cap)
    listing = await read(server, take)
    assert set(listing.invoices) <= {f"i{number}" for number in range(len(offsets))}
    assert not listing.complete or len(listing.invoices) == len(offsets)


@given(st.sets(st.integers(0, 10**8), max_size=60), st.integers(1, 12), st.integers(1, 12))
async def test_with_different_times_every_invoice_comes(offsets: set[int], take: int, cap: int) -> None:
    listing = await read(Server([START + offset for offset in offsets], cap=cap), take)
    assert len(listing.invoices) == len(offsets)
    assert listing.complete


async def test_a_small_store_costs_two_requests_and_an_empty_one_one() -> None:
    for created, requests in (([], 1), ([START, START + 1], 2)):
        server = Server(created)
        assert len((await read(server, 200)).invoices) == len(created)
        assert server.requests == requests


async def test_empty_months_cost_nothing() -> None:
    server = Server([START - 90 * 10**6, *(START + number for number in range(3)), START + 90 * 10**6])
    assert len((await read(server, 2)).invoices) == 5
    assert server.requests < 20


async def test_an_invoice_between_the_last_second_of_a_month_and_the_next_is_not_lost() -> None:
    february = START + 10
    assert month_start(february) == february
    server = Server([february - 0.5, february - 0.25, february + 0.5, february + 5, february + 6])
    assert len((await read(server, 2)).invoices) == 5


async def test_the_span_is_closed_on_both_ends() -> None:
    server = Server([START - 1, START, START + 5, START + 6])
    listing = await read(server, 3, since=START, until=START + 5)
    assert sorted(listing.invoices) == ["i1", "i2"]


async def test_a_list_that_never_agrees_with_itself_is_called_incomplete() -> None:
    class Liar(Server):
        async def fetch(self, first: int, last: int, skip: int, take: int) -> tuple[Invoice, ...]:
            return await super().fetch(first, last, min(skip, 3) if skip < 12 else skip, take)

    listing = await read(Liar([START + number for number in range(6)]), 2)
    assert not listing.complete


async def test_the_most_equal_times_are_read_by_moving_the_seams() -> None:
    outcome = Counter[bool]()
    for seed in range(20):
        listing = await read(Server([START] * 30, seed=seed), 10)
        outcome[listing.complete] += 1
        assert not listing.complete or len(listing.invoices) == 30
    assert outcome[True] == 20
