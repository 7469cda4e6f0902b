"""What no real server sends on purpose: doubled, damaged or unknown parts, and another id key."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from generator.config import BTCPayServer, PrivacyConfig, ProjectConfig
from generator.errors import ConfigError
from generator.ledger import Entry, Kind, Status
from generator.snapshot import Asked, Finding, Known, Outcome, Project, Record, Run, Withdrawn
from generator.sources.btcpay.greenfield import authorization
from generator.sources.btcpay.privacy import KeyedIds
from generator.sources.btcpay.source import BTCPay

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 5, 20, tzinfo=UTC)
CREATED = int(datetime(2026, 5, 2, tzinfo=UTC).timestamp())
PROJECT = ProjectConfig.model_validate({"slug": "p", "btcpay": {"source": "pay", "store": "S"}})
KEY = b"k" * 32


def payment(name: str = "x-0", value: object = "0.5", **fields: object) -> dict[str, Any]:
    return {
        "id": name,
        "receivedDate": CREATED + 60,
        "value": value,
        "fee": "0",
        "status": "Settled",
    } | fields


def invoice(
    name: str, *payments: dict[str, Any], rails: Sequence[str] = ("BTC-LN",), **fields: object
) -> dict[str, Any]:
    methods = [
        {"paymentMethodId": rail, "currency": "BTC", "rate": "50000", "payments": payments} for rail in rails
    ]
    plain = {
        "id": name,
        "status": "Settled",
        "additionalStatus": "None",
        "currency": "EUR",
        "amount": "5",
        "createdTime": CREATED,
        "expirationTime": CREATED + 900,
        "metadata": {},
        "checkout": {"paymentMethods": list(rails)},
        "paymentMethods": methods,
    }
    return plain | fields


def payout(number: int, amount: str) -> dict[str, Any]:
    return {
        "id": f"payout{number}",
        "pullPaymentId": f"pull{number}",
        "date": CREATED + 600,
        "state": "Completed",
        "payoutMethodId": "BTC-LN",
        "payoutCurrency": "BTC",
        "payoutAmount": amount,
    }


async def collect(
    invoices: Sequence[dict[str, Any]],
    *,
    known: Known | None = None,
    include: Sequence[str] = ("invoices", "crowdfund"),
    privacy: PrivacyConfig | None = None,
    key: bytes | None = None,
    refunds: Sequence[tuple[str, str]] = (),
) -> tuple[list[Record], BTCPay]:
    """Read a store; `refunds` are the names of pull payments with what was paid out by each."""

    def answer(request: httpx.Request) -> httpx.Response:
        query = request.url.params
        if request.url.path.endswith("/pull-payments"):
            pulls = [{"id": f"pull{at}", "name": name} for at, (name, _) in enumerate(refunds)]
            return httpx.Response(200, json=pulls)
        if request.url.path.endswith("/payouts"):
            return httpx.Response(200, json=[payout(at, amount) for at, (_, amount) in enumerate(refunds)])
        span = range(int(query["startDate"]), int(query["endDate"]) + 1)
        found = [made for made in invoices if made["createdTime"] in span][int(query["skip"]) :]
        return httpx.Response(200, text=json.dumps(found))

    server = BTCPayServer.model_validate(
        {
            "id": "pay",
            "url": "https://pay.example.org",
            "token_env": "BTCPAY_TOKEN",
            "stores": ["S"],
            "include": include,
        }
    )
    transport = httpx.MockTransport(answer)
    async with httpx.AsyncClient(transport=transport, headers=authorization("t")) as client:
        source = BTCPay(
            server,
            "S",
            projects=[PROJECT],
            privacy=privacy or PrivacyConfig(min_group=1),
            client=client,
            ids=KeyedIds(key=key) if key else None,
        )
        return [record async for record in source.collect(known or Known(), at=NOW, full=False)], source


def project_of(records: Sequence[Record]) -> Project:
    [found] = [record for record in records if isinstance(record, Project)]
    return found


def total(records: Sequence[Record]) -> int:
    return sum(r.amount_msat for r in records if isinstance(r, Entry) and r.status is Status.CONFIRMED)


def refunded(records: Sequence[Record]) -> int:
    return sum(r.amount_msat for r in records if isinstance(r, Entry) and r.kind is Kind.REFUND)


def log(source: BTCPay, records: Sequence[Record], **reads: str) -> Known:
    asked = Asked(source=source.name, outcome=Outcome.OK, reads=source.tally.reads | reads)
    run = Run(id="r", source="runs", at=NOW, asked=(asked,))
    return Known(records={record.key: record for record in records}, runs=(run,))


async def test_a_refund_is_linked_by_an_id_in_its_name_and_only_by_one() -> None:
    first, second = "Zq7Lk3mN8pR5tV2xY4bCaa", "Aq7Lk3mN8pR5tV2xY4bCaa"
    paid = [invoice(first, payment("x-0")), invoice(second, payment("y-0"))]
    everything = ("invoices", "crowdfund", "payouts")
    named = [(f"{first} İade", "0.1"), (f"Sorry, {second}!", "0.02"), ("Salaries", "0.3")]
    records, source = await collect(paid, include=everything, refunds=named)
    assert refunded(records) == 12_000_000_000
    assert project_of(records).at_least == ("refunds",)  # salaries may be one
    both = [*named, (f"{first} and {second}", "0.001")]
    records, source = await collect(paid, include=everything, refunds=both)
    assert refunded(records) == 12_000_000_000
    assert source.tally.counts["ambiguous_refunds"] == 1
    reasons = {r.check: r.reason for r in records if isinstance(r, Finding)}
    assert reasons["payouts-unexplained"].startswith("2 payouts of unknown purpose, 30\u202f100\u202f000 sat")


async def test_a_payment_that_is_listed_twice_counts_once() -> None:
    twice = [
        invoice("a", payment(), rails=("BTC-LN", "BTC-LNURL")),
        invoice("b", payment(), payment("y-0", "0.25")),
    ]
    records, source = await collect(twice)
    assert total(records) == 75_000_000_000
    assert source.tally.counts["doubled_payments"] == 2
    assert project_of(records).complete


@pytest.mark.parametrize(
    ("broken", "counter"),
    [
        (invoice("b", payment("y", "1e30")), "malformed_payments"),
        (invoice("b", payment("y", receivedDate=10**15)), "malformed_payments"),
        (invoice("b", payment("y", receivedDate=-5)), "malformed_payments"),
        (invoice("b", payment("y", status="Vanished")), "unknown_status_payments"),
        (invoice("b", payment("y"), status="Sealed"), "unknown_status_payments"),
        (invoice("b", payment("y", "0.5"), rails=["BTC-NEW"]), "other_coin_payments"),
        (invoice("b", surprise=1, payments=2), "unknown_fields"),
    ],
)
async def test_what_cannot_be_read_is_counted_and_never_summed(broken: dict[str, Any], counter: str) -> None:
    records, source = await collect([invoice("a", payment()), broken])
    assert total(records) == 50_000_000_000
    assert source.tally.counts[counter] == (2 if counter == "unknown_fields" else 1)
    assert project_of(records).complete == (not counter.startswith("malformed_p"))
    assert all(source.tally.counts.values())


async def test_a_project_that_was_incomplete_stays_so_until_everything_is_read_again() -> None:
    records, source = await collect([invoice("a", payment(value="much"), createdTime=CREATED - 90 * 86_400)])
    assert not project_of(records).complete
    again, source = await collect([], known=log(source, records))
    assert not project_of(again).complete
    week_ago = f"{NOW - timedelta(days=7):%Y-%m-%dT%H:%M:%SZ}"
    healed, _ = await collect([], known=log(source, records, full_at=week_ago))
    assert project_of(healed).complete


async def test_what_may_not_be_read_any_more_stands() -> None:
    records, source = await collect([invoice("a", payment())])
    later, _ = await collect([], known=log(source, records), include=["crowdfund"])
    assert project_of(later).unread == ("payments", "refunds")
    assert not [record for record in later if isinstance(record, Withdrawn)]
    gone, _ = await collect([], known=log(source, records))
    assert [record.id for record in gone if isinstance(record, Withdrawn)] == [
        "entry/rest/2026-05-02/BTC-LN/on_time/2026-05",
        f"attributed/{project_of(later).id}/2026-05/rest",
    ]


async def test_another_or_no_id_key_is_noticed_before_anything_is_asked() -> None:
    rules = PrivacyConfig(rows="payment")
    with pytest.raises(ConfigError, match="set SUNLIT_ID_KEY"):
        await collect([], privacy=rules)
    records, source = await collect([invoice("a", payment())], privacy=rules, key=KEY)
    known = log(source, records)
    assert source.tally.reads["id_key"] == "801bd3c39aa3c245"
    await collect([], privacy=rules, key=KEY, known=known)
    with pytest.raises(ConfigError, match="is not the key that made the ids in the log: restore it"):
        await collect([], privacy=rules, key=b"K" * 32, known=known)
    _, source = await collect([], key=KEY)
    assert "id_key" not in source.tally.reads
