"""Small records for the tests of the log: two sources, one project, days in 2026."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from generator.ledger import Entry, Kind, Status
from generator.snapshot import Asked, Finding, Outcome, Project, Rate, Record, Result, Withdrawn, run_id
from generator.snapshot.batch import Batch, latest_by_key

PAY, ANGOR = "btcpay-pay", "angor"
NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


def entry(name: str, msat: int = 1_000, *, source: str = PAY, **other: object) -> Entry:
    fields: dict[str, object] = {"kind": Kind.PAYMENT, "status": Status.CONFIRMED, "place": "well"}
    return Entry(id=name, source=source, amount_msat=msat, at=NOON, **(fields | other))  # type: ignore[arg-type]


def project(source: str = PAY, title: str = "Well") -> Project:
    return Project(id="well", source=source, kind="store", title=title)


def gone(record: Record, reason: str = "moved to another row") -> Withdrawn:
    return Withdrawn(id=f"{record.key[0]}/{record.id}", source=record.source, reason=reason)


def rate(day: str, price: str = "60000") -> Rate:
    return Rate(id=f"EUR/{day}", source="rates", currency="EUR", day=day, price=Decimal(price))


def finding(name: str, result: Result = Result.OK) -> Finding:
    return Finding(id=name, source=ANGOR, check="event-signature", result=result)


def asked(source: str = PAY, outcome: Outcome = Outcome.OK, message: str = "") -> Asked:
    return Asked(source=source, outcome=outcome, message=message)


def batch(*records: Record, hours: float = 0, salt: str = "", **other: object) -> Batch:
    at = NOON + timedelta(hours=hours)
    fields: dict[str, object] = {"network": "regtest", "asked": (asked(ANGOR), asked())}
    return Batch(run=run_id(at, salt), at=at, records=latest_by_key(records), **(fields | other))  # type: ignore[arg-type]
