"""The receiver of webhooks: real samples, every tampering, bursts, restarts, and what GitHub may answer."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import Response

from generator.cli import Exit, run
from generator.cli.hook_section import hook_secrets, hook_section
from generator.cli.site_folder import SiteFolder
from generator.cli.terminal import Terminal
from generator.cli.webhook_receiver import receiver_of
from generator.config import HookConfig
from generator.errors import ConfigError
from generator.hook import Dispatcher, NotDispatched, application
from generator.hook.delivery import digesting, parse, signed
from generator.hook.dispatch import EVENT
from generator.hook.receiver import MOST_A_MINUTE, MOST_BYTES
from generator.sandbox.listening import listening
from generator.store.delivery_memory import DELIVERIES, MOST, OWED, DeliveryMemory, OwedRebuild, TakenDelivery
from tests.hook.receiver import CONFIG, SECRET, STORE, TOKEN, GitHub, body_of, deliver, hooked, outward, sign
from tests.support.paths import ROOT, SAMPLES
from tests.support.trust import trust

pytestmark = pytest.mark.anyio


def is_signed(secret: bytes, body: bytes, header: str) -> bool:
    digest = digesting(secret)
    digest.update(body)
    return signed(digest.hexdigest(), [header])


def test_the_samples_are_signed_and_no_byte_of_them_can_be_another() -> None:
    vector = json.loads((SAMPLES / "hmac_vector.json").read_text())
    raw = bytes.fromhex(vector["body_hex"])
    header = vector["header"].partition(": ")[2]
    assert is_signed(vector["secret"].encode(), raw, header)
    assert not is_signed(vector["secret"].encode(), json.dumps(json.loads(raw)).encode(), header)
    events: dict[str, Any] = json.loads((SAMPLES / "webhook_events.json").read_text())
    tampered = 0
    for name, event in events.items():
        body, secret = event["body"].encode(), event["secret"].encode()
        header = event["headers"]["BTCPay-Sig"]
        assert is_signed(secret, body, header), name
        assert parse(secret, body, "").type == json.loads(body)["type"]
        for place in range(len(body)):
            changed = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
            assert not is_signed(secret, changed, header)
        for place in range(len(header)):
            changed_header = header[:place] + chr(ord(header[place]) ^ 1) + header[place + 1 :]
            assert not is_signed(secret, body, changed_header)
        tampered += len(body) + len(header)
        assert not is_signed(secret + b"x", body, header)
        assert not is_signed(secret, body, "")
    print(f"{len(events)} signed samples pass, {tampered} with one bit changed are refused")


@pytest.mark.slow
@given(st.binary(), st.text(), st.binary(min_size=1))
def test_no_header_but_the_right_one_is_a_signature(body: bytes, header: str, secret: bytes) -> None:
    right = "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()
    assert is_signed(secret, body, header) == (header.strip() == right)


async def test_a_burst_of_500_sends_two_dispatches(site: SiteFolder, github: GitHub) -> None:
    async with hooked(site, github) as client:
        for start in range(0, 500, 50):
            together = [deliver(client, body_of(number)) for number in range(start, start + 50)]
            assert {answer.text for answer in await asyncio.gather(*together)} == {"taken"}
        assert len(github.asked) == 1
        await asyncio.sleep(119)
        assert len(github.asked) == 1
        await asyncio.sleep(600)
        print(
            f"500 deliveries, {len(github.asked)} dispatches, {github.times[1] - github.times[0]:.0f} s apart"
        )
        assert len(github.asked) == 2
        assert 120 <= github.times[1] - github.times[0] < 130
        # a quiet hour later the next one is at once again
        await asyncio.sleep(3600)
        assert (await deliver(client, body_of(501))).text == "taken"
        await asyncio.sleep(1)
        assert len(github.asked) == 3
    path, body = github.asked[0]
    assert (path, body) == ("/repos/someone/report/actions/workflows/publish.yml/dispatches", {"ref": "main"})


def test_a_burst_over_real_sockets(site: SiteFolder, github: GitHub) -> None:
    """Both servers are real; the second dispatch comes when the receiver is told to stop."""

    async def burst() -> None:
        chosen = hook_section(site)
        values = hook_secrets(site, chosen, {"HOOK_SECRET": SECRET, "HOOK_TOKEN": TOKEN})
        with listening(github.app(), name="github") as api:
            hook = chosen.model_copy(update={"api": api})
            async with httpx.AsyncClient(timeout=60, verify=trust()) as outward_client:
                dispatcher = Dispatcher(hook=hook, token=values["HOOK_TOKEN"], client=outward_client)
                receiver = receiver_of(site, hook, SECRET, dispatcher, Terminal())
                server = uvicorn.Server(
                    uvicorn.Config(application(receiver), port=0, log_config=None, access_log=False)
                )
                running = asyncio.ensure_future(server.serve())
                while not server.started:  # noqa: ASYNC110 -- uvicorn has no event for it
                    await asyncio.sleep(0.01)
                port = server.servers[0].sockets[0].getsockname()[1]
                async with httpx.AsyncClient(
                    base_url=f"http://127.0.0.1:{port}", timeout=60, verify=trust()
                ) as client:
                    for start in range(0, 500, 100):
                        together = [deliver(client, body_of(number)) for number in range(start, start + 100)]
                        assert {answer.text for answer in await asyncio.gather(*together)} == {"taken"}
                assert len(github.asked) == 1
                server.should_exit = True
                await running
        print(f"500 deliveries over sockets, {len(github.asked)} dispatches")
        assert len(github.asked) == 2

    asyncio.run(burst())


async def test_redeliveries_are_known_also_after_a_restart(site: SiteFolder, github: GitHub) -> None:
    again = body_of(1, deliveryId="another", isRedelivery=True)
    async with hooked(site, github) as client:
        assert (await deliver(client, body_of(1))).text == "taken"
        assert (await deliver(client, body_of(1))).text == "known"
        assert (await deliver(client, again)).text == "known"
    async with hooked(site, github) as client:
        assert (await deliver(client, again)).text == "known"
        assert (await deliver(client, body_of(2))).text == "taken"
        await asyncio.sleep(1)
    assert len(github.asked) == 2
    kept = (site.root / DELIVERIES).read_text()
    for private in ("delivery-1", "invoice-1", "donor@", SECRET, TOKEN, "hook-1", STORE):
        assert private not in kept
    assert kept.count("\n") == 2


async def test_stopping_asks_for_what_still_waits(site: SiteFolder, github: GitHub) -> None:
    async with hooked(site, github) as client:
        for number in range(3):
            await deliver(client, body_of(number))
            await asyncio.sleep(1)
        assert len(github.asked) == 1
    assert len(github.asked) == 2


async def test_what_was_never_asked_for_is_asked_for_after_a_restart(
    site: SiteFolder, github: GitHub
) -> None:
    """GitHub is away when an event comes, and the receiver ends: the event is known, its rebuild is owed."""
    github.answers = [Response(status_code=401)]
    async with hooked(site, github) as client:
        assert (await deliver(client, body_of(1))).text == "taken"
        await asyncio.sleep(1)
    assert github.asked == []
    assert (site.root / OWED).exists()
    async with hooked(site, github):
        await asyncio.sleep(1)
        assert len(github.asked) == 1
    assert not (site.root / OWED).exists()
    async with hooked(site, github):
        await asyncio.sleep(1)
    assert len(github.asked) == 1


async def test_an_event_during_a_dispatch_is_still_owed(tmp_path: Path) -> None:
    owed = OwedRebuild(tmp_path / "owed")
    owed.owe(full=False)
    begun = owed.begin()
    owed.owe(full=False)
    owed.done(begun)
    assert OwedRebuild(tmp_path / "owed").is_owed
    owed.done(owed.begin())
    assert not owed.is_owed


async def test_stopping_does_not_wait_for_ever(site: SiteFolder, github: GitHub) -> None:
    github.answers = [Response(status_code=429, headers={"Retry-After": "120"})] * 9
    async with hooked(site, github) as client:
        await deliver(client, body_of(1))
        begun = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - begun < 30
    assert github.asked == []
    assert (site.root / OWED).exists()


async def test_what_is_refused_dispatches_nothing(
    site: SiteFolder, github: GitHub, capsys: pytest.CaptureFixture[str]
) -> None:
    good = body_of(1)
    async with hooked(site, github) as client:
        refused = {
            "no signature": await client.post("/btcpay", content=good),
            "another secret": await deliver(client, good, sign(good, "guess")),
            "another body": await deliver(client, body_of(2), sign(good)),
            "another store": await deliver(client, body_of(3, storeId="another")),
            "large": await deliver(client, b" " * (MOST_BYTES + 1), sign(good)),
            "large, in pieces": await client.post("/btcpay", content=pieces(MOST_BYTES + 1)),
            "another method": await client.get("/btcpay"),
            "another path": await client.post("/other", content=good),
        }
        print({name: answer.status_code for name, answer in refused.items()})
        assert all(400 <= answer.status_code < 500 for answer in refused.values())
        assert all(good.decode() not in answer.text for answer in refused.values())
        assert (await client.get("/healthz")).text == "ok"
        await asyncio.sleep(300)
    assert github.asked == []
    said = capsys.readouterr()
    assert "does the secret match?" in said.err
    assert all(private not in said.out + said.err for private in (SECRET, TOKEN, "invoice-", "donor@"))


async def pieces(size: int) -> AsyncIterator[bytes]:
    for _ in range(0, size, 1024):
        yield b" " * 1024


async def test_a_flood_is_asked_to_come_again(site: SiteFolder, github: GitHub) -> None:
    async with hooked(site, github) as client:
        answers = [await client.post("/btcpay", content=b"x") for _ in range(MOST_A_MINUTE + 5)]
        assert [answer.status_code for answer in answers[-6:]] == [401, 429, 429, 429, 429, 429]
        assert answers[-1].headers["retry-after"] == "60"
        # who has the secret is not crowded out
        assert (await deliver(client, body_of(1))).text == "taken"
        await asyncio.sleep(61)
        assert (await client.post("/btcpay", content=b"x")).status_code == 401


async def test_github_that_is_busy_is_asked_again_and_one_that_refuses_is_named(
    site: SiteFolder, github: GitHub, capsys: pytest.CaptureFixture[str]
) -> None:
    github.answers = [
        Response(status_code=502),
        Response("You have exceeded a secondary rate limit", 403),
        Response(status_code=429, headers={"Retry-After": "30"}),
    ]
    async with hooked(site, github, action="repository_dispatch") as client:
        await deliver(client, body_of(1))
        await asyncio.sleep(300)
        assert github.asked == [("/repos/someone/report/dispatches", {"event_type": EVENT})]
    assert EVENT == "funding-changed"
    assert EVENT in (ROOT / ".github/workflows/publish.yml").read_text()
    capsys.readouterr()
    for status, says in (
        (401, "does not know the token in HOOK_TOKEN"),
        (403, "Actions, write"),
        (404, "there is no publish.yml in someone/report"),
        (422, "publish.yml on main must exist"),
    ):
        github.answers = [Response(status_code=status)]
        async with hooked(site, github) as client:
            await deliver(client, body_of(status))
            await asyncio.sleep(1)
        said = capsys.readouterr().err
        assert says in said
        assert TOKEN not in said


async def test_a_dispatch_that_never_works_ends_with_a_sentence(site: SiteFolder, github: GitHub) -> None:
    github.answers = [Response(status_code=503)] * 9
    async with outward(github) as api:
        dispatcher = Dispatcher(hook=hook_section(site), token=TOKEN, client=api)
        with pytest.raises(NotDispatched, match=r"after 5 tries \(answered 503\); the schedule rebuilds"):
            await dispatcher(full=False)
    assert len(github.answers) == 4


def test_a_missing_secret_or_section_is_named(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ConfigError) as raised:
        hook_secrets(site, hook_section(site), {"HOOK_SECRET": " ", "HOOK_TOKEN": ""})
    assert [problem.path for problem in raised.value.problems] == ["hook.secret_env", "hook.token_env"]
    monkeypatch.delenv("HOOK_SECRET")
    assert run(["hook", "serve"]) == Exit.WRONG_USE
    assert "environment variable HOOK_SECRET is not set" in capsys.readouterr().err
    (site.root / "config.yaml").write_text(CONFIG.partition("hook:")[0])
    assert run(["hook", "serve"]) == Exit.WRONG_USE
    assert "there is no section hook" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("server: pey", "no server in sources.btcpay is called 'pey', did you mean 'pay'?"),
        ("server: pay\n  action: dispatch", "hook.action is 'dispatch'"),
        ("server: pay\n  workflow: publish", "hook.workflow is 'publish'"),
        ("server: pay\n  secret: abc", "unknown key 'secret', did you mean 'secret_env'?"),
    ],
)
def test_a_wrong_section_is_told_with_its_place(
    wrong: str, says: str, site: SiteFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    (site.root / "config.yaml").write_text(
        CONFIG.replace("server: pay\n  secret_env", wrong + "\n  secret_env")
    )
    assert run(["check"]) == Exit.WRONG_USE
    assert says in capsys.readouterr().out


def test_what_is_asked_for_must_be_complete() -> None:
    with pytest.raises(ValueError, match="workflow_dispatch needs repository and token_env"):
        HookConfig.model_validate({"server": "pay", "secret_env": "S"})
    assert (
        HookConfig.model_validate({"server": "pay", "secret_env": "S", "action": "build"}).debounce_s == 120
    )


def test_the_file_of_deliveries_is_bounded_and_survives_damage(tmp_path: Path) -> None:
    path = tmp_path / "deliveries.jsonl"
    deliveries = DeliveryMemory(path)
    files = set[int]()
    for number in range(2 * MOST + 50):
        assert deliveries.remember(TakenDelivery(id=f"{number:032x}", type="t", server="s", at=number))
        files.add(path.stat().st_ino)
    assert len(deliveries) == MOST
    assert len(path.read_bytes().splitlines()) == MOST + 50
    assert len(files) == 2, "written anew once in as many deliveries"
    with path.open("ab") as file:
        file.write(b'{"id": "cut')
    later = DeliveryMemory(path)
    assert len(later) == MOST
    assert not later.remember(TakenDelivery(id=f"{MOST + 50:032x}", type="t", server="s", at=0))
    new = TakenDelivery(id="f" * 32, type="t", server="s", at=0)
    assert later.remember(new)
    assert new in DeliveryMemory(path), "what was cut off does not spoil the next line"
