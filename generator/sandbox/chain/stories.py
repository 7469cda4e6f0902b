"""Six curated projects that between them show everything the protocol knows."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from generator.protocol.bitcoin import Transaction
from generator.sandbox.chain import leaving
from generator.sandbox.chain.crowd import crowd, strangers
from generator.sandbox.chain.draft import Draft, Frequency, Pattern, PayoutDay, Type
from generator.sandbox.chain.investor import Choice, Investor
from generator.sandbox.chain.play import Play
from generator.sandbox.chain.scene import Scene
from generator.sandbox.pictures import address_of

_THIRD: Final = Decimal("33.3")


def day(year: int, month: int, number: int, hour: int = 9) -> datetime:
    """Return an hour of a day, UTC."""
    return datetime(year, month, number, hour, tzinfo=UTC)


def midnight(year: int, month: int, number: int) -> datetime:
    """Return the beginning of a day, UTC."""
    return day(year, month, number, 0)


def solar_roof(play: Play) -> None:
    """Invest: claims, penalties released and running, odd wallets, and all that strangers send."""
    draft = Draft(
        slug="solar-roof",
        picture=address_of("solar-roof"),
        title="Solar Roof for the Old School",
        about="Ninety panels on a school that is now a workshop for the whole street.",
        description="We put **90 panels** on the roof.\n\nThe meter's readings are published every month.",
        type=Type.INVEST,
        starts_at=midnight(2025, 1, 20),
        ends_at=midnight(2025, 3, 31),
        expires_at=midnight(2026, 5, 1),
        target_sat=60_000_000,
        penalty_days=60,
        stages=(
            (_THIRD, midnight(2025, 5, 1)),
            (_THIRD, midnight(2025, 8, 1)),
            (100 - 2 * _THIRD, midnight(2026, 3, 1)),
        ),
        tagged=False,
    )
    venture = play.venture(draft)
    crowd(venture, 12, day(2025, 1, 21), day(2025, 3, 20), (1_000_000, 9_000_000))
    venture.invests(day(2025, 2, 3), "twice", Choice(total_sat=2_345_678))
    venture.invests(day(2025, 3, 14), "twice", Choice(total_sat=1_000_001))
    odd = venture.invests(day(2025, 2, 7), "odd-wallet", Choice(total_sat=3_000_000, taproot_change=True))
    play.faucet.promise(odd.wallet, 4_990_000)  # so that the next one needs the change as well
    play.at(day(2025, 2, 21), lambda scene: odd.invest(scene, Choice(total_sat=4_999_999)))
    venture.does(day(2025, 4, 10), "investor-2", leaving.into_penalty)
    venture.does(day(2025, 6, 12), "investor-2", leaving.release)
    venture.does(day(2025, 12, 20), "investor-5", leaving.into_penalty)
    venture.does(day(2025, 6, 1), "investor-7", leaving.elsewhere)
    venture.claims(day(2025, 5, 3), day(2025, 8, 4))
    strangers(venture, day(2025, 2, 10))


def harvest_fund(play: Play) -> None:
    """Fund: three patterns, a threshold below which leaving is free, more than one page of history."""
    draft = Draft(
        slug="harvest-fund",
        title="Harvest Fund",
        about="Seeds in spring, paid back in vegetables.",
        description="Every backer gets a box.\n\n- spring\n- summer\n- autumn",
        type=Type.FUND,
        starts_at=day(2025, 2, 1, 10),
        expires_at=midnight(2026, 6, 30),
        target_sat=80_000_000,
        penalty_days=30,
        threshold_sat=1_000_000,
        patterns=(
            Pattern(name="Four months", frequency=Frequency.MONTHLY, stage_count=4),
            Pattern(
                name="Six Fridays",
                frequency=Frequency.WEEKLY,
                stage_count=6,
                payout_day_type=PayoutDay.DAY_OF_WEEK,
                payout_day=5,
            ),
            Pattern(
                name="Month's end",
                frequency=Frequency.MONTHLY,
                stage_count=5,
                payout_day_type=PayoutDay.DAY_OF_MONTH,
                payout_day=31,
            ),
        ),
    )
    venture = play.venture(draft)
    crowd(venture, 33, day(2025, 2, 3), day(2026, 1, 20), (300_000, 4_000_000))
    venture.invests(day(2025, 3, 5), "small", Choice(total_sat=1_000_000, pattern=1))
    venture.invests(day(2025, 3, 9), "edge", Choice(total_sat=1_005_000, stage_count=3))
    venture.invests(day(2025, 6, 2), "large", Choice(total_sat=7_654_321, pattern=2))
    venture.does(day(2025, 3, 20), "small", leaving.at_end)
    venture.does(day(2025, 4, 2), "edge", leaving.into_penalty)
    venture.does(day(2025, 5, 4), "edge", leaving.release)
    venture.does(day(2025, 9, 16), "large", leaving.into_penalty)
    venture.does(day(2025, 10, 18), "large", leaving.release)
    venture.claims(*(day(2025, month, 5) for month in range(3, 13)), day(2026, 1, 5))
    venture.invests(None, "late-1", Choice(total_sat=777_777))
    venture.invests(None, "late-2", Choice(total_sat=2_000_000, pattern=1))
    play.at_end(venture.founder.claim)


def press_pass(play: Play) -> None:
    """Subscribe: fixed amounts, monthly and quarterly, and readers who cancel."""
    draft = Draft(
        slug="press-pass",
        title="Press Pass",
        about="One reporter, one town, every council meeting.",
        description="A subscription pays for *half a year* of reporting.",
        type=Type.SUBSCRIBE,
        starts_at=midnight(2025, 3, 1),
        expires_at=midnight(2026, 9, 1),
        target_sat=0,
        penalty_days=0,
        patterns=(
            Pattern(name="Half a year", frequency=Frequency.MONTHLY, stage_count=6, amount_sat=600_000),
            Pattern(
                name="A year",
                frequency=Frequency.QUARTERLY,
                stage_count=4,
                payout_day_type=PayoutDay.DAY_OF_MONTH,
                payout_day=1,
                amount_sat=1_100_000,
            ),
        ),
    )
    venture = play.venture(draft)
    crowd(venture, 11, day(2025, 3, 3), day(2025, 12, 18), (0, 0))
    venture.invests(day(2025, 4, 22), "leaver", Choice(total_sat=600_000))
    venture.does(day(2025, 7, 3), "leaver", leaving.at_end)
    venture.invests(day(2025, 9, 8), "doubter", Choice(total_sat=1_100_000, pattern=1))
    venture.does(day(2025, 9, 9), "doubter", leaving.at_end)
    venture.claims(*(day(2025, month, 10) for month in range(4, 13)), day(2026, 1, 10))
    venture.invests(None, "late", Choice(total_sat=600_000))


def river_clinic(play: Play) -> None:
    """Invest that missed its goal: released by the founder, taken back after the end, or forgotten."""
    draft = Draft(
        slug="river-clinic",
        title="River Clinic",
        about="A boat with a doctor, up the river and back.",
        description="The boat exists. The engine does not.",
        type=Type.INVEST,
        starts_at=midnight(2025, 2, 10),
        ends_at=midnight(2025, 4, 30),
        expires_at=midnight(2025, 12, 1),
        target_sat=300_000_000,
        penalty_days=90,
        stages=((Decimal(50), midnight(2025, 7, 1)), (Decimal(50), midnight(2025, 10, 1))),
        tagged=False,
    )
    venture = play.venture(draft)
    crowd(venture, 8, day(2025, 2, 11), day(2025, 4, 20), (2_000_000, 12_000_000))
    for number in range(1, 5):
        venture.does(day(2025, 5, 9 + number), f"investor-{number}", leaving.unfunded)
    for number in range(5, 8):
        venture.does(day(2025, 12, 2 + number), f"investor-{number}", leaving.at_end)


def open_radio(play: Play) -> None:
    """Invest with lead investors: one leaves and reveals a secret, and others use it."""
    draft = Draft(
        slug="open-radio",
        title="Open Radio",
        about="A station that anybody may walk into.",
        description="A mast, a mixer, and a kettle.",
        type=Type.INVEST,
        starts_at=midnight(2025, 4, 1),
        ends_at=midnight(2025, 5, 31),
        expires_at=midnight(2026, 3, 15),
        target_sat=40_000_000,
        penalty_days=45,
        stages=(
            (Decimal(20), midnight(2025, 6, 15)),
            (Decimal(30), midnight(2025, 9, 15)),
            (Decimal(50), midnight(2025, 12, 15)),
        ),
        seeder_threshold=1,
    )
    venture = play.venture(draft, leads=("lead-1", "lead-2"))
    lead = venture.invests(day(2025, 4, 2), "lead-1", Choice(total_sat=10_000_000), leads=True)
    venture.invests(day(2025, 4, 3), "lead-2", Choice(total_sat=8_000_000), leads=True)
    crowd(venture, 6, day(2025, 4, 5), day(2025, 5, 25), (500_000, 5_000_000))
    venture.does(day(2025, 7, 20), "lead-1", leaving.into_penalty)
    venture.does(day(2025, 9, 6), "lead-1", leaving.release)

    def leave_free(scene: Scene, investor: Investor) -> Transaction:
        return leaving.with_secrets(scene, investor, 0, [lead.lead_secret])

    venture.does(day(2025, 7, 25), "investor-2", leave_free)
    venture.does(day(2025, 8, 1), "investor-5", leave_free)
    venture.claims(day(2025, 6, 18), day(2025, 9, 18), day(2025, 12, 18))


def makers_hall(play: Play) -> None:
    """Invest whose window is open: everything still locked, the latest not yet confirmed."""
    draft = Draft(
        slug="makers-hall",
        picture=address_of("makers-hall"),
        title="Makers' Hall",
        about="Lathe, loom and laser under one roof.",
        description="## What we buy\n\nA lathe. A loom. A laser.",
        type=Type.INVEST,
        starts_at=midnight(2025, 11, 15),
        ends_at=midnight(2026, 2, 28),
        expires_at=midnight(2026, 12, 1),
        target_sat=100_000_000,
        second_thoughts_sat=50_000_000,
        penalty_days=90,
        stages=tuple((Decimal(25), midnight(2026, month, 1)) for month in (4, 6, 8, 10)),
    )
    venture = play.venture(draft)
    crowd(venture, 14, day(2025, 11, 16), day(2026, 1, 28), (400_000, 8_000_000))
    venture.invests(None, "late-1", Choice(total_sat=1_500_000))
    venture.invests(None, "late-2", Choice(total_sat=250_000))


STORIES: Final[tuple[Callable[[Play], None], ...]] = (
    solar_roof,
    harvest_fund,
    press_pass,
    river_clinic,
    open_radio,
    makers_hall,
)
