"""How far back a run reads, and what of the log it may therefore restate; pure.

There is no "changed since" at BTCPay. A run reads whole months of creation
again, from the oldest invoice that can still change, and everything once a
week; rows of those months are recomputed and what vanished is withdrawn.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from generator.config import BTCPayBinding, GoalConfig, PrivacyConfig
from generator.ledger import Declaration, Entry, Kind, OtherMoney
from generator.snapshot import Asked, Attributed, Finding, Key, Known, OwnNumber, Project, Record, Withdrawn
from generator.snapshot.records import APP
from generator.sources import FULL_EVERY, TIME, moment_in
from generator.sources.btcpay import findings
from generator.sources.btcpay.movement import month_of

LEAST: Final = timedelta(days=30)
VANISHED: Final = "the server no longer shows it so: its payments moved to another row or changed their state"
REBOUND: Final = (
    "bindings, periods or rules of privacy in config.yaml are others: its payments stand in other rows"
)
RECUT: Final = "a goal begins anew on other days than before: its payments stand in other rows"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingPlan:
    """What one run reads: everything (`since` is None), or invoices created in or after a month.

    Payouts are listed whole at each reading.
    """

    since: datetime | None

    @property
    def full(self) -> bool:
        """Tell whether everything is read."""
        return self.since is None

    def covers(self, created_month: str) -> bool:
        """Tell whether invoices created in a month (``2026-03``) are read."""
        return self.since is None or created_month >= month_of(self.since)


def plan_reading(
    last: Asked | None,
    *,
    at: datetime,
    scope: str,
) -> ReadingPlan:
    """Plan what to read: all when due, or when places or rules are others than before; else recent months."""
    reads = last.reads if last else {}
    full_at, open_since = moment_in(reads.get("full_at")), moment_in(reads.get("open_since"))
    if full_at is None or at - full_at >= FULL_EVERY or reads.get("scope") != scope:
        return ReadingPlan(since=None)
    oldest = min(at - LEAST, open_since or at)
    return ReadingPlan(since=_month(oldest))


def _month(at: datetime) -> datetime:
    return at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def reads_of(
    plan: ReadingPlan,
    last: Asked | None,
    *,
    at: datetime,
    scope: str,
    open_since: datetime | None,
) -> dict[str, str]:
    """Note what the next run must remember: dates, and a fingerprint of public settings.

    `open_since` is the creation of the oldest invoice that will change by itself.
    """
    full_at = at.strftime(TIME) if plan.full or last is None else last.reads["full_at"]
    reads = {"full_at": full_at, "scope": scope}
    if open_since is not None:
        reads["open_since"] = f"{open_since:%Y-%m}-01T00:00:00Z"  # the month is all that is needed
    return reads


def scope_of(
    bindings: Iterable[BTCPayBinding], privacy: PrivacyConfig, goals: Iterable[GoalConfig | None] = ()
) -> str:
    """Make a fingerprint of bindings, privacy and periods; another one means old rows follow old rules."""
    bound = [(binding.part, binding.old_till) for binding in bindings]
    periods = [str(goal.period) for goal in goals if goal and goal.period]
    return sha256(repr((bound, str(privacy), *periods)).encode()).hexdigest()[:12]


def withdrawals(
    known: Known,
    observed: Iterable[Record],
    plan: ReadingPlan,
    *,
    source: str,
    read: Collection[str],
    reason: str = VANISHED,
) -> Iterator[Withdrawn]:
    """Yield a withdrawal for each standing record that this run would have shown and did not.

    `read` has ``payments`` and ``refunds`` where the store told them; what it did not tell stands.
    """
    shown: set[Key] = {record.key for record in observed}
    for key, record in known.records.items():
        if key not in shown and record.source == source and _would_show(record, plan, read):
            yield Withdrawn(id=f"{key[0]}/{record.id}", source=source, reason=reason)


def _would_show(record: Record, plan: ReadingPlan, read: Collection[str]) -> bool:
    match record:
        case Entry(kind=Kind.REFUND | Kind.PAYOUT) | OtherMoney(kind=Kind.REFUND | Kind.PAYOUT):
            return "refunds" in read
        case Finding():
            return _would_find(record, plan, read)
        case Project():
            return APP in record.unread  # bound no more, or found in another store
        case Entry() | Declaration() | OtherMoney() | OwnNumber() | Attributed():
            return "payments" in read and plan.covers(record.created_month)
        case _:
            return False


def _would_find(finding: Finding, plan: ReadingPlan, read: Collection[str]) -> bool:
    if finding.check in findings.OF_SETTINGS:
        return True
    if finding.check in findings.OF_PAYOUTS:
        return "refunds" in read
    if "payments" not in read:
        return False
    match finding.check:
        case findings.UNASSIGNED | findings.NAMED:
            return True
        case findings.CLAIMED_ONCE | findings.SHARED | findings.READABLE:
            return plan.full
        case _:
            return False  # it tells what happened once
