"""Ways of paying leave what BTCPay of that version leaves; forgers' money is truly where they paid it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import httpx
import pytest

from generator.sandbox.btcpay import FORGERS, UNDECIDABLE, WAYS, Deeds, Street, Town, Way, build_street
from generator.sandbox.btcpay.chance import chance
from generator.sandbox.btcpay.deeds import CROWDFUND, POS, REQUEST, REST
from generator.sandbox.btcpay.model import Invoice
from generator.sandbox.btcpay.ways import HISTORY, TERMS, eras
from generator.sandbox.store_truth import stores_of
from tests.sandbox.clock import NOW
from tests.support.trust import trust

#: "R" stands for random text, "T" for the app's or request's term, "P" for the payer's own.
#: (kind, way) → version → order id, order page, whether a row of its own holds the term
MARKS: dict[tuple[str, str], dict[str, tuple[str, str, bool]]] = {
    (CROWDFUND, "page"): {
        "1.0.6.5": ("T", "", False),
        "1.5.0": ("T", "", False),
        "1.6.0": ("T", "", False),
        "1.6.3": ("T", "/apps/ID/crowdfund", False),
        "1.9.3": ("T", "/apps/ID/crowdfund", False),
        "1.11": ("R", "/apps/ID/crowdfund", True),
        "2.4.1": ("R", "/apps/ID/crowdfund", True),
    },
    (CROWDFUND, "page and its hub"): {"1.6.3": ("T", "/apps/hub?id=R", False)},
    (POS, "page"): {
        "1.0.6.5": ("", "", False),
        "1.5.0": ("", "", False),
        "1.6.0": ("T", "", False),
        "1.6.3": ("T", "/apps/ID/pos", False),
        "1.9.3": ("T", "/apps/ID/pos", False),
    },
    (POS, "buyer's order id"): {
        "1.0.6.5": ("P", "", False),
        "1.6.0": ("P", "", False),
        "1.9.3": ("P", "/apps/ID/pos/Cart", False),
        "1.11": ("P", "/apps/ID/pos", True),
        "2.4.1": ("P", "/apps/ID/pos", True),
    },
    (POS, "item by LNURL"): {
        "1.5.0": ("T", "", False),
        "1.9.3": ("T", "", False),
        "1.11": ("R", "", True),
        "2.0.0": ("R", "", True),
        "2.1.5": ("R", "/BTC/UILNURL/pay/app/ID/tea", True),
    },
    (POS, "item by LNURL's other name"): {"2.1.5": ("R", "/BTC/lnurl/pay/app/ID", True)},
    (POS, "page on its own domain"): {
        "1.6.3": ("T", "https://till.example.org/", False),
        "1.11": ("R", "https://till.example.org/", True),
    },
    (REQUEST, "page"): {"1.0.6.5": ("T", "", False), "2.4.1": ("T", "/payment-requests/ID", False)},
}
Ask = list[tuple[str, str | int | float | bool | None]]
EVERYTHING: Ask = [("includeArchived", "true")]
IDS = {kind: f"{kind}Xid" for kind in (CROWDFUND, POS, REQUEST)}
BARE = Invoice(
    id="i",
    store="s",
    created=0,
    currency="EUR",
    price=0,
    rate=1,
    rails=("BTC-CHAIN",),  # type: ignore[arg-type]
)


def _list(client: httpx.Client, store: str, query: Ask) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (
        client.get(f"/stores/{store}/invoices", params=query).raise_for_status().json()
    )
    return found


def dressed(way: Way) -> Invoice:
    return way.dressed(BARE, IDS, chance(1, "dress"))


@pytest.mark.parametrize("named", MARKS, ids=" ".join)
def test_a_way_leaves_the_marks_of_its_version(named: tuple[str, str]) -> None:
    kind, _ = named
    for version, (order, page, filed) in MARKS[named].items():
        [way] = [one for one in WAYS if (one.kind, one.name) == named and one.made_by(version)]
        invoice, term = dressed(way), TERMS[kind] + IDS[kind]
        seen = {term: "T", "": ""}.get(invoice.order, "P" if invoice.order.startswith("table") else "R")
        assert (version, seen) == (version, order)
        shown = invoice.order_page.replace(IDS[kind], "ID")
        assert (shown.partition("=")[0] + "=R" if "?id=" in shown else shown) == page
        assert (term in invoice.terms) == filed
        assert invoice.request == (IDS[REQUEST] if kind == REQUEST and version != "1.0.6.5" else "")


def test_no_version_makes_what_another_makes() -> None:
    """What is told apart by version never overlaps; a printed code of 1.4 names nothing at all."""
    for version in ("1.0.6.5", "1.2.0", "1.4.0", *(name for _, name in HISTORY)):
        names = Counter((way.kind, way.name) for way in WAYS if way.made_by(version))
        assert set(names.values()) == {1}, version
    [old] = [
        way for way in WAYS if way.made_by("1.4.9") and way.name == "item by LNURL" and way.kind == CROWDFUND
    ]
    assert (old.order, old.page, old.filed, old.row) == ("", "", "", "")


def test_a_version_lasts_from_its_day_to_the_next() -> None:
    found = list(eras(HISTORY, NOW))
    assert [name for name, _, _ in found] == [name for _, name in HISTORY]
    assert all(ends == begins for (_, _, ends), (_, begins, _) in pairwise(found))
    assert [name for name, _, _ in eras(HISTORY, found[2][1])] == [name for _, name in HISTORY[:2]]


@dataclass(frozen=True, slots=True)
class Served:
    """A street that is served, with every payer of the tables, and what was noted there."""

    town: Town
    deeds: Deeds
    client: httpx.Client
    invoices: dict[str, Any]  #: as the server lists them


@pytest.fixture(scope="module")
def street() -> Iterator[Served]:
    deeds = Deeds()
    town = build_street(Street(seed=5, now=NOW, stores=2, forgers=(*FORGERS, *UNDECIDABLE)), deeds)
    headers = {"Authorization": f"token {town.reader.text}"}
    with (
        town.server(prefix="/btcpay") as server,
        httpx.Client(base_url=f"{server.url}/api/v1", headers=headers, timeout=60, verify=trust()) as client,
    ):
        every = [invoice for store in town.stores for invoice in _list(client, store, EVERYTHING)]
        yield Served(town, deeds, client, {invoice["id"]: invoice for invoice in every})


def test_each_store_adds_up_to_what_came_in(street: Served) -> None:
    """Settled of a store, counted from its books, is what payers say of all its places, and excluded."""
    came, refused = Counter[str](), Counter[str]()
    for invoice in street.town.books.invoices:
        for payment in invoice.payments:
            came[invoice.store] += payment.amount_msat * (payment.status == "Settled")
            if (invoice.status, invoice.additional, payment.status) == ("Invalid", "Marked", "Settled"):
                refused[invoice.store] += payment.amount_msat
    truth = stores_of(street.deeds)
    assert set(truth) == set(street.town.stores)
    for store, found in truth.items():
        assert found.settled == came[store] == sum(found.places.values()) + refused[store]
        apps = {app.id for app in street.town.books.crowdfunds.values() if app.store == store}
        assert {f"crowdfund:{app}" for app in apps} < set(found.places)
        assert sorted(name.partition(":")[0] for name in found.places) == [
            *(CROWDFUND, CROWDFUND, POS, REQUEST, REST),
        ]
        [bound] = [name for name in found.places if name.startswith(POS)]
        assert found.bound({bound}) == {
            bound: found.places[bound],
            REST: found.settled - refused[store] - found.places[bound],
        }
    assert sum(refused.values()) > 0


def test_a_project_counts_its_place_and_the_rest_what_nobody_reports(street: Served) -> None:
    by_slug = Counter[str]()
    for deed in street.deeds:
        assert deed.project.partition("-")[0] in (deed.place.kind, REST)
        by_slug[deed.project] += 1
    assert set(by_slug) == {f"{kind}-{n}" for kind in (CROWDFUND, POS, REQUEST, REST) for n in (1, 2)}
    assert street.deeds.others == []


def test_every_way_is_paid_in_every_version(street: Served) -> None:
    """As many invoices as the table has ways in versions, and each within its version's days."""
    spans = list(eras(HISTORY, NOW))
    pages = Counter(
        next(name for name, begins, ends in spans if begins <= invoice["createdTime"] < ends)
        for invoice in street.invoices.values()
        if str(invoice["metadata"].get("orderUrl", "")).endswith("/apps/hub")
        or "/apps/hub?" in str(invoice["metadata"].get("orderUrl", ""))
    )
    assert pages == {"1.6.3": 4}
    old = [one for one in street.invoices.values() if one["createdTime"] < spans[4][1]]
    assert len(old) > 100
    assert all("/apps/" not in str(one["metadata"].get("orderUrl", "")) for one in old)


