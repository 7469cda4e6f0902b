"""Deliveries as old and odd as they come: what is signed is never lost, what is not asks for nothing."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from functools import partial
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.responses import Response
from starlette.types import Message

from generator.cli.site_folder import SiteFolder
from generator.hook import Delivery, Receiver, Trigger, application
from generator.hook.dispatch import EVENT, build_here
from generator.hook.receiver import MOST_BYTES, MOST_DIGESTED
from generator.sandbox.btcpay.webhooks import Event, Webhook
from generator.store.delivery_memory import DELIVERIES, DeliveryMemory
from tests.hook.receiver import SECRET, STORE, GitHub, body_of, deliver, hooked, sign
from tests.support.paths import ROOT, SAMPLES

pytestmark = pytest.mark.anyio
TEST_ID = "__test__0b1f6b62-6f3c-4d0e-9a54-5f4c2b8f7d11__test__"
GOOD = json.loads(body_of(1))
EVENTS: dict[str, Any] = json.loads((SAMPLES / "webhook_events.json").read_text())


def written(**fields: object) -> bytes:
    """Write a good delivery with other fields; `...` leaves one out."""
    return json.dumps({name: value for name, value in (GOOD | fields).items() if value is not ...}).encode()


READABLE = {
    "1.0.7": written(originalDeliveryId=..., orignalDeliveryId="delivery-1", metadata=...),
    "null metadata": written(metadata=None),
    "nested nulls": written(metadata={"posData": [None, {"x": None}]}, payment=None),
    "a fractional time": written(timestamp=1_782_901_311.0),
    "a time as text": written(timestamp="1782901311"),
    "no time": written(timestamp=...),
    "no id": written(deliveryId=None, originalDeliveryId=None, webhookId=None),
    "an id as a number": written(deliveryId=7, originalDeliveryId=7),
    "a redelivery by a number": written(isRedelivery=0),
    "a payout": written(type="PayoutUpdated", payoutId="p", payoutState="Completed", invoiceId=...),
    "a future type": written(type="money.came/v3"),
    "no type": written(type=None),
    "future fields": written(storeIds=[STORE], amount=1.5, deliveryID=3, big=10**4000),
    "half of a letter": body_of(1).replace(b"invoice-1", rb"\ud800"),
    "other bytes in metadata": body_of(1).replace(b"donor@", b"d\xff\xfe@"),
    "a byte order mark": b"\xef\xbb\xbf" + body_of(1),
    "1 MiB": written(metadata={"cart": "x" * (MOST_BYTES - 1000)}),
}
UNREADABLE = {
    "nothing": b"",
    "no JSON": b"<html>",
    "a list": b"[]",
    "a list of pairs": json.dumps([["storeId", STORE]]).encode(),
    "null": b"null",
    "a number": b"7",
    "cut off": body_of(1)[:-1],
    "UTF-16": body_of(1).decode().encode("utf-16"),
    "nested without end": b'{"x":' + b"[" * 100_000,
    "a number without end": b'{"timestamp":' + b"9" * 5000 + b"}",
    "no store": written(storeId=...),
    "a null store": body_of(2, storeId=None),
    "a store as a number": body_of(3, storeId=7),
    "two stores": body_of(1)[:-1] + b', "storeId": "another"}',
    "larger than 1 MiB": written(metadata={"cart": "x" * MOST_BYTES}),
    "blanks": b" " * (MOST_BYTES + 1),
    "more blanks": b" " * (MOST_BYTES + 2),
}
TESTS = {
    "invoice": written(invoiceId=TEST_ID, originalDeliveryId=TEST_ID, metadata=None),
    "payout": written(payoutId=TEST_ID, invoiceId=None, originalDeliveryId=TEST_ID),
    "all else null": json.dumps(dict.fromkeys(GOOD) | {"deliveryId": TEST_ID}).encode(),
    "of 1.2": written(invoiceId=TEST_ID),
}


@pytest.mark.parametrize("body", [*READABLE.values(), *UNREADABLE.values()], ids=[*READABLE, *UNREADABLE])
async def test_what_is_signed_is_taken(
    site: SiteFolder, github: GitHub, body: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    async with hooked(site, github) as client:
        answer = await deliver(client, body)
        assert (answer.status_code, answer.text) == (200, "taken")
        assert (await deliver(client, body)).text == "known"
        await asyncio.sleep(600)
    [(_, asked)] = github.asked
    assert asked == {"ref": "main"} | ({"inputs": {"mode": "full"}} if body in UNREADABLE.values() else {})
    said = capsys.readouterr().err
    assert ("cannot be read" in said) == (body in UNREADABLE.values())
    assert "Traceback" not in said


async def test_no_two_unreadable_ones_are_the_same(site: SiteFolder, github: GitHub) -> None:
    async with hooked(site, github) as client:
        assert {(await deliver(client, body)).text for body in UNREADABLE.values()} == {"taken"}


async def test_a_full_read_stays_owed_over_a_restart(site: SiteFolder, github: GitHub) -> None:
    github.answers = [Response(status_code=401)]
    async with hooked(site, github) as client:
        await deliver(client, b"")
        await asyncio.sleep(1)
    async with hooked(site, github, action="repository_dispatch") as client:
        await asyncio.sleep(1)
        await deliver(client, body_of(1))
    full, usual = (asked for _, asked in github.asked)
    assert full == {"event_type": EVENT, "client_payload": {"mode": "full"}}
    assert usual == {"event_type": EVENT}
    publish = (ROOT / ".github/workflows/report.yml").read_text()
    assert "MODE: ${{ inputs.mode || github.event.client_payload.mode }}" in publish


async def test_a_workflow_that_knows_no_mode_is_started_without(site: SiteFolder, github: GitHub) -> None:
    github.answers = [Response('{"message":"Unexpected inputs provided"}', 422)]
    async with hooked(site, github) as client:
        await deliver(client, b"")
        await asyncio.sleep(1)
    assert [asked for _, asked in github.asked] == [{"ref": "main"}]


@pytest.mark.parametrize("full", [True, False])
async def test_a_build_here_reads_everything_when_it_is_asked_to(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch, *, full: bool
) -> None:
    asked: list[str] = []

    async def start(*words: str) -> object:
        asked.extend(words)
        return SimpleNamespace(wait=partial(asyncio.sleep, 0, result=0))

    monkeypatch.setattr(asyncio, "create_subprocess_exec", start)
    await build_here(site.root / "config.yaml", full=full)
    assert ("--full" in asked) is full


@pytest.mark.parametrize("body", TESTS.values(), ids=TESTS)
async def test_the_test_of_an_old_version_does_nothing(site: SiteFolder, github: GitHub, body: bytes) -> None:
    async with hooked(site, github) as client:
        answer = await deliver(client, body)
        assert (answer.status_code, answer.text) == (200, "test")
        await asyncio.sleep(600)
        assert (await deliver(client, written(metadata={"buyerName": TEST_ID}))).text == "taken"
    assert len(github.asked) == 1


@pytest.mark.parametrize("first_try", ["originalDeliveryId", "orignalDeliveryId"])
async def test_a_redelivery_is_known_in_whatever_order_it_is_written(
    site: SiteFolder, github: GitHub, first_try: str
) -> None:
    first = GOOD | {"originalDeliveryId": ..., first_try: GOOD["deliveryId"]}
    again = first | {"deliveryId": "another", "isRedelivery": True}
    async with hooked(site, github) as client:
        assert (await deliver(client, written(**first))).text == "taken"
        turned = json.dumps(dict(reversed(json.loads(written(**again)).items())), indent=2)
        assert (await deliver(client, turned.encode())).text == "known"


async def test_a_server_of_1_0_7_is_heard(site: SiteFolder, github: GitHub) -> None:
    """The sandbox writes as it did, first and again."""
    hook = Webhook(id="w", store=STORE, url="", secret=SECRET, old=True)
    event = Event(kind="InvoiceSettled", store=STORE, at=1_610_000_000, subject={"metadata": {}})
    first, again = (hook.body(event, number=number, original="first") for number in ("first", "again"))
    assert b"orignalDeliveryId" in first
    assert b"metadata" not in first
    async with hooked(site, github) as client:
        answers = [(await deliver(client, body, hook.signature(body))).text for body in (first, again)]
    assert answers == ["taken", "known"]


async def test_where_and_how_it_comes(site: SiteFolder, github: GitHub) -> None:
    async with hooked(site, github) as client:

        async def post(number: int, path: str = "/btcpay", **more: str) -> str:
            headers = httpx.Headers({"BTCPay-Sig": sign(body_of(number))} | more)
            return (await client.post(path, content=body_of(number), headers=headers)).text

        async def in_pieces() -> AsyncIterator[bytes]:
            for place in body_of(4):
                yield bytes([place])

        assert await post(1, "/btcpay/") == "taken"
        assert await post(2, "/btcpay?x=1&y") == "taken"
        for number, path in enumerate(("/", "//btcpay", "/hooks/BTCPay", "/btcpay%ff", "/healthz/"), 10):
            assert await post(number, path) == "taken"
        assert await post(3, **{"Content-Encoding": "gzip", "Content-Type": "text/plain"}) == "taken"
        signature = {"btcpay-sig": sign(body_of(4))}
        assert (await client.post("/btcpay", content=in_pieces(), headers=signature)).text == "taken"
        guess = sign(body_of(5), "guess")
        several = [("BTCPAY-SIG", guess), ("BTCPay-Sig", sign(body_of(5)))]
        assert (await client.post("/btcpay", content=body_of(5), headers=several)).text == "taken"
        assert await post(6, **{"BTCPay-Sig": f"{guess}, {sign(body_of(6))}"}) == "taken"
        assert await post(7, **{"BTCPay-Sig": f"{guess},,{guess}"}) == "bad signature"
        for method in ("GET", "HEAD", "PUT"):
            assert (await client.request(method, "/btcpay/", headers=signature)).status_code == 405
        answer = await client.post("/btcpay", content=large(), headers=signature)
        assert (answer.status_code, answer.text) == (503, "too large")
        await asyncio.sleep(600)
    assert len(github.asked) == 1


async def large() -> AsyncIterator[bytes]:
    piece = bytes(MOST_BYTES)
    for _ in range(MOST_DIGESTED // MOST_BYTES + 1):
        yield piece


async def test_who_hangs_up_is_no_traceback() -> None:
    receiver = Heard().receiver()
    events: list[Message] = [{"type": "http.request", "body": b"{", "more_body": True}]
    sent: list[Message] = []

    async def receive() -> Message:
        return events.pop() if events else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/btcpay", "query_string": b"", "headers": []}
    await application(receiver)(scope, receive, send)
    assert sent[0]["status"] == 408


async def test_a_full_disk_is_no_traceback_and_loses_nothing(site: SiteFolder, github: GitHub) -> None:
    (site.root / DELIVERIES).mkdir(parents=True)
    async with hooked(site, github) as client:
        answer = await deliver(client, body_of(1))
        assert (answer.status_code, answer.text) == (503, "not kept")
        await asyncio.sleep(1)
    assert len(github.asked) == 1


async def test_a_time_that_was_not_told_counts_nothing(site: SiteFolder, github: GitHub) -> None:
    """Else everything that BTCPay lists since 1970 would be unknown to us."""
    async with hooked(site, github) as client:
        for number, at in enumerate(
            (None, -1, 0, 1, 1e308, "NaN", "Infinity", [], {}, True, 1_782_901_311_000)
        ):
            assert (await deliver(client, body_of(number, timestamp=at))).text == "taken"
        await deliver(client, body_of(99, timestamp=1_782_901_311.9))
    assert DeliveryMemory(site.root / DELIVERIES).times("pay") == {1_782_901_311: 1}


@dataclass
class Heard:
    """A receiver that remembers in memory and counts what it would ask for."""

    remembered: list[Delivery] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    asked: int = 0

    async def ask(self) -> None:
        self.asked += 1

    def remember(self, delivery: Delivery) -> bool:
        self.remembered.append(delivery)
        return True

    def receiver(self) -> Receiver:
        return Receiver(
            secret=SECRET.encode(),
            stores=frozenset([STORE]),
            remember=self.remember,
            trigger=Trigger(dispatch=self.ask, debounce_s=1),
            now=lambda: 0.0,
            say=self.said.append,
        )

    async def post(self, body: bytes, headers: dict[str, str]) -> httpx.Response:
        app = application(self.receiver())
        transport = httpx.ASGITransport(app=app)  # raises what the receiver raises
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://hook.test") as client,
        ):
            return await client.post("/btcpay", content=body, headers=headers)


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(TEST_ID)
values = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5
)
names = st.sampled_from([*GOOD, "orignalDeliveryId", "payment", "payoutId"]) | st.text()
samples = st.sampled_from([*(event["body"].encode() for event in EVENTS.values()), *READABLE.values()])


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """Draw a delivery with other fields, then with other bytes."""
    body = draw(samples)
    if draw(st.booleans()):
        fields = json.loads(body.decode("utf-8-sig", "replace")) | draw(
            st.dictionaries(names, values, max_size=4)
        )
        for name in draw(st.lists(names, max_size=2)):
            fields.pop(name, None)
        body = json.dumps(dict(draw(st.permutations(list(fields.items()))))).encode("utf-8", "replace")
    change: Callable[[bytes], bytes] = draw(
        st.sampled_from([lambda kept: kept, lambda kept: b"\xef\xbb\xbf" + kept, lambda kept: kept + kept])
    )
    start = draw(st.integers(0, len(body)))
    cut = draw(st.sampled_from([0, 0, 0, 1, 50]))
    return change(body[:start] + draw(st.just(b"") | st.binary(max_size=5)) + body[start + cut :])


def names_another_store(body: bytes) -> bool:
    """Tell by another reader than the receiver's whether a body clearly is of another store."""
    store = json.loads(body.decode("utf-8-sig", "replace"))["storeId"]
    return isinstance(store, str) and bool(store.strip()) and store.strip() != STORE


@pytest.mark.slow
@given(mutated(), st.text())
@settings(deadline=None, max_examples=300)
def test_no_mutation_is_lost_and_no_forgery_asks(body: bytes, guess: str) -> None:
    heard = Heard()
    answer = asyncio.run(heard.post(body, {"BTCPay-Sig": sign(body)}))
    match (answer.status_code, answer.text):
        case (200, "taken"):
            assert heard.asked == len(heard.remembered) == 1
        case (200, "test"):
            assert body.count(b"__test__") >= 2
        case (403, "another store"):
            assert names_another_store(body)
        case other:
            pytest.fail(f"{other} is no answer to a signed delivery")
    forged = Heard()
    headers = {"BTCPay-Sig": sign(body, "guess" + guess)} if guess else {}
    answer = asyncio.run(forged.post(body, headers))
    assert (answer.status_code, answer.text) == (401, "bad signature")
    assert forged.asked == len(forged.remembered) == 0
