"""The money of one project: what flowed, what lies where now, what is left net, how much is proven."""

from collections.abc import Iterator
from fractions import Fraction

from generator.ledger import MOVES, Account, Kind, Status, Verification, balances
from generator.report.figures.definitions import BALANCES, FLOWS, LEVELS, NET, PROVEN_SHARE
from generator.report.figures.figure import Figure, percent_text
from generator.report.figures.project_context import ProjectContext
from generator.report.figures.sums import CONTRIBUTIONS, Sums, grade, kinds_of, selectors, touching
from generator.report.joined_projects import Knowledge

#: What `net` is made of: the first less all others.
NET_PARTS = ("raised", "refunded", "recovered", "released")


def flow_figures(context: ProjectContext) -> Iterator[Figure]:
    """Yield the sum of entries along the paths of each flow."""
    for flow in FLOWS:
        knowledge = context.project.knowledge(flow.reported_by, flow.unread)
        kinds = kinds_of(flow.paths)
        yield flow.figure(
            context.slug,
            None if knowledge is Knowledge.NONE else context.sums.amount_msat(kinds, flow.status),
            complete=knowledge is Knowledge.FULL,
            verification=context.sums.grade(kinds, flow.status),
            inputs=selectors(kinds, flow.status),
        )


def balance_figures(context: ProjectContext) -> Iterator[Figure]:
    """Yield balances; with part of its history missing one could be higher or lower, so it is unknown."""
    now = balances(context.project.entries)
    for balance in BALANCES:
        full = context.project.knowledge(balance.reported_by, balance.unread) is Knowledge.FULL
        kinds = touching(balance.account)
        yield balance.figure(
            context.slug,
            now[balance.account] if full else None,
            complete=full,
            verification=context.sums.grade(kinds, Status.CONFIRMED),
            inputs=selectors(kinds),
        )


def net_figure(context: ProjectContext) -> Iterator[Figure]:
    """Yield what was raised less all that went back."""
    parts = [context.figures[name] for name in NET_PARTS]
    values = [part.value for part in parts if isinstance(part.value, int) and part.complete]
    full = len(values) == len(parts)
    yield NET.figure(
        context.slug,
        values[0] - sum(values[1:]) if full else None,
        complete=full,
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
    levels = (
        (proven_msat, kinds, Verification.PROVEN),
        (_unproven_msat(sums, chained), chained, Verification.REPORTED),
        (_unproven_msat(sums, served), served, Verification.REPORTED),
    )
    figures = [
        definition.figure(
            context.slug,
            None if raised.value is None else amount_msat,
            complete=raised.complete,
            verification=str(level) if amount_msat else None,
            inputs=selectors(some, Status.CONFIRMED, str(level)),
        )
        for definition, (amount_msat, some, level) in zip(LEVELS, levels, strict=True)
    ]
    yield from (*figures, proven_share(context.slug, figures[0], raised))


def _unproven_msat(sums: Sums, kinds: tuple[Kind, ...]) -> int:
    return sums.amount_msat(kinds, Status.CONFIRMED) - sums.proven_msat(kinds, Status.CONFIRMED)


def proven_share(slug: str | None, proven: Figure, raised: Figure) -> Figure:
    """Return the share in percent; with rows missing it could be more or less, so it is unknown."""
    share = None
    if raised.complete and isinstance(raised.value, int) and raised.value and isinstance(proven.value, int):
        share = percent_text(Fraction(proven.value, raised.value))
    return PROVEN_SHARE.figure(slug, share, complete=share is not None, inputs=(proven.id, raised.id))