def test_there_are_many_forgers_and_each_is_a_variant_of_its_own() -> None:
    assert len(FORGERS) >= 30
    assert len({way.name for way in (*FORGERS, *UNDECIDABLE)}) == len(FORGERS) + len(UNDECIDABLE)
    marks = {
        (
            dressed(way).order,
            dressed(way).order_page,
            way.kind,
            way.mail,
            way.redirect,
            way.address,
            way.hidden,
        )
        for way in FORGERS
    }
    assert len(marks) >= len(FORGERS) - 1, "a till's order id may be forged in two tables alike"
    assert {way.wants for way in FORGERS} == {CROWDFUND, POS, REQUEST}
    assert {way.kind for way in FORGERS} == {CROWDFUND, POS, REQUEST, REST}
    assert all(way.wants != way.kind and way.made_by("2.4.1") and not way.excuse for way in FORGERS)
    assert all(way.excuse for way in UNDECIDABLE)


@pytest.mark.parametrize("way", [*FORGERS, *UNDECIDABLE], ids=lambda way: way.name)
def test_a_forger_writes_only_what_a_payer_can(way: Way) -> None:
    """His own app's term and the end of its page's path stay; a request's id he cannot write."""
    honest = [one for one in WAYS if one.kind == way.kind and one.made_by("2.4.1")]
    assert way.request in {one.request for one in honest}
    assert way.filed in {one.filed for one in honest} | {""}
    path = way.page.partition("?")[0].partition("#")[0].rstrip("/")
    wanted = f"<{way.wants}>"
    own = {
        CROWDFUND: ("<id>/crowdfund",),
        POS: ("<id>/pos", "<id>/tea"),
        REQUEST: ("<id>",),
        REST: ("checkout", ""),
    }
    if not way.excuse and wanted in path:
        assert path.endswith(own[way.kind])
    texts = (way.order, way.page, way.mail, way.redirect, way.address, way.hidden)
    assert any(wanted in text for text in texts)


