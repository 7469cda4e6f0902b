"""What came in other coins, and by rails not known to be bitcoin: by coin and rail, never converted."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

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
#: Word of selectors: ``other:<coin>-<rail>[:<status>]``.
OTHER: Final = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoinRail:
    """A coin and the rail it came by, with what came."""

    coin: str
    rail: str
    settled: Figure
    count: Figure
    pending: Figure | None  #: None where nothing is


def name_of(money: OtherMoney) -> str:
    """Return coin and rail as figures name them: ``USDt-USDT-TRON``; a coin has no hyphen."""
    return f"{money.coin}-{money.rail}"


def other_coin_figures(context: ProjectContext) -> Iterator[Figure]:
    """Yield what came of each coin by each rail: settled, how often, and what is pending."""
    bound = bound_of(context.project, (Kind.PAYMENT,))
    groups: defaultdict[str, list[OtherMoney]] = defaultdict(list)
    for money in context.project.other_money:
        if money.status is not Status.EXCLUDED:
            groups[name_of(money)].append(money)
    for name, rows in sorted(groups.items()):
        settled = [row for row in rows if row.status is Status.CONFIRMED]
        pending = [row for row in rows if row.status is Status.PENDING]
        yield _sum(OTHER_COIN, context.slug, name, settled, bound)
        yield OTHER_COIN_COUNT.figure(
            context.slug,
            sum(row.count for row in settled),
            of=name,
            bound=bound,
            verification=str(Verification.REPORTED) if settled else None,
            inputs=(f"{OTHER}:{name}:{Status.CONFIRMED}",),
        )
        if pending:
            yield _sum(OTHER_COIN_PENDING, context.slug, name, pending, bound)


def coin_rails(figures: Iterable[Figure]) -> Iterator[CoinRail]:
    """Yield what a project has in other coins, in the order of the figures' names."""
    by_name = {figure.name: figure for figure in figures}
    for name, figure in sorted(by_name.items()):
        family, _, of = name.partition("@")
        if family == OTHER_COIN.name:
            coin, _, rail = of.partition("-")
            yield CoinRail(
                coin=coin,
                rail=rail,
                settled=figure,
                count=by_name[OTHER_COIN_COUNT.name_of(of)],
                pending=by_name.get(OTHER_COIN_PENDING.name_of(of)),
            )


def _sum(
    definition: FigureDefinition, slug: str, name: str, rows: Sequence[OtherMoney], bound: Bound
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
        inputs=(
            f"{OTHER}:{name}:{Status.PENDING if definition is OTHER_COIN_PENDING else Status.CONFIRMED}",
        ),
    )
