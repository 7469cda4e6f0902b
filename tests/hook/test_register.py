"""`sunlit hook register`: once, again without a double, and every refusal with its step."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from generator.cli import Exit, run
from generator.cli.site_folder import load_site
from generator.hook.registrar import EVENTS
from generator.sandbox.btcpay import BTCPayServer, Deeds, Town, build_town
from generator.sandbox.btcpay.faults import Fault
from generator.sandbox.btcpay.keys import MODIFY_WEBHOOKS, Key
from tests.hook.receiver import CONFIG, SECRET, STORE, GitHub, hooked

pytestmark = pytest.mark.anyio
NOW = 1_790_000_000
URL = "https://hooks.example.org/btcpay"


@pytest.fixture(scope="module")
def town() -> Town:
    return build_town(7, invoices=0, now=NOW, deeds=Deeds())


@pytest.fixture
def narrow(town: Town) -> Key:
    """Return the key that the documentation asks for."""
    rights = tuple(f"{MODIFY_WEBHOOKS}:{store}" for store in town.stores)
    return Key(text="a-key-for-webhooks-alone", permissions=rights)


@pytest.fixture
def server(
    town: Town, narrow: Key, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[BTCPayServer]:
    """Serve a town to a site whose report is bound to its two stores."""
    with town.server(prefix="/btcpay") as started:
        started.keys = (*started.keys, narrow)
        text = CONFIG.replace("API", "http://127.0.0.1:9").replace("https://pay.example.org", started.url)
        text = text.replace(f"stores: [{STORE}]", f"stores: [{', '.join(town.stores)}]")
        (tmp_path / "config.yaml").write_text(text.replace(STORE, town.stores[0]))
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("HOOK_SECRET", SECRET)
        monkeypatch.setenv("SUNLIT_WEBHOOK_KEY", narrow.text)
        yield started


def register(*options: str) -> int:
    return run(["hook", "register", "--url", URL, *options])


def test_each_store_gets_one_webhook_and_a_second_run_changes_it(
    server: BTCPayServer, town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    assert register() == Exit.DONE
    said = capsys.readouterr()
    assert said.out.count("made a webhook, to https://hooks.example.org/btcpay") == 2
    assert "revoke it now in BTCPay" in said.err
    assert "can do more" not in said.err
    made = list(server.webhooks)
    assert [webhook.store for webhook in made] == list(town.stores)
    for webhook in made:
        assert (webhook.url, webhook.secret, webhook.kinds) == (URL, SECRET, tuple(EVENTS))
        assert (webhook.enabled, webhook.redelivers, webhook.everything) == (True, True, False)
        webhook.enabled, webhook.kinds = False, ("InvoiceCreated",)
    assert register() == Exit.DONE
    assert capsys.readouterr().out.count("changed the webhook that was there") == 2
    assert [webhook.id for webhook in server.webhooks] == [webhook.id for webhook in made]
    assert all(webhook.enabled and webhook.kinds == tuple(EVENTS) for webhook in server.webhooks)
    assert run(["hook", "register", "--url", f"{URL}/other"]) == Exit.DONE
    assert len(list(server.webhooks)) == 4
    whole = said.out + said.err
    assert all(secret not in whole for secret in (SECRET, "a-key-for-webhooks-alone"))


def test_doubles_are_named_and_left(server: BTCPayServer, capsys: pytest.CaptureFixture[str]) -> None:
    register()
    [first, _] = server.webhooks
    with httpx.Client(headers={"Authorization": "token a-key-for-webhooks-alone"}) as client:
        client.post(f"{server.url}/api/v1/stores/{first.store}/webhooks", json={"url": URL})
    capsys.readouterr()
    assert register() == Exit.DONE
    assert "1 more of this address are left: delete them in BTCPay" in capsys.readouterr().out
    assert len(list(server.webhooks)) == 3


def test_a_key_that_can_do_more_is_named(
    server: BTCPayServer, town: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OTHER_KEY", town.careless.text)
    assert register("--key-env", "OTHER_KEY") == Exit.DONE
    said = capsys.readouterr().err
    assert "the key in OTHER_KEY can do more than this needs: unrestricted" in said
    assert town.careless.text not in said
    assert len(list(server.webhooks)) == 2


def test_what_is_refused_says_who_must_act(
    server: BTCPayServer, town: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = {}
    monkeypatch.setenv("SUNLIT_WEBHOOK_KEY", town.reader.text)
    assert register() == Exit.WRONG_USE
    told["a key that may only read"] = capsys.readouterr().err
    monkeypatch.setenv("SUNLIT_WEBHOOK_KEY", "0" * 40)
    assert register() == Exit.WRONG_USE
    told["an unknown key"] = capsys.readouterr().err
    monkeypatch.setenv("SUNLIT_WEBHOOK_KEY", "a-key-for-webhooks-alone")
    server.faults.add(Fault.HTML, path="/webhooks")
    assert register() == Exit.WRONG_USE
    told["a web page"] = capsys.readouterr().err
    server.faults.heal()
    monkeypatch.delenv("SUNLIT_WEBHOOK_KEY")
    assert register() == Exit.WRONG_USE
    told["no key"] = capsys.readouterr().err
    monkeypatch.delenv("HOOK_SECRET")
    assert register() == Exit.WRONG_USE
    told["no secret"] = capsys.readouterr().err
    assert run(["hook", "register"]) == Exit.WRONG_USE
    told["no address"] = capsys.readouterr().err
    assert run(["hook", "register", "--url", "http://hooks.example.org/btcpay"]) == Exit.WRONG_USE
    told["plain http"] = capsys.readouterr().err
    for case, text in told.items():
        print(f"{case}: {text.strip()}")
    assert f"lacks {MODIFY_WEBHOOKS}" in told["a key that may only read"]
    assert "the API key in SUNLIT_WEBHOOK_KEY (403)" in told["a key that may only read"]
    assert "does not accept the API key in SUNLIT_WEBHOOK_KEY (401)" in told["an unknown key"]
    assert "web page" in told["a web page"]
    assert "use it for this command alone and revoke it" in told["no key"]
    assert "HOOK_SECRET is not set" in told["no secret"]
    assert "--url https://" in told["no address"]
    assert "so they go over https" in told["plain http"]
    assert all(len(text.strip().splitlines()) <= 4 for text in told.values())
    assert list(server.webhooks) == []


def test_by_hand_needs_no_key_and_asks_nobody(
    server: BTCPayServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SUNLIT_WEBHOOK_KEY")
    monkeypatch.delenv("HOOK_SECRET")
    assert register("--by-hand") == Exit.DONE
    said = capsys.readouterr().out
    assert server.log == []
    assert all(part in said for part in (URL, "HOOK_SECRET", server.url, *EVENTS, *EVENTS.values()))


async def test_money_at_the_server_starts_a_rebuild_whatever_fails_between(
    town: Town, tmp_path: Path, github: GitHub
) -> None:
    """From a payment to GitHub: a real delivery, and a receiver that is away at first."""
    text = CONFIG.replace("API", "http://127.0.0.1:9").replace(STORE, town.stores[0])
    (tmp_path / "config.yaml").write_text(text)
    site = load_site(tmp_path / "config.yaml", None)
    loop, away = asyncio.get_running_loop(), [True]
    async with hooked(site, github) as receiver:

        async def carry(request: httpx.Request) -> httpx.Response:
            if away:
                message = "nobody listens"
                raise httpx.ConnectError(message)
            headers = {"BTCPay-Sig": request.headers["BTCPay-Sig"]}
            return await receiver.post("/btcpay", content=request.content, headers=headers)

        shop = town.server(
            clock=lambda: NOW + int(loop.time()),
            reach=lambda: httpx.AsyncClient(transport=httpx.MockTransport(carry)),
        )
        owner = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=shop.application()),
            base_url=f"http://pay.test/api/v1/stores/{town.stores[0]}",
            headers={"Authorization": f"token {town.careless.text}"},
        )
        wish = {"everything": False, "specificEvents": list(EVENTS)}
        await owner.post("/webhooks", json={"url": URL, "secret": SECRET, "authorizedEvents": wish})
        await owner.post("/invoices", json={"amount": "5", "currency": "EUR"})
        await asyncio.sleep(30)
        assert github.asked == []
        away.clear()
        await shop.till.courier.idle()
        await asyncio.sleep(600)
    print(f"rebuilds for one payment, seconds after it was asked for: {github.times}")
    # paid after 2 s; the receiver is away for the first try and the one 10 s later, the next is 60 s later
    assert github.times[0] == 72
    assert len(github.asked) <= 2
    [webhook] = shop.webhooks
    assert [delivery.code for delivery in webhook.deliveries] == [None, None, 200, 200, 200]