def test_a_forged_text_is_found_by_search_and_the_money_stays_where_it_was_paid() -> None:
    honest, forged = Deeds(), Deeds()
    few = tuple(way for way in WAYS if way.name == "page")
    build_street(Street(seed=6, now=NOW, ways=few), honest)
    town = build_street(Street(seed=6, now=NOW, ways=few, forgers=FORGERS), forged)
    [before], [after] = (stores_of(deeds).values() for deeds in (honest, forged))
    kinds = Counter(way.kind for way in FORGERS)
    assert {name.partition(":")[0]: count for name, count in (after.counts - before.counts).items()} == kinds
    app = next(campaign.app for campaign in town.campaigns if campaign.app)
    listed = [one for one in town.books.invoices if any(row.startswith(app.term) for row in one.indexed)]
    assert len([one for one in listed if one.order_page != app.page]) >= 20


@pytest.mark.parametrize("store", [0, 1])
def test_search_rows_are_those_of_btcpay(street: Served, store: int) -> None:
    """Starts-with, in the letters' case: ids, order id, buyer's address, Lightning address, terms, prices."""
    name = street.town.stores[store]

    def found(text: str) -> set[str]:
        return {one["id"] for one in _list(street.client, name, [*EVERYTHING, ("textSearch", text)])}

    here = {one["id"]: one for one in street.invoices.values() if one["storeId"] == name}
    orders = {one["metadata"].get("orderId", "") for one in here.values()}
    woo = next(one for one in here.values() if "WooCommerce" in str(one["metadata"].get("posData", "")))
    assert woo["metadata"]["orderId"] in orders
    for text in (woo["id"], woo["metadata"]["orderId"], name[:20], woo["id"][:15]):
        assert woo["id"] in found(text)
    assert woo["id"] not in found(woo["id"][1:])
    mails = [
        one
        for one in here.values()
        if str(one["metadata"].get("buyerEmail", "")).startswith("crowdfund-app_")
    ]
    assert mails
    assert {one["id"] for one in mails} <= found("crowdfund-app_")
    assert found("CROWDFUND-APP_") == set()
    assert found("app_") == set()
    assert len(found("ada@pay.example.org")) >= 2
    assert found("%") == found("_") == set()
    assert len(found("")) == len(here)


