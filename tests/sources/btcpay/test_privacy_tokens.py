"""Nothing a BTCPay server knows of a donor leaves the source: tokens in every string field, then a search.

The planted answers are the samples with each text replaced by a token of its
own, except the words and numbers that the protocol defines. Crowdfund texts
and the address of its picture are public by purpose; store and app ids stand
in the configuration.
"""

import json
import logging
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any

import httpx
import msgspec
import pytest

from generator.config import BTCPayServer, PrivacyConfig, ProjectConfig
from generator.errors import SourceError
from generator.ledger import Entry, Kind
from generator.places import REST, btcpay_place, part_of_store
from generator.snapshot import Known, Line, Project, Record, encode
from generator.sources.btcpay.greenfield import authorization
from generator.sources.btcpay.privacy import KeyedIds
from generator.sources.btcpay.source import BTCPay
from tests.support.limits import GENEROUS
from tests.support.paths import SAMPLES

pytestmark = pytest.mark.anyio
STORE, APP = "9meYcPwN998D2MhGh1aeXhY9bXBg4wPqLnjBJUvoakAS", "3FTUP1eFrdJcru8gmrMuK5XgFpvu"
NOW = datetime(2026, 7, 20, tzinfo=UTC)
SERVER = BTCPayServer.model_validate(
    {
        "id": "pay",
        "url": "https://pay.example.org",
        "token_env": "BTCPAY_TOKEN",
        "stores": [STORE],
        "include": ["invoices", "crowdfund", "payouts"],
    }
)
PROJECTS = [
    ProjectConfig.model_validate({"slug": "season", "btcpay": {"source": "pay", "app": APP}}),
    ProjectConfig.model_validate({"slug": "rest", "btcpay": {"source": "pay", "store": STORE}}),
]
#: Keys whose values the protocol defines: without them an answer would not be read at all.
DEFINED = {
    "status",
    "additionalStatus",
    "type",
    "currency",
    "targetCurrency",
    "storeId",
    "orderUrl",
    "resetEvery",
    "state",
    "paymentMethodId",
    "payoutMethodId",
    "payoutCurrency",
    "originalCurrency",
    "name",
    "pullPaymentId",
}
#: What of a crowdfund is public by purpose → the one field of its project record that has it.
PUBLIC = {"title": "title", "tagline": "tagline", "description": "description", "mainImageUrl": "picture"}
TOKEN = re.compile(r"canaryToken[1-9x]{4}z")  # 16 letters of base58: ids can be tokens too


def _token(number: int) -> str:
    return "canaryToken" + f"{number:04}z".replace("0", "x")


def planted(document: object, numbers: Iterator[int], key: str = "") -> object:
    """Return a copy in which each free text is a token."""
    match document:
        case dict():
            return {name: planted(value, numbers, name) for name, value in document.items()}
        case list():
            return [planted(value, numbers, key) for value in document]
        case None if key not in {"expiresAt", "paymentMethods"}:
            return _token(next(numbers))  # what is empty in the sample is filled elsewhere
        case str() if key not in DEFINED and not re.fullmatch(r"-?[0-9.]+", document):
            return _token(next(numbers))
        case _:
            return document


class World:
    """Planted answers, each asked for at most as often as the source wishes."""

    def __init__(self) -> None:
        numbers = count(1)
        names = ("invoices_list", "crowdfund_app", "pull_payments", "payouts")
        samples = {name: json.loads((SAMPLES / f"{name}.json").read_bytes()) for name in names}
        for number, invoice in enumerate(samples["invoices_list"]):
            # free texts that a form or a plugin adds under keys of its own
            invoice["metadata"] |= {
                "buyerName": "?",
                "buyerCity": "?",
                "posData": "{?}",
                f"form{number}": ["?"],
            }
            invoice["surprise"] = {"of": "a later version"}
        self.answers: dict[str, Any] = {
            name: planted(document, numbers) for name, document in samples.items()
        }
        [pull], [payout] = self.answers["pull_payments"], self.answers["payouts"]
        pull["name"] = f"Refund {self.answers['invoices_list'][-1]['id']}"
        payout["pullPaymentId"] = pull["id"]
        self.planted = next(numbers) - 1
        self.bodies: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path, query = request.url.path, request.url.params
        found = self.answers[_sample(path)]
        if isinstance(found, list) and path.endswith("/invoices"):
            found = [row for row in found if not query.get("textSearch") or "orderUrl" in row["metadata"]]
            found = found[int(query["skip"]) :][: int(query["take"])]
        body = json.dumps(found)
        self.bodies.append(body)
        return httpx.Response(200, text=body)

    def public(self) -> dict[str, set[str]]:
        """Return the tokens in the crowdfund's public texts, by the field where they may stand."""
        app = self.answers["crowdfund_app"]
        return {field: set(TOKEN.findall(str(app[name]))) for name, field in PUBLIC.items()}


def _sample(path: str) -> str:
    if path.startswith("/api/v1/apps/crowdfund/"):
        return "crowdfund_app"
    name = path.rpartition("/")[2].replace("-", "_")
    return "invoices_list" if name == "invoices" else name


