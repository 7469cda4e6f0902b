"""BTCPay against the sandbox's server, over real HTTP: what the people there did is what is read."""

import logging
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import httpx
import msgspec
import pytest

from generator.config import PrivacyConfig
from generator.errors import Invalid, SourceError, Unavailable
from generator.ledger import Declaration, Entry, Kind, OtherMoney, Status
from generator.places import store_source
from generator.sandbox.btcpay import BTCPayServer as Sandbox
from generator.sandbox.btcpay import DeedKind, Fault, Standing, Town, Version
from generator.snapshot import (
    Finding,
    Known,
    Line,
    Project,
    Rate,
    Withdrawn,
    encode,
    news,
)
from generator.sources import Tally
from generator.sources.btcpay.greenfield import Greenfield, authorization
from generator.sources.http import Http
from generator.sources.rates import RatesSource, StorePrices
from tests.support.limits import GENEROUS
from tests.support.town import (
    EXACT,
    NOW,
    STATUS,
    collect,
    configured,
    entries_of,
    logged,
    read,
    told,
    world,
)
from tests.support.trust import trust

pytestmark = pytest.mark.anyio


@pytest.mark.proof(2)
@pytest.mark.parametrize(
    ("seed", "invoices", "how"),
    [(1, 92, {}), (2, 300, {"prefix": "/btcpay"}), (3, 1500, {}), (4, 300, {"version": Version.SINGLE})],
)
async def test_every_payment_and_refund_is_read_once(seed: int, invoices: int, how: dict[str, bool]) -> None:
    with world(seed, invoices, **how) as (town, deeds, server):
        records, source = await collect(town, server)
    assert read(records, source.owners) == told(deeds)
    counted = Counter((deed.project, STATUS[deed.standing]) for deed in deeds if deed.kind is DeedKind.PAID)
    found = Counter[tuple[str, Status]]()
    for entry in entries_of(records):
        if entry.kind is Kind.PAYMENT and source.slug(entry):
            found[source.slug(entry), entry.status] += entry.count
    assert found == counted
    rest = [entry for entry in entries_of(records) if not source.slug(entry)]
    assert {entry.place.rpartition("/")[2] for entry in rest} == {"rest", "unassigned"}
    kinds = {(entry.place.rpartition("/")[2], entry.kind) for entry in rest}
    strangers = {("rest", Kind.PAYMENT), ("rest", Kind.REFUND)}
    assert kinds == {*strangers, ("unassigned", Kind.PAYOUT)}, "wages are no project's"
    mine = len([d for d in deeds if d.kind is not DeedKind.DECLARED])
    assert source.counts["payments"] == mine + sum(entry.count for entry in rest)
    assert all(record.complete for record in records if isinstance(record, Project))


@pytest.mark.parametrize("seed", [1, 5])
async def test_declarations_and_values_at_receipt(seed: int) -> None:
    with world(seed) as (town, deeds, server):
        records, source = await collect(town, server)
    declared, worth = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for deed in deeds:
        if deed.kind is DeedKind.DECLARED and deed.value:
            declared[deed.project, deed.currency] += Fraction(deed.value)  # type: ignore[assignment]
        elif deed.kind is DeedKind.PAID and deed.value and deed.standing is Standing.CONFIRMED:
            worth[deed.project, deed.currency] += Fraction(deed.value)  # type: ignore[assignment]
    for record in records:
        if isinstance(record, Declaration | Entry) and not source.slug(record):
            continue
        if isinstance(record, Declaration):
            declared[source.slug(record), record.currency] -= Fraction(record.amount)  # type: ignore[assignment]
        elif isinstance(record, Entry) and record.status is Status.CONFIRMED:
            for part in record.at_receipt:
                worth[source.slug(record), part.currency] -= Fraction(part.value)  # type: ignore[assignment]
    assert len(declared) > 3
    assert len(worth) > 3
    assert set(declared.values()) == set(worth.values()) == {0}


