"""Entries of any kind, status and amount, for rules that hold whatever the money."""

import random
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from generator.ledger import Entry, Kind, Status, Verification
from generator.report import Report, build
from generator.snapshot import fold
from tests.support.village import SHOP, Village

DAYS = st.integers(0, 60).map(lambda days: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=days, hours=13))
MONEY = st.lists(
    st.tuples(
        st.sampled_from(["well", "bread"]),
        st.sampled_from(Kind),
        st.integers(1, 10**14),
        DAYS,
        st.sampled_from(Status),
        st.sampled_from(Verification),
    ),
    max_size=25,
)


def report_of(village: Village, money: list[tuple[object, ...]], seed: int = 0) -> Report:
    """Report on a village that has this money too, its lines in an order drawn from `seed`."""
    lines = village.lines()
    for number, (project, kind, msat, at, status, verification) in enumerate(money):
        entry = Entry(
            id=f"e{number}:0",
            source="angor" if project == "well" else SHOP,
            place=str(project),
            kind=Kind(str(kind)),
            amount_msat=int(str(msat)),
            at=at,  # type: ignore[arg-type]
            status=Status(str(status)),
            reason="marked invalid" if status is Status.EXCLUDED else "",
            verification=Verification(str(verification)),
            party=f"02{number % 3}",
            opens_at=at,  # type: ignore[arg-type]
        )
        lines.append(village.line(village.runs[0].id, entry))
    random.Random(seed).shuffle(lines)  # noqa: S311 -- an order, not a secret
    return build(fold(lines), village.config(), demo=False)


def as_int(value: object) -> int:
    assert isinstance(value, int)
    return value
