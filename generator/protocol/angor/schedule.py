"""How an investment is cut into fee and stages, when each opens, and when all is over.

``InvestmentTransactionBuilder.cs``, ``DynamicStageCalculator.cs``, ``PenaltyThresholdHelper.cs``.
"""

from calendar import monthrange
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal

from generator.protocol.angor.op_return_layouts import DynamicInfo, InvestmentNote
from generator.protocol.angor.terms import Frequency, Pattern, PayoutDay, ProjectType, Terms

_DAYS = {
    Frequency.WEEKLY: 7,
    Frequency.BIWEEKLY: 14,
    Frequency.MONTHLY: 30,
    Frequency.BIMONTHLY: 60,
    Frequency.QUARTERLY: 90,
}
_MONTHS = {Frequency.MONTHLY: 1, Frequency.BIMONTHLY: 2, Frequency.QUARTERLY: 3}
_WEEKS = {Frequency.WEEKLY: 1, Frequency.BIWEEKLY: 2}


class StageError(ValueError):
    """Terms and investment do not say how many stages there are, or when they open."""


def stage_count(terms: Terms, note: InvestmentNote) -> int:
    """Return how many stage outputs an investment has; raise `StageError`."""
    if terms.project_type is ProjectType.INVEST:
        count = len(terms.stages)
    else:
        info = _info(note)
        count = info.stage_count or _pattern(terms, info).stage_count
    if not count:
        msg = "the terms have no stage for this investment"
        raise StageError(msg)
    return count


def opening_times(terms: Terms, note: InvestmentNote) -> tuple[datetime, ...]:
    """Return from when the founder may claim each stage; raise `StageError`."""
    count = stage_count(terms, note)
    if terms.project_type is ProjectType.INVEST:
        return tuple(stage.release_date for stage in terms.stages)
    info = _info(note)
    return dynamic_dates(info.starts_at, _pattern(terms, info), count)


def dynamic_dates(start: datetime, pattern: Pattern, count: int) -> tuple[datetime, ...]:
    """Return the payout days of a pattern that starts at midnight UTC; raise `StageError`."""
    try:
        match pattern.payout_day_type:
            case PayoutDay.FROM_START:
                days = _DAYS[pattern.frequency]
                return tuple(start + timedelta(days=days * (i + 1)) for i in range(count))
            case PayoutDay.DAY_OF_MONTH:
                return _monthly(start, pattern, count)
            case PayoutDay.DAY_OF_WEEK:
                return _weekly(start, pattern, count)
    except KeyError:
        msg = f"{pattern.frequency.name} payouts have no {pattern.payout_day_type.name}"
        raise StageError(msg) from None


def expiry_candidates(terms: Terms, amount_sat: int) -> tuple[datetime, ...]:
    """Return from when an investor may take everything back, likeliest first.

    The official client compares the threshold with the gross total when it
    invests and with the net sum of the stages when it reads back; near the
    threshold the two differ, so both expiries are candidates.
    """
    start = terms.start_date
    if start is None or (
        terms.project_type is not ProjectType.SUBSCRIBE and terms.penalty_threshold_sat is None
    ):
        return (terms.expiry_date,)
    midnight = start.replace(hour=0, minute=0, second=0)
    if terms.project_type is ProjectType.SUBSCRIBE:
        candidates = [start, midnight, terms.expiry_date]
    else:
        candidates = [terms.expiry_date, midnight]
        if terms.project_type is ProjectType.FUND and amount_sat <= (terms.penalty_threshold_sat or 0):
            candidates.reverse()
    return tuple(dict.fromkeys(candidates))


def _info(note: InvestmentNote) -> DynamicInfo:
    if note.stage_info is None:
        msg = "the investment does not say when its payouts start"
        raise StageError(msg)
    return note.stage_info


def _pattern(terms: Terms, info: DynamicInfo) -> Pattern:
    pattern = terms.pattern(info.pattern_id)
    if pattern is None:
        msg = f"the terms have no pattern {info.pattern_id}"
        raise StageError(msg)
    return pattern


