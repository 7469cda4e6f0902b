"""The terms of a drawn project."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from generator.sandbox.chain.draft import Draft, Pattern, Type
from generator.sandbox.chain.play import BEGIN
from tests.worlds.plots import Plot

DAY = timedelta(days=1)
START = BEGIN + 20 * DAY + timedelta(hours=9)
EXPIRY_DAY = 200


def draft_of(number: int, plot: Plot) -> Draft:
    """Return the project as its founder means it."""
    base = Draft(
        slug=f"plot-{number}",
        title=f"Plot {number}",
        about="Drawn by chance.",
        description="Whatever happens, happens.",
        type=plot.type,
        starts_at=START,
        expires_at=START + EXPIRY_DAY * DAY,
        target_sat=5_000_000,
        penalty_days=plot.penalty_days,
    )
    pattern = Pattern(
        name="One",
        frequency=plot.frequency,
        stage_count=plot.stage_count,
        payout_day_type=plot.payouts,
        payout_day=plot.payout_day,
    )
    both = (pattern, replace(pattern, name="Other", stage_count=plot.stage_count + 1))
    match plot.type:
        case Type.INVEST:
            closes = 420 if plot.still_open else 28
            opens = [START + (closes + 10 + 25 * stage) * DAY for stage in range(len(plot.percents))]
            return replace(
                base,
                ends_at=START + closes * DAY,
                stages=tuple(zip(map(Decimal, plot.percents), opens, strict=True)),
                expires_at=START + (closes + 170) * DAY,
                seeder_threshold=int(plot.led),
            )
        case Type.FUND:
            return replace(base, patterns=both, threshold_sat=plot.threshold_sat)
        case Type.SUBSCRIBE:
            fixed = tuple(replace(pattern, amount_sat=200_000 * (1 + n)) for n, pattern in enumerate(both))
            return replace(base, patterns=fixed, target_sat=0, penalty_days=0)
