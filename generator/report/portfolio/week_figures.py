"""What came and went back in the seven days up to the report's, in all and by project: figures of today."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from generator.ledger import Entry, Kind, Status
from generator.report.days import day_of
from generator.report.figures.balance_values import BACK, WEEK_WORTH, went_back
from generator.report.figures.currency_values import summed_worth
from generator.report.figures.figure import COUNT, Figure, FigureDefinition, decimal_text
from generator.report.figures.sums import (
    CONTRIBUTIONS,
    contribution_count,
    contributions,
    grade,
    kinds_of,
    selectors,
)
from generator.report.model import ProjectReport
from generator.report.prices import Prices

_DAYS: Final = 7
WEEK_IN: Final = FigureDefinition(
    "week_in", f"Confirmed contributions of the {_DAYS} UTC days up to that of the report."
)
WEEK_COUNT: Final = FigureDefinition("week_count", "How many contributions week_in sums.", COUNT)
WEEK_BACK: Final = FigureDefinition(
    "week_back", f"What went back to backers in the {_DAYS} UTC days up to that of the report."
)
DEFINITIONS: Final = (WEEK_IN, WEEK_COUNT, WEEK_BACK, WEEK_WORTH)


def week_figures(
    projects: Iterable[ProjectReport], figures: Mapping[str, Figure], prices: Prices
) -> Iterator[Figure]:
    """Yield what came to each project to which something came; what came and went back in all."""
    today = date.fromisoformat(prices.day)
    since, came, back = datetime.combine(today - timedelta(days=_DAYS - 1), time.min, UTC), [], []
    for project in projects:
        if project.figures["raised"].value is None:
            continue
        rows = [row for row in project.since(since) if day_of(row.at) <= today]
        own = contributions(rows)
        if own:
            yield from _income(project.slug, own, project.figures["raised"], prices, today)
        came += own
        back += went_back(rows)
    raised, returned = figures["raised"], figures["returned"]
    if raised.value is None:
        return
    yield from _income(None, came, raised, prices, today)
    yield WEEK_BACK.figure(
        None,
        sum(row.amount_msat for row in back),
        bound=returned.bound,
        verification=grade(row.verification for row in back),
        inputs=_rows(kinds_of(BACK), today),
    )


def _income(
    slug: str | None, rows: list[Entry], raised: Figure, prices: Prices, today: date
) -> Iterator[Figure]:
    """Yield amount, number and worths of contributions, with the bound of all that was raised."""
    verification, inputs = grade(row.verification for row in rows), _rows(kinds_of(CONTRIBUTIONS), today)
    amount = sum(row.amount_msat for row in rows)
    yield WEEK_IN.figure(slug, amount, bound=raised.bound, verification=verification, inputs=inputs)
    yield WEEK_COUNT.figure(slug, contribution_count(rows), bound=raised.bound, inputs=inputs)
    for currency in prices.currencies:
        value, bound = summed_worth([prices.at_receipt(row, currency) for row in rows], raised.bound)
        yield WEEK_WORTH.figure(
            slug,
            decimal_text(value),
            of=currency,
            unit=currency,
            bound=bound,
            verification=verification,
            inputs=(*inputs, f"rates:{currency}"),
        )


def _rows(kinds: tuple[Kind, ...], today: date) -> tuple[str, ...]:
    since = today - timedelta(days=_DAYS - 1)
    return selectors(kinds, Status.CONFIRMED, f"since={since},until={today}")
