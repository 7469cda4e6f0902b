"""`sunlit doctor`: what it finds, what it fails on, and that it never says a secret."""

import asyncio
import json
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from jsonschema import Draft202012Validator
from msgspec import structs

from generator.cli import Exit, run
from generator.config import BTCPayServer, ProjectConfig, parse
from generator.doctor import Diagnosis, Level, examine, examine_unassigned
from generator.doctor.btcpay import examine_btcpay
from generator.doctor.examine import examine_relays
from generator.doctor.key_rights import READ_SET, judge_key
from generator.places import REST, UNASSIGNED, btcpay_place, part_of_store
from generator.protocol.nostr import sign
from generator.sandbox.btcpay.faults import Fault
from generator.sandbox.relay import QuirkyRelay, serve_quirky
from generator.sandbox.world import World
from generator.schemas import printed
from generator.snapshot import Attributed, fold
from generator.sources.http import Http
from generator.sources.relays import Relays
from tests.support import published
from tests.support.limits import ONCE
from tests.support.paths import ROOT
from tests.support.village import SHOP, Village

STORE = "9xA"
#: What BTCPay's catalogue offers beyond reading: every kind of change, and spending.
MORE = (
    "unrestricted",
    "btcpay.server.canmodifyserversettings",
    "btcpay.store.canmodifystoresettings",
    "btcpay.store.canmodifyinvoices",
    "btcpay.store.cancreateinvoice",
    "btcpay.store.webhooks.canmodifywebhooks",
    "btcpay.store.canmodifypaymentrequests",
    "btcpay.store.cancreatepullpayments",
    "btcpay.store.canmanagepullpayments",
    "btcpay.store.canmanagepayouts",
    "btcpay.store.canuselightningnode",
    "btcpay.store.canviewreports",
    "btcpay.user.canmodifyprofile",
    "a.permission.of.tomorrow",
)


def server(**fields: object) -> BTCPayServer:
    base = {"id": "pay", "url": "https://pay.example.org", "token_env": "PAY_TOKEN", "stores": [STORE]}
    return BTCPayServer.model_validate(base | fields)


@pytest.mark.parametrize("scope", ["", f":{STORE}"], ids=["every store", "one store"])
@pytest.mark.parametrize("permission", MORE)
def test_a_key_that_can_do_more_than_read_is_an_error_by_name(permission: str, scope: str) -> None:
    found = list(judge_key(server(), [*READ_SET, permission + scope]))
    [error] = [diagnosis for diagnosis in found if diagnosis.level is Level.ERROR]
    assert (error.code, error.subject) == ("btcpay-key-can-more", permission)
    assert permission in str(error)
    assert (f"on store {STORE}" if scope else "on every store of its user") in str(error)
    assert "https://pay.example.org/api-keys/authorize?permissions=btcpay.store.canviewinvoices" in error.fix


@pytest.mark.parametrize("permission", READ_SET)
def test_reading_is_no_error(permission: str) -> None:
    found = list(judge_key(server(), [f"btcpay.store.canviewinvoices:{STORE}", f"{permission}:{STORE}"]))
    assert not [diagnosis for diagnosis in found if diagnosis.level is Level.ERROR]


def test_a_written_reason_turns_the_error_into_a_warning() -> None:
    reason = "The only key that our host hands out; asked for another on 2026-03-01."
    found = list(judge_key(server(key_reason=reason), ["unrestricted"]))
    assert {diagnosis.level for diagnosis in found} <= {Level.WARNING, Level.OK}
    assert any(reason in diagnosis.observed for diagnosis in found)


def test_what_is_missing_is_said() -> None:
    [error] = judge_key(server(), ["btcpay.store.canviewinvoices:another"])
    assert (error.level, error.code) == (Level.ERROR, "btcpay-key-cannot-read")
    [silent] = judge_key(server(), [f"btcpay.store.canviewinvoices:{STORE}"])
    assert (silent.level, silent.code) == (Level.OK, "btcpay-refunds-not-read")
    [warned] = judge_key(server(include=["invoices", "payouts"]), [f"btcpay.store.canviewinvoices:{STORE}"])
    assert (warned.level, "net is n/a" in warned.observed) == (Level.WARNING, True)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World(seed=5, invoices=60, plant=True) as running:
        yield running


