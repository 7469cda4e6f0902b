"""Whether somebody tells the price of bitcoin in each currency of the configuration."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from generator.doctor.diagnosis import Diagnosis, Level
from generator.errors import SourceError
from generator.snapshot import Known, Rate
from generator.sources.rates import RatesSource


async def examine_rates(
    rates: RatesSource, currencies: Sequence[str], *, at: datetime
) -> AsyncIterator[Diagnosis]:
    """Yield a finding for each currency: whether the price of today, or of the last month's end, is told."""
    told: set[str] = set()
    problem = ""
    try:
        async for record in rates.collect(Known(), at=at, full=False):
            if isinstance(record, Rate):
                told.add(record.currency)
    except SourceError as error:
        problem = error.message
    for currency in currencies:
        known = currency in told
        yield Diagnosis(
            code="rates",
            level=Level.OK if known else Level.WARNING,
            source="rates",
            subject=currency,
            observed="its price is told" if known else problem or "no provider tells a price of it",
            fix=""
            if known
            else "Choose another provider in sources.rates, or another currency in units.fiat",
        )
