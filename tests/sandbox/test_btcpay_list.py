"""The invoice list behaves as BTCPay Server 2.4.1 does, its traps included."""

from collections import Counter
from itertools import pairwise
from typing import Any

import httpx
import pytest

from generator.sandbox.btcpay import BTCPayServer, Town

Ask = list[tuple[str, str | int | float | bool | None]]
EVERYTHING: Ask = [("includeArchived", "true")]


def _list(client: httpx.Client, store: str, query: Ask) -> list[dict[str, Any]]:
    answer = client.get(f"/stores/{store}/invoices", params=query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


@pytest.fixture
def store(town: Town) -> str:
    return town.stores[1]


def test_without_take_the_whole_store_comes_newest_first(
    client: httpx.Client, town: Town, store: str
) -> None:
    found = _list(client, store, EVERYTHING)
    assert len(found) == sum(invoice.store == store for invoice in town.books.invoices) > 100
    assert all(newer["createdTime"] >= older["createdTime"] for newer, older in pairwise(found))
    assert all(invoice["paymentMethods"] == [] for invoice in found)


def test_archived_invoices_come_only_when_asked_for(client: httpx.Client, town: Town, store: str) -> None:
    archived = {invoice.id for invoice in town.books.invoices if invoice.store == store and invoice.archived}
    with_them = {invoice["id"] for invoice in _list(client, store, EVERYTHING)}
    assert archived
    assert with_them - {invoice["id"] for invoice in _list(client, store, [])} == archived


def test_both_dates_are_inside_the_span(client: httpx.Client, town: Town, store: str) -> None:
    times = sorted(invoice.created for invoice in town.books.invoices if invoice.store == store)
    first, last = times[10], times[40]
    found = _list(client, store, [*EVERYTHING, ("startDate", first), ("endDate", last)])
    assert sorted(invoice["createdTime"] for invoice in found) == [at for at in times if first <= at <= last]


@pytest.mark.parametrize(
    ("asked", "statuses"),
    [
        (["settled"], {"Settled"}),
        (["SETTLED", "New"], {"Settled", "New"}),
        (["complete"], {"Settled"}),
        (["paid"], {"Processing"}),
        (["Settled", "nonsense"], {"Settled"}),
        (["nonsense"], {"New", "Processing", "Settled", "Expired", "Invalid"}),
    ],
)
def test_unknown_statuses_are_dropped_from_the_filter(
    client: httpx.Client, store: str, *, asked: list[str], statuses: set[str]
) -> None:
    found = _list(client, store, [*EVERYTHING, *(("status", status) for status in asked)])
    assert {invoice["status"] for invoice in found} == statuses


def test_text_search_is_a_prefix_so_a_rival_crowdfund_matches_too(
    client: httpx.Client, town: Town, store: str
) -> None:
    app = town.campaigns[1].app
    assert app
    found = _list(client, store, [*EVERYTHING, ("textSearch", app.term)])
    pages = Counter(str(invoice["metadata"].get("orderUrl", "")).partition("/btcpay")[2] for invoice in found)
    spelt = sum(f"/Apps/{app.id}/Crowdfund/" in str(one["metadata"].get("orderUrl")) for one in found)
    assert min(pages[app.page], spelt) >= 15
    assert pages[f"/apps/{app.id}9/crowdfund"] == 1  # the rival's id begins with this one's
    assert pages[""] - spelt == 3, "an address and an order id like the term, without a page; a shop's page"
    assert pages[f"{app.page}-2"] == 1
    assert _list(client, store, [*EVERYTHING, ("textSearch", app.term.upper())]) == []


def test_text_search_finds_ids_and_addresses_and_stops_at_512(
    client: httpx.Client, town: Town, store: str
) -> None:
    paid = next(invoice for invoice in town.books.invoices if invoice.store == store and invoice.payments)
    for text in (paid.id, paid.payments[0].destination, paid.order[:9]):
        assert paid.id in {
            invoice["id"] for invoice in _list(client, store, [*EVERYTHING, ("textSearch", text)])
        }
    assert _list(client, store, [*EVERYTHING, ("textSearch", paid.id + "x" * 600)]) == []


def test_order_ids_are_matched_whole_and_may_repeat(client: httpx.Client, town: Town, store: str) -> None:
    first, second = [invoice for invoice in town.books.invoices if invoice.store == store][:2]
    query: Ask = [*EVERYTHING, ("orderId", first.order), ("orderId", second.order), ("orderId", "x")]
    assert {invoice["id"] for invoice in _list(client, store, query)} == {first.id, second.id}
    assert _list(client, store, [*EVERYTHING, ("orderId", first.order[:-1])]) == []


def test_pages_of_equal_times_may_overlap_but_one_page_never_does(
    client: httpx.Client, town: Town, store: str
) -> None:
    times = Counter(invoice.created for invoice in town.books.invoices if invoice.store == store)
    assert max(times.values()) > 1, "the world has invoices of one second"
    whole = _list(client, store, EVERYTHING)
    assert len({invoice["id"] for invoice in whole}) == len(whole)
    pages = [_list(client, store, [*EVERYTHING, ("skip", skip), ("take", 10)]) for skip in range(0, 400, 10)]
    rows = [invoice["id"] for page in pages for invoice in page]
    assert len(rows) == len(whole)
    assert set(rows) <= {invoice["id"] for invoice in whole}


@pytest.mark.parametrize(
    ("query", "status", "body"),
    [
        ("take=-1", 500, b""),
        ("skip=-1", 500, b""),
        ("take=ten", 422, b'[{"path":"take","message":"The value \'ten\' is not valid."}]'),
        (
            "includeArchived=perhaps",
            422,
            b'[{"path":"includeArchived","message":"The value \'perhaps\' is not valid."}]',
        ),
    ],
)
def test_bad_queries_break_as_they_do_there(
    client: httpx.Client, store: str, *, query: str, status: int, body: bytes
) -> None:
    answer = client.get(f"/stores/{store}/invoices?{query}")
    assert (answer.status_code, answer.content) == (status, body)


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nothing", 404), ("POST", "/stores", 405)])
def test_unknown_routes_answer_a_bare_status(
    client: httpx.Client, method: str, path: str, status: int
) -> None:
    answer = client.request(method, path)
    assert (answer.status_code, answer.content) == (status, b"")


def test_every_request_is_logged_without_its_key(
    client: httpx.Client, server: BTCPayServer, town: Town, store: str
) -> None:
    before = len(server.log)
    client.get(f"/stores/{store}/invoices?take=1")
    client.get("/stores/nobody")
    [listed, refused] = server.log[before:]
    assert (listed.method, listed.path, listed.query, listed.status) == (
        "GET",
        f"/btcpay/api/v1/stores/{store}/invoices",
        "take=1",
        200,
    )
    assert refused.status == 403
    assert town.reader.text not in repr(server.log)
