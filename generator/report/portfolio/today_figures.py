"""The figures of today: what moves with the clock or the day's rate, and stands in ``today.json`` alone."""

from collections.abc import Iterable, Iterator
from typing import Final

from generator.report.figures.currency_values import RATE, TODAY, rate_figures, worths_today
from generator.report.figures.figure import Figure, FigureDefinition
from generator.report.health import coverage, webhook_health
from generator.report.health.coverage import Health
from generator.report.model import ProjectReport
from generator.report.prices import Prices

#: What they mean.
DEFINITIONS: Final[tuple[FigureDefinition, ...]] = (
    RATE,
    TODAY,
    coverage.ANSWERED,
    coverage.MISSING,
    coverage.FAILED,
    *webhook_health.DEFINITIONS,
)


def today_figures(
    projects: Iterable[ProjectReport], raised: Figure, prices: Prices, read: Iterable[Health]
) -> Iterator[Figure]:
    """Yield today's rate, what all projects and each raised at it, and how well each source was read."""
    yield from rate_figures(prices, today=True)
    yield from worths_today(None, raised, prices)
    for project in projects:
        yield from worths_today(project.slug, project.figures["raised"], prices)
    for source in read:
        yield from source.figures
