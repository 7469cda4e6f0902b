"""From the configuration to /health/: a run looks after the webhook that `hook` names."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator import store
from generator.cli import Exit, run
from generator.sandbox.btcpay import BTCPayServer, Deeds, Town, build_town
from generator.sandbox.btcpay.webhooks import Delivery, Event, Webhook
from generator.snapshot import Asked
from generator.store.delivery_memory import DELIVERIES, DeliveryMemory, TakenDelivery
from tests.hook.receiver import CONFIG, SECRET, STORE, TOKEN
from tests.support import published

URL = "https://hooks.example.org/btcpay"


@pytest.fixture
def town() -> Town:
    return build_town(7, invoices=30, now=int(datetime.now(UTC).timestamp()) - 86_400, deeds=Deeds())


@pytest.fixture
def server(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BTCPayServer]:
    with town.server() as started:
        text = CONFIG.replace("api: API", f"url: {URL}").replace("https://pay.example.org", started.url)
        (tmp_path / "config.yaml").write_text(text.replace(STORE, town.stores[0]))
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("PAY_TOKEN", town.careless.text)
        monkeypatch.setenv("HOOK_SECRET", SECRET)
        monkeypatch.setenv("HOOK_TOKEN", TOKEN)
        yield started


def asked(folder: Path) -> Asked:
    [found] = [
        answer
        for answer in store.load(folder / "content/snapshots").runs[-1].asked
        if "btcpay" in answer.source
    ]
    return found


def test_a_build_tells_what_the_webhook_missed(server: BTCPayServer, town: Town, tmp_path: Path) -> None:
    hook = Webhook(id="w", store=town.stores[0], url=URL, secret=SECRET)
    server.webhooks.put(hook)
    assert run(["build"]) == Exit.DONE
    assert asked(tmp_path).reads["webhook"] == "api"
    # runs know whole seconds: what happens now is after the first one and before the second
    now = int(store.load(tmp_path / "content/snapshots").runs[-1].at.timestamp()) + 1
    while datetime.now(UTC).timestamp() < now + 1:
        time.sleep(0.05)
    event = Event(kind="InvoiceSettled", store=town.stores[0], at=now)
    for name in ("first", "second", "third"):
        hook.deliveries.append(Delivery(id=name, original=name, event=event, at=now, body=b"", code=200))
    DeliveryMemory(tmp_path / DELIVERIES).remember(
        TakenDelivery(id="k", type="InvoiceSettled", server="pay", at=now)
    )
    paid = next(
        invoice
        for invoice in town.books.invoices
        if invoice.store == town.stores[0] and len(invoice.payments) == 1
    )
    payment = replace(paid.payments[0], id="today", received=now, status="Settled")
    town.books.invoices.put(
        replace(paid, id="today", created=now, status="Settled", additional="None", payments=(payment,))
    )
    assert run(["build", "--full"]) == Exit.DONE
    found = asked(tmp_path)
    assert found.reads["webhook"].split(",") == ["polling", "api", "receiver"]
    figures = published.figures(tmp_path / "output")
    values = {figure["id"]: figure["value"] for figure in figures if "webhook" in figure["id"]}
    print(values)
    assert values[f"all/webhook_taken@{found.source}"] == 3
    assert values[f"all/webhook_unknown@{found.source}"] == 2
    assert values[f"all/webhook_failed@{found.source}"] == 0
    assert values[f"all/webhook_payments@{found.source}"] == 1
    assert values[f"all/webhook_late@{found.source}"] == 0
    page = (tmp_path / "output/health/index.html").read_text()
    assert "Unknown to us" in page
    everything = b"".join(path.read_bytes() for path in (tmp_path / "output").rglob("*") if path.is_file())
    assert URL.encode() not in everything
