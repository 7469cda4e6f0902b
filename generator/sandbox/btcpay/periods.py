"""When a crowdfund begins anew, by BTCPay's `CrowdfundPlugin.cs`: from the reset before, in UTC.

A day that a month does not have becomes its last and stays that: 31 January, 28 February, 28 March.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import datetime, timedelta

from generator.sandbox.btcpay.model import Crowdfund


def begun_by(app: Crowdfund, now: datetime) -> list[datetime]:
    """Return every beginning of a period until `now`, the announced first day first; none for no period."""
    if app.reset is None:
        return []
    every, unit = app.reset
    first = datetime.fromtimestamp(app.starts, now.tzinfo)
    return [first, *_later(first, every, unit, now)]


def days_left(app: Crowdfund, now: datetime) -> int:
    """Return after how many days the period that runs is over, 0 for none."""
    if app.reset is None:
        return 0
    return (_step(begun_by(app, now)[-1], *app.reset).date() - now.date()).days


def calendar_months(since: int, now: datetime) -> Iterator[datetime]:
    """Yield the beginning of each calendar month from that of a Unix second to the one after now."""
    at = datetime.fromtimestamp(since, now.tzinfo).replace(day=1, hour=0, minute=0, second=0)
    while at <= now:
        yield at
        at = _step(at, 1, "Month")
    yield at


def _later(at: datetime, every: int, unit: str, now: datetime) -> Iterator[datetime]:
    while (at := _step(at, every, unit)) <= now:
        yield at


def _step(at: datetime, every: int, unit: str) -> datetime:
    if unit in ("Hour", "Day"):
        return at + timedelta(**{f"{unit.lower()}s": every})
    years, month = divmod(at.month - 1 + every * (12 if unit == "Year" else 1), 12)
    last = monthrange(at.year + years, month + 1)[1]
    return at.replace(year=at.year + years, month=month + 1, day=min(at.day, last))
