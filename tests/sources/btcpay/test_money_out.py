"""Money out of a store: rows 8 to 18 of the reference's table, and what is remembered of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import msgspec
import pytest

from generator.config import BTCPayServer, PrivacyConfig, ProjectConfig, parse, published
from generator.errors import ConfigError
from generator.ledger import Entry, Kind, OtherMoney, Status
from generator.places import btcpay_place, store_source
from generator.snapshot import Asked, Finding, Known, Outcome, Project, PromisedMoney, Record, Run, Withdrawn
from generator.sources.btcpay.greenfield import authorization
from generator.sources.btcpay.privacy import KeyedIds
from generator.sources.btcpay.sealed_sums import PaidSum, sealed, unsealed
from generator.sources.btcpay.source import BTCPay

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 5, 20, tzinfo=UTC)
CREATED = int(datetime(2026, 5, 2, tzinfo=UTC).timestamp())
DAY = 86_400
FIRST, SECOND = "Zq7Lk3mN8pR5tV2xY4bCaa", "Aq7Lk3mN8pR5tV2xY4bCaa"
REST = btcpay_place("S", "rest")
UNASSIGNED = btcpay_place("S", "unassigned")


def bound(slug: str, **binding: str) -> ProjectConfig:
    return ProjectConfig.model_validate({"slug": slug, "btcpay": {"source": "pay", **binding}})


ALONE = [bound("p", store="S")]
SHARED = [*ALONE, bound("till", pos="PosAAAAAAAAAAAAAAAAAAAAAAAA")]


def invoice(name: str, value: str = "0.5", **fields: object) -> dict[str, Any]:
    paid = {"id": f"{name}-0", "receivedDate": CREATED + 60, "value": value, "status": "Settled"}
    method = {"paymentMethodId": "BTC-CHAIN", "currency": "BTC", "rate": "50000", "payments": [paid]}
    plain = {
        "id": name,
        "status": "Settled",
        "additionalStatus": "None",
        "currency": "EUR",
        "amount": "25000",
        "createdTime": CREATED,
        "expirationTime": CREATED + 900,
        "metadata": {},
        "checkout": {"paymentMethods": ["BTC-CHAIN"]},
        "paymentMethods": [method],
    }
    return plain | fields


def woo(name: str, order: str) -> dict[str, Any]:
    return invoice(name, metadata={"orderId": order, "posData": '{"WooCommerce": {"Order Number": 1}}'})


@dataclass
class Store:
    """What a store says; `pay` makes a pull payment and its payouts."""

    invoices: list[dict[str, Any]] = field(default_factory=lambda: [invoice(FIRST), invoice(SECOND)])
    pulls: list[dict[str, Any]] = field(default_factory=list)
    payouts: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200
    purposes: list[dict[str, str]] = field(default_factory=list)
    projects: list[ProjectConfig] = field(default_factory=lambda: ALONE)
    privacy: PrivacyConfig = field(default_factory=lambda: PrivacyConfig(min_group=1))
    asked: Counter[str] = field(default_factory=Counter)

    def pay(
        self, name: str, *amounts: str, days: int = 1, pull: dict[str, object] | None = None, **fields: object
    ) -> None:
        number = len(self.pulls) + 1
        plain = {"startsAt": CREATED + 600, "currency": "BTC", "amount": "0.1", "archived": False}
        self.pulls.append({"id": f"SecretPull{number}", "name": name, **plain, **(pull or {})})
        for at, amount in enumerate(amounts):
            self.direct(
                amount, days, id=f"SecretPayout{number}-{at}", pullPaymentId=f"SecretPull{number}", **fields
            )

    def direct(self, amount: str, days: int = 1, **fields: object) -> None:
        plain = {
            "id": f"SecretDirect{len(self.payouts)}",
            "pullPaymentId": None,
            "date": CREATED + days * DAY,
            "state": "Completed",
            "destination": "bc1qsecret",
            "payoutMethodId": "BTC-CHAIN",
            "payoutCurrency": "BTC",
            "payoutAmount": amount,
            "originalCurrency": "BTC",
            "originalAmount": amount,
            "paymentProof": {"id": "f" * 64},
        }
        self.payouts.append(plain | fields)

    def answer(self, request: httpx.Request) -> httpx.Response:
        path, query = request.url.path.rpartition("/")[2], request.url.params
        self.asked[path if path in ("invoices", "payouts", "pull-payments", "info") else "one"] += 1
        if path == "info":
            return httpx.Response(200, json={"version": "2.4.1"})
        if path == "pull-payments":
            return httpx.Response(self.status, json=self.pulls if self.status == 200 else {})
        if path == "payouts":
            hidden = {pull["id"] for pull in self.pulls if pull["archived"]}
            return httpx.Response(200, json=[p for p in self.payouts if p["pullPaymentId"] not in hidden])
        if path == "payment-methods":
            return httpx.Response(200, json=[])
        if path != "invoices":
            found = [made for made in self.invoices if made["id"] == path]
            return httpx.Response(200, json=found[0]) if found else httpx.Response(404, json={})
        return httpx.Response(200, json=self.listed(query))

    def listed(self, query: httpx.QueryParams) -> list[dict[str, Any]]:
        if "orderId" in query:
            return [made for made in self.invoices if made["metadata"].get("orderId") == query["orderId"]]
        if "textSearch" in query:
            return []
        span = range(int(query["startDate"]), int(query["endDate"]) + 1)
        return [made for made in self.invoices if made["createdTime"] in span][int(query["skip"]) :]

    async def read(
        self, known: Known | None = None, at: datetime = NOW, key: bytes | None = None
    ) -> "Reading":
        server = BTCPayServer.model_validate(
            {
                "id": "pay",
                "url": "https://pay.example.org",
                "token_env": "BTCPAY_TOKEN",
                "stores": ["S"],
                "include": ["invoices", "payouts"],
                "purposes": self.purposes,
            }
        )
        transport = httpx.MockTransport(self.answer)
        async with httpx.AsyncClient(transport=transport, headers=authorization("t")) as client:
            source = BTCPay(
                server,
                "S",
                projects=self.projects,
                privacy=self.privacy,
                client=client,
                ids=KeyedIds(key=key) if key else None,
            )
            found = [record async for record in source.collect(known or Known(), at=at, full=False)]
        return Reading(records=found, source=source, known=known or Known())


@dataclass
class Reading:
    records: Sequence[Record]
    source: BTCPay
    known: Known

    def rows(self, kind: Kind, status: Status = Status.CONFIRMED) -> list[Entry]:
        rows = [record for record in self.records if isinstance(record, Entry)]
        return [row for row in rows if (row.kind, row.status) == (kind, status)]

    def sat(self, kind: Kind, place: str = REST) -> int:
        return sum(row.amount_msat for row in self.rows(kind) if row.place == place) // 1000

    @property
    def said(self) -> Project:
        return next(record for record in self.records if isinstance(record, Project) and record.id == REST)

    @property
    def reasons(self) -> dict[str, str]:
        found = [record for record in self.records if isinstance(record, Finding)]
        return {
            finding.check: finding.reason.replace("\u202f", ",") for finding in found if finding.place == REST
        }

    def log(self) -> Known:
        """Return what the log says after this reading."""
        gone = {record.withdraws for record in self.records if isinstance(record, Withdrawn)}
        now = {record.key: record for record in self.records if not isinstance(record, Withdrawn)}
        standing = {key: record for key, record in self.known.records.items() if key not in gone} | now
        asked = Asked(source=self.source.name, outcome=Outcome.OK, reads=self.source.tally.reads)
        return Known(records=standing, runs=(Run(id="r", source="runs", at=NOW, asked=(asked,)),))


@pytest.mark.parametrize("name", ["Rückerstattung {}", "{}を返金", "{} İade", "Refund {}"])
async def test_row_8_a_refund_in_any_language(name: str) -> None:
    store = Store()
    store.pay(name.format(FIRST), "0.001")
    found = await store.read()
    assert (found.sat(Kind.REFUND), found.sat(Kind.PAYOUT), found.said.at_least) == (100_000, 0, ())


SHOP = "Refund of order 1042; broken"
OF_ORDER = {"currency": "EUR", "amount": "25000"}


async def test_row_9_a_shops_refund_by_its_order_number() -> None:
    store = Store([woo(FIRST, "1042"), invoice(SECOND)])
    store.pay(SHOP, "0.001", pull=OF_ORDER)
    found = await store.read()
    assert (found.sat(Kind.REFUND), found.said.at_least) == (100_000, ())
    assert found.reasons == {"refunds-by-order": "1 refund tied to the invoice by order number"}


@pytest.mark.parametrize(
    ("invoices", "pull", "name"),
    [
        ([woo(FIRST, "1042"), woo(SECOND, "1042")], OF_ORDER, SHOP),  # row 10
        ([invoice(FIRST, metadata={"orderId": "1042"})], OF_ORDER, SHOP),
        ([woo(FIRST, "1043")], OF_ORDER, SHOP),
        ([woo(FIRST, "1042") | {"paymentMethods": []}], OF_ORDER, SHOP),
        ([woo(FIRST, "1042")], OF_ORDER | {"currency": "USD"}, SHOP),
        ([woo(FIRST, "1042")], OF_ORDER | {"amount": "25000.01"}, SHOP),
        ([woo(FIRST, "1042")], OF_ORDER | {"startsAt": CREATED - 1}, SHOP),
        ([woo(FIRST, "1042")], OF_ORDER, "Refund of order 1042"),
        ([woo(FIRST, "1042")], {"amount": "0.6"}, SHOP),
        ([woo(FIRST, "1042"), woo(SECOND, "77")], OF_ORDER, "Refund of orders 1042 77; both"),
    ],
)
async def test_row_10_an_order_number_that_anything_contradicts_is_no_refund(
    invoices: list[dict[str, Any]], pull: dict[str, object], name: str
) -> None:
    store = Store([*invoices, invoice("Other7Lk3mN8pR5tV2xYz")])
    store.pay(name, "0.001", pull=pull)
    found = await store.read()
    assert (found.sat(Kind.REFUND), found.sat(Kind.PAYOUT)) == (0, 100_000)
    assert found.said.at_least == ("refunds",)
    assert found.reasons["payouts-unexplained"].startswith("1 payout of unknown purpose, 100,000 sat")


async def test_an_order_in_bitcoin_is_held_to_what_was_paid() -> None:
    store = Store([woo(FIRST, "1042")])
    store.pay(SHOP, "0.001", pull={"amount": "0.5"})
    assert (await store.read()).sat(Kind.REFUND) == 100_000


async def test_row_11_a_payout_of_unknown_purpose_leaves_refunds_open_and_says_how_much() -> None:
    store = Store()
    store.pay("Sorry", "0.001")
    found = await store.read()
    assert (found.sat(Kind.REFUND), found.sat(Kind.PAYOUT), found.said.at_least) == (0, 100_000, ("refunds",))
    store = Store(purposes=[{"name": "sorr*", "purpose": "spent", "word": "gifts"}])
    store.pay("Sorry", "0.001")
    found = await store.read()
    assert (found.sat(Kind.PAYOUT), found.said.at_least, found.reasons) == (100_000, (), {})
    [row] = found.rows(Kind.PAYOUT)
    assert (row.purpose, row.rail, f"{row.at:%Y-%m-%d}") == ("gifts", "BTC-CHAIN", "2026-05-03")


async def test_a_payout_from_before_the_first_payment_was_no_refund() -> None:
    store = Store()
    store.pay("Set-up", "0.001", days=-3)
    found = await store.read()
    assert (found.sat(Kind.PAYOUT), found.said.at_least) == (100_000, ())


async def test_row_12_an_archived_refund_that_nobody_saw_is_never_zero() -> None:
    store = Store()
    store.pay(f"Refund {FIRST}", "0.001", pull={"archived": True})
    found = await store.read()
    assert (found.sat(Kind.REFUND), found.said.at_least) == (0, ("refunds",))
    hidden = "refunds are not fully known: 1 closed refund whose payouts BTCPay does not show"
    assert found.reasons == {"refunds-hidden": hidden}
    store = Store()
    store.pay("Vouchers", "0.001", pull={"archived": True})
    found = await store.read()
    assert found.said.at_least == ("refunds", "payouts")
    store.purposes = [{"pull_payment": "SecretPull1", "purpose": "spent"}]
    assert (await store.read()).said.at_least == ()


@pytest.mark.parametrize("key", [None, b"k" * 32])
@pytest.mark.parametrize("name", [f"Refund {FIRST}", "Salaries"])
async def test_row_13_what_was_recorded_before_stays_when_it_is_archived(
    name: str, key: bytes | None
) -> None:
    store = Store(privacy=PrivacyConfig(min_group=1, rows="payment" if key else "day"))
    store.pay(name, "0.001", "0.002")
    store.pay(f"Refund {SECOND}", "0.01", "0.02", state="AwaitingPayment")
    first = await store.read(key=key)
    kind = Kind.REFUND if "Refund" in name else Kind.PAYOUT
    assert first.sat(kind) == 300_000
    store.pulls[0]["archived"] = True
    log = first.log()
    for hours in (1, 24 * 8):  # a part, and everything
        later = await store.read(log, NOW + timedelta(hours=hours), key=key)
        log = later.log()
        assert later.sat(kind) == 300_000
        assert [row.created_month for row in later.rows(kind)] == ["2026-05"]
        assert later.said.at_least == (() if kind is Kind.REFUND else ("refunds",))
    store.pulls[1]["archived"] = True
    assert "refunds-hidden" in (await store.read(log, NOW + timedelta(days=9), key=key)).reasons


async def test_row_14_a_key_without_the_right_leaves_refunds_unknown_and_payments_read() -> None:
    store = Store(status=403)
    store.pay(f"Refund {FIRST}", "0.001")
    found = await store.read()
    assert (found.said.unread, found.sat(Kind.PAYMENT)) == (("refunds",), 100_000_000)
    assert "lacks btcpay.store.canviewpullpayments" in found.reasons["refunds-read"]


@pytest.mark.parametrize("status", [403, 404])
async def test_payouts_that_cannot_be_read_any_more_stand_and_may_be_more(status: int) -> None:
    store = Store()
    store.pay(f"Refund {FIRST}", "0.001")
    log = (await store.read()).log()
    store.status = status
    later = await store.read(log, NOW + timedelta(hours=1))
    assert (later.said.unread, later.said.at_least) == ((), ("refunds", "payouts"))
    assert not [record for record in later.records if isinstance(record, Withdrawn)]
    store.status = 200
    healed = await store.read(later.log(), NOW + timedelta(hours=2))
    assert (healed.said.at_least, healed.reasons) == ((), {})
    assert [record.id for record in healed.records if isinstance(record, Withdrawn)] == [
        f"finding/refunds-read/{REST}/{REST}"
    ]


async def test_row_15_a_promise_of_forty_days_may_already_be_paid_by_hand() -> None:
    store = Store([invoice(FIRST, createdTime=CREATED - 60 * DAY)])
    store.pay(f"Refund {FIRST}", "0.001", days=-22, state="AwaitingPayment")
    found = await store.read()
    assert (found.sat(Kind.REFUND), found.said.at_least) == (0, ("refunds",))
    assert found.reasons == {
        "refunds-promised": "100,000 sat promised over 30 days ago may already be paid by hand"
    }
    store.payouts[0]["date"] = CREATED
    assert (await store.read()).said.at_least == ()


@pytest.mark.parametrize("state", ["AwaitingApproval", "AwaitingPayment", "InProgress", "Cancelled"])
async def test_what_has_not_left_is_no_refund_yet(state: str) -> None:
    store = Store()
    store.pay(f"Refund {FIRST}", "0.001", state=state)
    assert (await store.read()).sat(Kind.REFUND) == 0


async def test_row_16_a_top_up_moves_nothing() -> None:
    store = Store()
    store.pay("Vouchers", "-0.001", payoutMethodId="TOPUP", destination=FIRST)
    found = await store.read()
    assert (found.sat(Kind.REFUND), found.sat(Kind.PAYOUT), found.said.at_least) == (0, 0, ())
    assert not {name for name in found.source.tally.counts if name.startswith("malformed")}
    [row] = found.rows(Kind.PAYOUT, Status.EXCLUDED)
    assert (row.amount_msat, row.reason, row.rail) == (100_000_000, "top-up of a pull payment", "TOPUP")


async def test_a_transfer_is_listed_and_moves_nothing() -> None:
    store = Store(purposes=[{"name": "Prism*", "purpose": "transfer", "word": "split"}])
    store.direct("0.002", metadata={"source": "Prism (ada@example.org)"})
    found = await store.read()
    assert (found.sat(Kind.PAYOUT), found.said.at_least) == (0, ())
    [row] = found.rows(Kind.PAYOUT, Status.EXCLUDED)
    assert (row.reason, row.purpose) == ("transfer", "split")


async def test_row_17_without_proof_it_counts_by_the_owners_word() -> None:
    store = Store()
    store.pay(f"Refund {FIRST}", "0.001", paymentProof=None)
    found = await store.read()
    assert (found.sat(Kind.REFUND), found.said.at_least) == (100_000, ())
    assert found.reasons["refunds-unproven"].startswith("1 refund counted by the owner's word")


async def test_row_18_all_payouts_of_all_pull_payments_of_an_invoice_sum() -> None:
    store = Store()
    euros = {"originalCurrency": "EUR", "originalAmount": "50"}
    store.pay(f"Refund {FIRST}", "0.001", "0.001", pull={"currency": "EUR"}, **euros)
    store.pay(f"Refund {FIRST}", "0.002", pull={"currency": "EUR"}, **euros)
    found = await store.read()
    assert found.sat(Kind.REFUND) == 400_000
    worth = [part for row in found.rows(Kind.REFUND) for part in row.at_receipt]
    assert sum(part.value for part in worth) == Decimal(150)


async def test_two_known_ids_in_a_name_are_ambiguous_wherever_they_belong() -> None:
    store = Store([invoice(FIRST), invoice(SECOND, createdTime=CREATED - 200 * DAY)])
    log = (await store.read()).log()
    store.pay(f"{FIRST} {SECOND}", "0.001")
    store.pay(f"{SECOND} nothing7Lk3mN8pR5tVz", "0.002")
    found = await store.read(log, NOW + timedelta(hours=1))  # the second invoice is not read any more
    assert (found.sat(Kind.REFUND), found.sat(Kind.PAYOUT)) == (200_000, 100_000)
    assert found.source.tally.counts["ambiguous_refunds"] == 1
    asked = store.asked["one"]
    again = await store.read(found.log(), NOW + timedelta(hours=2))
    assert again.sat(Kind.REFUND) == 200_000
    assert store.asked["one"] == asked, "what a name says is remembered"


async def test_a_payout_stands_on_its_store_where_several_projects_share_it() -> None:
    wages = {"name": "Salaries*", "purpose": "spent", "word": "wages", "project": "p"}
    store = Store(projects=SHARED)
    store.pay("Salaries of March", "0.001")
    store.direct("0.002")
    found = await store.read()
    assert (found.sat(Kind.PAYOUT), found.sat(Kind.PAYOUT, UNASSIGNED)) == (0, 300_000)
    assert set(found.said.at_least) == {"refunds", "payouts"}
    store.purposes = [wages]
    found = await store.read(found.log(), NOW + timedelta(hours=1))
    assert (found.sat(Kind.PAYOUT), found.sat(Kind.PAYOUT, UNASSIGNED)) == (100_000, 200_000)


async def test_an_amount_that_cannot_be_read_leaves_refunds_open() -> None:
    store = Store()
    store.pay(f"Refund {FIRST}", "much")
    found = await store.read()
    assert (found.said.at_least, found.said.complete) == (("refunds",), True)
    assert found.reasons["payouts-unreadable"] == (
        "1 payout of which it cannot be read what left, when, or whether"
    )


async def test_no_name_recipient_or_id_is_kept_and_a_delay_hides_sums_too() -> None:
    store = Store(purposes=[{"name": "Credit for ada*", "purpose": "spent", "word": "credit"}])
    store.pay("Credit for ada@example.org", "0.001")
    store.pay(f"Refund {FIRST}", "0.00123457", days=17)
    store.direct("0.002", metadata={"source": "Prism (ada@example.org)"})
    text = str(msgspec.json.encode([*(await store.read()).records]))
    for secret in ("ada", "Secret", "bc1q", FIRST, "Prism", "Credit for"):
        assert secret not in text
    store.privacy = PrivacyConfig(min_group=1, publish_delay_hours=48)
    late = await store.read()
    assert "123457" not in str(msgspec.json.encode([*late.records]))
    store.privacy = PrivacyConfig(min_group=1, round_to_sats=1000)
    kept = [record for record in (await store.read()).records if isinstance(record, PromisedMoney)]
    assert {(record.source, len(record.sealed)) for record in kept} == {(store_source("S"), 340)}
    assert "123457" not in str(msgspec.json.encode(kept))


TETHER = {"payoutMethodId": "USDT-TRON", "payoutCurrency": "USDt"}


def coins(found: Reading) -> dict[str, tuple[str, int]]:
    rows = [record for record in found.records if isinstance(record, OtherMoney)]
    return {f"{row.kind} {row.coin} {row.rail} {row.status}": (str(row.amount), row.count) for row in rows}


@pytest.mark.parametrize("paid_in", ["BTC", "USDt"])
async def test_a_refund_in_another_coin_is_listed_and_stays_when_it_is_archived(paid_in: str) -> None:
    paid = invoice(FIRST)
    paid["paymentMethods"][0] |= {} if paid_in == "BTC" else {"paymentMethodId": "X", "currency": paid_in}
    store = Store([paid, invoice(SECOND)])
    store.pay(f"Refund {FIRST}", "50", "30.5", **TETHER)
    store.pay(f"Refund {SECOND}", "0.001")
    log = Known()
    for archived in (False, True, True):
        store.pulls[0]["archived"] = archived
        found = await store.read(log, NOW + timedelta(hours=len(log.runs)))
        log = found.log()
        assert coins(found)["refund USDt USDT-TRON confirmed"] == ("80.5", 2)
        assert (found.sat(Kind.REFUND), found.sat(Kind.PAYOUT)) == (100_000, 0)
        assert found.said.at_least == (("refunds",) if paid_in == "BTC" else ())
        assert found.reasons["refunds-other-coin"].startswith("2 refunds in another coin")


async def test_other_money_out_in_another_coin_is_listed_and_named_but_in_no_sum() -> None:
    store = Store(purposes=[{"name": "Prism*", "purpose": "transfer"}, {"name": "Wages", "purpose": "spent"}])
    store.pay("Sorry", "7", **TETHER)
    store.pay("Sorry too", "much", payoutMethodId="some words", payoutCurrency="EUR")
    store.pay("Wages", "40", payoutMethodId="STRIPE", payoutCurrency="EUR")
    store.pay("Vouchers", "-3", payoutMethodId="TOPUP", payoutCurrency="USDt")
    store.direct("9", metadata={"source": "Prism"}, **TETHER)
    found = await store.read()
    assert coins(found) == {
        "payout USDt USDT-TRON confirmed": ("7", 1),
        "payout EUR UNNAMED confirmed": ("0", 1),
        "payout EUR STRIPE confirmed": ("40", 1),
        "payout USDt TOPUP excluded": ("3", 1),
        "payout USDt USDT-TRON excluded": ("9", 1),
    }
    assert not [row for row in found.records if isinstance(row, Entry) and row.kind is not Kind.PAYMENT]
    told = "2 payouts of unknown purpose, an amount in other coins, since the first payment here"
    assert found.reasons["payouts-unexplained"].startswith(told)


#: What may stand in a payout that nobody can read, and what it then leaves open.
STRANGE: dict[str, tuple[object, ...]] = {
    "date": (None, "x", 0, 10**12, 1.5),
    "state": (None, 5, "Sublimated", "completed", ""),
    "payoutAmount": (None, "x", -1, 0, "0.000000000001", "NaN", {}),
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in STRANGE for value in STRANGE[name]])
async def test_one_payout_that_cannot_be_read_leaves_refunds_open_and_stops_no_other(
    name: str, value: object
) -> None:
    store = Store(purposes=[{"name": "Wages", "purpose": "spent"}])
    store.pay(f"Refund {FIRST}", "0.001", "0.002")
    store.payouts[0][name] = value
    found = await store.read()
    assert (found.sat(Kind.REFUND), found.said.at_least) == (200_000, ("refunds",))
    assert "1 payout of which it cannot be read" in found.reasons["payouts-unreadable"]
    store.pulls[0]["name"] = "Wages"
    found = await store.read()
    assert (found.sat(Kind.PAYOUT), found.said.at_least) == (200_000, ("payouts",))
    assert "payouts-unreadable" in found.reasons


@pytest.mark.parametrize("change", [{"id": None}, {"id": 5}, {"pullPaymentId": 7}, {"payoutCurrency": 7}])
async def test_a_payout_with_an_odd_id_or_coin_is_counted_where_it_is_known_to_belong(
    change: dict[str, object],
) -> None:
    store = Store()
    store.pay(f"Refund {FIRST}", "0.001", "0.002")
    store.payouts[0] |= change
    found = await store.read()
    assert found.sat(Kind.REFUND) == (300_000 if "id" in change else 200_000)
    assert found.said.at_least == (() if "id" in change else ("refunds",))


@pytest.mark.parametrize("change", [{"id": None}, {"name": 7}, {"archived": None}, {"startsAt": "x"}])
async def test_one_odd_pull_payment_stops_no_other(change: dict[str, object]) -> None:
    store = Store()
    store.pay(f"Refund {FIRST}", "0.001")
    store.pay(f"Refund {SECOND}", "0.002", pull=change)
    found = await store.read()
    tied = not {"id", "name"} & change.keys()
    assert found.sat(Kind.REFUND) == (300_000 if tied else 100_000)
    assert found.said.at_least == (() if tied else ("refunds",))


def test_what_a_pull_payment_paid_is_read_with_its_id_alone() -> None:
    sums = [PaidSum("2026-05", "BTC-CHAIN", "", Decimal("0.001"), 2)]
    text = sealed("SecretPull1", sums)
    assert list(unsealed("SecretPull1", text) or ()) == sums
    assert text == sealed("SecretPull1", sums)
    for pull_id, sent in (("SecretPull2", text), ("SecretPull1", text[:-1] + "0"), ("a", "%")):
        assert unsealed(pull_id, sent) is None


async def test_remembered_sums_that_somebody_changed_count_as_never_seen() -> None:
    store = Store()
    store.pay(f"Refund {FIRST}", "0.001")
    log = (await store.read()).log()
    kept = next(iter(log.of(PromisedMoney)))
    forged = msgspec.structs.replace(kept, sealed=sealed("SecretPull9", []))
    store.pulls[0]["archived"] = True
    found = await store.read(Known(records=log.records | {kept.key: forged}, runs=log.runs))
    assert (found.sat(Kind.REFUND), found.said.at_least) == (0, ("refunds",))


def test_a_purpose_names_a_project_of_the_report_and_what_it_is_about_is_not_published() -> None:
    def config(project: str) -> str:
        return f"""
version: 1
site: {{title: Purposes}}
network: main
sources:
  btcpay:
    - id: pay
      url: https://pay.example.org
      token_env: KEY
      stores: [S]
      purposes: [{{name: "Credit for ada*", purpose: spent, word: credit, project: {project}}}]
projects: [{{slug: garden, btcpay: {{source: pay, store: S}}}}]
"""

    assert "ada" not in published(parse(config("garden"))).model_dump_json()
    with pytest.raises(ConfigError, match="'gardn' is no project, did you mean 'garden'"):
        parse(config("gardn"))
    with pytest.raises(ConfigError, match="give pull_payment"):
        parse(config("garden").replace('name: "Credit for ada*", ', ""))
