"""Money out of a street's stores: refunds under every name, wages, top-ups; and coins and periods."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Literal, get_args

import httpx
import pytest

from generator.sandbox.btcpay import COINS, PAYBACKS, Deed, DeedKind, Deeds, Street, Town, build_street
from generator.sandbox.btcpay.coins import COUNTED
from generator.sandbox.btcpay.deeds import CROWDFUND, REST
from generator.sandbox.btcpay.model import Crowdfund
from generator.sandbox.btcpay.periods import begun_by
from generator.sandbox.store_truth import StoreTruth, stores_of
from tests.sandbox.clock import NOW
from tests.support.trust import trust

BTC = 10**11
Fate = Literal["open", "disabled", "archived", "deleted"]


@dataclass(frozen=True, slots=True)
class Served:
    """One store with all stories, read as a reader may."""

    town: Town
    deeds: Deeds
    client: httpx.Client
    truth: StoreTruth

    def get(self, path: str) -> list[dict[str, Any]]:
        answer = self.client.get(f"/stores/{self.town.stores[0]}/{path}")
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()
        return found


@pytest.fixture(scope="module")
def street() -> Iterator[Served]:
    deeds = Deeds()
    setting = Street(seed=9, now=NOW, coins=tuple(COINS), paybacks=PAYBACKS, reset=(1, "Month"))
    town = build_street(setting, deeds)
    [truth] = stores_of((*deeds, *deeds.others)).values()
    headers = {"Authorization": f"token {town.reader.text}"}
    with (
        town.server() as server,
        httpx.Client(base_url=f"{server.url}/api/v1", headers=headers, timeout=60, verify=trust()) as client,
    ):
        yield Served(town, deeds, client, truth)


@pytest.fixture
def payouts(street: Served) -> list[dict[str, Any]]:
    return street.get("payouts?includeCancelled=true")


def test_every_story_happened_to_an_invoice_of_its_own(street: Served) -> None:
    pulls = street.get("pull-payments?includeArchived=true")
    assert len(pulls) == sum(bool(story.title) for story in PAYBACKS)
    assert len(street.town.books.payouts) == sum(len(story.percent) for story in PAYBACKS)
    names = [pull["name"] for pull in pulls]
    assert len(set(names)) == len(names)
    paid = {invoice.id for invoice in street.town.books.invoices if invoice.payments}
    named = Counter(invoice for invoice in paid for name in names if invoice in name)
    linked = sum(story.row == "L2" for story in PAYBACKS)
    assert sorted(named.values()) == [1] * (linked + 2), "two more in the name that says two"


def test_what_left_is_refunds_by_place_and_other_money(street: Served) -> None:
    moved = [story for story in PAYBACKS if story.moved and story.percent]
    deeds = [*street.deeds, *street.deeds.others]
    refunds = [deed for deed in deeds if deed.kind is DeedKind.REFUNDED]
    assert len(refunds) == sum(len(story.percent) for story in moved if story.row)
    assert {deed.place.kind for deed in refunds} == {CROWDFUND, REST}
    assert {deed.project for deed in refunds} == {"crowdfund-1", "rest-1"}
    sent = sum(payout.amount_msat or 0 for payout in street.town.books.payouts if payout.state == "Completed")
    by_hand = next(payout for payout in street.town.books.payouts if payout.state == "AwaitingPayment")
    topped_up = next(payout for payout in street.town.books.payouts if payout.rail == "TOPUP")
    assert by_hand.amount_msat
    assert topped_up.amount_msat
    assert topped_up.amount_msat < 0
    total = street.truth.refunded.total() + street.truth.paid_out
    assert total == sent + by_hand.amount_msat - topped_up.amount_msat
    assert street.truth.paid_out > 0


def test_payouts_of_archived_promises_are_in_no_answer(street: Served, payouts: list[dict[str, Any]]) -> None:
    [archived] = [pull for pull in street.town.books.pulls if pull.archived]
    hidden = [payout for payout in street.town.books.payouts if payout.pull == archived.id]
    assert [payout.state for payout in hidden] == ["Completed"]
    assert len(payouts) == len(street.town.books.payouts) - 1
    answer = street.client.get(f"/pull-payments/{archived.id}/payouts?includeCancelled=true")
    assert (answer.status_code, answer.json()) == (200, [])


def test_payouts_look_as_btcpay_writes_them(payouts: list[dict[str, Any]]) -> None:
    """Rows 15 to 18 of what can happen, and payouts without a pull payment."""
    by_state = Counter(payout["state"] for payout in payouts)
    assert by_state["AwaitingPayment"] == by_state["InProgress"] == 1
    [old] = [payout for payout in payouts if payout["state"] == "AwaitingPayment"]
    assert NOW - old["date"] == 40 * 86_400
    [top_up] = [payout for payout in payouts if payout["payoutMethodId"] == "TOPUP"]
    assert top_up["payoutAmount"].startswith("-0.")
    assert Decimal(top_up["originalAmount"]) < 0
    unproven = [payout for payout in payouts if payout["state"] == "Completed" and not payout["paymentProof"]]
    assert len(unproven) == 1
    sources = {payout["metadata"]["source"] for payout in payouts if payout["pullPaymentId"] is None}
    assert sources == {"Payroll", "Prism (ada@example.org)"}


def test_a_limit_in_euros_is_sent_in_bitcoin_rounded_up(
    street: Served, payouts: list[dict[str, Any]]
) -> None:
    parts = [payout for payout in payouts if payout["originalCurrency"] == "EUR"]
    assert len(parts) == 2
    [pull] = [pull for pull in street.get("pull-payments") if pull["currency"] == "EUR"]
    invoice = next(one for one in street.town.books.invoices if one.id in pull["name"])
    for part in parts:
        worth = Decimal(part["payoutAmount"]) * invoice.rate
        assert 0 <= worth - Decimal(part["originalAmount"]) <= invoice.rate * Decimal("0.00000001")
        assert Decimal(part["originalAmount"]) == round(Decimal(part["originalAmount"]), 2)


def test_a_shops_refund_names_an_order_and_is_cut_by_bytes(street: Served) -> None:
    names = [pull["name"] for pull in street.get("pull-payments")]
    shop = [name for name in names if name.startswith("Refund of order ")]
    assert [name.partition("; ")[2] for name in shop] == [
        "broken",
        "zerbrochen, leider schon \ufffd",
        "twice",
    ]
    orders = [name.removeprefix("Refund of order ").partition(";")[0] for name in shop]
    asked = [street.get(f"invoices?includeArchived=true&orderId={order}") for order in orders]
    assert [len(found) for found in asked] == [1, 1, 2]
    assert all("WooCommerce" in one["metadata"]["posData"] for found in asked for one in found)


@pytest.mark.parametrize(
    ("rail", "coin", "digits"),
    [
        ("ARKADE", "BTC", 8),
        ("CASHU", "BTC", 8),
        ("LBTC-CHAIN", "LBTC", 8),
        ("USDT-TRON", "USDt", 6),
        ("XMR-CHAIN", "XMR", 12),
        ("STRIPE", "EUR", 2),
    ],
)
def test_a_plugins_rail_says_its_coin(street: Served, *, rail: str, coin: str, digits: int) -> None:
    invoices = street.get("invoices?includeArchived=true&includePaymentMethods=true")
    methods = [
        (one, way) for one in invoices for way in one["paymentMethods"] if way["paymentMethodId"] == rail
    ]
    assert len(methods) == 4, "one at each place"
    for invoice, method in methods:
        [payment] = method["payments"]
        assert (method["currency"], len(payment["value"].partition(".")[2])) == (coin, digits)
        worth = Decimal(payment["value"]) * Decimal(method["rate"])
        step = Decimal(method["rate"]).scaleb(-min(digits, 11))
        assert Decimal(invoice["amount"]) <= worth <= Decimal(invoice["amount"]) + step
    total = sum(Decimal(method["payments"][0]["value"]) for _, method in methods)
    noted = sum(amount for (_, by, _), amount in street.truth.coins.items() if by == rail)
    paid = {deed.rail for deed in street.deeds if deed.kind is DeedKind.PAID}
    assert (rail in paid) == (rail in COUNTED)
    assert noted == (0 if rail in COUNTED else total * BTC)


@pytest.mark.parametrize(
    ("start", "every", "unit", "resets"),
    [
        ("2026-01-31", 1, "Month", ["2026-02-28", "2026-03-28", "2026-04-28"]),
        ("2025-12-30", 1, "Month", ["2026-01-30", "2026-02-28", "2026-03-28", "2026-04-28"]),
        ("2024-02-29", 1, "Year", ["2025-02-28", "2026-02-28"]),
        ("2026-01-28", 2, "Month", ["2026-03-28"]),
        ("2026-04-20", 7, "Day", ["2026-04-27"]),
        ("2026-05-20", 1, "Month", []),
    ],
)
def test_a_crowdfund_begins_anew_from_the_reset_before(
    street: Served, *, start: str, every: int, unit: str, resets: list[str]
) -> None:
    """By hand from `CrowdfundPlugin.cs`; a start in the future is the beginning itself."""
    app = next(iter(street.town.books.crowdfunds.values()))
    first = datetime.fromisoformat(start).replace(tzinfo=UTC)
    found = begun_by(_anew(app, int(first.timestamp()), (every, unit)), datetime(2026, 4, 30, tzinfo=UTC))
    assert [f"{at:%Y-%m-%d}" for at in found] == [start, *resets]


def _anew(app: Crowdfund, starts: int, reset: tuple[int, str]) -> Crowdfund:
    return Crowdfund(
        id=app.id,
        store=app.store,
        name=app.name,
        title=app.title,
        tagline=app.tagline,
        description=app.description,
        created=starts,
        starts=starts,
        ends=None,
        currency=app.currency,
        target=app.target,
        reset=reset,
    )


@pytest.mark.parametrize("became", get_args(Fate))
def test_an_app_may_be_gone_and_its_money_is_not(became: Fate) -> None:
    deeds = Deeds()
    town = build_street(Street(seed=4, now=NOW, visits=1, app=became, reset=(2, "Day")), deeds)
    app = next(campaign.app for campaign in town.campaigns if campaign.app)
    with town.server() as server:
        url = f"{server.url}/api/v1/apps/crowdfund/{app.id}"
        answer = httpx.get(url, headers={"Authorization": f"token {town.reader.text}"}, timeout=60)
    said = answer.json()
    if became == "deleted":
        assert (answer.status_code, said["code"]) == (404, "app-not-found")
    else:
        assert (said["enabled"], said["archived"]) == (became != "disabled", became == "archived")
        assert (said["resetEveryAmount"], said["resetEvery"]) == (2, "Day")
    [truth] = stores_of(deeds).values()
    assert truth.places[f"crowdfund:{app.id}"] > 0


def test_deeds_of_other_coins_and_wages_are_in_no_projects_figures(street: Served) -> None:
    kinds: set[DeedKind] = {deed.kind for deed in street.deeds}
    others: list[Deed] = street.deeds.others
    assert kinds <= {DeedKind.PAID, DeedKind.REFUNDED, DeedKind.DECLARED}
    assert {deed.kind for deed in others} == {DeedKind.OTHER_COIN, DeedKind.PAID_OUT}
