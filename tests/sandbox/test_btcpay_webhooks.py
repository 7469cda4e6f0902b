"""The sandbox's webhooks: BTCPay's documents, its signatures, and its schedule of redeliveries."""

import asyncio
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import httpx
import pytest

from generator.sandbox.btcpay import BTCPayServer, Deeds, Town, build_town
from generator.sandbox.btcpay.courier import DELAYS_S
from generator.sandbox.btcpay.trade import TRADE
from tests.sandbox.clock import NOW
from tests.sandbox.openapi_answers import answers
from tests.support.skipping_loop import SKIPPING

pytestmark = pytest.mark.anyio
SECRET = "the secret of this webhook"
URL = "http://receiver.test/btcpay"


@pytest.fixture
def anyio_backend() -> object:
    return SKIPPING


@dataclass
class Ear(httpx.AsyncBaseTransport):
    """Hears deliveries and answers with `says` in turn, then 200; None is no answer at all."""

    says: list[int | None] = field(default_factory=list)
    heard: list[tuple[float, dict[str, Any], httpx.Request]] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        self.heard.append((asyncio.get_running_loop().time(), json.loads(body), request))
        status = self.says.pop(0) if self.says else 200
        if status is None:
            message = "nobody listens"
            raise httpx.ConnectError(message)
        return httpx.Response(status)


@dataclass
class Shop:
    """A server in this process, its owner, and who listens to it."""

    town: Town
    ear: Ear = field(default_factory=Ear)

    def __post_init__(self) -> None:
        self.server: BTCPayServer = self.town.server(
            clock=lambda: NOW + int(asyncio.get_running_loop().time()),
            reach=lambda: httpx.AsyncClient(transport=self.ear),
        )
        self.store = self.town.stores[0]
        self.owner = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.server.application()),
            base_url=f"http://pay.test/api/v1/stores/{self.store}",
            headers={"Authorization": f"token {self.town.careless.text}"},
        )

    async def listen(self, **wish: object) -> str:
        made = await self.owner.post("/webhooks", json={"url": URL, "secret": SECRET} | wish)
        assert made.status_code == 200
        assert made.json()["secret"] == SECRET
        return str(made.json()["id"])

    async def sold(self, amount: str = "5", currency: str = "EUR") -> str:
        answer = await self.owner.post("/invoices", json={"amount": amount, "currency": currency})
        assert answer.status_code == 200
        await asyncio.sleep(3)
        return str(answer.json()["id"])


@pytest.fixture
def shop() -> Shop:
    return Shop(build_town(7, invoices=0, now=NOW, deeds=Deeds()))


async def test_every_answer_is_what_the_document_says(shop: Shop, openapi: dict[str, Any]) -> None:
    number = await shop.listen()
    await shop.sold()
    await shop.server.till.courier.idle()
    [newest, *_] = (await shop.owner.get(f"/webhooks/{number}/deliveries?count=1")).json()
    checked = set()
    for method, path in TRADE:
        if path.endswith("/request") or method == "DELETE":
            continue
        place = path.removeprefix("/stores/{store}").format(webhook=number, delivery=newest["id"])
        body = {"url": URL, "amount": "1", "currency": "BTC"} if method in ("POST", "PUT") else None
        answer = await shop.owner.request(method, place, json=body)
        assert answer.status_code == 200, path
        validator = answers(openapi, path, method.lower())
        assert [error.message for error in validator.iter_errors(answer.json())] == [], path
        checked.add((method, path))
    print(f"{len(checked)} routes that change something answer as the OpenAPI document says")
    assert len(checked) == len(TRADE) - 2
    shown = (await shop.owner.get(f"/webhooks/{number}")).json()
    assert "secret" not in shown
    told = await shop.owner.get(f"/webhooks/{number}/deliveries/{newest['id']}/request")
    assert told.json()["deliveryId"] == newest["id"]
    assert (await shop.owner.delete(f"/webhooks/{number}")).status_code == 200
    gone = await shop.owner.get(f"/webhooks/{number}")
    assert (gone.status_code, gone.json()["code"]) == (404, "webhook-not-found")
    shop.server.till.courier.forget()


async def test_who_may_only_read_sees_no_webhook(shop: Shop) -> None:
    for key in (shop.town.reader, shop.town.narrow):
        headers = {"Authorization": f"token {key.text}"}
        refused = [
            await shop.owner.get("/webhooks", headers=headers),
            await shop.owner.post("/webhooks", headers=headers, json={"url": URL}),
            await shop.owner.post("/invoices", headers=headers, json={"amount": "1"}),
        ]
        assert [answer.status_code for answer in refused] == [403, 403, 403]
    assert (await shop.owner.get("/webhooks")).json() == []
    wrong = [await shop.owner.post("/webhooks", json={"url": url}) for url in ("", "/btcpay", "receiver")]
    assert {answer.status_code for answer in wrong} == {422}