def text_of(records: list[Record]) -> str:
    """Return the bytes that the log would hold, as text."""
    return "".join(encode(Line(run="r", record=record)).decode() for record in records)


def keep_everything(world: World) -> list[Record]:
    """Return what a source without an allow-list would yield: each answer as it came."""
    return [
        Project(id=f"raw{n}", source="leak", kind="", description=body) for n, body in enumerate(world.bodies)
    ]


async def collect(
    answer: Callable[[httpx.Request], httpx.Response], rules: PrivacyConfig
) -> tuple[list[Record], BTCPay]:
    transport = httpx.MockTransport(answer)
    async with httpx.AsyncClient(transport=transport, headers=authorization("canaryToken9999z")) as client:
        source = BTCPay(
            SERVER,
            SERVER.stores[0],
            projects=PROJECTS,
            privacy=rules,
            client=client,
            ids=KeyedIds(key=b"canaryToken9998z"),
            limits=GENEROUS,
        )
        return [record async for record in source.collect(Known(), at=NOW, full=True)], source


@pytest.mark.parametrize("rows", ["day", "payment"])
async def test_no_token_leaves_the_source(rows: str, caplog: pytest.LogCaptureFixture) -> None:
    world = World()
    with caplog.at_level(logging.DEBUG):
        records, source = await collect(world, PrivacyConfig.model_validate({"rows": rows, "min_group": 1}))
    entries = [record for record in records if isinstance(record, Entry)]
    app = btcpay_place(STORE, part_of_store("crowdfund", APP))
    assert {entry.place for entry in entries} == {app, btcpay_place(STORE, REST)}
    assert {entry.kind for entry in entries} == {Kind.PAYMENT, Kind.REFUND}
    tally = msgspec.json.encode([source.tally.counts, source.tally.reads]).decode()
    public = world.public()
    assert set(TOKEN.findall(text_of(records))) == set().union(*public.values())
    assert [len(found) for found in public.values()] == [1, 1, 1, 1]
    [project] = [record for record in records if isinstance(record, Project) and record.id == app]
    assert {field: set(TOKEN.findall(getattr(project, field))) for field in public} == public
    bare = msgspec.structs.replace(project, **dict.fromkeys(public, ""))
    elsewhere = [bare if record is project else record for record in records]
    assert TOKEN.findall(text_of(elsewhere)) == []
    assert TOKEN.findall(tally) == []
    assert TOKEN.findall(caplog.text) == []
    assert TOKEN.findall(repr(source)) == []
    leaked = set(TOKEN.findall(text_of(keep_everything(world))))
    assert len(leaked) == world.planted >= 100


FAULTS: list[Callable[[str], httpx.Response]] = [
    lambda body: httpx.Response(200, text=body[: len(body) // 2]),
    lambda body: httpx.Response(200, text=f"<html>{body}</html>"),
    lambda body: httpx.Response(200, text=body.replace('"status": "', '"status": 7, "was": "')),
    lambda body: httpx.Response(
        200, text=body.replace('"createdTime": ', '"createdTime": "canaryTokenxxx1z", "was": ')
    ),
    lambda body: httpx.Response(500, text=body),
    lambda body: httpx.Response(404, text=body),
    lambda body: httpx.Response(404, json={"code": "canaryTokenxxx1z", "message": body}),
    lambda body: httpx.Response(
        403, json={"code": "x", "missingPermission": "canaryTokenxxx1z", "message": body}
    ),
    lambda body: httpx.Response(401, json={"code": "canaryTokenxxx1z", "message": body}),
    lambda body: httpx.Response(422, json=[{"path": "canaryTokenxxx1z", "message": body}]),
    lambda body: httpx.Response(429, text=body, headers={"Retry-After": "canaryTokenxxx1z"}),
    lambda body: httpx.Response(
        307, text=body, headers={"Location": "https://pay.example.org/i/canaryTokenxxx1z"}
    ),
]


@pytest.mark.parametrize("fault", FAULTS)
async def test_no_token_is_in_a_message(
    fault: Callable[[str], httpx.Response], caplog: pytest.LogCaptureFixture
) -> None:
    world = World()

    def answer(request: httpx.Request) -> httpx.Response:
        good = world(request)
        return fault(good.text) if request.url.path.endswith("/invoices") else good

    with caplog.at_level(logging.DEBUG), pytest.raises(SourceError) as caught:
        await collect(answer, PrivacyConfig())
    assert world.bodies
    assert TOKEN.findall(str(caught.value) + repr(caught.value) + caplog.text) == []


async def test_no_token_is_in_a_message_of_an_old_server_that_is_asked_singly(
    caplog: pytest.LogCaptureFixture,
) -> None:
    world = World()

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/payment-methods"):
            assert TOKEN.search(request.url.path)
            return httpx.Response(502, html="<html>")
        good = world(request)
        if not request.url.path.endswith("/invoices"):
            return good
        bare = [row | {"paymentMethods": []} for row in good.json()]
        return httpx.Response(200, json=bare)

    with caplog.at_level(logging.DEBUG), pytest.raises(SourceError) as caught:
        await collect(answer, PrivacyConfig())
    assert "payment methods of an invoice of store" in str(caught.value)
    assert TOKEN.findall(str(caught.value) + caplog.text) == []