def test_an_order_id_is_found_exactly_and_hidden_rows_only_by_search(street: Served) -> None:
    [app, _] = [campaign.app for campaign in street.town.campaigns if campaign.app]
    assert app
    ask = [*EVERYTHING, ("orderId", app.term)]
    exact = _list(street.client, app.store, ask)
    assert exact
    assert {one["metadata"]["orderId"] for one in exact} == {app.term}
    listed = _list(street.client, app.store, [*EVERYTHING, ("textSearch", f"{app.term}@")])
    assert any(not str(one["metadata"]).count(app.term) for one in listed), "an address that no answer holds"


def test_lightning_addresses_are_told_by_their_method(street: Served) -> None:
    ask = [*EVERYTHING, ("textSearch", "ada@"), ("includePaymentMethods", "true")]
    for store in street.town.stores:
        for invoice in _list(street.client, store, ask):
            [method] = invoice["paymentMethods"]
            assert method["paymentMethodId"] == "BTC-LNURL"
            assert method["additionalData"]["consumedLightningAddress"] == "ada@pay.example.org"


def test_a_rebuilt_server_has_new_ids_and_the_truth_knows_both() -> None:
    deeds = Deeds()
    few = tuple(way for way in WAYS if way.name in ("page", "invoice of the owner"))
    old = build_street(Street(seed=7, now=NOW, ways=few, history=HISTORY[:-1]), deeds)
    before = len(deeds)
    new = build_street(Street(seed=8, now=NOW, ways=few, history=HISTORY[-1:]), deeds)
    assert [one.slug for one in old.campaigns] == [one.slug for one in new.campaigns]
    assert not {one.binding for one in old.campaigns} & {one.binding for one in new.campaigns}
    assert not {one.id for one in old.books.invoices} & {one.id for one in new.books.invoices}
    assert set(stores_of(deeds)) == {*old.stores, *new.stores}
    assert {deed.place.store for deed in deeds[before:]} == set(new.stores)
    assert deeds.pages["crowdfund-1"].contributors < sum(deed.project == "crowdfund-1" for deed in deeds)


def test_a_restored_server_forgets_what_came_after_its_backup(street: Served) -> None:
    at = NOW - 60 * 86_400
    restored = street.town.restored(at)
    kept = {invoice.id for invoice in restored.books.invoices}
    assert kept == {known.id for known in street.town.books.invoices if known.created < at}
    assert 0 < len(kept) < len(street.town.books.invoices)
    assert (restored.stores, restored.reader) == (street.town.stores, street.town.reader)


def test_a_moved_server_says_the_same_under_its_new_address(street: Served) -> None:
    store, headers = street.town.stores[0], dict(street.client.headers)
    with street.town.server(prefix="/pay/here") as moved:
        url = f"{moved.url}/api/v1/stores/{store}/invoices?includeArchived=true"
        found = httpx.get(url, headers=headers, timeout=60, verify=trust()).json()
    assert {one["id"] for one in found} == {
        number for number, one in street.invoices.items() if one["storeId"] == store
    }
    pages = {str(one["metadata"].get("orderUrl", "")) for one in found}
    assert any(page.startswith(f"{moved.url}/apps/") for page in pages)
    assert not any("/btcpay/" in page for page in pages)
