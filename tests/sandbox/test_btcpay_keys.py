"""Keys: what each may read, and what a server says to one that may not."""

import httpx
import pytest

from generator.sandbox.btcpay import BTCPayServer, Town, Version
from generator.sandbox.btcpay.keys import VIEW_INVOICES, VIEW_SETTINGS, Key, token_of
from tests.support.trust import trust

NEEDS_SETTINGS = ("/stores/{store}", "/stores/{store}/rates", "/stores/{store}/payment-methods")
READER_ONLY = {
    **dict.fromkeys(NEEDS_SETTINGS, VIEW_SETTINGS),
    "/stores": VIEW_SETTINGS,
    "/stores/{store}/pull-payments": "btcpay.store.canviewpullpayments",
    "/stores/{store}/payouts": "btcpay.store.canviewpayouts",
}
ANY_KEY = ("/stores/{store}/invoices?take=1", "/apps/crowdfund/{app}", "/server/info", "/api-keys/current")


def _url(town: Town, path: str) -> str:
    return path.format(store=town.stores[1], app=next(iter(town.books.crowdfunds)))


@pytest.mark.parametrize(("path", "right"), READER_ONLY.items())
def test_the_narrow_key_reads_invoices_and_no_settings(
    client: httpx.Client, town: Town, *, path: str, right: str
) -> None:
    assert client.get(_url(town, path)).status_code == 200
    client.headers["Authorization"] = f"Bearer {town.narrow.text}"
    answer = client.get(_url(town, path))
    assert answer.status_code == 403
    assert answer.json()["missingPermission"] == right


@pytest.mark.parametrize("path", ANY_KEY)
def test_the_narrow_key_reads_all_that_a_report_needs(client: httpx.Client, town: Town, path: str) -> None:
    client.headers["Authorization"] = f"TOKEN   {town.narrow.text}"
    assert client.get(_url(town, path)).status_code == 200


def test_only_health_and_a_known_pull_payment_need_no_key(client: httpx.Client, town: Town) -> None:
    del client.headers["Authorization"]
    pull = town.books.pulls[0].id
    assert client.get("/health").json() == {"synchronized": True}
    assert client.get(f"/pull-payments/{pull}/payouts").status_code == 200
    assert client.get("/pull-payments/unknown/payouts").status_code == 404
    assert client.get("/server/info").status_code == 401


def test_a_scope_is_one_store_and_case_matters() -> None:
    key = Key(text="k", permissions=(f"{VIEW_SETTINGS}:Abc",))
    assert key.may(VIEW_INVOICES, "Abc")
    assert not key.may(VIEW_INVOICES, "abc")
    assert not Key(text="k", permissions=(f"{VIEW_INVOICES}:Abc",)).may(VIEW_SETTINGS, "Abc")
    assert Key(text="k", permissions=("unrestricted",)).may(VIEW_SETTINGS, "Abc")
    assert Key(text="k", permissions=(VIEW_SETTINGS,)).may(VIEW_INVOICES, "Abc")


def test_a_right_in_a_store_that_is_not_there_is_no_right(client: httpx.Client, town: Town) -> None:
    client.headers["Authorization"] = f"token {town.careless.text}"
    assert client.get(f"/stores/{town.stores[0]}").status_code == 200
    assert client.get("/stores/nobody").status_code == 403


def test_cancelled_payouts_and_archived_promises_come_only_when_asked_for(
    client: httpx.Client, town: Town
) -> None:
    base = f"/stores/{town.stores[1]}"
    states = {payout["state"] for payout in client.get(f"{base}/payouts").json()}
    assert states == {"Completed", "InProgress", "AwaitingApproval", "AwaitingPayment"}
    all_states = {payout["state"] for payout in client.get(f"{base}/payouts?includeCancelled=true").json()}
    assert all_states - states == {"Cancelled"}
    open_ones = client.get(f"{base}/pull-payments").json()
    everything = client.get(f"{base}/pull-payments?includeArchived=true").json()
    assert {pull_payment["archived"] for pull_payment in open_ones} == {False}
    assert len(everything) > len(open_ones)


@pytest.mark.parametrize(
    ("header", "found"), [("token a", "a"), ("bearer  a", "a"), ("Basic a", None), ("a", None), ("", None)]
)
def test_headers(header: str, found: str | None) -> None:
    assert token_of(header) == found


def test_rates_are_per_pair_and_a_bad_pair_is_422(client: httpx.Client, town: Town) -> None:
    base = f"/stores/{town.stores[0]}/rates"
    found = client.get(f"{base}?currencyPair=BTC_EUR&currencyPair=BTC_XYZ").json()
    assert [(rate["currencyPair"], rate["rate"], rate["errors"]) for rate in found] == [
        ("BTC_EUR", f"{town.books.prices['EUR']}", []),
        ("BTC_XYZ", None, ["RateUnavailable"]),
    ]
    assert [rate["currencyPair"] for rate in client.get(base).json()] == ["BTC_EUR"]
    assert client.get(f"{base}?currencyPair=EUR").status_code == 422


def test_a_path_prefix_is_part_of_every_address(
    server: BTCPayServer, town: Town, client: httpx.Client
) -> None:
    assert server.url.endswith("/btcpay")
    assert httpx.get(server.url.removesuffix("/btcpay") + "/api/v1/health").status_code == 404
    [invoice] = client.get(f"/stores/{town.stores[1]}/invoices?take=1").json()
    assert invoice["checkoutLink"].startswith(f"{server.url}/i/")


def test_before_1_12_only_who_may_pay_out_sees_what_was_paid_out(town: Town) -> None:
    with (
        town.server(version=Version.OLD) as server,
        httpx.Client(base_url=f"{server.url}/api/v1", verify=trust()) as client,
    ):
        reader = {"Authorization": f"token {town.reader.text}"}
        owner = {"Authorization": f"token {town.careless.text}"}
        assert client.get("/server/info", headers=reader).json()["version"] == "1.10.4"
        for path in ("pull-payments", "payouts"):
            refused = client.get(f"/stores/{town.stores[0]}/{path}", headers=reader)
            assert refused.status_code == 403
            assert refused.json()["missingPermission"] == "btcpay.store.canmanagepullpayments"
            assert client.get(f"/stores/{town.stores[0]}/{path}", headers=owner).status_code == 200
