"""How actors cut an investment, and when its parts open: their own arithmetic, in whole numbers.

Not the reader's (`generator.protocol.angor.schedule`): a mistake there must show as a
difference between what actors noted and what the report says.
"""

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from generator.sandbox.chain.draft import Draft, Frequency, Pattern, PayoutDay, Type

_DAYS: Final = {
    Frequency.WEEKLY: 7,
    Frequency.BIWEEKLY: 14,
    Frequency.MONTHLY: 30,
    Frequency.BIMONTHLY: 60,
    Frequency.QUARTERLY: 90,
}
_MONTHS: Final = {Frequency.MONTHLY: 1, Frequency.BIMONTHLY: 2, Frequency.QUARTERLY: 3}
_SUNDAY_IN_ISO: Final = 7


def cut(total_sat: int, percents: list[Decimal]) -> tuple[int, list[int]]:
    """Return fee and stages of an investment: 1 % first, then rounded parts, the rest to the last."""
    fee_sat = total_sat // 100
    net_sat = total_sat - fee_sat
    parts = [_part(net_sat, percent) for percent in percents[:-1]]
    return fee_sat, [*parts, net_sat - sum(parts)]


def shares(draft: Draft, count: int) -> list[Decimal]:
    """Return each stage's percentage of an investment with `count` stages."""
    if draft.type is Type.INVEST:
        return [percent for percent, _ in draft.stages]
    return [Decimal(100) / count] * count


def openings(draft: Draft, starts_at: datetime, pattern: Pattern | None, count: int) -> list[datetime]:
    """Return when each stage of an investment opens; `starts_at` is the day it counts from."""
    if pattern is None:
        return [opens_at for _, opens_at in draft.stages]
    day = starts_at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    match pattern.payout_day_type:
        case PayoutDay.FROM_START:
            return [day + timedelta(days=_DAYS[pattern.frequency]) * (1 + number) for number in range(count)]
        case PayoutDay.DAY_OF_WEEK:
            return _on_weekdays(day, pattern, count)
        case PayoutDay.DAY_OF_MONTH:
            return _on_days_of_months(day, pattern, count)


def _on_weekdays(day: datetime, pattern: Pattern, count: int) -> list[datetime]:
    while day.isoweekday() != (pattern.payout_day or _SUNDAY_IN_ISO):
        day += timedelta(days=1)
    return [day + timedelta(days=_DAYS[pattern.frequency]) * number for number in range(count)]


def _on_days_of_months(day: datetime, pattern: Pattern, count: int) -> list[datetime]:
    step = _MONTHS[pattern.frequency]
    days = [_in_month(day, months, pattern.payout_day) for months in range(1 + step * count)]
    return days[0 if days[0] >= day else 1 :: step][:count]


def _in_month(day: datetime, months: int, number: int) -> datetime:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1, day=min(number, monthrange(year, month + 1)[1]))


def _part(net_sat: int, percent: Decimal) -> int:
    numerator, denominator = percent.as_integer_ratio()
    whole, rest = divmod(net_sat * numerator, 100 * denominator)
    twice, limit = 2 * rest, 100 * denominator
    return whole + (twice > limit or (twice == limit and whole % 2 == 1))
