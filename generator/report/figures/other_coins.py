"""What came and left in other coins, and by rails not known to be bitcoin; never converted."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Final

import msgspec

from generator.ledger import Kind, OtherMoney, Status, Verification
from generator.report.figures.bounds import Bound, added
from generator.report.figures.figure import COUNT, CURRENCY, Figure, FigureDefinition, decimal_text
from generator.report.figures.project_context import ProjectContext
from generator.report.figures.source_bounds import bound_of

OTHER_COIN: Final = FigureDefinition(
    "other_coin",
    "Sum of the settled payments in {of}, in the coin's own unit; never converted, in no sum of bitcoin.",
    CURRENCY,
    by="coin-rail",
    meaning="Settled payments of one coin and rail, in the coin's own unit; never converted, in no sum of "
    "bitcoin. For money of states by any rail, for other coins, and for bitcoin by rails of unknown plugins.",
)
OTHER_COIN_PENDING: Final = FigureDefinition(
    "other_coin_pending",
    "Sum of the payments in {of} that are not settled, in the coin's own unit; never converted.",
    CURRENCY,
    by="coin-rail",
    meaning="The same of payments that are not settled yet.",
)
OTHER_COIN_COUNT: Final = FigureDefinition(
    "other_coin_count",
    "Settled payments in {of}, those without a readable amount too.",
    COUNT,
    by="coin-rail",
    meaning="Settled payments of one coin and rail, those without a readable amount too.",
)
OTHER_COIN_REFUNDED: Final = FigureDefinition(
    "other_coin_refunded",
    "Sum of the completed refunds in {of}, in the coin's own unit; never converted, in no sum of bitcoin.",
    CURRENCY,
    by="coin-rail",
    meaning="Completed refunds in one coin by one rail, in the coin's own unit; in no sum of bitcoin.",
)
OTHER_COIN_REFUNDS: Final = FigureDefinition(
    "other_coin_refunds",
    "Completed refunds in {of}, those without a readable amount too.",
    COUNT,
    by="coin-rail",
    meaning="How many refunds these are.",
)
OTHER_COIN_PAID_OUT: Final = FigureDefinition(
    "other_coin_paid_out",
    "Sum of the completed payouts in {of} that are no refunds, in the coin's own unit; never converted.",
    CURRENCY,
    by="coin-rail",
    meaning="The same of completed payouts that are no refunds.",
)
OTHER_COIN_PAYOUTS: Final = FigureDefinition(
    "other_coin_payouts",
    "Completed payouts in {of} that are no refunds, those without a readable amount too.",
    COUNT,
    by="coin-rail",
    meaning="How many payouts these are.",
)
#: The sum and the count of what is settled, by what it is.
_SETTLED: Final = {
    Kind.PAYMENT: (OTHER_COIN, OTHER_COIN_COUNT),
    Kind.REFUND: (OTHER_COIN_REFUNDED, OTHER_COIN_REFUNDS),
    Kind.PAYOUT: (OTHER_COIN_PAID_OUT, OTHER_COIN_PAYOUTS),
}
DEFINITIONS: Final = (
    OTHER_COIN,
    OTHER_COIN_COUNT,
    OTHER_COIN_PENDING,
    *_SETTLED[Kind.REFUND],
    *_SETTLED[Kind.PAYOUT],
)
#: Word of selectors: ``other:<coin>-<rail>:<status>:<kind>``.
OTHER: Final = "other"


class CoinRail(msgspec.Struct, frozen=True, kw_only=True):
    """A coin and a rail, with what came or left by it."""

    coin: str
    rail: str
    kind: Kind  #: payment, refund or payout
    settled: Figure
    count: Figure
    pending: Figure | None  #: None where nothing is


def name_of(money: OtherMoney) -> str:
    """Return coin and rail as figures name them: ``USDt-USDT-TRON``; a coin has no hyphen."""
    return f"{money.coin}-{money.rail}"


def other_coin_figures(context: ProjectContext) -> Iterator[Figure]:
    """Yield what came and left of each coin by each rail: settled, how often, and what is pending."""
    groups: defaultdict[tuple[str, Kind], list[OtherMoney]] = defaultdict(list)
    for money in context.project.other_money:
        if money.status is not Status.EXCLUDED:
            groups[name_of(money), money.kind].append(money)
    for (name, kind), rows in sorted(groups.items()):
        bound = bound_of(context.project, (kind,))
        settled = [row for row in rows if row.status is Status.CONFIRMED]
        pending = [row for row in rows if row.status is Status.PENDING]
        total, count = _SETTLED[kind]
        yield _sum(total, context.slug, name, settled, bound, f"{Status.CONFIRMED}:{kind}")
        yield count.figure(
            context.slug,
            sum(row.count for row in settled),
            of=name,
            bound=bound,
            verification=str(Verification.REPORTED) if settled else None,
            inputs=(f"{OTHER}:{name}:{Status.CONFIRMED}:{kind}",),
        )
        if pending:
            yield _sum(OTHER_COIN_PENDING, context.slug, name, pending, bound, f"{Status.PENDING}:{kind}")


def coin_rails(figures: Iterable[Figure]) -> Iterator[CoinRail]:
    """Yield what a project has in other coins: payments, refunds, payouts, each by the figures' names."""
    by_name = {figure.name: figure for figure in figures}
    for kind, (total, count) in _SETTLED.items():
        for name, figure in sorted(by_name.items()):
            family, _, of = name.partition("@")
            if family == total.name:
                coin, _, rail = of.partition("-")
                pending = by_name.get(OTHER_COIN_PENDING.name_of(of)) if kind is Kind.PAYMENT else None
                yield CoinRail(
                    coin=coin,
                    rail=rail,
                    kind=kind,
                    settled=figure,
                    count=by_name[count.name_of(of)],
                    pending=pending,
                )


def _sum(
    definition: FigureDefinition,
    slug: str,
    name: str,
    rows: Sequence[OtherMoney],
    bound: Bound,
    which: str,
) -> Figure:
    known = [Fraction(row.amount) for row in rows if row.amounts_unknown < row.count]
    unreadable = any(row.amounts_unknown for row in rows)
    return definition.figure(
        slug,
        decimal_text(sum(known, Fraction())) if known or not rows else None,
        of=name,
        unit=name.partition("-")[0],
        bound=added(bound, Bound.AT_LEAST if unreadable else Bound.EXACT),
        verification=str(Verification.REPORTED) if rows else None,
        inputs=(f"{OTHER}:{name}:{which}",),
    )
