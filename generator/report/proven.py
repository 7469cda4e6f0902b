"""Which part of what was raised is proven, as an amount and as a share of it."""

from fractions import Fraction

from generator.ledger import Status
from generator.report.definitions import (
    MSAT,
    PROVEN,
    PROVEN_FORMULA,
    PROVEN_SHARE,
    PROVEN_SHARE_FORMULA,
    figure_id,
    selectors,
)
from generator.report.model import Figure
from generator.report.sums import CONTRIBUTIONS, Sums, kinds_of


def proven(slug: str, raised: Figure, sums: Sums) -> Figure:
    """Return what of `raised` is proven; where `raised` may be more, so may this."""
    kinds = kinds_of(CONTRIBUTIONS)
    amount_msat = sums.proven_msat(kinds, Status.CONFIRMED)
    return Figure(
        id=figure_id(slug, PROVEN),
        project=slug,
        name=PROVEN,
        value=None if raised.value is None else amount_msat,
        unit=MSAT,
        complete=raised.complete,
        verification=str(PROVEN) if raised.value is not None and amount_msat else None,
        formula=PROVEN_FORMULA,
        inputs=selectors(kinds, Status.CONFIRMED, PROVEN),
    )


def proven_share(slug: str | None, part: Figure, raised: Figure) -> Figure:
    """Return the share in percent with two decimals, rounded down: nothing becomes whole by rounding."""
    known = isinstance(raised.value, int) and raised.value and isinstance(part.value, int)
    share = Fraction(int(part.value or 0), int(raised.value)) if known and raised.value else None
    hundredths = None if share is None else int(share * 10_000)
    return Figure(
        id=figure_id(slug, PROVEN_SHARE),
        project=slug,
        name=PROVEN_SHARE,
        value=None if hundredths is None else f"{hundredths // 100}.{hundredths % 100:02d}",
        unit="percent",
        complete=share is not None and raised.complete,
        verification=None,
        formula=PROVEN_SHARE_FORMULA,
        inputs=(part.id, raised.id),
    )
