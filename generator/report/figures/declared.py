"""How much of what a maintainer reports was seen, by count: declarations beside payments."""

from fractions import Fraction

from generator.report.figures.definitions import DECLARED_SHARE, figure_id
from generator.report.figures.goal import percent_text
from generator.report.model import Figure


def declared_share(slug: str | None, declarations: Figure, payments: Figure) -> Figure:
    """Return declarations over declarations and payments in percent, rounded down; None without either."""
    parts = (declarations.value, payments.value)
    counts = [part for part in parts if isinstance(part, int)]
    known = len(counts) == len(parts) and declarations.complete and payments.complete
    total = sum(counts)
    return Figure(
        id=figure_id(slug, DECLARED_SHARE),
        project=slug,
        name=DECLARED_SHARE,
        value=percent_text(Fraction(counts[0], total)) if known and total else None,
        unit="percent",
        complete=known,
        verification=None,
        formula="Declarations over declarations and payments together, by count, rounded down.",
        inputs=(declarations.id, payments.id),
    )
