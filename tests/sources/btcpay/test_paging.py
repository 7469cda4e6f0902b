"""Paging a list without cursor, count or stable order: everything, once, or it says that it may be less."""

from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.sources.btcpay.greenfield.page_size import PageSize
from generator.sources.btcpay.greenfield.paging import MOST_STALE, Disordered, Pager
from generator.sources.btcpay.greenfield.wire import Invoice
from generator.sources.http import TooHeavy

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


class Found:
    """Everything one pager brought, in the order it came."""

    def __init__(self, pager: Pager, pages: list[list[Invoice]]) -> None:
        self.ids = [invoice.id for page in pages for invoice in page]
        self.complete = pager.complete
        self.largest = pager.largest


async def read(
    server: Server, take: int, since: int = START - 10**8, until: int = START + 10**8, *, largest: int = 0
) -> Found:
    pager = Pager(fetch=server.fetch, size=PageSize(take, take), largest=largest)
    return Found(pager, [page async for page in pager.pages(since, until)])


@given(
    st.lists(st.integers(0, 40) | st.integers(0, 10**7), max_size=60),
    st.integers(1, 12),
    st.integers(0, 9),
    st.integers(1, 12) | st.just(10**9),
)
async def test_every_invoice_comes_once_or_the_walk_says_it_may_be_less(
    offsets: list[int], take: int, seed: int, cap: int
) -> None:
    server = Server([START + offset for offset in offsets], seed=seed, cap=cap)
    found = await read(server, take)
    assert set(found.ids) <= {f"i{number}" for number in range(len(offsets))}
    assert not found.complete or sorted(found.ids) == sorted(f"i{n}" for n in range(len(offsets)))
    if cap == 10**9:
        assert found.complete
        assert server.requests <= len(offsets) // take + 2


@given(st.sets(st.integers(0, 10**8), max_size=60), st.integers(1, 12), st.integers(1, 12))
async def test_with_different_times_every_invoice_comes_however_pages_are_cut(
    offsets: set[int], take: int, cap: int
) -> None:
    found = await read(Server([START + offset for offset in offsets], cap=cap), take)
    assert len(set(found.ids)) == len(offsets)
    assert found.complete


async def test_a_small_store_costs_two_requests_and_one_of_a_server_that_showed_longer_pages() -> None:
    for created, largest, requests in (([], 0, 1), ([START, START + 1], 0, 2), ([START, START + 1], 3, 1)):
        server = Server(created)
        assert len((await read(server, 200, largest=largest)).ids) == len(created)
        assert server.requests == requests


async def test_empty_months_cost_nothing() -> None:
    server = Server([START - 90 * 10**6, *(START + number for number in range(3)), START + 90 * 10**6])
    assert len((await read(server, 2)).ids) == 5
    assert server.requests == 4


async def test_invoices_around_the_end_of_a_second_are_not_lost() -> None:
    server = Server([START - 0.5, START - 0.25, START, START + 0.5, START + 5, START + 6])
    for take in range(1, 8):
        assert len(set((await read(server, take)).ids)) == 6


async def test_the_span_is_closed_on_both_ends() -> None:
    server = Server([START - 1, START, START + 5, START + 6])
    found = await read(server, 3, since=START, until=START + 5)
    assert sorted(found.ids) == ["i1", "i2"]


async def test_a_list_that_repeats_itself_is_called_incomplete_and_comes_to_an_end() -> None:
    class Deaf(Server):
        async def fetch(self, first: int, last: int, skip: int, take: int) -> tuple[Invoice, ...]:
            del skip
            return await super().fetch(first, last, 0, min(take, 4))

    for created in ([START] * 9, [START]):
        server = Deaf(created)
        assert not (await read(server, 200)).complete
        assert server.requests < 3 * MOST_STALE


@pytest.mark.parametrize(
    ("times", "says"), [([5, 6], "another order"), ([999], "another time"), ([-1], "another time")]
)
async def test_a_page_that_does_not_answer_the_question_is_refused(times: list[int], says: str) -> None:
    async def fetch(first: int, last: int, skip: int, take: int) -> tuple[Invoice, ...]:
        del first, last, skip, take
        return tuple(invoice(number, START + time) for number, time in enumerate(times))

    with pytest.raises(Disordered, match=says):
        [page async for page in Pager(fetch=fetch).pages(START, START + 10)]


async def test_an_id_that_stands_twice_in_a_page_is_counted() -> None:
    async def fetch(first: int, last: int, skip: int, take: int) -> tuple[Invoice, ...]:
        del first, last, take
        return () if skip else (invoice(1, START), invoice(1, START), invoice(2, START))

    pager = Pager(fetch=fetch)
    assert [invoice.id async for page in pager.pages(START, START) for invoice in page] == ["i1", "i2"]
    assert pager.doubled == 1


class WeakServer(Server):
    """It gives no more than some rows at once: a larger question is cut off by what stands before it."""

    def __init__(self, created: Sequence[float], size: PageSize, bears: int) -> None:
        super().__init__(created)
        self.size, self.bears = size, bears
        self.failed: list[tuple[int, ...]] = []

    async def fetch(self, first: int, last: int, skip: int, take: int) -> tuple[Invoice, ...]:
        if take > self.bears:
            self.failed.append((first, last, skip, take))
            self.size.failed(1.0)
            msg = "answered 504"
            raise TooHeavy(msg)
        self.size.came(10.0)
        return await super().fetch(first, last, skip, take)


@pytest.mark.parametrize("bears", [2, 7, 25, 150])
async def test_a_question_that_was_too_heavy_is_asked_for_half(bears: int) -> None:
    size = PageSize()
    server = WeakServer([START + 60 * number for number in range(300)], size, bears)
    pager = Pager(fetch=server.fetch, size=size)
    found = Found(pager, [page async for page in pager.pages(START - 1, START + 10**6)])
    assert sorted(found.ids, key=lambda name: int(name[1:])) == [f"i{number}" for number in range(300)]
    assert found.complete
    assert len(set(server.failed)) == len(server.failed)  # nothing that failed is asked again


def test_a_page_grows_after_three_quick_ones_and_shrinks_after_a_slow_one() -> None:
    size, seen = PageSize(200, 200), []
    for seconds in (0.1, 0.1, 0.1, 25.0, 5.0, 0.1, 0.1, 5.0, 0.1, 0.1, 0.1):
        size.came(seconds)
        seen.append(size.now)
    assert seen == [200, 200, 200, 100, 100, 100, 100, 100, 100, 100, 200]


def test_shrinking_ends_at_one_and_with_patience() -> None:
    size = PageSize(3, 3, patience_s=10)
    for now, may in ((1, False), (1, False)):
        size.failed(1)
        assert (size.now, size.may_shrink) == (now, may)
    waiting = PageSize(200, 200, patience_s=60)
    waiting.failed(30)
    assert waiting.may_shrink
    waiting.failed(30)
    assert not waiting.may_shrink  # whoever has not answered for a minute is away
    waiting.came(1)
    assert waiting.may_shrink
