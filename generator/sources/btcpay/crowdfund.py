"""A crowdfund's public record, and since when it counts; pure."""

from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from generator.money import MSAT_PER_SAT
from generator.snapshot import Goal, Project
from generator.snapshot.records import SETTINGS
from generator.sources.btcpay.greenfield.values import currency_code, moment, msat, number
from generator.sources.btcpay.greenfield.wire import Crowdfund
from generator.sources.btcpay.store_place import StorePlace

_TITLE: Final = 500  #: characters kept of a title or tagline
_TEXT: Final = 20_000  #: characters kept of a description


def project_record(
    bound: StorePlace, *, source: str, unread: tuple[str, ...], complete: bool, standing: Project | None
) -> Project:
    """Make the record of a project; texts only of a crowdfund, whose page is public.

    Where the settings could not be read, what is `standing` stays.
    """
    switch_at, switch_by = (bound.switch.recorded_at, bound.switch.by) if bound.switch else (None, "")
    if bound.refused:
        unread = (*unread, SETTINGS)
        if standing is not None:
            return msgspec.structs.replace(
                standing, unread=unread, complete=complete, switch_at=switch_at, switch_by=switch_by
            )
    plain = Project(
        id=bound.place,
        source=source,
        kind=bound.kind,
        unread=unread,
        complete=complete,
        switch_at=switch_at,
        switch_by=switch_by,
    )
    app = bound.crowdfund
    if app is None:
        return plain
    return msgspec.structs.replace(
        plain,
        title=(app.title or "")[:_TITLE],
        tagline=(app.tagline or "")[:_TITLE],
        description=(app.description or "")[:_TEXT],
        goal=goal_of(app),
        starts_at=moment(app.start_date) if app.start_date else None,
        ends_at=moment(app.end_date) if app.end_date else None,
        period_at=bound.period_at,
    )


def goal_of(app: Crowdfund) -> Goal | None:
    """Read a crowdfund's goal, in millisatoshis or fiat; None without one or when it is no amount."""
    currency, target = currency_code(app.target_currency), number(app.target_amount)
    if not currency or target is None or target <= 0:
        return None
    if currency == "SATS":
        amount = target * MSAT_PER_SAT
        return Goal(amount_msat=int(amount)) if amount == amount.to_integral_value() else None
    if currency == "BTC":
        found = msat(target)
        return Goal(amount_msat=found) if found else None
    return Goal(value=target, currency=currency)


def last_reset(app: Crowdfund, now: datetime) -> datetime | None:
    """Compute when the current period of a crowdfund began; None for one that never begins anew.

    Each period is stepped from the one before, as `CrowdfundPlugin` of BTCPay 2.4.1 does: a day that a month
    does not have becomes its last, and stays there (31 Jan, 28 Feb, 28 Mar).
    """
    start = moment(app.start_date) if app.start_date else None
    if start is None or app.reset_every == "Never" or app.reset_every_amount < 1:
        return None
    last = start
    while (following := _stepped(last, app.reset_every, app.reset_every_amount)) <= now:
        last = following
    return last


def _stepped(start: datetime, unit: str, amount: int) -> datetime:
    if unit in ("Hour", "Day"):
        return start + amount * (timedelta(hours=1) if unit == "Hour" else timedelta(days=1))
    months = start.year * 12 + start.month - 1 + amount * (12 if unit == "Year" else 1)
    for day in range(start.day, start.day - 4, -1):  # the 31st becomes the last day of a shorter month
        try:
            return start.replace(year=months // 12, month=months % 12 + 1, day=day)
        except ValueError:
            continue
    return datetime.max.replace(tzinfo=UTC)
