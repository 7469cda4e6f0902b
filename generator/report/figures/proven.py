"""How much of what was raised is proven, how much only reported, and by whom."""

from fractions import Fraction

from generator.ledger import MOVES, Account, Kind, Status, Verification
from generator.report.figures.definitions import (
    LEVELS,
    MSAT,
    PROVEN,
    PROVEN_SHARE,
    PROVEN_SHARE_FORMULA,
    REPORTED_CHAIN,
    REPORTED_SERVER,
    figure_id,
    selectors,
)
from generator.report.figures.sums import CONTRIBUTIONS, Sums, kinds_of
from generator.report.model import Figure


def levels(slug: str, raised: Figure, sums: Sums) -> list[Figure]:
    """Return the parts of `raised` by how far they were verified; they add up to it."""
    kinds = kinds_of(CONTRIBUTIONS)
    served = tuple(kind for kind in kinds if MOVES[kind][1] is Account.FOUNDER)
    chained = tuple(kind for kind in kinds if kind not in served)
    proven = sums.proven_msat(kinds, Status.CONFIRMED)
    parts = {
        PROVEN: (proven, kinds, Verification.PROVEN),
        REPORTED_CHAIN: (_rest(sums, chained), chained, Verification.REPORTED),
        REPORTED_SERVER: (_rest(sums, served), served, Verification.REPORTED),
    }
    return [_level(slug, name, raised, *part) for name, part in parts.items()]


def _rest(sums: Sums, kinds: tuple[Kind, ...]) -> int:
    return sums.amount_msat(kinds, Status.CONFIRMED) - sums.proven_msat(kinds, Status.CONFIRMED)


def _level(
    slug: str, name: str, raised: Figure, amount_msat: int, kinds: tuple[Kind, ...], level: Verification
) -> Figure:
    known = raised.value is not None
    return Figure(
        id=figure_id(slug, name),
        project=slug,
        name=name,
        value=amount_msat if known else None,
        unit=MSAT,
        complete=raised.complete,
        verification=str(level) if known and amount_msat else None,
        formula=LEVELS[name],
        inputs=selectors(kinds, Status.CONFIRMED, str(level)),
    )


def proven_share(slug: str | None, part: Figure, raised: Figure) -> Figure:
    """Return the share in percent with two decimals, rounded down: nothing becomes whole by rounding.

    With rows missing it could be more or less, so it is unknown.
    """
    share = None
    if raised.complete and isinstance(raised.value, int) and raised.value and isinstance(part.value, int):
        share = int(Fraction(part.value, raised.value) * 10_000)
    return Figure(
        id=figure_id(slug, PROVEN_SHARE),
        project=slug,
        name=PROVEN_SHARE,
        value=None if share is None else f"{share // 100}.{share % 100:02d}",
        unit="percent",
        complete=share is not None,
        verification=None,
        formula=PROVEN_SHARE_FORMULA,
        inputs=(part.id, raised.id),
    )