async def test_new_money_is_told_in_order_and_signed(shop: Shop) -> None:
    await shop.listen()
    invoice = await shop.sold("12.50")
    kinds = [event["type"] for _, event, _ in shop.ear.heard]
    assert kinds == [
        "InvoiceCreated",
        "InvoiceReceivedPayment",
        "InvoiceProcessing",
        "InvoiceSettled",
        "InvoicePaymentSettled",
    ]
    for _, event, request in shop.ear.heard:
        right = hmac.new(SECRET.encode(), request.content, hashlib.sha256).hexdigest()
        assert request.headers["BTCPay-Sig"] == f"sha256={right}"
        assert request.headers["Content-Type"] == "application/json"
        assert request.content.startswith(b'{\n  "')
        assert (event["invoiceId"], event["storeId"]) == (invoice, shop.store)
        assert (event["isRedelivery"], event["deliveryId"]) == (False, event["originalDeliveryId"])
    listed = (await shop.owner.get(f"/invoices/{invoice}?includePaymentMethods=true")).json()
    assert listed["status"] == "Settled"
    [paid] = [payment for method in listed["paymentMethods"] for payment in method["payments"]]
    assert paid["value"] == shop.ear.heard[1][1]["payment"]["value"]


async def test_a_failure_is_tried_again_by_the_real_schedule(shop: Shop) -> None:
    number = await shop.listen(authorizedEvents={"everything": False, "specificEvents": ["InvoiceSettled"]})
    shop.ear.says = [503, None, 429, 408, 500, 502, 504, 599, 503]
    await shop.sold()
    await shop.server.till.courier.idle()
    times = [at for at, _, _ in shop.ear.heard]
    waits = [round(later - earlier) for earlier, later in pairwise(times)]
    print(f"{len(times)} tries, {waits} seconds apart")
    assert waits == [10, 60, 600, 600, 600, 600, 600, 600] == list(DELAYS_S)
    events = [event for _, event, _ in shop.ear.heard]
    assert {event["originalDeliveryId"] for event in events} == {events[0]["deliveryId"]}
    assert len({event["deliveryId"] for event in events}) == 9
    assert [event["isRedelivery"] for event in events] == [False] + [True] * 8
    assert len({event["timestamp"] for event in events}) == 1
    listed = (await shop.owner.get(f"/webhooks/{number}/deliveries")).json()
    assert [delivery["status"] for delivery in listed] == ["HttpError"] * 7 + ["Failed", "HttpError"]
    assert [delivery["httpCode"] for delivery in listed] == [503, 599, 504, 502, 500, 408, 429, None, 503]
    assert {delivery["timestamp"] for delivery in listed} == {events[0]["timestamp"]}
    assert [delivery["deliveryTime"] for delivery in listed] == [NOW + int(at) for at in reversed(times)]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 301])
async def test_a_final_answer_is_not_asked_again(shop: Shop, status: int) -> None:
    await shop.listen()
    shop.ear.says = [status]
    await shop.sold()
    await shop.server.till.courier.idle()
    assert len(shop.ear.heard) == 5


async def test_the_next_event_waits_while_one_is_tried_again(shop: Shop) -> None:
    await shop.listen()
    shop.ear.says = [200, 503]
    await shop.sold()
    await shop.server.till.courier.idle()
    kinds = [event["type"] for _, event, _ in shop.ear.heard]
    assert kinds[1:3] == ["InvoiceReceivedPayment", "InvoiceReceivedPayment"]
    assert len(kinds) == 6
    assert [round(at - shop.ear.heard[1][0]) for at, _, _ in shop.ear.heard[1:]] == [0, 10, 10, 10, 10]


async def test_a_restart_loses_what_waits_and_a_redelivery_brings_one_back(shop: Shop) -> None:
    number = await shop.listen()
    shop.ear.says = [503]
    await shop.sold()
    assert len(shop.ear.heard) == 1
    shop.server.till.courier.forget()
    await asyncio.sleep(7200)
    assert len(shop.ear.heard) == 1
    [listed] = (await shop.owner.get(f"/webhooks/{number}/deliveries")).json()
    again = await shop.owner.post(f"/webhooks/{number}/deliveries/{listed['id']}/redeliver")
    await shop.server.till.courier.idle()
    event = shop.ear.heard[1][1]
    assert (event["deliveryId"], event["originalDeliveryId"]) == (again.json(), listed["id"])
    assert event["isRedelivery"] is True


async def test_a_webhook_that_is_off_or_gone_is_told_nothing(shop: Shop) -> None:
    number = await shop.listen(enabled=False)
    await shop.sold()
    assert shop.ear.heard == []
    changed = await shop.owner.put(f"/webhooks/{number}", json={"url": URL})
    assert changed.json()["enabled"] is True
    shop.ear.says = [503]
    await shop.sold()
    assert len(shop.ear.heard) == 1
    await shop.owner.delete(f"/webhooks/{number}")
    await shop.server.till.courier.idle()
    assert len(shop.ear.heard) == 1


async def test_a_refund_is_told_with_the_promise_it_made(shop: Shop) -> None:
    """As 2.4.1 does (96cea5cac): the invoice and the pull payment, the only link that any answer has."""
    await shop.listen(authorizedEvents={"everything": False, "specificEvents": ["InvoiceRefund"]})
    invoice = next(
        known for known in shop.town.books.invoices if known.store == shop.store and known.payments
    )
    pull = shop.server.till.refund(invoice)
    await shop.server.till.courier.idle()
    [(_, told, _)] = shop.ear.heard
    assert (told["type"], told["invoiceId"], told["pullPaymentId"]) == ("InvoiceRefund", invoice.id, pull.id)
    listed = (await shop.owner.get("/pull-payments")).json()
    assert {"id": pull.id, "name": f"Refund {invoice.id}"}.items() <= listed[-1].items()
