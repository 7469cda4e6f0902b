"""How much of what was raised is proven, how much only reported, and by whom."""

from collections.abc import Iterator
from fractions import Fraction

from generator.ledger import MOVES, Account, Kind, Status, Verification
from generator.report.figures.definitions import PROVEN, PROVEN_SHARE, REPORTED_CHAIN, REPORTED_SERVER
from generator.report.figures.figure import Figure, percent_text
from generator.report.figures.project_context import ProjectContext
from generator.report.figures.sums import CONTRIBUTIONS, Sums, kinds_of, selectors


def level_figures(context: ProjectContext) -> Iterator[Figure]:
    """Yield the parts of `raised` by how far they were verified, which add up to it, and the proven share."""
    raised, sums = context.figures["raised"], context.sums
    kinds = kinds_of(CONTRIBUTIONS)
    served = tuple(kind for kind in kinds if MOVES[kind][1] is Account.FOUNDER)
    chained = tuple(kind for kind in kinds if kind not in served)
    proven_msat = sums.proven_msat(kinds, Status.CONFIRMED)
    levels = (
        (PROVEN, proven_msat, kinds, Verification.PROVEN),
        (REPORTED_CHAIN, _unproven_msat(sums, chained), chained, Verification.REPORTED),
        (REPORTED_SERVER, _unproven_msat(sums, served), served, Verification.REPORTED),
    )
    figures = [
        definition.figure(
            context.slug,
            None if raised.value is None else amount_msat,
            complete=raised.complete,
            verification=str(level) if amount_msat else None,
            inputs=selectors(some, Status.CONFIRMED, str(level)),
        )
        for definition, amount_msat, some, level in levels
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
