"""Situations of BTCPay stores and what a report must say of each, from answers to figures.

The rows are those of the table at the end of our notes about BTCPay's source: each names one situation.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from generator.config import parse
from generator.errors import ConfigError
from generator.places import store_source
from generator.snapshot import Outcome
from tests.support.small_store import (
    BILL,
    FUND,
    HOME,
    NOW,
    OTHER_FUND,
    REFUSED,
    SECOND,
    STORE,
    TERM,
    TILL,
    TILL_TERM,
    Seen,
    SmallStore,
    ago,
    config_text,
    look,
    payment,
    seconds,
)

A_FUND = {"source": "pay", "app": FUND}
A_TILL = {"source": "pay", "pos": TILL}
A_STORE = {"source": "pay", "store": STORE}
EXACT, LEAST, MOST = "exact", "at_least", "at_most"
OLD = seconds(datetime(2023, 1, 10, tzinfo=UTC))
REST, UNASSIGNED = (f"all/place@{store_source(STORE)}@{part}" for part in ("rest", "unassigned"))


@pytest.fixture
def shop() -> SmallStore:
    """Return a server with one crowdfund."""
    small = SmallStore()
    small.fund()
    return small


def of(seen: Seen, **wanted: object) -> None:
    """Compare figures of project ``a``: exact, or as (value, bound)."""
    pairs = {name: value if isinstance(value, tuple) else (value, EXACT) for name, value in wanted.items()}
    assert {name: seen.figures[f"a/{name}"] for name in pairs} == pairs


def test_row_01_old_order_id(shop: SmallStore, tmp_path: Path) -> None:
    for day, page in enumerate((f"{HOME}/apps/hub?id=x", "")):
        shop.paid("0.01", at=OLD + day * 86_400, page=page, terms=(TERM,), metadata={"orderId": TERM})
    seen = look(tmp_path, {"pay": shop}, {"a": A_FUND})
    of(seen, raised=2_000_000, contributions=2)
    assert seen.hows == {"by old order id": 2}


def test_row_02_point_of_sale_by_lnurl(tmp_path: Path) -> None:
    shop, tea = SmallStore(), payment("0.01", "BTC-LNURL")
    for path in (f"/BTC/UILNURL/pay/app/{TILL}/tea", f"/BTC/lnurl/pay/app/{TILL}"):
        shop.paid(tea, page=HOME + path, terms=(TILL_TERM,))
    shop.paid(tea, at=seconds(datetime(2024, 5, 1, tzinfo=UTC)), terms=(TILL_TERM,))
    seen = look(tmp_path, {"pay": shop}, {"a": A_TILL})
    of(seen, raised=3_000_000, contributions=3)
    assert seen.hows == {"by order page and term": 2, "by term": 1}


def test_row_03_pages_of_a_point_of_sale(tmp_path: Path) -> None:
    shop = SmallStore()
    for path in (f"/apps/{TILL}/pos/2", f"/Apps/{TILL}/POS/Static", f"/apps/{TILL}/pos?x=1", "/"):
        shop.paid("0.01", page=HOME + path, terms=(TILL_TERM,))
    of(look(tmp_path, {"pay": shop}, {"a": A_TILL}), raised=4_000_000, contributions=4)


@pytest.mark.parametrize("text", [{"orderId": TERM}, {"buyerEmail": f"{TERM}@example.org"}])
def test_row_04_payer_names_another_goal(shop: SmallStore, tmp_path: Path, text: dict[str, str]) -> None:
    shop.paid("0.01", page=f"{HOME}/apps/{TILL}/pos", terms=(TILL_TERM, TERM), metadata=text)
    seen = look(tmp_path, {"pay": shop}, {"b": A_FUND, "a": A_TILL})
    of(seen, raised=1_000_000)
    assert seen.figures["b/raised"] == (0, EXACT)
    assert seen.figures["all/raised"] == (1_000_000, EXACT)


def test_row_05_pay_button_with_a_goals_order_id(shop: SmallStore, tmp_path: Path) -> None:
    shop.gift("0.02", at=ago(40))
    shop.paid("0.005", terms=(TERM,), metadata={"orderId": TERM})
    seen = look(tmp_path, {"pay": shop}, {"a": A_FUND})
    of(seen, raised=2_000_000)
    assert (seen.figures[REST], seen.figures[UNASSIGNED]) == ((500_000, EXACT), (0, EXACT))
    assert "1 payment, 500000 sat named this goal in text a payer can write" in seen.said


def test_row_06_payer_sends_the_order_id_of_a_request(tmp_path: Path) -> None:
    shop, term = SmallStore(), f"PAY_REQUEST_{BILL}"
    marks = {"orderId": term, "paymentRequestId": BILL}
    shop.paid("0.02", at=ago(60), page=f"{HOME}/payment-requests/{BILL}", terms=(term,), metadata=marks)
    shop.paid("0.005", page=f"{HOME}/apps/{TILL}/pos", terms=(term, TILL_TERM), metadata={"orderId": term})
    request = {"source": "pay", "payment_request": BILL}
    seen = look(tmp_path, {"pay": shop}, {"r": request, "a": A_TILL})
    of(seen, raised=500_000)
    assert seen.figures["r/raised"] == (2_000_000, EXACT)


def test_row_07_store_with_sales_beside_a_crowdfund(shop: SmallStore, tmp_path: Path) -> None:
    shop.gift("0.02")
    for _ in range(3):
        shop.paid("0.001", page="https://shop.example.org/orders/1")
    seen = look(tmp_path, {"pay": shop}, {"a": A_FUND})
    of(seen, raised=2_000_000)
    assert seen.figures[REST] == (300_000, EXACT)
    assert seen.figures[f"all/settled@{store_source(STORE)}"] == (2_300_000, EXACT)
    assert seen.figures[f"all/settled_count@{store_source(STORE)}"] == (4, EXACT)


@pytest.mark.parametrize("name", ["Rückerstattung {}", "{}を返金", "{} İade"])
def test_row_08_refund_in_any_language(shop: SmallStore, tmp_path: Path, name: str) -> None:
    shop.payout(name.format(shop.gift("0.01")))
    of(look(tmp_path, {"pay": shop}, {"a": A_FUND}), refunded=100_000, net=900_000)


def order(shop: SmallStore, **fields: object) -> str:
    """Add an invoice that WooCommerce made for order 1042."""
    marks = {"orderId": "1042", "posData": '{"WooCommerce": {"Order ID": 1042}}'}
    return shop.paid("0.001", page="https://shop.example.org/wp-admin", metadata=marks, **fields)


def refund_of_order(shop: SmallStore) -> None:
    shop.payout(
        "Refund of order 1042; broken", "0.0004", originalAmount="20", originalCurrency="EUR",
        pull_currency="EUR", pull_amount="20",
    )  # fmt: skip


def test_row_09_refund_by_order_number(tmp_path: Path) -> None:
    shop = SmallStore()
    order(shop)
    refund_of_order(shop)
    seen = look(tmp_path, {"pay": shop}, {"a": A_STORE})
    of(seen, refunded=40_000, net=60_000)
    assert "by order number" in seen.said


@pytest.mark.parametrize("page", ["", f"{HOME}/apps/{TILL}/pos", "https://till.example.org/"])
def test_row_09_refund_of_an_order_whose_number_a_payer_writes_too(tmp_path: Path, page: str) -> None:
    shop = SmallStore()
    order(shop)
    data = {} if not page else {"posData": {"WooCommerce": {"Order ID": "1042"}}}
    shop.paid("0.00000001", page=page, metadata={"orderId": "1042", **data})
    refund_of_order(shop)
    of(look(tmp_path, {"pay": shop}, {"a": A_STORE}), refunded=40_000)


def test_row_10_order_number_of_two_invoices(tmp_path: Path) -> None:
    shop = SmallStore()
    order(shop, at=ago(20))
    order(shop, at=ago(19))
    refund_of_order(shop)
    seen = look(tmp_path, {"pay": shop}, {"a": A_STORE})
    of(seen, refunded=(0, LEAST), net=(200_000, MOST), paid_out=40_000)
    assert "1 payout of unknown purpose, 40000 sat" in seen.said


def test_row_11_payout_of_unknown_purpose(shop: SmallStore, tmp_path: Path) -> None:
    shop.gift("0.01")
    shop.payout("Sorry")
    seen = look(tmp_path, {"pay": shop}, {"a": A_FUND})
    of(seen, refunded=(0, LEAST), net=(1_000_000, MOST))
    assert "1 payout of unknown purpose, 100000 sat" in seen.said


def archive(shop: SmallStore) -> None:
    """Archive every pull payment: BTCPay shows their payouts no more."""
    shop.payouts.clear()
    shop.pulls = [pull | {"archived": True} for pull in shop.pulls]


def test_row_12_archived_refund_nobody_saw(shop: SmallStore, tmp_path: Path) -> None:
    shop.payout(f"Refund {shop.gift('0.01')}")
    archive(shop)
    seen = look(tmp_path, {"pay": shop}, {"a": A_FUND})
    of(seen, refunded=(0, LEAST), net=(1_000_000, MOST))
    assert "1 closed refund whose payouts BTCPay does not show" in seen.said


def test_row_13_archived_refund_recorded_before(shop: SmallStore, tmp_path: Path) -> None:
    shop.payout(f"Refund {shop.gift('0.01')}")
    look(tmp_path, {"pay": shop}, {"a": A_FUND})
    archive(shop)
    for full in (False, True):
        seen = look(tmp_path, {"pay": shop}, {"a": A_FUND}, days=1 + full, full=full)
        of(seen, refunded=100_000, net=900_000)


def test_row_14_key_without_right_to_payouts(shop: SmallStore, tmp_path: Path) -> None:
    shop.gift("0.01")
    shop.bent["/(payouts|pull-payments)"] = lambda _: httpx.Response(403, json=REFUSED)
    seen = look(tmp_path, {"pay": shop}, {"a": A_FUND})
    of(seen, raised=1_000_000, refunded=(None, "unknown"), net=(None, "unknown"))
    assert ": refunds. It is unknown, not zero." in seen.said


def test_row_15_promised_long_ago(shop: SmallStore, tmp_path: Path) -> None:
    gift = shop.gift("0.01", at=ago(60))
    shop.payout(f"Refund {gift}", state="AwaitingPayment", date=ago(40), paymentProof=None)
    seen = look(tmp_path, {"pay": shop}, {"a": A_FUND})
    of(seen, refunded=(0, LEAST), net=(1_000_000, MOST))
    assert "100000 sat promised over 30 days ago may already be paid by hand" in seen.said


def test_row_16_top_up_of_a_pull_payment(shop: SmallStore, tmp_path: Path) -> None:
    shop.gift("0.01")
    shop.payout("Voucher", "-0.001", payoutMethodId="TOPUP", paymentProof=None)
    seen = look(tmp_path, {"pay": shop}, {"a": A_FUND})
    of(seen, refunded=0, net=1_000_000, paid_out=0)
    assert "cannot be read" not in seen.said


def test_row_17_completed_without_proof(shop: SmallStore, tmp_path: Path) -> None:
    shop.payout(f"Refund {shop.gift('0.01')}", paymentProof=None)
    seen = look(tmp_path, {"pay": shop}, {"a": A_FUND})
    of(seen, refunded=100_000)
    assert "1 refund counted by the owner's word" in seen.said


def test_row_18_partial_payouts_of_one_invoice(shop: SmallStore, tmp_path: Path) -> None:
    gift = shop.gift("0.01")
    for amount, euros in (("0.0004", "20"), ("0.0006", "30")):
        shop.payout(
            f"Refund {gift}", amount, originalAmount=euros, originalCurrency="EUR", pull_currency="EUR"
        )
    of(look(tmp_path, {"pay": shop}, {"a": A_FUND}), refunded=100_000, net=900_000)


@pytest.mark.parametrize("days", [2, 200])
def test_a_name_with_a_bound_and_another_invoice_is_of_unknown_purpose(
    shop: SmallStore, tmp_path: Path, days: int
) -> None:
    names = shop.gift("0.01"), shop.paid("0.01", at=ago(days))
    look(tmp_path, {"pay": shop}, {"a": A_FUND})
    shop.payout(" ".join(names))
    seen = look(tmp_path, {"pay": shop}, {"a": A_FUND}, days=1)  # of old invoices the store is asked
    of(seen, refunded=(0, LEAST), net=(1_000_000, MOST))
    assert "1 payout of unknown purpose, 100000 sat" in seen.said


def test_a_refund_in_another_coin_shows_that_money_went_back(shop: SmallStore, tmp_path: Path) -> None:
    euros = {"payoutMethodId": "STRIPE", "payoutCurrency": "EUR", "originalCurrency": "EUR"}
    shop.payout(f"Refund {shop.gift('0.01')}", "50", pull_currency="EUR", **euros)
    seen = look(tmp_path, {"pay": shop}, {"a": A_FUND})
    of(seen, refunded=(0, LEAST), net=(1_000_000, MOST), paid_out=0)
    assert seen.figures["a/other_coin_refunded@EUR-STRIPE"][0] == "50"
    assert "1 refund in another coin" in seen.said


def test_row_19_app_deleted(shop: SmallStore, tmp_path: Path) -> None:
    shop.fund(OTHER_FUND)
    shop.gift("0.01")
    shop.gift("0.02", app=OTHER_FUND)
    projects = {"a": A_FUND, "b": {"source": "pay", "app": OTHER_FUND}}
    look(tmp_path, {"pay": shop}, projects)
    del shop.funds[FUND]
    shop.gift("0.04", app=OTHER_FUND, at=ago(1))
    seen = look(tmp_path, {"pay": shop}, projects, days=1)
    of(seen, raised=1_000_000, goal="1000")
    assert seen.figures["b/raised"] == (6_000_000, EXACT)
    assert "A crowdfund of this project was deleted at BTCPay: its money stays" in seen.said


def test_row_20_one_store_refused(shop: SmallStore, tmp_path: Path) -> None:
    shop.invoices[SECOND] = []
    shop.fund(OTHER_FUND, SECOND)
    shop.gift("0.01")
    shop.gift("0.02", app=OTHER_FUND, place=SECOND)
    projects = {"a": A_FUND, "b": {"source": "pay", "app": OTHER_FUND}}
    look(tmp_path, {"pay": shop}, projects)
    shop.bent[f"/stores/{SECOND}/"] = lambda _: httpx.Response(403, json=REFUSED)
    shop.gift("0.04", at=ago(1))
    seen = look(tmp_path, {"pay": shop}, projects, days=1)
    of(seen, raised=5_000_000)
    assert seen.figures["b/raised"] == (2_000_000, EXACT)
    assert seen.outcomes == {store_source(STORE): Outcome.OK, store_source(SECOND): Outcome.UNAVAILABLE}


def test_row_21_month_that_began_on_the_28th(shop: SmallStore, tmp_path: Path) -> None:
    start = datetime(2026, 1, 31, 9, tzinfo=UTC)
    shop.fund(resetEvery="Month", startDate=seconds(start))
    for value, at in (("0.03", datetime(2026, 3, 27, tzinfo=UTC)), ("0.004", NOW - timedelta(hours=4))):
        shop.gift(value, at=seconds(at))
    seen = look(tmp_path, {"pay": shop}, {"a": A_FUND})
    of(seen, raised=3_400_000, progress="20.00", goal="1000")
    begun = {name for name in seen.figures if name.startswith("a/goal_of_period@")}
    assert {name.partition("@")[2] for name in begun} == {"2026-01-31", "2026-02-28", "2026-03-28"}


def test_row_22_other_coins(shop: SmallStore, tmp_path: Path) -> None:
    shop.gift("0.01", payment("120", "USDT-TRON", "USDt"), payment("40", "STRIPE", "EUR"))
    shop.gift(payment("0.07", "ARKADE"), payment("0.5", "LBTC-CHAIN", "LBTC"), payment("0.3", "CASHU"))
    seen = look(tmp_path, {"pay": shop}, {"a": A_FUND})
    of(seen, raised=8_000_000)
    coins = {name.partition("@")[2]: seen.figures[name] for name in seen.figures if "a/other_coin@" in name}
    assert coins == {
        "USDt-USDT-TRON": ("120", EXACT),
        "EUR-STRIPE": ("40", EXACT),
        "LBTC-LBTC-CHAIN": ("0.5", EXACT),
        "BTC-CASHU": ("0.3", EXACT),
    }


def test_row_23_one_store_of_two_servers() -> None:
    with pytest.raises(ConfigError, match=r"of 'two' is listed by sources\.btcpay\[0\]"):
        parse(config_text({"pay": {}, "two": {}}, {"a": A_FUND}))


def test_row_23_one_payment_in_two_stores(shop: SmallStore, tmp_path: Path) -> None:
    shop.invoices[SECOND] = []
    shop.fund(OTHER_FUND, SECOND)
    shop.gift(payment("0.01", id="ab-0"))
    shop.gift(payment("0.01", id="ab-0"), app=OTHER_FUND, place=SECOND)
    shop.gift("0.02", app=OTHER_FUND, place=SECOND)
    projects = {"a": A_FUND, "b": {"source": "pay", "app": OTHER_FUND}}
    for day in range(3):  # in the last run the store that counts it does not answer
        if day == 2:
            shop.bent[f"/stores/{STORE}/"] = lambda _: httpx.Response(403, json=REFUSED)
        seen = look(tmp_path, {"pay": shop}, projects, days=day)
        of(seen, raised=1_000_000)
        assert seen.figures["b/raised"] == (2_000_000, EXACT)
        assert seen.figures["all/raised"] == (3_000_000, EXACT)
    assert "1 payment of this store is of an invoice of another store too" in seen.said


def test_row_24_pages_cut_off(tmp_path: Path) -> None:
    shop = SmallStore()
    for hour in range(60):
        shop.paid("0.0001", at=ago(1) - 3600 * hour)

    def heavy(request: httpx.Request) -> httpx.Response | None:
        too_many = int(request.url.params.get("take", 0)) > 30
        return httpx.Response(504, html="<html>504 Gateway Time-out</html>") if too_many else None

    shop.bent["/invoices$"] = heavy
    of(look(tmp_path, {"pay": shop}, {"a": A_STORE}), raised=600_000, contributions=60)


def test_row_25_source_renamed(shop: SmallStore, tmp_path: Path) -> None:
    shop.gift("0.01")
    before = look(tmp_path, {"pay": shop}, {"a": A_FUND}).figures
    after = look(tmp_path, {"till": shop}, {"a": {"source": "till", "app": FUND}}, days=1).figures
    assert after["a/raised"] == before["a/raised"] == (1_000_000, EXACT)
    assert after["all/raised"] == before["all/raised"]


def test_row_25_server_rebuilt(shop: SmallStore, tmp_path: Path) -> None:
    shop.gift("0.01")
    look(tmp_path, {"pay": shop}, {"a": A_FUND})
    new = SmallStore(invoices={SECOND: []})
    new.fund(OTHER_FUND, SECOND)
    new.gift("0.02", app=OTHER_FUND, place=SECOND)
    both = {"a": [{"source": "new", "app": OTHER_FUND}, A_FUND]}
    closed = {"stores": [STORE], "closed": True}
    seen = look(tmp_path, {"new": new}, both, days=1, pay=closed, new={"stores": [SECOND]})
    of(seen, raised=3_000_000, contributions=2, goal="1000")


def unreadable(shop: SmallStore, gift: str) -> None:
    next(row for row in shop.invoices[STORE] if row["id"] == gift)["currency"] = None


def failing_alone(shop: SmallStore, gift: str) -> None:
    def fails(request: httpx.Request) -> httpx.Response | None:
        found = shop._page(STORE, request.url.params)
        return httpx.Response(500) if any(row["id"] == gift for row in found) else None

    shop.bent["/invoices$"] = fails


@pytest.mark.parametrize("breaks", [unreadable, failing_alone])
@pytest.mark.parametrize("which", [0, 11, 29])
def test_one_invoice_that_cannot_be_read_stops_no_other(
    shop: SmallStore, tmp_path: Path, breaks: object, which: int
) -> None:
    gifts = [shop.gift("0.001", at=ago(1) - 3600 * hour) for hour in range(30)]
    assert callable(breaks)
    breaks(shop, gifts[which])
    of(look(tmp_path, {"pay": shop}, {"a": A_FUND}), raised=(2_900_000, LEAST))


@pytest.mark.parametrize("bent", [{"status": "Refunded"}, {"payment": "Weird"}])
def test_a_status_that_nobody_knows_bounds_its_place_alone_until_it_is_known(
    shop: SmallStore, tmp_path: Path, bent: dict[str, str]
) -> None:
    shop.fund(OTHER_FUND)
    fields = {key: value for key, value in bent.items() if key != "payment"}
    shop.gift(payment("0.004", status=bent.get("payment", "Settled")), at=ago(60), **fields)
    shop.gift("0.01")
    shop.gift("0.02", app=OTHER_FUND)
    places = {"a": A_FUND, "b": {"source": "pay", "app": OTHER_FUND}}
    seen = look(tmp_path, {"pay": shop}, places)
    of(seen, raised=(1_000_000, LEAST), pending=(0, LEAST), net=(1_000_000, LEAST), refunded=0)
    assert seen.figures["b/raised"] == (2_000_000, EXACT)
    assert seen.figures["all/raised"] == (3_000_000, LEAST)
    source = store_source(STORE)
    assert seen.figures[f"all/excluded@{source}"] == (400_000, MOST)
    assert seen.figures[f"all/settled@{source}"] == (3_400_000, MOST)
    assert seen.figures[REST] == (0, EXACT)
    assert "the status of 1 payment of BTCPay cannot be read, so sums are at least" in seen.said
    of(look(tmp_path, {"pay": shop}, places, days=1), raised=(1_000_000, LEAST))  # it is not read again
    invoice = shop.invoices[STORE][0]
    invoice["status"] = invoice["paymentMethods"][0]["payments"][0]["status"] = "Settled"
    seen = look(tmp_path, {"pay": shop}, places, days=40)
    of(seen, raised=1_400_000)
    assert seen.figures[f"all/settled@{source}"] == (3_400_000, EXACT)


def test_marked_settled_with_replaced_payments_alone_is_a_declaration(
    shop: SmallStore, tmp_path: Path
) -> None:
    replaced = payment("0.01", status="Invalid")
    shop.gift(replaced, additionalStatus="Marked", amount="200")
    shop.gift(replaced, "0.02", additionalStatus="Marked", amount="300")
    of(look(tmp_path, {"pay": shop}, {"a": A_FUND}), **{"raised": 2_000_000, "declared@EUR": "200"})
