"""What happens in a random world, as hypothesis draws it: who invests, who leaves and how, who meddles.

A plot is small and plain, so that a failing one can be read and shrinks to little.
"""

from dataclasses import dataclass
from enum import StrEnum

from hypothesis import strategies as st

from generator.sandbox.chain.draft import Frequency, PayoutDay, Type


class Way(StrEnum):
    """How an investor gets out."""

    STAY = "stay"
    PENALTY = "penalty"
    RELEASE = "penalty and release"
    END = "at the end"
    UNFUNDED = "released by the founder"
    ELSEWHERE = "to a script nobody knows"
    SECRETS = "with a lead investor's secret"


class When(StrEnum):
    """How late an investment or a leaving comes."""

    LONG_AGO = "long ago"
    JUST_NOW = "in one of the last blocks"
    WAITING = "in no block yet"


class Junk(StrEnum):
    """What a stranger does that looks like money and is none."""

    FAKE = "an investment in the stranger's own keys"
    FOUNDING = "a second founding"
    DONATION = "a donation to the project's address"
    DUST = "a payment to the address of somebody's stage"
    ELSEWHERE = "a payment that touches nothing of the project"
    EVENT = "an event with the project's terms, signed by the stranger"


@dataclass(frozen=True, kw_only=True)
class Part:
    """One investor's."""

    total_sat: int
    pattern: int
    day: int  #: after the start
    when: When
    way: Way
    leave_day: int  #: after the start
    leaves: When


@dataclass(frozen=True, kw_only=True)
class Plot:
    """One project's."""

    type: Type
    penalty_days: int
    threshold_sat: int  #: Fund only
    percents: tuple[int, ...]  #: Invest only
    still_open: bool  #: Invest only: people can still invest
    led: bool  #: Invest only: the first investor keeps a secret that frees the others
    stage_count: int
    frequency: Frequency
    payout_day: int
    parts: tuple[Part, ...]
    claim_days: tuple[int, ...]
    claims_last: bool  #: a claim waits for a block
    junk: tuple[tuple[Junk, int], ...]  #: what strangers do, and on which day

    @property
    def payouts(self) -> PayoutDay:
        """What payout days are counted from: of months, a day of the month where one is drawn."""
        monthly = self.frequency is Frequency.MONTHLY and self.payout_day
        return PayoutDay.DAY_OF_MONTH if monthly else PayoutDay.FROM_START


@dataclass(frozen=True, kw_only=True)
class World:
    """All that is drawn of a world."""

    seed: int
    plots: tuple[Plot, ...]
    blocks_after: int  #: the last confirmed acts


_WHEN = st.sampled_from((When.LONG_AGO, When.LONG_AGO, When.LONG_AGO, When.JUST_NOW, When.WAITING))
_PERCENTS = st.sampled_from(((100,), (50, 50), (33, 33, 34), (1, 99), (10, 30, 60)))
_PARTS = st.builds(
    Part,
    total_sat=st.integers(150_000, 3_000_000),
    pattern=st.integers(0, 1),
    day=st.integers(1, 25),
    when=_WHEN,
    way=st.sampled_from(Way),
    leave_day=st.integers(30, 120),
    leaves=_WHEN,
)
_PLOTS = st.builds(
    Plot,
    type=st.sampled_from(Type),
    penalty_days=st.sampled_from((10, 30, 90)),
    threshold_sat=st.sampled_from((0, 1_000_000)),
    percents=_PERCENTS,
    still_open=st.booleans(),
    led=st.booleans(),
    stage_count=st.integers(1, 4),
    frequency=st.sampled_from((Frequency.WEEKLY, Frequency.BIWEEKLY, Frequency.MONTHLY)),
    payout_day=st.integers(0, 31),
    parts=st.lists(_PARTS, min_size=2, max_size=4).map(tuple),
    claim_days=st.lists(st.integers(40, 300), max_size=3, unique=True).map(tuple),
    claims_last=st.booleans(),
    junk=st.lists(st.tuples(st.sampled_from(Junk), st.integers(1, 300)), min_size=1, max_size=4).map(tuple),
)
WORLDS = st.builds(
    World,
    seed=st.integers(1, 2**16),
    plots=st.lists(_PLOTS, min_size=1, max_size=2).map(tuple),
    blocks_after=st.integers(0, 3),
)