@pytest.fixture
def site(tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "config.yaml").write_text(world.config_text())
    for name, value in world.env().items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found_by(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, list[Diagnosis]]]:
    code = run(["doctor", "--json", *arguments])
    rows = json.loads(capsys.readouterr().out)
    Draft202012Validator(printed("", list[Diagnosis])).validate(rows)
    found: dict[str, list[Diagnosis]] = {}
    for row in rows:
        diagnosis = Diagnosis(**{**row, "level": Level(row["level"])})
        found.setdefault(diagnosis.code, []).append(diagnosis)
    return code, found


@pytest.mark.slow
def test_a_whole_world_is_examined_and_nothing_recorded(
    site: Path, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    code, found = found_by(capsys)
    assert code == Exit.DONE
    assert sorted(path.name for path in site.iterdir()) == ["config.yaml"]
    levels = {name: {diagnosis.level for diagnosis in several} for name, several in found.items()}
    assert levels["btcpay-store"] == levels["btcpay-app"] == levels["btcpay-clock"] == {Level.OK}
    assert levels["relay"] == {Level.OK, Level.WARNING}  # one of the three never ends
    assert levels["indexer"] == levels["relay-quorum"] == {Level.OK}
    # the sandbox speaks as the version before the mended one
    assert "2.4.1, before the mended 2.4.2" in found["btcpay-version"][0].observed
    assert run(["doctor"]) == Exit.DONE
    said = capsys.readouterr()
    everything = said.out + said.err
    assert "0 wrong" in said.err
    secrets = {token.value for token in world.btcpay.tokens if not token.published} | set(
        world.env().values()
    )
    assert [secret for secret in secrets if secret in everything] == []


def test_the_command_fails_for_a_key_that_can_do_more_and_names_what(
    site: Path, world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    [name] = [name for name, value in world.env().items() if value == world.town.reader.text]
    monkeypatch.setenv(name, world.town.careless.text)
    code, found = found_by(capsys, "--source", "pay")
    assert code == Exit.WRONG_USE
    named = {diagnosis.subject for diagnosis in found["btcpay-key-can-more"]}
    held = {permission.partition(":")[0] for permission in world.town.careless.permissions}
    assert named == held - set(READ_SET) != set()
    assert run(["doctor", "--source", "pay"]) == Exit.WRONG_USE
    said = capsys.readouterr()
    assert all(subject in said.out for subject in named)
    assert world.town.careless.text not in said.out + said.err
    assert site.is_dir()


@pytest.mark.slow
def test_the_smallest_key_builds_and_says_what_is_not_read(
    site: Path, world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    [name] = [name for name, value in world.env().items() if value == world.town.reader.text]
    monkeypatch.setenv(name, world.town.narrow.text)
    code, found = found_by(capsys, "--source", "pay")
    assert code == Exit.DONE
    assert all("refunds are not read" in diagnosis.observed for diagnosis in found["btcpay-refunds-not-read"])
    assert run(["build"]) in {Exit.DONE, Exit.PARTLY}
    figures = {figure["id"]: figure["value"] for figure in published.figures(site / "output")}
    assert figures["garden/raised"] > 0
    assert figures["garden/refunded"] is None
    assert figures["garden/net"] is None
    page = (site / "output/p/garden/index.html").read_text()
    assert "efunds" in page
    assert "not read" in page


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (Fault.HTML, "with a web page"),
        (Fault.UNAUTHORIZED, "does not accept the API key"),
        (Fault.FORBIDDEN, "refused the API key"),
        (Fault.EMPTY, "with nothing"),
        (Fault.TRUNCATED, "damaged or cut off"),
    ],
)
def test_a_server_that_cannot_be_read_is_an_error_in_a_sentence(
    world: World, fault: Fault, says: str
) -> None:
    world.btcpay.faults.add(fault, path="/server/info")
    try:
        [error] = examined(world, only="pay")
    finally:
        world.btcpay.faults.heal()
    assert (error.code, error.level) == ("btcpay-unreachable", Level.ERROR)
    assert says in error.observed


def examined(world: World, *, only: str, at: datetime | None = None) -> list[Diagnosis]:
    config = parse(world.config_text())

    async def asked() -> list[Diagnosis]:
        moment = at or datetime.now(UTC)
        return [
            diagnosis async for diagnosis in examine(config, world.env(), at=moment, limits=ONCE, only=only)
        ]

    return asyncio.run(asked())


def test_a_currency_that_nobody_prices_is_seen(world: World) -> None:
    config = parse(re.sub(r"fiat: \[.*?\]", "fiat: [EUR, ISK]", world.config_text(), count=1))

    async def asked() -> list[Diagnosis]:
        asking = examine(config, world.env(), at=world.now, limits=ONCE, only="rates")
        return [diagnosis async for diagnosis in asking]

    euro, crown = asyncio.run(asked())
    assert (euro.code, euro.subject, euro.level) == ("rates", "EUR", Level.OK)
    assert (crown.subject, crown.level) == ("ISK", Level.WARNING)
    assert "sources.rates" in crown.fix


def test_a_clock_that_is_off_is_seen(world: World) -> None:
    for away, level in ((timedelta(0), Level.OK), (timedelta(hours=3), Level.WARNING)):
        [clock] = [
            diagnosis
            for diagnosis in examined(world, only="pay", at=datetime.now(UTC) + away)
            if diagnosis.code == "btcpay-clock"
        ]
        assert clock.level is level, clock.observed


@pytest.mark.parametrize("date", ["", "yesterday"])
@pytest.mark.parametrize("version", ["", "edge"])
def test_what_a_server_does_not_tell_is_unknown_and_no_credential_is_said(date: str, version: str) -> None:
    told = httpx.Response(200, json={"version": version}, headers={"Date": date} if date else {})
    found = asked_of(lambda request: told if request.url.path.endswith("/info") else httpx.Response(500))
    assert [(diagnosis.code, diagnosis.level, diagnosis.observed) for diagnosis in found[:2]] == [
        ("btcpay-version", Level.WARNING, "not told in a form that Sunlit knows"),
        ("btcpay-clock", Level.WARNING, "not known: the answer has no date that can be read"),
    ]
    assert (found[2].code, found[2].subject) == ("btcpay-unreachable", "https://pay.example.org/btcpay")
    assert "hush" not in "".join(map(str, found))


def asked_of(
    answer: Callable[[httpx.Request], httpx.Response], projects: Sequence[ProjectConfig] = ()
) -> list[Diagnosis]:
    async def asked() -> list[Diagnosis]:
        shop = server(url="https://pay.example.org/btcpay")
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
            private = (
                "https://me:hush@pay.example.org/btcpay"  # config.yaml may hold none; whoever calls could
            )
            http = Http(client=client, source="pay", base_url=private, limits=ONCE)
            moment = datetime(2026, 5, 1, tzinfo=UTC)
            return [found async for found in examine_btcpay(shop, projects, http, at=moment)]

    return asyncio.run(asked())


def but(part: str, status: int, body: object) -> Callable[[httpx.Request], httpx.Response]:
    """Return a small store that is well, but for what it answers where a path has this part."""

    def answer(request: httpx.Request) -> httpx.Response:
        if part in request.url.path:
            return httpx.Response(status, json=body)
        permissions = {"permissions": [f"{READ_SET[0]}:{STORE}"]}
        known = {"/info": {"version": "2.4.2"}, "/current": permissions, "/invoices": []}
        return httpx.Response(200, json=known.get(request.url.path[request.url.path.rindex("/") :], {}))

    return answer


@pytest.mark.parametrize(
    ("status", "body", "level", "says"),
    [
        (200, {"storeId": STORE}, Level.OK, "the server knows it"),
        (200, {"storeId": "another"}, Level.WARNING, "does not list"),
        (404, {"code": "app-not-found", "message": "no"}, Level.ERROR, "no app of this kind"),
        (403, {"code": "missing-permission", "message": "no"}, Level.WARNING, "2.0.5 and later do"),
        (404, {}, Level.WARNING, "2.0.5 and later do"),
        (503, {}, Level.ERROR, "503"),
    ],
)
def test_a_point_of_sale_is_looked_for(status: int, body: object, level: Level, says: str) -> None:
    bread = ProjectConfig.model_validate({"slug": "bread", "btcpay": {"source": "pay", "pos": "P1"}})
    [found] = [row for row in asked_of(but("/apps/pos/", status, body), [bread]) if row.code == "btcpay-app"]
    assert (found.level, found.subject) == (level, "point of sale of bread")
    assert says in found.observed


@pytest.mark.parametrize(
    ("status", "code", "level", "says"),
    [
        (200, "", Level.OK, "the server knows it"),
        (404, "payment-request-not-found", Level.ERROR, "no payment request with this id"),
        (403, "missing-permission", Level.WARNING, "btcpay.store.canviewpaymentrequests"),
        (404, "", Level.WARNING, "does not tell"),
        (503, "", Level.ERROR, "503"),
    ],
)
def test_a_payment_request_is_looked_for(status: int, code: str, level: Level, says: str) -> None:
    body = {"code": code} if code else {}
    roof = ProjectConfig.model_validate({"slug": "roof", "btcpay": {"source": "pay", "payment_request": "R"}})
    [found] = [
        row for row in asked_of(but("/payment-requests/", status, body), [roof]) if row.code == "btcpay-app"
    ]
    assert (found.level, found.subject) == (level, "payment request of roof")
    assert says in found.observed


def test_an_indexer_that_is_down_is_named_and_leaves_no_witness(world: World) -> None:
    world.indexers[1].faults.add(Fault.DOWN)
    try:
        found = examined(world, only="indexers")
    finally:
        world.indexers[1].faults.heal()
    assert [(diagnosis.code, diagnosis.level) for diagnosis in found] == [
        ("indexer", Level.OK),
        ("indexer", Level.WARNING),
        ("indexer-witness", Level.WARNING),
    ]


def test_money_in_doubt_is_named_with_its_candidates_until_it_is_accepted() -> None:
    village = Village()
    doubt, app = btcpay_place("S1", UNASSIGNED), btcpay_place("S1", part_of_store("crowdfund", "A1"))
    assert list(examine_unassigned(fold(village.lines()), village.config())) == []  # nothing is recorded yet
    village.run("2025-01-10")
    village.says("well", SHOP, kind="crowdfund")
    village.says("bread", SHOP)
    [nothing] = examine_unassigned(fold(village.lines()), village.config())
    assert (nothing.level, nothing.subject) == (Level.OK, "store S1")
    assert nothing.observed == "nothing is unassigned, as of 10 Jan 2025, 00:00 UTC"
    village.records += [
        structs.replace(village.entry("bread", "payment", 17, "2025-01-08", count=3), place=doubt),
        Attributed(
            id="a", source=SHOP, place=doubt, created_month="2025-01", count=3, amount_msat=17_000,
            how="may belong", others=(app, btcpay_place("S1", REST)),
        ),
    ]  # fmt: skip
    [found] = examine_unassigned(fold(village.lines()), village.config())
    assert (found.code, found.level, found.source) == ("btcpay-unassigned", Level.WARNING, "shop")
    token = app.rpartition(":")[2]
    assert "17 sat in 3 payments may belong to " in found.observed
    assert f"Crowdfund {token} of well" in found.observed
    assert "Rest of the store of bread" in found.observed
    assert f"{{place: {doubt!r}, reason: …}}" in found.fix
    village.settings["accepted"] = [{"place": doubt, "reason": "gifts of the first year"}]
    [found] = examine_unassigned(fold(village.lines()), village.config())
    assert (found.level, found.fix) == (Level.OK, "")
    assert found.observed.endswith("; accepted: gifts of the first year")
    assert list(examine_unassigned(fold(village.lines()), village.config(), only="nostr")) == []


def test_a_damaged_log_is_an_error_beside_what_sources_said(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = site / "content/snapshots/runs"
    runs.mkdir(parents=True)
    (runs / "2026-01.jsonl").write_text("no log\n")
    code, found = found_by(capsys, "--source", "machine")
    assert code == Exit.WRONG_USE
    assert found["curve"]
    assert "2026-01.jsonl" in found["log"][0].observed


def test_a_relay_without_what_others_have_is_one_to_look_at() -> None:
    events = [sign(bytes([9]) * 32, kind=3030, content=str(at), created_at=at) for at in range(3)]

    async def examined() -> list[Diagnosis]:
        empty, full = QuirkyRelay(), QuirkyRelay(events=events)
        async with serve_quirky(empty), serve_quirky(full):
            relays = Relays(urls=[empty.url, full.url], quorum=2)
            found = [each async for each in examine_relays(relays)]
            return sorted(found, key=lambda each: each.subject != empty.url)

    first, *others = asyncio.run(examined())
    assert (first.level, first.observed, first.expected) == (
        Level.WARNING,
        "complete, without any of the 3 events that other relays have",
        "what others have",
    )
    assert {each.level for each in others} == {Level.OK}


def test_every_code_is_explained() -> None:
    written = "".join(path.read_text() for path in (ROOT / "generator/doctor").rglob("*.py"))
    codes = set(re.findall(r'code="([a-z-]+)"', written)) | {"indexer-witness", "indexers-none"}
    codes |= {"probe-indexer", "probe-relay"}
    codes |= {f"github-{code}" for code in re.findall(r'finding\(\s*"([a-z-]+)"', written)}
    text = (ROOT / "docs/doctor.md").read_text()
    assert {code for code in codes if f"### {code}\n" not in text} == set()