async def test_other_coins_are_said_and_strangers_are_not_counted() -> None:
    with world(6) as (town, _, server):
        records, source = await collect(town, server)
    coins = [record for record in records if isinstance(record, OtherMoney)]
    mine = [record for record in coins if source.owners.slug(record.place)]
    assert {source.owners.slug(record.place) for record in mine} >= {"harbour"}
    assert sum(record.count for record in mine) == 2, "monero and a plugin's"
    assert sum(record.count for record in coins) == source.counts["other_coin_payments"]


async def test_crowdfunds_publish_their_texts_and_goals_and_stores_nothing() -> None:
    with world(7) as (town, _, server):
        records, source = await collect(town, server)
    found = {source.owners.slug(record.id): record for record in records if isinstance(record, Project)}
    assert set(found) == {"", *(campaign.slug for campaign in town.campaigns)}
    assert (found["harbour"].kind, found["harbour"].title, found["harbour"].goal) == ("store", "", None)
    garden, lamp, hall = (found[name].goal for name in ("garden", "lamp", "makers-hall"))
    assert found["garden"].title == "A garden for Mill Lane"
    assert garden is not None
    assert lamp is not None
    assert hall is not None
    assert (garden.value, garden.currency, lamp.amount_msat) == (Decimal(6000), "EUR", 9_000_000_000)
    assert hall.amount_msat == 10_000_000_000
    assert {record.unread for record in found.values()} == {()}


@pytest.mark.slow
async def test_an_old_server_that_is_asked_for_each_invoice_gives_the_same_records() -> None:
    with world(8, 200) as (town, _, server):
        new, _ = await collect(town, server)
    for version in (Version.SINGLE, Version.SHUT, Version.FIRST):
        with world(8, 200, version=version) as (town, _, server):
            old, source = await collect(town, server)
        assert entries_of(old) == entries_of(new)
        assert source.counts["asked_singly"] > 100
        shut = () if version is Version.SINGLE else ("crowdfund settings",)
        assert {
            record.unread for record in old if isinstance(record, Project) and record.kind == "crowdfund"
        } == {shut}


async def test_texts_and_goal_that_a_key_may_not_read_any_more_stand() -> None:
    with world(8, 92) as (town, _, server):
        first, source = await collect(town, server)
        known = logged(Known(), first, source, NOW)
        server.version = Version.SHUT
        later, _ = await collect(town, server, known=known, at=NOW + timedelta(hours=6))
    before = {record.id: record for record in first if isinstance(record, Project)}
    for record in later:
        if isinstance(record, Project) and record.kind == "crowdfund":
            same = msgspec.structs.replace(before[record.id], unread=("crowdfund settings",))
            assert record == same
            assert record.goal is not None


async def test_a_key_that_may_view_invoices_only_leaves_refunds_unread() -> None:
    with world(9, 100) as (town, deeds, server):
        records, source = await collect(town, server, key=town.narrow)
    assert {record.unread for record in records if isinstance(record, Project)} == {("refunds",)}
    found = {source.slug(record): record for record in records if isinstance(record, Finding)}
    assert "lacks btcpay.store.canviewpullpayments" in found["lamp"].reason
    assert {entry.kind for entry in entries_of(records)} == {Kind.PAYMENT}
    assert sum(read(records, source.owners).values()) == sum(
        deed.amount_msat for deed in deeds if deed.kind is DeedKind.PAID
    )


@pytest.mark.parametrize(
    "privacy",
    [
        PrivacyConfig(),
        PrivacyConfig(min_group=9, round_to_sats=10_000),
        PrivacyConfig(rows="payment"),
        PrivacyConfig(publish_delay_hours=72),
    ],
)
async def test_privacy_leaves_every_total_exact(privacy: PrivacyConfig) -> None:
    with world(10) as (town, deeds, server):
        records, source = await collect(town, server, privacy=privacy)
    limit = NOW - timedelta(hours=privacy.publish_delay_hours)
    expected, found = Counter[tuple[str, ...]](), Counter[tuple[str, ...]]()
    for deed in deeds:
        if deed.kind is not DeedKind.DECLARED and deed.at <= limit:
            expected[deed.project, STATUS[deed.standing], deed.kind] += deed.amount_msat
    for entry in entries_of(records):
        kind = DeedKind.PAID if entry.kind is Kind.PAYMENT else DeedKind.REFUNDED
        if source.slug(entry):
            found[source.slug(entry), entry.status, kind] += entry.amount_msat
    assert found == expected