def _monthly(start: datetime, pattern: Pattern, count: int) -> tuple[datetime, ...]:
    step = _MONTHS[pattern.frequency]
    if not pattern.payout_day:
        msg = "day 0 is not a day of the month"
        raise StageError(msg)
    first = 0 if _in_month(start, 0, pattern.payout_day) >= start else 1
    return tuple(_in_month(start, first + i * step, pattern.payout_day) for i in range(count))


def _in_month(start: datetime, months: int, day: int) -> datetime:
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    return start.replace(year=year, month=month + 1, day=min(day, monthrange(year, month + 1)[1]))


def _weekly(start: datetime, pattern: Pattern, count: int) -> tuple[datetime, ...]:
    step = _WEEKS[pattern.frequency]
    if pattern.payout_day > 6:  # noqa: PLR2004 - Sunday is 0, Saturday 6
        msg = f"day {pattern.payout_day} is not a day of the week"
        raise StageError(msg)
    # isoweekday has Monday as 1 and Sunday as 7; upstream counts Sunday as 0
    wait = (pattern.payout_day - start.isoweekday()) % 7
    return tuple(start + timedelta(days=wait + 7 * step * i) for i in range(count))


FEE_PERCENT = 1  #: of the total, since 2025-07-09 (9b19a5733); before, it came on top
#: .NET's decimal has 28 digits and rounds half to even.
_NET_DECIMAL = Context(prec=28, rounding=ROUND_HALF_EVEN)


def split_amounts(total_sat: int, percents: Sequence[Decimal]) -> tuple[int, tuple[int, ...]]:
    """Return fee and stage amounts of an investment; the last stage takes the remainder."""
    fee_sat = total_sat * FEE_PERCENT // 100
    net_sat = total_sat - fee_sat
    amounts = [_part(net_sat, percent) for percent in percents[:-1]]
    return fee_sat, (*amounts, net_sat - sum(amounts))


def equal_percents(count: int) -> tuple[Decimal, ...]:
    """Return the percentages of a Fund or Subscribe investment with a number of stages."""
    return (_NET_DECIMAL.divide(Decimal(100), Decimal(count)),) * count


def percents(terms: Terms, note: InvestmentNote) -> tuple[Decimal, ...]:
    """Return each stage's share of an investment; raise `StageError`."""
    if terms.project_type is ProjectType.INVEST:
        return tuple(stage.percent for stage in terms.stages)
    return equal_percents(stage_count(terms, note))


def amounts_problem(
    terms: Terms, note: InvestmentNote, fee_sat: int, amounts_sat: Sequence[int]
) -> str | None:
    """Return how fee and stages differ from the shares the terms promise, None where they do not.

    Nothing enforces the shares: money locked otherwise is locked all the same.
    Both rules are tried, the fee within the total and the one of before
    2025-07-09, on top of it. Raise `StageError` like `stage_count`.
    """
    wanted, locked_sat = percents(terms, note), sum(amounts_sat)
    within = split_amounts(fee_sat + locked_sat, wanted)
    if within == (fee_sat, tuple(amounts_sat)) or _fits_on_top(fee_sat, amounts_sat, wanted):
        return None
    shares = ", ".join(map(str, amounts_sat))
    promised = ", ".join(map(str, within[1]))
    return (
        f"a fee of {fee_sat} sat and stages of {shares} sat; the terms cut {fee_sat + locked_sat} sat "
        f"into {within[0]} and {promised}"
    )


def _fits_on_top(fee_sat: int, amounts_sat: Sequence[int], wanted: Sequence[Decimal]) -> bool:
    """Tell whether each stage was rounded by itself and the fee came on top; rounding may move the sum."""
    locked_sat, slack = sum(amounts_sat), len(amounts_sat)
    totals = range(max(0, locked_sat - slack), locked_sat + slack + 1)
    return any(
        total_sat * FEE_PERCENT // 100 == fee_sat
        and [_part(total_sat, percent) for percent in wanted] == list(amounts_sat)
        for total_sat in totals
    )


def _part(net_sat: int, percent: Decimal) -> int:
    share = _NET_DECIMAL.divide(percent, Decimal(100))
    return int(_NET_DECIMAL.to_integral_value(_NET_DECIMAL.multiply(Decimal(net_sat), share)))
