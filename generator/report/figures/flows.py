"""The money of one project: what flowed, what lies where now, what is left net, how much is proven."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from generator.ledger import MOVES, Account, Kind, Status, Verification, balances
from generator.report.figures.bounds import Bound, less, share_of
from generator.report.figures.definitions import BALANCES, FLOWS, LEVELS, NET, PROVEN_SHARE
from generator.report.figures.figure import Figure, percent_text
from generator.report.figures.project_context import ProjectContext
from generator.report.figures.source_bounds import bound_of
from generator.report.figures.sums import CONTRIBUTIONS, Sums, crossing, grade, kinds_of, selectors

#: What `net` is made of: the first less all others.
NET_PARTS = ("raised", "refunded", "recovered", "released")
_PATHS: Final = {flow.name: flow.paths for flow in FLOWS}


def flow_figures(context: ProjectContext) -> Iterator[Figure]:
    """Yield the sum of entries along the paths of each flow; pending is as it stood when last read."""
    for flow in FLOWS:
        kinds = kinds_of(flow.paths)
        yield flow.figure(
            context.slug,
            context.sums.amount_msat(kinds, flow.status),
            bound=bound_of(
                context.project if flow.status is Status.CONFIRMED else context.project.when_read, kinds
            ),
            verification=context.sums.grade(kinds, flow.status),
            inputs=selectors(kinds, flow.status),
        )


def balance_figures(context: ProjectContext) -> Iterator[Figure]:
    """Yield balances: what came in less what went out when last read, each with its own bound."""
    project = context.project.when_read
    now = balances(project.entries)
    for balance in BALANCES:
        kinds = crossing(balance.accounts)
        came = [kind for kind in kinds if MOVES[kind][1] in balance.accounts]
        went = [kind for kind in kinds if kind not in came]
        yield balance.figure(
            context.slug,
            sum(now[account] for account in balance.accounts),
            bound=less(bound_of(project, came), bound_of(project, went)),
            verification=context.sums.grade(kinds, Status.CONFIRMED),
            inputs=selectors(kinds),
        )


def net_figure(context: ProjectContext) -> Iterator[Figure]:
    """Yield what was raised less all that went back, when last read."""
    parts = [context.figures[name] for name in NET_PARTS]
    raised, *back = (part.value if isinstance(part.value, int) else 0 for part in parts)
    yield NET.figure(
        context.slug,
        raised - sum(back),
        bound=less(*(bound_of(context.project.when_read, kinds_of(_PATHS[name])) for name in NET_PARTS)),
        verification=grade(part.verification for part in parts),
        inputs=tuple(part.id for part in parts),
    )


def level_figures(context: ProjectContext) -> Iterator[Figure]:
    """Yield the parts of `raised` by how far they were verified, which add up to it, and the proven share."""
    raised, sums = context.figures["raised"], context.sums
    kinds = kinds_of(CONTRIBUTIONS)
    served = tuple(kind for kind in kinds if MOVES[kind][1] is Account.FOUNDER)
    chained = tuple(kind for kind in kinds if kind not in served)
    proven_msat = sums.proven_msat(kinds, Status.CONFIRMED)
    levels = (  # what a server tells is never proven
        (proven_msat, kinds, chained, Verification.PROVEN),
        (_unproven_msat(sums, chained), chained, chained, Verification.REPORTED),
        (_unproven_msat(sums, served), served, served, Verification.REPORTED),
    )
    figures = [
        definition.figure(
            context.slug,
            amount_msat,
            bound=bound_of(context.project, told),
            verification=str(level) if amount_msat else None,
            inputs=selectors(some, Status.CONFIRMED, str(level)),
        )
        for definition, (amount_msat, some, told, level) in zip(LEVELS, levels, strict=True)
    ]
    read = context.project.when_read
    known = share_of(bound_of(read, chained), bound_of(read, kinds))
    yield from (*figures, proven_share(context.slug, figures[0], raised, known))


def _unproven_msat(sums: Sums, kinds: tuple[Kind, ...]) -> int:
    return sums.amount_msat(kinds, Status.CONFIRMED) - sums.proven_msat(kinds, Status.CONFIRMED)


def proven_share(slug: str | None, proven: Figure, raised: Figure, bound: Bound) -> Figure:
    """Return the share in percent, None of nothing raised; unknown where a row of both may be missing."""
    share = None
    if isinstance(raised.value, int) and raised.value and isinstance(proven.value, int):
        share = percent_text(Fraction(proven.value, raised.value))
    return PROVEN_SHARE.figure(slug, share, bound=bound, inputs=(proven.id, raised.id))