async def test_a_second_run_brings_no_news() -> None:
    with world(11) as (town, _, server):
        first, source = await collect(town, server)
        known = logged(Known(), first, source, NOW)
        second, source = await collect(town, server, known=known, at=NOW + timedelta(hours=6))
    assert news(known, second) == []
    assert source.counts["invoices"] < len(town.books.invoices) / 2


@pytest.mark.proof(1)
@pytest.mark.parametrize("privacy", [EXACT, PrivacyConfig(), PrivacyConfig(rows="payment")])
async def test_what_changes_later_is_restated_and_what_vanished_withdrawn(privacy: PrivacyConfig) -> None:
    with world(12) as (town, _, server):
        first, source = await collect(town, server, privacy=privacy)
        known = logged(Known(), first, source, NOW)
        later = NOW + timedelta(days=3)
        changed = change(town, later)
        second, source = await collect(town, server, privacy=privacy, known=known, at=later)
        third, _ = await collect(town, server, privacy=privacy, at=later)
    assert changed > 3
    withdrawn = any(isinstance(record, Withdrawn) for record in second)
    assert withdrawn == (privacy.rows == "day")  # a payment keeps its id whatever becomes of it
    after = logged(known, second, source, later)
    assert read(after.of(Entry), source.owners) == read(third, source.owners)
    assert sorted(after.of(Entry), key=lambda entry: entry.id) == sorted(
        entries_of(third), key=lambda entry: entry.id
    )
    assert source.counts["invoices"] < len(town.books.invoices) / 2


def change(town: Town, later: datetime) -> int:
    """Let pending payments confirm, one late invoice be marked invalid, and a donor come; return how many."""
    books, changed = town.books, 0
    recent = [
        invoice for invoice in books.invoices if invoice.created > (NOW - timedelta(days=45)).timestamp()
    ]
    for invoice in books.invoices:
        if invoice.status == "Processing":
            paid = tuple(replace(payment, status="Settled") for payment in invoice.payments)
            books.invoices.put(replace(invoice, status="Settled", payments=paid))
            changed += 1
    doubtful = next(invoice for invoice in recent if invoice.status == "Settled" and invoice.payments)
    books.invoices.put(replace(doubtful, status="Invalid", additional="Marked"))
    created = int(later.timestamp()) - 3600
    payment = replace(doubtful.payments[0], id="f" * 64, received=created + 60)
    books.invoices.put(replace(doubtful, id="NewcomerNewcomer", created=created, payments=(payment,)))
    books.now = int(later.timestamp())
    return changed + 2


FAULTS: list[tuple[Fault, type[SourceError], str]] = [
    (Fault.DOWN, Unavailable, "answered 503; the next run asks again"),
    (Fault.GATEWAY, Unavailable, "answered 502; the next run asks again"),
    (Fault.ERROR, Unavailable, "answered 500; the next run asks again"),
    (Fault.LIMITED, Unavailable, "answered 429; the next run asks again"),
    (Fault.TIMEOUT, Unavailable, "no answer within 0.3 s; the next run asks again"),
    (Fault.UNAUTHORIZED, Unavailable, "does not accept the API key in BTCPAY_TOKEN (401)"),
    (
        Fault.FORBIDDEN,
        Unavailable,
        "refused the API key in BTCPAY_TOKEN (403): it lacks btcpay.store.canviewinvoices",
    ),
    (Fault.HTML, Invalid, "answered 200 with a web page; expected JSON"),
    (Fault.EMPTY, Invalid, "answered 200 with nothing; expected JSON"),
    (Fault.TRUNCATED, Invalid, "sent JSON that is damaged or cut off"),
]


