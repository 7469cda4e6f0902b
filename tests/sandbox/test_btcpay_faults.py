"""Faults on demand: each looks to a client as the real thing does."""

import time
from collections.abc import Iterator

import httpx
import pytest

from generator.cli.commands.sandbox import VERSIONS
from generator.sandbox.btcpay import BTCPayServer, Deeds, Fault, Town, Version, build_town
from tests.support.trust import trust


@pytest.fixture(scope="module")
def frail() -> Iterator[tuple[BTCPayServer, Town]]:
    town = build_town(5, invoices=30, now=1_790_000_000, deeds=Deeds())
    with town.server() as server:
        yield server, town


@pytest.fixture
def ask(frail: tuple[BTCPayServer, Town]) -> Iterator[httpx.Client]:
    server, town = frail
    headers = {"Authorization": f"token {town.reader.text}"}
    with httpx.Client(base_url=f"{server.url}/api/v1", headers=headers, timeout=60, verify=trust()) as client:
        yield client
    server.faults.heal()


@pytest.mark.parametrize(
    ("fault", "status", "body"),
    [
        (Fault.DOWN, 503, "<html>"),
        (Fault.GATEWAY, 502, "<html>"),
        (Fault.ERROR, 500, ""),
        (Fault.UNAUTHORIZED, 401, '{"code":"unauthenticated"'),
        (Fault.FORBIDDEN, 403, '{"missingPermission"'),
        (Fault.LIMITED, 429, "<html>"),
        (Fault.HTML, 200, "<html>"),
        (Fault.EMPTY, 200, ""),
    ],
)
def test_answers_at_once(
    frail: tuple[BTCPayServer, Town], ask: httpx.Client, *, fault: Fault, status: int, body: str
) -> None:
    frail[0].faults.add(fault, seconds=7)
    answer = ask.get("/server/info")
    assert answer.status_code == status
    assert answer.text.startswith(body)
    assert bool(body) == bool(answer.text)
    assert answer.headers.get("Retry-After") == ("7" if fault is Fault.LIMITED else None)


def test_a_truncated_answer_is_half_of_a_good_one(
    frail: tuple[BTCPayServer, Town], ask: httpx.Client
) -> None:
    whole = ask.get("/server/info").content
    frail[0].faults.add(Fault.TRUNCATED)
    assert ask.get("/server/info").content == whole[: len(whole) // 2]


def test_slow_answers_and_no_answer(frail: tuple[BTCPayServer, Town], ask: httpx.Client) -> None:
    frail[0].faults.add(Fault.SLOW, seconds=0.4)
    began = time.monotonic()
    assert ask.get("/server/info").status_code == 200
    assert time.monotonic() - began >= 0.4
    frail[0].faults.heal()
    frail[0].faults.add(Fault.TIMEOUT)
    with pytest.raises(httpx.ReadTimeout):
        ask.get("/server/info", timeout=0.2)


def test_a_fault_strikes_where_and_as_often_as_told(
    frail: tuple[BTCPayServer, Town], ask: httpx.Client
) -> None:
    server, town = frail
    server.faults.add(Fault.ERROR, path="/invoices", times=2)
    url = f"/stores/{town.stores[0]}/invoices"
    statuses = [ask.get(path).status_code for path in (url, "/server/info", url, url)]
    assert statuses == [500, 200, 500, 200]


def test_the_command_offers_every_version() -> None:
    assert tuple(Version) == VERSIONS


def test_an_old_server_lists_no_payments_and_has_other_names(frail: tuple[BTCPayServer, Town]) -> None:
    town = frail[1]
    headers = {"Authorization": f"token {town.reader.text}"}
    with (
        town.server(version=Version.FIRST) as server,
        httpx.Client(base_url=f"{server.url}/api/v1", headers=headers, verify=trust()) as client,
    ):
        listed = client.get(f"/stores/{town.stores[0]}/invoices?includePaymentMethods=true").json()
        assert all({"paymentMethods", "paidAmount"}.isdisjoint(invoice) for invoice in listed)
        assert {rail for invoice in listed for rail in invoice["checkout"]["paymentMethods"]} == {
            *("BTC", "BTC_LightningLike", "BTC_LNURLPAY", "XMR-CHAIN", "BTC-ARKADE")
        }
        [method, *_] = client.get(
            f"/stores/{town.stores[0]}/invoices/{listed[0]['id']}/payment-methods"
        ).json()
        assert {"paymentMethod", "cryptoCode", "networkFee"} <= set(method)
        assert {"paymentMethodId", "currency", "paymentMethodFee"}.isdisjoint(method)
