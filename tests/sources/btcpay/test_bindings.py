"""Several stores, crowdfunds, points of sale and payment requests, each bound to a project of its own."""

from collections import Counter
from dataclasses import replace

import httpx
import pytest

from generator.config import ProjectConfig
from generator.ledger import Entry
from generator.sandbox.btcpay import Deeds, Town, Version, build_town
from generator.sandbox.btcpay.model import Invoice
from generator.snapshot import Finding, Project, Record
from tests.support.town import NOW, Stores, bound, collect, projects

pytestmark = pytest.mark.anyio


def paid_ones(town: Town, store: str) -> list[Invoice]:
    """Return settled invoices of a store that no campaign files, with all they brought."""
    return [
        invoice
        for invoice in town.books.invoices
        if (invoice.store, invoice.status, invoice.additional) == (store, "Settled", "None")
        and invoice.payments == invoice.accounted
        and all(payment.rail.startswith("BTC-") for payment in invoice.payments)
    ]


@pytest.fixture
def town() -> Town:
    """Return a town with a till and a payment request in its stores, and somebody who looks like both."""
    found = build_town(41, invoices=160, now=int(NOW.timestamp()), deeds=Deeds())
    whole, shared = found.stores
    models = paid_ones(found, whole)
    till = {"store": shared, "terms": ("pos-app_counter",), "order_page": "/apps/counter/pos/cart"}
    bill = {"store": whole, "terms": ("PAY_REQUEST_bill",), "order": "", "request": "bill"}
    alike = {"store": shared, "terms": ("pos-app_kiosk",), "order": "PAY_REQUEST_note", "request": "note"}
    for number, (model, what) in enumerate(zip(models, (till, till, bill, bill, bill, alike), strict=False)):
        payments = tuple(replace(payment, id=f"{number}x{payment.id}") for payment in model.payments)
        found.books.invoices.put(replace(model, id=f"own{number}", payments=payments, **what))  # type: ignore[arg-type]
    return found


def sums(records: list[Record], stores: Stores) -> Counter[str]:
    found = Counter[str]()
    for entry in records:
        if isinstance(entry, Entry) and entry.kind == "payment" and entry.status == "confirmed":
            found[stores.slug(entry)] += entry.amount_msat
    return found


async def read(
    town: Town, *report: ProjectConfig, version: Version = Version.CURRENT
) -> tuple[list[Record], Stores]:
    server = town.server(version=version)
    transport = httpx.ASGITransport(app=server.application())
    return await collect(town, server, transport=transport, report=list(report))


@pytest.mark.parametrize("version", [Version.CURRENT, Version.FIRST])
async def test_a_till_and_a_payment_request_count_their_own_invoices_alone(
    town: Town, version: Version
) -> None:
    paid = {
        invoice.id: sum(payment.amount_msat for payment in invoice.payments)
        for invoice in town.books.invoices
    }
    records, stores = await read(
        town, bound("till", pos="counter"), bound("bill", payment_request="bill"), version=version
    )
    found = sums(records, stores)
    assert (found["till"], found["bill"]) == (
        paid["own0"] + paid["own1"],
        paid["own2"] + paid["own3"] + paid["own4"],
    )
    kinds = {
        (stores.owners.slug(record.id), record.kind, record.title)
        for record in records
        if isinstance(record, Project)
    }
    assert kinds == {("till", "pos", ""), ("bill", "request", ""), ("", "store", "")}


async def test_a_store_is_what_no_other_place_has(town: Town) -> None:
    whole = town.stores[0]
    alone = sums(*await read(town, bound("harbour", store=whole)))
    shares = [bound("bill", payment_request="bill"), bound("harbour", store=whole)]
    for report in (shares, shares[::-1]):
        found = sums(*await read(town, *report))
        assert found["bill"] > 0
        assert found["bill"] + found["harbour"] == alone["harbour"]
        assert found[""] == alone[""]


async def test_money_that_two_places_claim_counts_once_and_is_said_so(town: Town) -> None:
    kiosk, note = bound("kiosk", pos="kiosk"), bound("note", payment_request="note")
    alone = sums(*await read(town, kiosk))
    for report in ((kiosk, note), (note, kiosk)):
        records, stores = await read(town, *report)
        found = sums(records, stores)
        assert (found["note"], found["kiosk"]) == (alone["kiosk"], 0)  # the request's id is the stronger tie
        assert found.total() == alone.total()
        [said] = [row for row in records if isinstance(row, Finding) and row.check == "claimed-once"]
        assert (stores.owners.slug(said.place), stores.owners.slug(said.subject)) == ("kiosk", "note")


async def test_archived_stores_and_invoices_count_like_any_other(town: Town) -> None:
    before = sums(*await read(town, *projects(town)))
    for name, store in list(town.books.stores.items()):
        town.books.stores[name] = replace(store, archived=True)
    town.books.invoices.put(*(replace(invoice, archived=True) for invoice in town.books.invoices))
    assert sums(*await read(town, *projects(town))) == before
    assert set(before) == {"", *(campaign.slug for campaign in town.campaigns)}
