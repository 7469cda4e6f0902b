"""How far back a run reads, and what it may withdraw."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from generator.config import BTCPayBinding, PrivacyConfig
from generator.ledger import Declaration, Entry, Kind, OtherMoney, Status
from generator.snapshot import Asked, Finding, Known, Outcome, Project, Record, Result
from generator.sources.btcpay.greenfield.wire import Invoice
from generator.sources.btcpay.payments import earliest, open_since
from generator.sources.btcpay.reading_plan import (
    ReadingPlan,
    plan_reading,
    reads_of,
    scope_of,
    withdrawals,
)

AT = datetime(2026, 5, 20, 12, tzinfo=UTC)
BOUND = [BTCPayBinding(source="pay", store="S")]
SCOPE = scope_of(BOUND, PrivacyConfig())
FULL = ReadingPlan(since=None)


def known(*records: Record) -> Known:
    return Known(records={record.key: record for record in sorted(records, key=lambda record: record.key)})


def project(slug: str = "p") -> Project:
    return Project(id=slug, source="btcpay-pay", kind="store")


def asked(**reads: str) -> Asked:
    return Asked(source="btcpay-pay", outcome=Outcome.OK, reads=reads)


def month(number: int) -> ReadingPlan:
    return ReadingPlan(since=datetime(2026, number, 1, tzinfo=UTC))


RECENT = "2026-05-19T00:00:00Z"


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (None, FULL),
        (asked(full_at="2026-05-13T12:00:00Z", scope=SCOPE), FULL),
        (asked(full_at="2026-05-13T12:00:01Z", scope=SCOPE), month(4)),
        (asked(full_at="garbled", scope=SCOPE), FULL),
        (asked(full_at=RECENT, scope="other"), FULL),
        (asked(full_at=RECENT, scope=SCOPE), month(4)),
        (asked(full_at=RECENT, scope=SCOPE, open_since="2026-05-01T00:00:00Z"), month(4)),
        (asked(full_at=RECENT, scope=SCOPE, open_since="2026-02-14T10:00:00Z"), month(2)),
    ],
)
def test_what_is_read(last: Asked | None, expected: ReadingPlan) -> None:
    assert plan_reading(last, at=AT, scope=SCOPE) == expected


def test_what_is_remembered_is_dates_and_a_fingerprint() -> None:
    full = reads_of(FULL, None, at=AT, scope=SCOPE, open_since=None)
    assert full == {"full_at": "2026-05-20T12:00:00Z", "scope": SCOPE}
    since = datetime(2026, 3, 7, 8, 9, tzinfo=UTC)
    last = asked(full_at=RECENT, scope=SCOPE)
    later = reads_of(month(4), last, at=AT, scope=SCOPE, open_since=since)
    assert later == {
        "full_at": RECENT,
        "scope": SCOPE,
        "open_since": "2026-03-01T00:00:00Z",
    }
    assert len(SCOPE) == 12
    assert int(SCOPE, 16)


def test_other_rules_or_bindings_are_another_scope() -> None:
    moved = [BTCPayBinding(source="pay", app="S")]
    others = [
        scope_of(BOUND, PrivacyConfig(min_group=4)),
        scope_of(moved, PrivacyConfig()),
        scope_of([], PrivacyConfig()),
    ]
    assert len({SCOPE, *others}) == 4


@pytest.mark.parametrize(
    ("status", "created", "monitored", "is_open"),
    [
        ("New", 100, 0, True),
        ("Processing", 100, 0, True),
        ("Settled", 100, -1, False),
        ("Settled", 100, 1, True),
        ("Expired", 100, 1, True),
        ("Expired", 100, 0, False),
    ],
)
def test_an_invoice_that_may_still_change_is_read_again(
    status: str,
    created: int,
    monitored: int,
    is_open: bool,  # noqa: FBT001 -- a row of the table
) -> None:
    now = int(AT.timestamp())
    invoices = [
        Invoice(
            id=f"i{number}",
            status=state,
            additional_status="None",
            created_time=now - age,
            expiration_time=now,
            currency="EUR",
            monitoring_expiration=now + until,
        )
        for number, (state, age, until) in enumerate([(status, created, monitored), ("New", 50, 0)])
    ]
    found = open_since(invoices, AT)
    assert found == datetime.fromtimestamp(now - (created if is_open else 50), UTC)
    assert earliest() is None


def entry(name: str, created_month: str, **fields: object) -> Entry:
    plain: dict[str, object] = {
        "source": "btcpay-pay",
        "place": "p",
        "kind": Kind.PAYMENT,
        "amount_msat": 1,
        "at": AT,
        "status": Status.CONFIRMED,
        "created_month": created_month,
    }
    return Entry(id=name, **(plain | fields))  # type: ignore[arg-type]


def finding(check: str, subject: str) -> Finding:
    return Finding(
        id=f"{check}/p/{subject}",
        source="btcpay-pay",
        place="p",
        check=check,
        subject=subject,
        result=Result.OK,
    )


OLD, NEW, REFUND = (
    entry("old", "2026-03"),
    entry("new", "2026-04"),
    entry("back", "2026-03", kind=Kind.REFUND, at=datetime(2026, 3, 9, tzinfo=UTC)),
)
FOREIGN, OTHER = entry("x", "2026-05", source="btcpay-b"), entry("y", "2026-05", place="gone")
DECLARED = Declaration(
    id="d",
    source="btcpay-pay",
    place="p",
    amount=Decimal(1),
    currency="EUR",
    day="2026-04-02",
    created_month="2026-04",
)
CHECKS = (finding("named-in-text", "p"), finding("claimed-once", "z"), finding("app-found", "p"))
LOG = known(project(), OLD, NEW, REFUND, FOREIGN, OTHER, DECLARED, *CHECKS, finding("refunds-read", "S"))


@pytest.mark.parametrize(
    ("plan", "refunds", "shown", "gone"),
    [
        (
            month(4),
            False,
            [],
            [
                *("declaration/d", "entry/new", "entry/y"),
                *("finding/app-found/p/p", "finding/named-in-text/p/p"),
            ],
        ),
        (
            month(4),
            True,
            [NEW, OTHER, CHECKS[2]],
            ["declaration/d", "entry/back", "finding/named-in-text/p/p", "finding/refunds-read/p/S"],
        ),
        (
            month(4),
            True,
            [REFUND, DECLARED, CHECKS[0], CHECKS[2]],
            ["entry/new", "entry/y", "finding/refunds-read/p/S"],
        ),
        (FULL, False, [DECLARED, *CHECKS], ["entry/new", "entry/old", "entry/y"]),
        (
            FULL,
            True,
            [OLD, NEW, OTHER, REFUND, DECLARED],
            ["finding/refunds-read/p/S", *(f"finding/{check.id}" for check in CHECKS)],
        ),
    ],
)
def test_what_vanished_from_what_was_read_is_withdrawn(
    plan: ReadingPlan,
    *,
    refunds: bool,
    shown: list[Record],
    gone: list[str],
) -> None:
    read = ["payments", *(["refunds"] if refunds else [])]
    found = list(withdrawals(LOG, shown, plan, source="btcpay-pay", read=read, reason="moved"))
    assert sorted(record.id for record in found) == sorted(gone)
    assert all(record.withdraws in LOG.records for record in found)
    assert {record.reason for record in found} <= {"moved"}


def test_money_in_other_coins_is_withdrawn_with_its_month() -> None:
    coins = [
        OtherMoney(
            id=f"p/{created}/XMR/XMR-CHAIN/confirmed",
            source="btcpay-pay",
            place="p",
            created_month=created,
            coin="XMR",
            rail="XMR-CHAIN",
            status=Status.CONFIRMED,
            amount=Decimal(2),
            count=1,
        )
        for created in ("2026-03", "2026-04", "2026-05")
    ]
    gone = withdrawals(known(*coins), coins[2:], month(4), source="btcpay-pay", read=["payments"])
    assert [record.withdraws for record in gone] == [coins[1].key]


def test_what_is_not_read_stands() -> None:
    assert list(withdrawals(LOG, [CHECKS[2]], FULL, source="btcpay-pay", read=())) == []
