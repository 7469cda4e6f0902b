"""Terms of two projects and the key of one investor, for tests of investments and amounts."""

from dataclasses import replace
from datetime import UTC, datetime

from generator.protocol.angor.terms import Frequency, Pattern, PayoutDay, ProjectType, Terms
from tests.support.vectors import angor_vectors

INVEST = Terms.parse(angor_vectors()["synthetic_fixtures"][0]["nostr_events"][0]["content"])
KEY = "02070d174561688500aac733116dbe70c5ab7480559d25e1c040f480491870c8ba"
START = datetime(2025, 2, 7, 15, 30, tzinfo=UTC)
MONTHLY = Pattern(
    pattern_id=3,
    frequency=Frequency.MONTHLY,
    stage_count=3,
    payout_day_type=PayoutDay.DAY_OF_MONTH,
    payout_day=31,
)
FUND = replace(
    INVEST,
    project_type=ProjectType.FUND,
    start_date=START,
    stages=(),
    patterns=(MONTHLY,),
    penalty_threshold_sat=1_000_000,
)
