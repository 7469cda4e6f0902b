"""The figures of today: what moves with the clock or the day's rate, and stands in ``today.json`` alone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from generator.report.figures import balance_values
from generator.report.figures.currency_values import RATE, TODAY, rate_figures, worths_today
from generator.report.figures.figure import Figure, FigureDefinition
from generator.report.health import coverage, webhook_health
from generator.report.health.coverage import Health
from generator.report.model import ProjectReport
from generator.report.portfolio import week_figures
from generator.report.prices import Prices

#: What they mean.
DEFINITIONS: Final[tuple[FigureDefinition, ...]] = (
    RATE,
    TODAY,
    *balance_values.TODAY.values(),
    *week_figures.DEFINITIONS,
    coverage.ANSWERED,
    coverage.MISSING,
    coverage.FAILED,
    *webhook_health.DEFINITIONS,
)


def today_figures(
    projects: Sequence[ProjectReport],
    figures: Mapping[str, Figure],
    prices: Prices,
    read: Iterable[Health],
) -> Iterator[Figure]:
    """Yield today's rate, what sums of all and what each raised are worth, how sources were read."""
    yield from rate_figures(prices, today=True)
    yield from worths_today(None, figures["raised"], prices)
    yield from balance_values.held_today(figures, prices)
    yield from week_figures.week_figures(projects, figures, prices)
    for project in projects:
        yield from worths_today(project.slug, project.figures["raised"], prices)
    for source in read:
        yield from source.figures