@pytest.mark.proof(4)
@pytest.mark.parametrize(("fault", "kind", "says"), FAULTS, ids=[fault[0] for fault in FAULTS])
async def test_each_fault_is_told_in_a_sentence(fault: Fault, kind: type[SourceError], says: str) -> None:
    with world(13, 92, plant=True) as (town, _, server):
        server.faults.add(fault, path="/invoices", seconds=0)
        limits = replace(GENEROUS, request_s=0.3) if fault is Fault.TIMEOUT else GENEROUS
        with pytest.raises(kind) as caught:
            await collect(town, server, limits=limits)
        text = str(caught.value)
        store = town.stores[0]
        assert text.startswith(f"{store_source(store)}: invoices of store {store}: 127.0.0.1:{server.port}")
        assert says in text
        assert town.reader.text not in text
        assert not [token for token in server.tokens if token.value in text]
        server.faults.heal()
        records, _ = await collect(town, server)
        assert entries_of(records)


async def test_a_server_that_is_busy_for_a_moment_is_asked_again() -> None:
    with world(14, 92) as (town, deeds, server):
        server.faults.add(Fault.LIMITED, times=1, seconds=0)
        server.faults.add(Fault.GATEWAY, path="/invoices", times=1)
        patient = replace(GENEROUS, attempts=3)
        records, source = await collect(town, server, limits=patient)
    assert read(records, source.owners) == told(deeds)
    assert source.counts["retries"] == 2


#: What of a reported crowdfund is public by purpose → the one place of the log that has it.
SHOWN = {
    "crowdfund.title": "project.title",
    "crowdfund.tagline": "project.tagline",
    "crowdfund.description": "project.description",
    "crowdfund.mainImageUrl": "project.picture",
}


async def test_no_token_of_the_server_leaves_the_source(caplog: pytest.LogCaptureFixture) -> None:
    with world(15, 120, plant=True) as (town, _, server), caplog.at_level(logging.DEBUG):
        for rows in ("day", "payment"):
            privacy = PrivacyConfig.model_validate({"rows": rows, "min_group": 1})
            records, source = await collect(town, server, privacy=privacy)
            left = b"".join(encode(Line(run="r", record=record)) for record in records).decode()
            left += (
                msgspec.json.encode(
                    [[each.tally.counts, each.tally.reads] for each in source.sources]
                ).decode()
                + caplog.text
            )
            leaked = [token for token in server.tokens if token.value in left]
            assert {token.field for token in leaked} == SHOWN.keys()
            assert all(token.published for token in leaked)
            places = {
                (token.field, f"{record.key[0]}.{name}")
                for record in records
                for name, value in msgspec.to_builtins(record).items()
                for token in leaked
                if token.value in str(value)
            }
            assert places == set(SHOWN.items())
        raw = await everything(town, server)
        seen = [token for token in server.tokens if token.value in raw and not token.published]
    assert len(seen) >= 150
    assert len({token.field for token in seen}) >= 25


async def everything(town: Town, server: Sandbox) -> str:
    """Return what a source without an allow-list would log: every answer whole."""
    asked = [
        *(f"/apps/crowdfund/{campaign.app.id}" for campaign in town.campaigns if campaign.app),
        *(
            f"/stores/{store}/{what}"
            for store in town.stores
            for what in (
                "invoices?includePaymentMethods=true&includeArchived=true",
                "pull-payments",
                "payouts",
            )
        ),
    ]
    async with httpx.AsyncClient(
        headers=authorization(town.reader.text), trust_env=False, verify=trust()
    ) as client:
        bodies = [(await client.get(f"{server.url}/api/v1{path}")).text for path in asked]
    raw = [
        Project(id=path, source="leak", kind="", description=body)
        for path, body in zip(asked, bodies, strict=True)
    ]
    return b"".join(encode(Line(run="r", record=record)) for record in raw).decode()


async def test_a_store_tells_todays_rate() -> None:
    with world(16, 92) as (town, _, server):
        async with httpx.AsyncClient(
            headers=authorization(town.reader.text), trust_env=False, verify=trust()
        ) as client:
            http = Http(client=client, source="rates", base_url=server.url, limits=GENEROUS)
            store = StorePrices(town.stores[0], Greenfield(configured(town, server), http))
            rates = RatesSource([store], currencies=["EUR"], tally=Tally())
            [rate] = [record async for record in rates.collect(Known(), at=NOW, full=False)]
    assert isinstance(rate, Rate)
    assert (rate.day, rate.price, rate.at) == ("2026-03-17", town.books.prices["EUR"], NOW)
