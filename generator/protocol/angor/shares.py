"""How an investment is cut into fee and stages: ``InvestmentTransactionBuilder.cs``."""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal

from generator.protocol.angor.op_return_layouts import InvestmentNote
from generator.protocol.angor.schedule import stage_count
from generator.protocol.angor.terms import ProjectType, Terms

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
