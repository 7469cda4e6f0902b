"""Nothing that a delivery says stays: a token in every string field of every event, then a search."""

import asyncio
import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from generator.cli import Exit, run
from generator.cli.site_folder import SiteFolder, load_site
from generator.hook.registrar import EVENTS
from generator.sandbox.btcpay import Deeds, build_town
from generator.sandbox.btcpay.webhooks import Webhook
from generator.store.delivery_memory import DELIVERIES
from tests.hook.receiver import CONFIG, SECRET, STORE, GitHub, deliver, hooked, sign
from tests.support.openapi import beside, filled, schemas

pytestmark = pytest.mark.anyio
NOW = 1_790_000_000


@pytest.fixture
def every() -> dict[str, Any]:
    return schemas()


class Tokens:
    """Hands out tokens and finds them again."""

    def __init__(self) -> None:
        self._numbers = count()
        self.fields: dict[str, str] = {}

    def say(self, field: str) -> str:
        token = f"canary{next(self._numbers):05}z"
        self.fields[token] = field
        return token

    def found(self, text: str) -> list[str]:
        return sorted({field for token, field in self.fields.items() if token in text})


def bodies(every: dict[str, Any], tokens: Tokens) -> Iterator[bytes]:
    """Yield an event of each schema, and one with the fields of all of them, of our store."""
    events = [name for name in every if name.startswith("Webhook") and name.endswith("Event")]
    assert len(events) >= 10
    whole: dict[str, Any] = {}
    for name in every:
        found = filled(every, name, tokens.say)
        whole |= {f"plugin{name}": found}
        if name in events and isinstance(found, dict):
            yield json.dumps(found | {"storeId": STORE, "timestamp": NOW, "isRedelivery": False}).encode()
    ours = {"deliveryId": tokens.say("deliveryId"), "type": "InvoiceSettled", "storeId": STORE}
    yield json.dumps(whole | ours).encode()


def kept(site: SiteFolder) -> str:
    files = [path for path in (site.root / ".sunlit").rglob("*") if path.is_file()]
    assert site.root / DELIVERIES in files
    return "".join(path.read_text() for path in files)


async def test_no_token_of_a_delivery_is_kept_said_or_passed_on(
    site: SiteFolder, github: GitHub, every: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    tokens = Tokens()
    sent = list(bodies(every, tokens))
    answers = []
    async with hooked(site, github) as client:
        for body in sent:
            answers.append(await deliver(client, body))  # taken
            answers.append(await deliver(client, body, "sha256=" + tokens.say("header")))  # forged
            damaged = body[:-1]
            answers.append(await deliver(client, damaged, sign(damaged)))  # signed, and cut off
            foreign = body.replace(STORE.encode(), tokens.say("storeId").encode())
            answers.append(await deliver(client, foreign, sign(foreign)))  # of another store
        await asyncio.sleep(600)
    said = capsys.readouterr()
    statuses = sorted({answer.status_code for answer in answers})
    print(f"{len(tokens.fields)} tokens in {len(answers)} deliveries: answers {statuses}")
    assert statuses == [200, 401, 403]
    assert len(tokens.fields) >= 900
    text = kept(site)
    assert '"type":"other"' in text
    assert '"type":"InvoiceSettled"' in text
    assert tokens.found(text) == []
    assert tokens.found(said.out + said.err) == []
    assert tokens.found("".join(answer.text for answer in answers)) == []
    assert tokens.found(str(github.asked)) == []
    assert SECRET not in said.out + said.err + text


async def test_nothing_that_a_server_tells_of_a_payment_reaches_the_receivers_store(
    tmp_path: Path, github: GitHub
) -> None:
    """The sandbox plants a token wherever a shop or a donor may write, and delivers what it sells."""
    town = build_town(7, invoices=0, now=NOW, deeds=Deeds())
    text = CONFIG.replace("API", "http://127.0.0.1:9").replace(STORE, town.stores[0])
    (tmp_path / "config.yaml").write_text(text)
    site = load_site(tmp_path / "config.yaml", None)
    delivered = []
    async with hooked(site, github) as receiver:

        async def carry(request: httpx.Request) -> httpx.Response:
            delivered.append(request.content.decode())
            headers = {"BTCPay-Sig": request.headers["BTCPay-Sig"]}
            return await receiver.post("/btcpay", content=request.content, headers=headers)

        shop = town.server(plant=True, reach=lambda: httpx.AsyncClient(transport=httpx.MockTransport(carry)))
        shop.webhooks.put(
            Webhook(id="a-webhook", store=town.stores[0], url="http://hook.test/btcpay", secret=SECRET)
        )
        owner = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=shop.application()),
            headers={"Authorization": f"token {town.careless.text}"},
        )
        for amount in ("5", "7.50"):
            url = f"http://pay.test/api/v1/stores/{town.stores[0]}/invoices"
            await owner.post(url, json={"amount": amount, "currency": "EUR"})
            await asyncio.sleep(3)
        await shop.till.courier.idle()
    tokens = [token.value for token in shop.tokens]
    found = [token for token in tokens if any(token in text for text in delivered)]
    print(f"{len(found)} planted texts were delivered in {len(delivered)} deliveries")
    assert len(found) >= 10
    text = kept(site) + str(github.asked)
    assert [token for token in tokens if token in text] == []
    for body in map(json.loads, delivered):
        for name in ("deliveryId", "originalDeliveryId", "webhookId", "invoiceId", "storeId"):
            assert body[name] not in text
        assert body.get("payment", {}).get("id", "-" * 9) not in text


def test_registering_says_nothing_that_the_server_says(
    every: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    town, tokens = build_town(7, invoices=0, now=NOW, deeds=Deeds()), Tokens()
    extra = {f"plugin{name}": filled(every, name, tokens.say) for name in every}
    with town.server() as server:
        server.dress = lambda document: beside(document, extra)
        text = CONFIG.replace("API", "http://127.0.0.1:9").replace("https://pay.example.org", server.url)
        (tmp_path / "config.yaml").write_text(text.replace(STORE, town.stores[0]))
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("HOOK_SECRET", SECRET)
        monkeypatch.setenv("SUNLIT_WEBHOOK_KEY", town.careless.text)
        for _ in range(2):
            assert run(["hook", "register", "--url", "https://hooks.example.org/btcpay"]) == Exit.DONE
        [webhook] = server.webhooks
        assert webhook.kinds == tuple(EVENTS)
    said = capsys.readouterr()
    whole = said.out + said.err + "".join(path.read_text() for path in tmp_path.rglob("*") if path.is_file())
    assert tokens.found(whole) == []
    assert all(secret not in whole for secret in (SECRET, town.careless.text))
