"""The sample answers of the reference: exact totals, by our rules and by BTCPay's own."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import httpx
import msgspec
import pytest

from generator.config import BTCPayServer, PrivacyConfig, ProjectConfig
from generator.ledger import AtReceipt, Declaration, Entry, Kind, Status
from generator.places import btcpay_place, part_of_store, store_source
from generator.snapshot import Goal, Known, Project, Record
from generator.sources.btcpay.crowdfund import is_understood
from generator.sources.btcpay.greenfield import authorization
from generator.sources.btcpay.greenfield.wire import CROWDFUND, INVOICES, Crowdfund
from generator.sources.btcpay.own_numbers import OwnNumbers
from generator.sources.btcpay.privacy import KeyedIds
from generator.sources.btcpay.source import BTCPay
from generator.sources.btcpay.store_place import StorePlace
from generator.sources.btcpay.switch import BY_INVOICE
from tests.support.paths import SAMPLES

pytestmark = pytest.mark.anyio
STORE = "9meYcPwN998D2MhGh1aeXhY9bXBg4wPqLnjBJUvoakAS"
APP = "3FTUP1eFrdJcru8gmrMuK5XgFpvu"
NOW = datetime(2026, 7, 20, tzinfo=UTC)
TOKEN = "0123456789abcdef0123456789abcdef01234567"
EXACT = PrivacyConfig(min_group=1)


def answer(request: httpx.Request) -> httpx.Response:
    """Serve the samples as their server would: whole list, searched list, and what the app says."""
    assert request.headers["authorization"] == f"token {TOKEN}"
    assert request.headers["accept"] == "application/json"
    query = request.url.params
    match request.url.path.removeprefix("/btcpay/api/v1/"):
        case "apps/crowdfund/3FTUP1eFrdJcru8gmrMuK5XgFpvu":
            return httpx.Response(200, content=(SAMPLES / "crowdfund_app.json").read_bytes())
        case path if path == f"stores/{STORE}/invoices":
            found = json.loads((SAMPLES / "invoices_list.json").read_bytes())
            if query.get("textSearch"):
                assert query["textSearch"] == f"crowdfund-app_{APP}"
                found = [invoice for invoice in found if "orderUrl" in invoice["metadata"]]
            whole = "false" if query.get("textSearch") else "true"
            assert (query["includePaymentMethods"], query["includeArchived"]) == (whole, "true")
            span = range(int(query["startDate"]), int(query["endDate"]) + 1)
            found = [invoice for invoice in found if invoice["createdTime"] in span]
            start = int(query["skip"])
            return httpx.Response(200, json=found[start : start + int(query["take"])])
        case path:
            name = path.rpartition("/")[2].replace("-", "_")
            return httpx.Response(200, content=(SAMPLES / f"{name}.json").read_bytes())


async def read(
    *projects: ProjectConfig, privacy: PrivacyConfig = EXACT, payouts: bool = False
) -> list[Record]:
    server = BTCPayServer(
        id="pay",
        url="https://pay.example.org/btcpay/",
        token_env="BTCPAY_TOKEN",
        stores=(STORE,),
        include=("invoices", "crowdfund", "payouts") if payouts else ("invoices", "crowdfund"),
    )
    transport = httpx.MockTransport(answer)
    async with httpx.AsyncClient(transport=transport, headers=authorization(TOKEN)) as client:
        source = BTCPay(
            server, STORE, projects=projects, privacy=privacy, client=client, ids=KeyedIds(key=b"k" * 32)
        )
        return [record async for record in source.collect(Known(), at=NOW, full=False)]


def season(app: Crowdfund) -> StorePlace:
    return StorePlace(place="season", kind="crowdfund", crowdfund=app)


def project(slug: str, **binding: str) -> ProjectConfig:
    return ProjectConfig.model_validate({"slug": slug, "btcpay": {"source": "pay", **binding}})


def total(records: list[Record], status: Status, kind: Kind = Kind.PAYMENT, part: str = "") -> int:
    """Sum what came to a part of the store, or to all of it."""
    return sum(
        record.amount_msat
        for record in records
        if isinstance(record, Entry)
        and (record.status, record.kind) == (status, kind)
        and part in record.place
    )


def season_of(records: list[Record]) -> Project:
    [found] = [record for record in records if isinstance(record, Project) and record.kind == "crowdfund"]
    return found


async def test_the_whole_store_by_our_rules() -> None:
    records = await read(project("all-of-it", store=STORE))
    assert total(records, Status.CONFIRMED) == 233_282_000
    assert total(records, Status.PENDING) == 30_000_000
    assert total(records, Status.EXCLUDED) == 0
    [declared] = [record for record in records if isinstance(record, Declaration)]
    assert (declared.amount, declared.currency, declared.count) == (Decimal(40), "EUR", 1)
    entries = {record.id: record for record in records if isinstance(record, Entry)}
    assert sorted(entries) == [
        "rest/2026-07-01/BTC-CHAIN/late/2026-07",
        "rest/2026-07-01/BTC-CHAIN/on_time/2026-07",
        "rest/2026-07-01/BTC-CHAIN/partial/2026-07",
        "rest/2026-07-01/BTC-CHAIN/pending-over/2026-07",
        "rest/2026-07-01/BTC-LN/on_time/2026-07",
        "rest/2026-07-01/BTC-LNURL/on_time/2026-07",
    ]
    late = entries["rest/2026-07-01/BTC-CHAIN/late/2026-07"]
    assert late.at_receipt == (
        AtReceipt(currency="EUR", amount_msat=43_141_000, value=Decimal("0.00043141") * Decimal("57950.20")),
    )
    assert entries["rest/2026-07-01/BTC-LNURL/on_time/2026-07"].at_receipt == ()


async def test_the_crowdfund_counts_its_own_invoices_and_shows_what_it_publishes() -> None:
    records = await read(project("season", app=APP))
    assert total(records, Status.CONFIRMED) == 233_282_000
    assert total(records, Status.CONFIRMED, part="/rest") == 21_000_000 + 33_275_000
    assert season_of(records) == Project(
        id=btcpay_place(STORE, part_of_store("crowdfund", APP)),
        source=store_source(STORE),
        kind="crowdfund",
        title="Season 1 of Example Open Project",
        tagline="Open tools, open books",
        description="<p>Fund three months of maintenance.</p>",
        goal=Goal(value=Decimal("500.0"), currency="EUR"),
        starts_at=datetime(2026, 6, 30, 10, tzinfo=UTC),
        ends_at=datetime(2026, 8, 30, 10, tzinfo=UTC),
        unread=("refunds",),
        switch_at=datetime(2026, 7, 1, tzinfo=UTC),
        switch_by=BY_INVOICE,
    )


async def test_an_invoice_of_two_projects_counts_for_the_first() -> None:
    records = await read(project("season", app=APP), project("rest", store=STORE))
    assert total(records, Status.CONFIRMED) == 233_282_000
    rest = [record for record in records if isinstance(record, Entry) and record.place.endswith("/rest")]
    assert {entry.rail: entry.amount_msat for entry in rest} == {
        "BTC-LN": 33_275_000,
        "BTC-LNURL": 21_000_000,
    }


async def test_a_completed_payout_named_after_an_invoice_is_a_refund() -> None:
    records = await read(project("season", app=APP), payouts=True)
    assert total(records, Status.CONFIRMED, Kind.REFUND) == 17_150_000
    assert season_of(records).unread == ()


async def test_one_row_a_payment_under_a_keyed_id() -> None:
    records = await read(project("season", app=APP), privacy=PrivacyConfig(rows="payment"), payouts=True)
    entries = [record for record in records if isinstance(record, Entry)]
    assert [entry.count for entry in entries] == [1] * 7
    # HMAC-SHA256 under 32 times "k" of rail, zero byte, payment id, computed with OpenSSL
    assert "db51b68a0cbbf7c1e035070e3824888e" in {entry.id for entry in entries}
    assert all(entry.at == entry.at.replace(hour=0, minute=0, second=0) for entry in entries)


def test_btcpays_own_crowdfund_number() -> None:
    app = CROWDFUND.decode((SAMPLES / "crowdfund_app.json").read_bytes())
    expected = json.loads((SAMPLES / "crowdfund_expected.json").read_bytes())
    invoices = INVOICES.decode((SAMPLES / "invoices_list.json").read_bytes())
    own = [invoice for invoice in invoices if invoice.id in expected["app_invoice_ids"]]
    numbers = OwnNumbers()
    numbers.take(season(app), own)
    [number] = numbers.records("btcpay-pay")
    assert number.raised == Decimal(expected["currentAmount"])
    assert number.pending == Decimal(expected["currentPendingAmount"])
    assert number.contributors == expected["totalContributors"]
    assert {difference.reason: (difference.value, difference.count) for difference in number.differences} == {
        "declared": (Decimal(40), 1),
        "late": (-Decimal("0.00043141") * Decimal("57950.20"), 1),
    }
    assert app.target_amount is not None
    assert number.raised / Decimal(str(app.target_amount)) * 100 == Decimal(expected["progressPercentage"])


@pytest.mark.parametrize(
    ("fields", "understood"),
    [
        ({}, True),
        ({"target_amount": None, "target_currency": None}, True),  # asks for nothing
        ({"target_amount": 0}, True),
        ({"target_amount": Decimal("1e30")}, False),
        ({"target_currency": "gold (ounce)"}, False),
        ({"reset_every": "Week"}, False),
        ({"reset_every": "never"}, True),
    ],
)
def test_a_goal_that_cannot_be_read_is_not_taken_for_none(
    *, fields: dict[str, object], understood: bool
) -> None:
    app = CROWDFUND.decode((SAMPLES / "crowdfund_app.json").read_bytes())
    assert is_understood(msgspec.structs.replace(app, **fields)) is understood
